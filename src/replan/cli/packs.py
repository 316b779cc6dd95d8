"""Writing a folder of files whole or not at all, for its owner alone."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from replan.errors import UsageError
from replan.present.pack import Paper

MARK = ".replan-pack.json"
"""Lists the files of a pack with their hashes, so that another pack takes its place, not more."""
_LARGEST_MARK = 1_000_000


def check_folder(folder: Path, *, replace: bool) -> None:
    """Raise UsageError if *folder* cannot take a pack: it may be new, empty, or a former pack.

    A former pack is replaced only if that was asked for, no other file lies in it, and none of its
    files was changed.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file. Name a folder after -o.")
    if not folder.resolve().parent.is_dir():
        raise UsageError(f"{folder}: there is no folder {folder.parent}. Make it, or name another.")
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    if not (folder / MARK).is_file():
        raise UsageError(f"{folder} holds other things. Name a new or an empty folder after -o.")
    if not replace:
        raise UsageError(f"{folder} holds a pack. Name another folder, or add --replace.")
    written = _files_of(folder)
    foreign = [name for name, path in _files_in(folder) if not _is_as_written(path, name, written)]
    if foreign:
        raise UsageError(
            f"{folder} holds {foreign[0]}, which replan did not write so. Move it away, or name"
            " another folder."
        )


def _files_in(folder: Path) -> list[tuple[str, Path]]:
    found = (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    return sorted((path.relative_to(folder).as_posix(), path) for path in found)


def _is_as_written(path: Path, name: str, written: Mapping[str, object]) -> bool:
    """Tell whether a file is the pack's own and nobody has changed it since."""
    if path.is_symlink() or not path.is_file():
        return False
    return name == MARK or written.get(name) == _hash(path.read_bytes())


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _files_of(folder: Path) -> Mapping[str, object]:
    """Return the files that the pack wrote with their hashes; an unreadable list knows none."""
    mark = folder / MARK
    if mark.is_symlink() or mark.stat().st_size > _LARGEST_MARK:
        return {}
    try:
        listed = json.loads(mark.read_text(encoding="utf-8"))["files"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return {}
    return listed if isinstance(listed, dict) else {}


def write_pack(folder: Path, papers: Iterable[Paper], *, replace: bool) -> None:
    """Write all files into a new folder beside *folder* and give it that name when it is whole.

    Files have mode 0600, folders 0700. What stood there stays until then. Raises UsageError as
    `check_folder` does; whatever fails on the way leaves nothing behind.
    """
    import tempfile  # noqa: PLC0415 - few commands write folders

    check_folder(folder, replace=replace)
    target = folder.resolve()
    interim = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}."))  # mode 0700
    try:
        hashes = {paper.path: _write(interim, paper) for paper in papers}
        _write(interim, Paper(MARK, json.dumps({"files": hashes}).encode()))
        _take_place(interim, target)
    except BaseException:
        shutil.rmtree(interim, ignore_errors=True)
        raise


def _write(root: Path, paper: Paper) -> str:
    """Write one file below *root* for its owner alone; return its hash."""
    place = PurePosixPath(paper.path)
    if place.is_absolute() or ".." in place.parts:
        raise ValueError(paper.path)
    path = root.joinpath(*place.parts)
    for parent in reversed(path.relative_to(root).parents[:-1]):
        (root / parent).mkdir(mode=0o700, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(paper.content)
        file.flush()
        os.fsync(handle)
    return _hash(paper.content)


def _take_place(interim: Path, target: Path) -> None:
    """Give the whole folder its name; a former one is kept aside until that is done."""
    if not target.exists():
        interim.rename(target)
        return
    aside = interim.with_name(f"{interim.name}.old")
    target.rename(aside)
    try:
        interim.rename(target)
    except OSError:
        aside.rename(target)
        raise
    shutil.rmtree(aside, ignore_errors=True)
