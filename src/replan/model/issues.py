"""Problems in what people bring: the table of codes, and how a failed validation becomes issues."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from replan.errors import Issue, Severity

from .text import quote

Path = tuple[str | int, ...]
SCHEMA_HINT = "Run replan schema case for the keys."

CODES: dict[str, str] = {
    "allocation-unknown": "An allocation order does not name each component once.",
    "amount-currency": "An amount carries the sign of another currency.",
    "amount-negative": "An amount is below zero.",
    "amount-out-of-range": "An amount is above 1,000,000,000,000.",
    "amount-too-fine": "An amount has more decimals than its currency.",
    "amount-unreadable": "A text is not an amount, or has two readings.",
    "arrears-above-outstanding": "More is past due than is owed.",
    "arrears-missing": "A debt is past due and no arrears are given.",
    "arrears-not-overdue": "Arrears are given for a debt that is not past due.",
    "arrears-total": "The total past due does not fit its parts.",
    "balloon-above-principal": "A residual due at the end is larger than the principal.",
    "case-value-differs": "Rows of one case contradict each other about the case.",
    "category-unknown": "A budget line has a category that is not known; it stands with the rest.",
    "cell-error": "A cell holds a spreadsheet's error, or a formula never calculated.",
    "cell-too-many": "A row has more cells than the header.",
    "cell-unknown": "A cell says that something is not known; it was read as not given.",
    "choice-missing": "Exactly one of several keys must be given.",
    "column-missing": "A table lacks a column without which no debt can be read.",
    "column-twice": "Two columns of a table mean the same.",
    "column-unknown": "A column's header was not recognised; the column was not read.",
    "count-out-of-range": "A whole number is outside its range.",
    "count-unreadable": "A value is not a whole number.",
    "currency-unknown": "A currency is not an ISO 4217 code.",
    "date-ambiguous": "A date can be read as day-month or as month-day.",
    "date-impossible": "A date does not exist in the calendar.",
    "date-out-of-range": "A date is outside 1900 to 2200.",
    "date-unreadable": "A text is not a date.",
    "dates-out-of-order": "Two dates contradict each other.",
    "day-count-unknown": "A day count is not one of the supported conventions.",
    "debts-missing": "A case has no debts.",
    "encoding-guessed": "A file's encoding had to be guessed from its characters.",
    "encoding-unreadable": "A file's bytes are not text in the encoding.",
    "file-empty": "A file holds nothing.",
    "file-too-large": "A file is larger than can be read.",
    "flag-unreadable": "A value is neither true nor false.",
    "flat-unclear": "It is not clear what flat instalments consist of.",
    "frequency-unknown": "A frequency is not a name or a number of days, weeks or months.",
    "id-invalid": "An id has characters that the plan notation uses, or is too long.",
    "id-twice": "Two debts have the same id.",
    "instalment-below-interest": "The instalment is less than the interest: the debt never clears.",
    "instalments-missing": "A custom schedule has no instalments.",
    "json-depth": "A JSON file is nested too deeply.",
    "json-key-twice": "A JSON object has the same key twice.",
    "json-unreadable": "A file is not JSON.",
    "key-missing": "A required key or cell is missing.",
    "mapping-column": "A mapping names a column that the table does not have.",
    "minimum-floor": "A minimum payment is a share of what is owed, with no least amount.",
    "nothing-owed": "A debt has no amount outstanding.",
    "option-missing": "A table needs an option that says what it cannot say.",
    "past-due-impossible": "A debt cannot be past due for longer than it exists.",
    "payment-in-future": "A payment received is dated after the as-of date.",
    "range-reversed": "The low end of a range is above its high end.",
    "rate-out-of-range": "A rate is below zero or above 1,000 % a year.",
    "rate-period-missing": "A rate such as 万五 does not say per which period.",
    "rate-suspicious": "A bare number above 1 is given as a rate.",
    "rate-too-fine": "A rate has more than 18 decimals as a fraction.",
    "rate-unreadable": "A text is not a rate.",
    "row-remark": "A row that looks like a remark was not read as a debt.",
    "row-total": "A row that looks like a total was not read as a debt.",
    "row-unreadable": "A row of a table cannot be split into cells.",
    "shape-wrong": "A value has the wrong shape: a list where an object belongs, and so on.",
    "share-out-of-range": "A share is below 0 % or above 100 %.",
    "sheet-chosen": "One sheet of a workbook was read, others were not.",
    "sheet-hidden": "A row or column that a sheet hides was read.",
    "sheet-unclear": "It is not clear which sheet of a workbook holds the debts.",
    "surplus-path": "Two amounts of a surplus path hold from the same month.",
    "surplus-twice": "Both a budget and a surplus are given.",
    "table-too-wide": "A table has too many columns.",
    "text-too-long": "A text is longer than 500 characters.",
    "text-unreadable": "A value is not a text.",
    "text-unsafe": "A text held terminal escapes or control characters; they were removed.",
    "unit-zero": "A rounding unit is zero.",
    "unknown-key": "A key is not one that replan knows.",
    "value-unknown": "A word is not one of the allowed ones.",
    "version-unknown": "A file is written for another version of the format.",
    "workbook-unreadable": "A file is a workbook that cannot be read.",
}
"""Every code that loading can report, with its meaning in one line."""


@dataclass(frozen=True, slots=True)
class Problem:
    """An issue before its file and line are known; *path* is relative to the object checked."""

    code: str
    message: str
    hint: str = ""
    path: Path = ()
    severity: Severity = "error"


class Refused(ValueError):  # noqa: N818  # it reads as what happened; pydantic needs a ValueError
    """A value that cannot be taken, with one or more problems."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(f"{p.message} {p.hint}".strip() for p in problems))
        self.problems = problems


