"""Where a run reads and writes: nothing that is read is written over, and one writes at a time."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from replan.errors import UsageError
from replan.model.text import quote


def check_places(read: Iterable[Path], written: Mapping[str, Path]) -> None:
    """Refuse to write over what is read, or one file over the other; *written* is by its option.

    A folder that is read must not be written into: the next run would read it, too.
    """
    for name, path in written.items():
        for other in (one for one in written if one < name):
            if is_same(path, written[other]):
                raise UsageError(f"{other} and {name} name the same file. Give each its own.")
        for place in read:
            if is_same(path, place):
                raise UsageError(f"{name} would write over {quote(str(place))}. Name another file.")
            if place.is_dir() and is_same(path.parent, place):
                folder = quote(str(place))
                raise UsageError(
                    f"{name} would write into the folder that is read, {folder}. Name a file "
                    "elsewhere."
                )


def is_same(one: Path, other: Path) -> bool:
    """Tell whether two names are of one file, also where it is not there yet."""
    if one.exists() and other.exists():
        return one.samefile(other)
    return one.resolve() == other.resolve()


@contextmanager
def claimed(folder: Path, output: Path) -> Iterator[None]:
    """Keep other runs away from the folder of pieces until this one ends, however it ends.

    The folder is made if it is not there. Raises UsageError if another run has it. Where the system
    has no such locks, nothing is claimed.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    if find_spec("fcntl") is None:
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    _HELD.append(handle)
    try:
        if not _claims(handle, folder):
            raise UsageError(
                f"Another run is writing {quote(str(output))}. Wait until it ends, or name "
                "another output."
            )
        yield
    finally:
        _HELD.remove(handle)
        os.close(handle)


_HELD: list[int] = []
"""What holds the locks of this process."""


def leave_claims() -> None:
    """Leave what is claimed to the process from which this one was forked: it alone holds it."""
    while _HELD:
        os.close(_HELD.pop())


def _claims(handle: int, folder: Path) -> bool:
    """Lock a folder; tell whether that was possible, and it is still the one of that name."""
    import fcntl  # noqa: PLC0415 - only some systems have it

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return os.fstat(handle).st_ino == folder.stat().st_ino
    except (BlockingIOError, FileNotFoundError):
        return False
