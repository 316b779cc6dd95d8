"""Files into cases: which format a source has, and every problem in it with its place."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from replan.errors import DataError, UsageError
from replan.model.case import Case
from replan.model.checks import at
from replan.model.issues import Path as Trail
from replan.model.issues import Problem, issue_at, path_text
from replan.model.text import clean_text, quote
from replan.model.values import DateOrder

from .build import build_case, nearest
from .decode import SIZE_LIMIT, decode_text
from .flat import with_flat
from .json_source import Document, key_twice, lines_of, read_json
from .loaded import Loaded

__all__ = ["Loaded", "Source", "load", "load_case"]

if TYPE_CHECKING:
    from .tables import TableSettings

ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
"""How workbooks and archives begin; the last is the old kind, and any kind with a password."""

Source = str | os.PathLike[str] | bytes | Mapping[str, Any]


def load(  # noqa: PLR0913  # each names one thing that a table cannot say
    source: Source,
    *,
    as_of: date | str | None = None,
    currency: str | None = None,
    jurisdiction: str | None = None,
    surplus: Decimal | str | float | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    dates: DateOrder | None = None,
    mapping: Mapping[str, str] | str | os.PathLike[str] | None = None,
) -> Loaded:
    """Read the cases of *source*: a path, `-` for stdin, bytes, or decoded values.

    A JSON file holds one case, a list of them, or `{"cases": […]}`. What is given here takes the
    place of what the file says. *sheet* names the sheet of a workbook; without it, it is the one
    whose header reads as a table of debts. *dates* is the order of dates such as 10/12/2026, which
    are refused without it. Problems in the data are returned as issues, all of them; a debt
    with an error is left out and its case marked incomplete. Raises UsageError if there is no
    such file.
    """
    given = {"as_of": as_of, "currency": currency, "jurisdiction": jurisdiction, "surplus": surplus}
    overrides = {key: value for key, value in given.items() if value is not None}
    if isinstance(source, Mapping):
        loaded, problems = _build_all(Document(source), overrides, dates)
        loaded.issues.extend(issue_at(problem, path_text(problem.path)) for problem in problems)
        return loaded
    name, data = _read(source)
    read_as = partial(_settings, mapping, overrides, dates)
    if data.startswith(ARCHIVES):
        from .tables import load_workbook  # noqa: PLC0415  # most files are JSON

        return load_workbook(data, name, read_as(), sheet=sheet)
    if sheet is not None:
        raise UsageError(f"{name} is not a workbook. Leave out --sheet.")
    text, issues = decode_text(data, name=name, encoding=encoding)
    if not text:
        return Loaded(issues=issues)
    if _is_json(name, text):
        loaded = _load_json(text, name, overrides, dates)
    else:
        from .tables import load_text  # noqa: PLC0415  # as above

        loaded = load_text(text, name, read_as())
    loaded.issues[:0] = issues
    return loaded


def load_case(source: Source, **options: Any) -> Case:
    """Read the one case of *source*; take the options of `load`.

    Raises DataError, with every issue, if there is an error in it or not exactly one case.
    """
    loaded = load(source, **options)
    errors = [issue for issue in loaded.issues if issue.severity == "error"]
    if errors:
        raise DataError(errors)
    if len(loaded.cases) != 1:
        raise UsageError(f"The source holds {len(loaded.cases)} cases, not one. Use load().")
    return loaded.cases[0]


def _read(source: str | os.PathLike[str] | bytes) -> tuple[str, bytes]:
    if isinstance(source, bytes):
        return "input", source
    if source == "-":
        return "stdin", sys.stdin.buffer.read(SIZE_LIMIT + 1)
    shown = clean_text(os.fspath(source))
    if shown.lower().endswith(".toml"):
        raise UsageError(
            f"{shown} is no case: a .toml file says how to read one. "
            f"Name the table, and the mapping with --map {shown}."
        )
    try:
        with Path(source).open("rb") as file:
            return shown, file.read(SIZE_LIMIT + 1)
    except IsADirectoryError as error:
        raise UsageError(f"{shown} is a folder. Name a file in it.") from error
    except FileNotFoundError as error:
        raise UsageError(f"{quote(shown)} does not exist. Check the name.") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "the name is not valid"
        raise UsageError(f"{quote(shown)} cannot be read: {reason}.") from error


def _is_json(name: str, text: str) -> bool:
    if name.lower().endswith((".csv", ".tsv")):
        return False
    return name.lower().endswith(".json") or text.lstrip()[:1] in {"{", "["}


def _settings(
    mapping: Mapping[str, str] | str | os.PathLike[str] | None,
    overrides: dict[str, Any],
    dates: DateOrder | None,
) -> TableSettings:
    from .mapping import read_mapping  # noqa: PLC0415  # only tables have one
    from .tables import TableSettings  # noqa: PLC0415  # as above

    columns = read_mapping(mapping)
    return TableSettings(columns, overrides, dates or columns.dates)


def _load_json(text: str, name: str, overrides: dict[str, Any], dates: DateOrder | None) -> Loaded:
    document = read_json(text, name=name)
    if document.issues:
        return Loaded(issues=list(document.issues))
    loaded, problems = _build_all(document, overrides, dates)
    wanted = {path for problem in problems for path in nearest(problem.path)}
    lines = lines_of(text, wanted) if problems else {}

    def line(path: Trail) -> int:
        return next((lines[p] for p in nearest(path) if p in lines), 1)

    for problem in sorted(problems, key=lambda p: line(p.path)):
        where = f"{name}:{line(problem.path)}:{path_text(problem.path)}".rstrip(":")
        loaded.issues.append(issue_at(problem, where))
    return loaded


def _build_all(
    document: Document, overrides: dict[str, Any], dates: DateOrder | None
) -> tuple[Loaded, list[Problem]]:
    """Build every case; return the problems apart, with their paths in the document."""
    loaded, problems = Loaded(), []
    for prefix, raw in _cases_in(document.value):
        size = len(prefix)
        twice = [key_twice(path[size:]) for path in document.twice if path[:size] == prefix]
        plain, unclear = with_flat(_override(raw, overrides))
        built = build_case(plain, [*twice, *unclear], dates=dates)
        loaded.cases.extend([built.case] if built.case else [])
        loaded.dropped.extend(built.dropped)
        problems += [at(problem, *prefix) for problem in built.problems]
    return loaded, problems


def _cases_in(value: Any) -> list[tuple[Trail, Any]]:
    if isinstance(value, list):
        return [((index,), raw) for index, raw in enumerate(value)]
    if isinstance(value, Mapping) and isinstance(value.get("cases"), list):
        return [(("cases", index), raw) for index, raw in enumerate(value["cases"])]
    return [((), value)]


def _override(raw: Any, overrides: dict[str, Any]) -> Any:
    if not isinstance(raw, Mapping):
        return raw
    kept = {k: v for k, v in raw.items() if not (k == "budget" and "surplus" in overrides)}
    return {**kept, **overrides}
