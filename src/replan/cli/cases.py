"""Opening the case that a command names, with the changes asked for on the command line."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import replan
from replan.cli.changes import set_values
from replan.cli.options import (
    AsOfOption,
    CurrencyOption,
    DatesOption,
    EncodingOption,
    JurisdictionOption,
    MapOption,
    RedactOption,
    SheetOption,
    SurplusOption,
)
from replan.cli.output import report
from replan.errors import DataError, Issue, UsageError
from replan.model.text import clean_text
from replan.present.words import Words

if TYPE_CHECKING:
    from replan.strategies.notation import Plan

_OPTIONS = ("as_of", "currency", "jurisdiction", "surplus")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a source is to be read: what a table cannot say, how its columns map, what is masked.

    A group of options: every command that reads a case takes it whole.
    """

    surplus: SurplusOption = None
    as_of: AsOfOption = None
    currency: CurrencyOption = None
    jurisdiction: JurisdictionOption = None
    encoding: EncodingOption = None
    map: MapOption = None
    sheet: SheetOption = None
    dates: DatesOption = None
    redact: RedactOption = False


@dataclass(frozen=True, slots=True)
class Opened:
    """A case, whether there were errors beside it, and how its debts are called once redacted."""

    case: replan.Case
    faulty: bool
    names: Mapping[str, str] = field(default_factory=dict)

    def plan(self, text: str) -> str | Plan:
        """Read a plan that may name debts; UsageError if it cannot be read."""
        if not self.names:
            return text
        from replan.decide.redact import rename_plan  # noqa: PLC0415 - few runs need it

        return rename_plan(text, self.names)

    def debt(self, name: str | None) -> str | None:
        """Return the name of a debt in the case, as it stands in the file or redacted."""
        return self.names.get(name, name) if name else name

    def keyed(self, entries: Iterable[str]) -> list[str]:
        """Return entries written ID=VALUE with the debts as they are called in the case."""
        pairs = (entry.partition("=") for entry in entries)
        return [f"{self.names.get(key, key)}{equals}{rest}" for key, equals, rest in pairs]


def load_source(
    source: str, reading: Reading, words: Words | None = None
) -> tuple[replan.Loaded, Mapping[str, str]]:
    """Read every case of *source* as *reading* says, redacted in the language of *words*.

    Returns the cases with their issues, and how their debts are called once redacted.
    """
    loaded = _load(source, reading)
    if not reading.redact:
        return loaded, {}
    names = {own: shown for case in loaded.cases for own, shown in _debt_names(case).items()}
    return _redacted(loaded, source, words), names


def _redacted(loaded: replan.Loaded, source: str, words: Words | None) -> replan.Loaded:
    from replan.decide.redact import LABELS, redact, redact_issue  # noqa: PLC0415 - as above

    labels = {key: words(f"redacted.{key}") if words else text for key, text in LABELS.items()}
    name = {"-": "stdin"}.get(source, clean_text(source))
    return replace(
        loaded,
        cases=[redact(case, labels=labels) for case in loaded.cases],
        issues=[redact_issue(issue, source=name) for issue in loaded.issues],
        dropped=[],
    )


def _load(source: str, reading: Reading) -> replan.Loaded:
    if source == "-" and sys.stdin is None:
        raise UsageError("There is no standard input to read from. Name a file.")
    loaded = replan.load(
        source,
        as_of=reading.as_of,
        currency=reading.currency,
        jurisdiction=reading.jurisdiction,
        surplus=reading.surplus,
        encoding=reading.encoding,
        sheet=reading.sheet,
        dates=reading.dates,
        mapping=parse_mapping(reading.map or ()),
    )
    _check_options(reading, loaded.issues)
    return loaded


def _check_options(reading: Reading, issues: Iterable[Issue]) -> None:
    """Refuse an option that cannot be read: that is wrong use, not a fault of the file."""
    for name in _OPTIONS:
        faults = [i for i in issues if i.severity == "error" and i.where.endswith(f":{name}")]
        if getattr(reading, name) is not None and faults:
            raise UsageError(f"--{name.replace('_', '-')}: {faults[0].message} {faults[0].hint}")


def open_case(
    source: str, reading: Reading, words: Words, *, changes: Iterable[str] = ()
) -> tuple[replan.Case, bool]:
    """Read the one case of *source* as `open_file` does; tell whether there were errors."""
    opened = open_file(source, reading, words, changes=changes)
    return opened.case, opened.faulty


def open_file(
    source: str, reading: Reading, words: Words, *, changes: Iterable[str] = ()
) -> Opened:
    """Read the one case of *source*, apply *changes*, and report what is wrong on stderr.

    With `reading.redact` all that leaves this function is redacted, problems included.
    Raises DataError if no case could be read, UsageError if there are several.
    """
    loaded = _load(source, reading)
    if changes and loaded.cases:
        loaded = _changed(loaded, changes, hidden=reading.redact)
    if len(loaded.cases) > 1:
        raise UsageError(f"{source} holds {len(loaded.cases)} cases. Name a file with one.")
    shown = _redacted(loaded, source, words) if reading.redact else loaded
    report(shown.issues, words)
    if not loaded.cases:
        raise DataError([])
    names = _debt_names(loaded.cases[0]) if reading.redact else {}
    return Opened(shown.cases[0], has_errors(shown.issues), names)


def _changed(loaded: replan.Loaded, changes: Iterable[str], *, hidden: bool) -> replan.Loaded:
    """Apply *changes* to the first case; a message on a *hidden* case names none of its values."""
    raw = loaded.cases[0].model_dump(mode="json", by_alias=True, exclude_none=True)
    try:
        changed = replan.load(set_values(raw, changes))
    except UsageError as error:
        if not hidden:
            raise
        hint = "Name entries by their place: debts.0.rate=12%."
        raise UsageError(f"--set: a path does not lead to a value of the case. {hint}") from error
    return replace(changed, issues=[*loaded.issues, *changed.issues])


def _debt_names(case: replan.Case) -> dict[str, str]:
    from replan.decide.redact import debt_names  # noqa: PLC0415 - as above

    return debt_names(case)


def has_errors(issues: Iterable[Issue]) -> bool:
    """Tell whether one of *issues* is an error."""
    return any(issue.severity == "error" for issue in issues)


def parse_mapping(entries: Iterable[str]) -> Mapping[str, str] | str | None:
    """Read what --map was given: `theirs=ours` pairs, or the name of one mapping file."""
    given = list(entries)
    if not given:
        return None
    pairs = [entry.rsplit("=", 1) for entry in given if "=" in entry]
    if len(pairs) == len(given):
        return {theirs.strip(): ours.strip() for theirs, ours in pairs}
    if len(given) == 1:
        return given[0]
    raise UsageError("--map takes pairs, theirs=ours, or one mapping file. Put pairs in the file.")
