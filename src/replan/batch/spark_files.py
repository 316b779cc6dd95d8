"""Files where Spark keeps them (hdfs://…, s3a://…, a disk): found, digested, moved, written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from replan.errors import UsageError
from replan.model.text import clean_text, quote

from .manifest import folder_facts, is_data
from .parts import durable

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

MOVES_WHOLE = ("file", "hdfs", "viewfs", "webhdfs", "ofs", "o3fs", "abfs", "abfss", "maprfs")
"""Schemes of file systems that rename a folder in one step; an object store copies its files."""
READERS = 8
"""Files that are digested at a time."""


@dataclass(frozen=True, slots=True)
class Store:
    """The file systems that a session of Spark knows, by way of its JVM; `run` is its name."""

    jvm: Any
    settings: Any

    run: str = ""

    @staticmethod
    def of(session: SparkSession) -> Store:
        """Take those of a session; UsageError for one that has no JVM of its own."""
        try:
            context = session.sparkContext
            settings = context._jsc.hadoopConfiguration()  # noqa: SLF001 - no other way
            return Store(context._jvm, settings, context.applicationId)  # noqa: SLF001 - as above
        except Exception as error:  # of a class that pyspark defines where Connect is used
            raise UsageError(
                "A session of Spark Connect cannot write whole folders. Use spark-submit, or call "
                "replan.batch.spark.offers in a job of your own."
            ) from error

    def exists(self, path: str) -> bool:
        """Tell whether there is a file or a folder."""
        system, place = self._at(path)
        return bool(_said(lambda: system.exists(place), path))

    def name(self, path: str) -> str:
        """Give a path in full: without a scheme where it is one of this machine."""
        system, place = self._at(path)
        return _plain(str(system.makeQualified(place).toString()))

    def is_whole_on_move(self, path: str) -> bool:
        """Tell whether a folder there takes its name in one step."""
        return str(self._at(path)[0].getUri().getScheme()) in MOVES_WHOLE

    def move(self, old: str, new: str) -> None:
        """Give a folder another name; UsageError if it cannot be had."""
        system, place = self._at(new)
        if self.exists(new) or not system.rename(self._at(old)[1], place):
            raise UsageError(f"{quote(new)} is there already. Name another folder.")

    def make_private(self, path: str) -> None:
        """Keep others out of a folder on a disk; elsewhere the platform says who may read."""
        system, place = self._at(path)
        if str(system.getUri().getScheme()) == "file":
            permission = self.jvm.org.apache.hadoop.fs.permission.FsPermission
            system.setPermission(place, permission("700"))

    def remove(self, path: str) -> None:
        """Remove a file or a folder, if it is there."""
        system, place = self._at(path)
        system.delete(place, True)  # noqa: FBT003 - Java has no keywords

    def read(self, path: str) -> bytes:
        """Read a small file."""
        system, place = self._at(path)
        stream = _said(lambda: system.open(place), path)
        return bytes(self.jvm.org.apache.commons.io.IOUtils.toByteArray(stream))

    def head(self, path: str, size: int) -> bytes:
        """Read the first bytes of a file, or of the first file of a folder."""
        system, place = self._at(path)
        status = _said(lambda: system.getFileStatus(place), path)
        if status.isDirectory():
            return next((self.head(one, size) for one in self.files_in(path)), b"")
        stream = system.open(place)
        try:
            length = min(size, int(status.getLen()))
            return bytes(self.jvm.org.apache.commons.io.IOUtils.readFully(stream, length))
        finally:
            stream.close()

    @contextmanager
    def writing(self, path: str) -> Iterator[Callable[[bytes], object]]:
        """Write a file piece by piece, which has its name when it is whole; private on a disk."""
        if (local := Path(self.name(path))).is_absolute():
            with durable(local) as file:
                yield file.write
            return
        system, place = self._at(path)
        interim = beside(path, "tmp")
        stream = _said(lambda: system.create(self._at(interim)[1], True), path)  # noqa: FBT003
        try:
            yield lambda data: stream.write(bytearray(data))
            stream.close()
            self.remove(path)
            system.rename(self._at(interim)[1], place)
        except BaseException:
            self.remove(interim)
            raise

    def facts(self, path: str) -> dict[str, Any]:
        """Give place, size and digest of a file, or of a folder and each of its files."""
        system, place = self._at(path)
        status = _said(lambda: system.getFileStatus(place), path)
        if not status.isDirectory():
            return self._file(path)
        return {"path": self.name(path), **folder_facts(self.files_facts(self.files_in(path)))}

    def files_of(self, table: DataFrame) -> list[dict[str, Any]]:
        """Give the facts of all files that a table is read from."""
        uri, place = self.jvm.java.net.URI, self.jvm.org.apache.hadoop.fs.Path
        # Spark tells them as addresses, in which a blank is %20
        return self.files_facts([str(place(uri(one)).toString()) for one in table.inputFiles()])

    def files_in(self, path: str) -> list[str]:
        """List the files of a folder that hold data."""
        system, place = self._at(path)
        listed = [str(item.getPath().toString()) for item in system.listStatus(place)]
        return sorted(one for one in listed if is_data(PurePosixPath(one).name))

    def look(self, entry: Mapping[str, Any]) -> dict[str, Any] | None:
        """Find the facts of what a manifest names as they are now; None if it is gone."""
        path = str(entry["path"])
        full = f"file://{path}" if path.startswith("/") else path
        return self.facts(full) if self.exists(full) else None

    def files_facts(self, paths: Sequence[str]) -> list[dict[str, Any]]:
        """Give place, size and digest of files, in the order of their names."""
        with ThreadPoolExecutor(READERS) as readers:
            return sorted(readers.map(self._file, paths), key=lambda one: str(one["path"]))

    def _file(self, path: str) -> dict[str, Any]:
        system, place = self._at(path)
        size = int(_said(lambda: system.getFileStatus(place).getLen(), path))
        stream = _said(lambda: system.open(place), path)
        try:
            digest = str(self.jvm.org.apache.commons.codec.digest.DigestUtils.sha256Hex(stream))
        finally:
            stream.close()
        return {"path": self.name(path), "bytes": size, "sha256": digest}

    def _at(self, path: str) -> tuple[Any, Any]:
        place = _said(lambda: self.jvm.org.apache.hadoop.fs.Path(path), path)
        return _said(lambda: place.getFileSystem(self.settings), path), place


def beside(path: str, kind: str) -> str:
    """Name a hidden neighbour of a path."""
    folder, slash, name = path.rstrip("/").rpartition("/")
    return f"{folder}{slash}.{name}.{kind}"


def _plain(name: str) -> str:
    """Leave out the scheme of this machine's own files."""
    return "/" + name.removeprefix("file:").lstrip("/") if name.startswith("file:") else name


def _said(do: Callable[[], Any], path: str) -> Any:
    """Say in one line what the JVM says in many."""
    from py4j.protocol import Py4JError, Py4JJavaError  # noqa: PLC0415 - an extra

    try:
        return do()
    except Py4JError as error:
        java = error.java_exception if isinstance(error, Py4JJavaError) else error
        if "FileNotFoundException" in str(java):
            raise UsageError(f"{quote(path)} does not exist. Check the name.") from error
        reason = clean_text(str(java).splitlines()[0])[:300]
        raise UsageError(f"{quote(path)}: {reason}") from error
