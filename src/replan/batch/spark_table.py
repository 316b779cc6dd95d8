"""Tables that Spark reads and writes by their paths, and what it says when it cannot."""

from __future__ import annotations

import os
import sys
from codecs import lookup
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar
from zlib import MAX_WBITS, decompressobj

from replan.errors import UsageError
from replan.model.text import clean_text, quote

from .lines import Shape, shape_of
from .source import HEAD
from .spark import named
from .spark_files import Store
from .staged import BAD, SIGN

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

Found = TypeVar("Found")
ANY_ENCODING = "spark.sql.legacy.javaCharsets"
"""Without it Spark 4 reads no encoding but those of Unicode and Latin-1."""
CSV = (".csv", ".csv.gz", ".tsv", ".txt")


@contextmanager
def opened(session: SparkSession | None = None) -> Iterator[SparkSession]:
    """Take a session, else the one that is there, else start one, which ends with what is done.

    It is on this machine, or where spark-submit says.
    """
    from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra

    there = session or SparkSession.getActiveSession()
    if there is not None:
        yield there
        return
    # workers would run the system's Python, which has no replan
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder: Any = SparkSession.builder
    own: SparkSession = builder.appName("replan batch").getOrCreate()
    try:
        yield own
    finally:
        own.stop()


def is_csv(path: str) -> bool:
    """Tell whether a path is read as CSV; any other is Parquet."""
    return path.lower().rstrip("/").endswith(CSV)


def read_table(session: SparkSession, path: str, encoding: str | None = None) -> DataFrame:
    """Open a table; raises UsageError where it is not there or no table.

    The cells of a CSV file stay texts; a line with more or fewer cells than the header stands as a
    whole in the column `BAD`.
    """
    if not is_csv(path):
        return said(lambda: session.read.parquet(path), path)
    head = Store.of(session).head(path, HEAD)
    if path.lower().endswith(".gz"):
        head = decompressobj(MAX_WBITS | 16).decompress(head)  # 16: as gzip writes it
    shape = shape_of(head, path, encoding=encoding)
    if shape.skipped != 1:
        raise UsageError("The table has no header in its first line. Remove what stands above it.")
    session.conf.set(ANY_ENCODING, "true")
    return said(lambda: _read_csv(session, path, shape), path)


def _read_csv(session: SparkSession, path: str, shape: Shape) -> DataFrame:
    from pyspark.sql import functions as f  # noqa: PLC0415 - an extra
    from pyspark.sql import types as t  # noqa: PLC0415 - as above

    columns = [t.StructField(name, t.StringType()) for name in (*shape.names, BAD)]
    encoding = lookup(shape.encoding).name.removesuffix("-sig")
    split = session.read.options(header=True, multiLine=True, escape='"', sep=shape.delimiter)
    reader = split.options(encoding=encoding, columnNameOfCorruptRecord=BAD)
    table = reader.schema(t.StructType(columns)).csv(path)
    return table.withColumn(BAD, f.concat(f.lit(f"{shape.delimiter}{SIGN}"), f.col(named(BAD))))


def said(do: Callable[[], Found], path: str) -> Found:
    """Do what Spark does; raise UsageError with one line for what it says in many."""
    from py4j.protocol import Py4JJavaError  # noqa: PLC0415 - an extra
    from pyspark.errors import PySparkException  # noqa: PLC0415 - as above

    try:
        return do()
    except PySparkException as error:
        condition = error.getCondition()
        if condition == "PATH_ALREADY_EXISTS":
            raise UsageError(f"{quote(path)} is there already. Name another folder.") from error
        if condition == "PATH_NOT_FOUND":
            raise UsageError(f"{quote(path)} does not exist. Check the name.") from error
        raise UsageError(_in_one_line(str(error), path)) from error
    except Py4JJavaError as error:
        raise UsageError(_in_one_line(str(error.java_exception), path)) from error


def _in_one_line(text: str, path: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    ours = [line.partition(": ")[2] for line in lines if line.startswith("replan.errors.")]
    if ours:
        return clean_text(ours[-1])[:500]
    lacks = [line for line in lines if line.startswith("ModuleNotFoundError")]
    if lacks:
        return (
            f"A worker lacks a package ({clean_text(lacks[-1])[:200]}). "
            "Give all workers the same environment: docs/engines.md."
        )
    return f"{quote(path)}: {clean_text(lines[0] if lines else 'no reason given')[:300]}"
