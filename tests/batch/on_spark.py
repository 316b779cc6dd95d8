"""What tests of Spark share: whether it is there, and how its tables are compared."""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec

import pyarrow as pa
import pytest

MISSING = [name for name in ("pyspark", "pandas") if find_spec(name) is None]
MISSING += [] if shutil.which("java") else ["java"]
needs_spark = pytest.mark.skipif(
    bool(MISSING) and "REPLAN_NEEDS_SPARK" not in os.environ,
    reason=f"no {', '.join(MISSING)}: pip install 'replan[spark]', and Java 17 or newer",
)


def in_order(told: pa.Table) -> pa.Table:
    """Sort by account; the offers of one stay in their order."""
    numbered = told.append_column("at", pa.array(range(told.num_rows)))
    return numbered.sort_by([("account", "ascending"), ("at", "ascending")]).drop_columns(["at"])


def as_bytes(told: pa.Table) -> bytes:
    """Write a table as Arrow does, so that types and bits are compared and nothing else."""
    sink = pa.BufferOutputStream()
    plain = pa.table(dict(zip(told.schema.names, told.columns, strict=True))).combine_chunks()
    with pa.ipc.new_stream(sink, plain.schema) as writer:
        writer.write_table(plain)
    return bytes(sink.getvalue())