def problems_of(error: ValidationError, model: type[BaseModel]) -> list[Problem]:
    """Turn a failed validation of *model* into problems, each with its path."""
    found = [p for entry in error.errors(include_url=False) for p in _problems(entry, model)]
    return list(dict.fromkeys(found))


def issue_at(problem: Problem, where: str) -> Issue:
    """Give *problem* its place in the file."""
    return Issue(problem.code, problem.severity, problem.message, where, problem.hint)


def suggest(word: str, known: Iterable[str]) -> str:
    """Say which of *known* was probably meant: a hint, or nothing."""
    near = difflib.get_close_matches(word.lower(), list(known), n=1, cutoff=0.6)
    return f"Did you mean {near[0]}?" if near else ""


def path_text(path: Path) -> str:
    """Write a path as people do: `debts[0].principal`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            name = part if re.fullmatch(r"[\w$-]{1,64}", part) else quote(part)
            text += f".{name}" if text else name
    return text


def _problems(entry: Any, model: type[BaseModel]) -> Iterator[Problem]:
    loc: Path = tuple(entry["loc"])
    cause = entry.get("ctx", {}).get("error")
    if isinstance(cause, Refused):
        yield from (replace(p, path=loc + p.path) for p in cause.problems)
        return
    yield _KINDS.get(entry["type"], _of_shape)(entry, loc, model)


def _of_missing(_entry: Any, loc: Path, _model: type[BaseModel]) -> Problem:
    return Problem("key-missing", f"{loc[-1]} is missing.", f"Add {loc[-1]}.", loc)


def _of_unknown(_entry: Any, loc: Path, model: type[BaseModel]) -> Problem:
    known = _keys_at(model, loc[:-1])
    listed = f"Known keys: {', '.join(sorted(known))}."
    hint = suggest(str(loc[-1])[:64], known) or (listed if len(known) <= 12 else SCHEMA_HINT)
    return Problem("unknown-key", f"{quote(loc[-1])} is not a key here.", hint, loc)


def _of_word(entry: Any, loc: Path, _model: type[BaseModel]) -> Problem:
    allowed = re.findall(r"'([^']*)'", entry["ctx"]["expected"])
    hint = suggest(str(entry["input"])[:64], allowed) or f"Use one of: {', '.join(allowed)}."
    return Problem("value-unknown", f"{quote(entry['input'])} is not known here.", hint, loc)


def _of_shape(entry: Any, loc: Path, _model: type[BaseModel]) -> Problem:
    wanted = _SHAPES.get(entry["type"], "another kind of value")
    return Problem("shape-wrong", f"{quote(entry['input'])} stands here.", f"Write {wanted}.", loc)


_KINDS = {"missing": _of_missing, "extra_forbidden": _of_unknown, "literal_error": _of_word}
_SHAPES = {
    "model_type": "an object {…}",
    "model_attributes_type": "an object {…}",
    "dict_type": "an object {…}",
    "tuple_type": "a list […]",
    "list_type": "a list […]",
    "string_type": "a text in quotation marks",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "date_type": "a date without quotation marks, such as 2025-01-31",
    "decimal_type": "a number",
    "is_instance_of": "a number",
    "too_short": "at least one entry",
    "string_too_short": "a text that is not empty",
    "string_pattern_mismatch": "it in its usual form: a.name-1, https://…",
}


def _keys_at(model: type[BaseModel], loc: Path) -> set[str]:
    """Return the keys of the model that stands at *loc* below *model*."""
    found: type[BaseModel] = model
    for part in loc:
        fields = {(f.alias or name): f for name, f in found.model_fields.items()}
        if isinstance(part, str) and part in fields:
            found = next(_models_in(fields[part].annotation), found)
    return {field.alias or name for name, field in found.model_fields.items()}


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)
