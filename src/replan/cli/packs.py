"""Writing a folder of files whole or not at all, for its owner alone."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from replan.errors import UsageError
from replan.present.pack import Paper

MARK = ".replan-pack.json"
"""Lists the files of a pack, so that another pack may take its place and nothing else."""
_LARGEST_MARK = 1_000_000


def check_folder(folder: Path, *, replace: bool) -> None:
    """Raise UsageError if *folder* cannot take a pack: it may be new, empty, or a former pack.

    A former pack is replaced only if that was asked for, and only if no other file lies in it.
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
    others = sorted(_files_in(folder) - _files_of(folder))
    if others:
        raise UsageError(
            f"{folder} holds {others[0]}, which is not of the pack. Move it away, or name another"
            " folder."
        )


def _files_in(folder: Path) -> set[str]:
    found = (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    return {path.relative_to(folder).as_posix() for path in found}


def _files_of(folder: Path) -> set[str]:
    """Return the files that the pack itself wrote; an unreadable list knows none."""
    mark = folder / MARK
    if mark.is_symlink() or mark.stat().st_size > _LARGEST_MARK:
        return set()
    try:
        listed = json.loads(mark.read_text(encoding="utf-8"))["files"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return set()
    return {MARK, *(name for name in listed if isinstance(name, str))}


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
        names = [_write(interim, paper) for paper in papers]
        _write(interim, Paper(MARK, json.dumps({"files": sorted(names)}).encode()))
        _take_place(interim, target)
    except BaseException:
        shutil.rmtree(interim, ignore_errors=True)
        raise


def _write(root: Path, paper: Paper) -> str:
    place = PurePosixPath(paper.path)
    if place.is_absolute() or ".." in place.parts:
        raise ValueError(paper.path)
    path = root.joinpath(*place.parts)
    for parent in reversed(path.relative_to(root).parents[:-1]):
        (root / parent).mkdir(mode=0o700, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(paper.content)
    return paper.path


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
