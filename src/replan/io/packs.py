"""Packs: policies and rules as TOML data, shipped with the package or brought by the user."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from replan.errors import PackError
from replan.model.issues import SCHEMA_HINT, Problem, path_text, problems_of, suggest
from replan.model.pack import Pack, built
from replan.model.text import clean_text

DATA = Path(__file__).parent.parent / "data"
LARGEST = 2**20
"""Bytes of the largest pack that is read."""


P = TypeVar("P", bound=Pack)


def shipped(folder: str) -> tuple[str, ...]:
    """Name the packs of a kind (`rules`, `policies`) that ship with the package, sorted."""
    room = DATA / folder
    names = (entry.name for entry in room.iterdir()) if room.is_dir() else iter(())
    return tuple(sorted(n[:-5] for n in names if n.endswith(".toml") and n.count(".") == 1))


def load_pack(model: type[P], name: str | os.PathLike[str]) -> P:
    """Read a pack by its shipped name or by the path of a TOML file.

    What ships is taken as it is. Numbers with a fraction become Decimals. Raises PackError, naming
    file, key and remedy, for whatever is unknown, missing or of the wrong kind: a pack is never
    half followed.
    """
    known = os.fspath(name)
    if known in shipped(model.folder):
        # what ships is validated by a test, once for all
        return built(model, shipped_raw(model.folder, known))
    return check_pack(model, *_read_file(Path(known), model.folder))


def shipped_raw(folder: str, name: str) -> Mapping[str, Any]:
    """Parse a pack that ships, unchecked."""
    return parse_pack((DATA / folder / f"{name}.toml").read_text("utf-8"), f"{name}.toml")


def check_pack(model: type[P], raw: Mapping[str, Any], where: str) -> P:
    """Validate a pack that has been read; *where* is its file in messages."""
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        lines = [_line(problem, where) for problem in _innermost(problems_of(error, model))]
        raise PackError("\n".join(lines)) from error


def _innermost(problems: Iterable[Problem]) -> list[Problem]:
    """Leave out what only follows: a list whose one entry is faulty counts as empty."""
    found = list(problems)
    above = {p.path[:depth] for p in found for depth in range(len(p.path))}
    return [p for p in found if p.path not in above]


def _line(problem: Problem, where: str) -> str:
    """Say where in the file, what, and what to do."""
    hint = "Correct its name or remove it." if problem.hint == SCHEMA_HINT else problem.hint
    place = path_text(problem.path) or "the pack"
    return f"{where}: {place}: {problem.message} {hint}".rstrip()


def parse_pack(text: str, where: str) -> Mapping[str, Any]:
    """Parse the TOML text of a pack; raises PackError if it is none."""
    try:
        read: dict[str, Any] = _frozen(tomllib.loads(text, parse_float=Decimal))
    except (ValueError, RecursionError) as error:
        reason = clean_text(str(error))[:200] or "it is nested too deeply"
        raise PackError(f"{where}: this is not TOML: {reason}. Correct it there.") from error
    return read


def _read_file(path: Path, folder: str) -> tuple[Mapping[str, Any], str]:
    where = clean_text(str(path))[:200]
    try:
        if path.stat().st_size > LARGEST:
            raise PackError(f"{where}: this is larger than any pack. Name another file.")
        text = path.read_text("utf-8-sig")
    except FileNotFoundError as error:
        names = shipped(folder)
        hint = (
            suggest(where[:64], names) or f"Name a file, or one of: {', '.join(names) or 'none'}."
        )
        raise PackError(f"{where}: there is no such pack in {folder}. {hint}") from error
    except (OSError, ValueError) as error:
        raise PackError(f"{where}: this cannot be read as UTF-8 text. Check the file.") from error
    return parse_pack(text, where), where


def _frozen(value: Any) -> Any:
    """Turn lists into tuples, which strict models take."""
    if isinstance(value, dict):
        return {key: _frozen(entry) for key, entry in value.items()}
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
