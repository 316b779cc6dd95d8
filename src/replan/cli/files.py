"""Writing a file: whole or not at all, for its owner alone, even if the program is killed."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from replan.errors import UsageError

_PRIVATE = 0o600


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file that appears whole or not at all, readable by its owner alone.

    A link keeps pointing where it does. Anything but a regular file, such as a device or a pipe, is
    written to and not replaced. Raises UsageError if *path* is a folder or lies in none.
    """
    data = content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content
    asked, path = path, path.resolve()
    if path.is_dir():
        raise UsageError(f"{asked} is a folder. Name a file after -o.")
    if not path.parent.is_dir():
        raise UsageError(f"{asked}: there is no folder {asked.parent}. Make it, or name another.")
    if path.exists() and not path.is_file():
        path.write_bytes(data)
    elif not _write_unnamed(path, data):
        _write_beside(path, data)


def _write_unnamed(path: Path, data: bytes) -> bool:
    """Write a file that has no name until it is whole; False where the system knows none.

    If the program is killed meanwhile, the system forgets the file (open(2), O_TMPFILE).
    """
    kind = getattr(os, "O_TMPFILE", 0)
    if not kind:
        return False
    try:
        handle = os.open(path.parent, kind | os.O_WRONLY, _PRIVATE)
    except OSError:  # not on every file system
        return False
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(handle)
        return _name(handle, path)


def _name(handle: int, path: Path) -> bool:
    """Give an unnamed file its name, in one go where there is none of that name yet."""
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    own = f"/proc/self/fd/{handle}"
    try:
        with suppress(FileExistsError):
            # a folder's handle makes Python follow the link to the open file
            os.link(own, path.name, dst_dir_fd=folder)
            return True
        interim = f".{path.name}.{os.getpid()}"
        with suppress(FileNotFoundError):
            os.unlink(interim, dir_fd=folder)
        os.link(own, interim, dst_dir_fd=folder)
        os.replace(interim, path.name, src_dir_fd=folder, dst_dir_fd=folder)
    except FileNotFoundError:  # no /proc
        return False
    finally:
        os.close(folder)
    return True


def _write_beside(path: Path, data: bytes) -> None:
    """Write a file of another name and rename it."""
    import tempfile  # noqa: PLC0415 - it costs 5 ms, and few files need it

    # mkstemp makes the file with mode 0600
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
