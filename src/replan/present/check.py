"""`check` for people: the problems of a file, and the balances as they were read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any, Protocol

from replan.errors import Issue, UsageError
from replan.model.currency import minor_unit
from replan.model.estimates import estimates_dict
from replan.model.statement import before_pay_day, path_of, statement_of
from replan.present.blocks import Block, Cell, Heading, Lines, number, table
from replan.present.estimates import estimate_blocks, estimated_fields, question_blocks
from replan.present.figures import amount, whole
from replan.present.issues import issue_line
from replan.present.law import alerts, law, unchecked
from replan.present.statement import budget_blocks
from replan.present.words import Words

Record = Mapping[str, Any]
_PARTS = ("principal", "interest", "penalty", "fees")


class Loaded(Protocol):
    """What was loaded: cases and issues."""

    @property
    def cases(self) -> Sequence[Any]:
        """The cases that could be read."""

    @property
    def issues(self) -> Sequence[Issue]:
        """Everything that was wrong."""


def check_data(loaded: Loaded, law_of: Sequence[Record] = ()) -> dict[str, Any]:
    """Return the JSON form of a check: the issues, and each case's debts with their balances.

    `law_of` has, for each case, the rule packs applied and their findings.
    """
    found = law_of or [{"rules": [], "findings": []} for _ in loaded.cases]
    return {
        "replan": 1,
        "issues": [asdict(issue) for issue in loaded.issues],
        "cases": [
            {
                "as_of": case.as_of.isoformat(),
                "currency": case.currency,
                "debts": [_debt(debt, minor_unit(case.currency)) for debt in case.debts],
                "outstanding": _sum(
                    (debt.outstanding for debt in case.debts), minor_unit(case.currency)
                ),
                **estimates_dict(case),
                "budget": statement_of(case),
                "surplus": path_of(case),
                "before_pay_day": [
                    {**asdict(clash), "amount": str(clash.amount)} for clash in before_pay_day(case)
                ],
                **of_case,
            }
            for case, of_case in zip(loaded.cases, found, strict=True)
        ],
    }


def only_debt(data: Record, debt: str) -> dict[str, Any]:
    """Return a check of one debt: the other creditors are left out, the problems are not.

    Raises UsageError if no case has such a debt.
    """
    cases = [_only(case, debt) for case in data["cases"]]
    if not any(case["debts"] for case in cases):
        known = ", ".join(str(d["id"]) for case in data["cases"] for d in case["debts"])
        raise UsageError(f'There is no debt "{debt}". There is {known or "none"}.')
    return {**data, "cases": [case for case in cases if case["debts"]]}


def _only(case: Record, debt: str) -> dict[str, Any]:
    chosen = [one for one in case["debts"] if one["id"] == debt]
    return {
        **case,
        "debts": chosen,
        "outstanding": str(sum(Decimal(one["outstanding"]) for one in chosen)),
        "before_pay_day": [one for one in case["before_pay_day"] if one["debt"] == debt],
        "findings": [one for one in case["findings"] if one["debt"] == debt],
    }


def _debt(debt: Any, unit: Decimal) -> dict[str, Any]:
    return {
        "id": debt.id,
        "creditor": debt.creditor,
        **{part: _sum([getattr(debt, part)], unit) for part in _PARTS},
        "outstanding": _sum([debt.outstanding], unit),
        "arrears": _sum((getattr(debt.arrears, part) for part in _PARTS), unit),
        "rate": str(debt.rate),
        "days_past_due": debt.days_past_due,
        "next_due": debt.next_due.isoformat() if debt.next_due else None,
        "instalment": None if debt.instalment is None else _sum([debt.instalment], unit),
    }


def _sum(amounts: Iterable[Decimal], unit: Decimal) -> str:
    """Add amounts, printed with the decimals of the currency and no fewer than they have."""
    return str(sum(amounts, 0 * unit))


def check_blocks(data: Record, words: Words, _width: int = 80) -> list[Block]:
    """Lay out a check: balances first, then every problem, the gravest first."""
    found = [finding for case in data["cases"] for finding in case.get("findings", ())]
    return [
        *alerts(found, words),
        *_cases(data["cases"], words),
        *_issues(data["issues"], words),
        *law(found, words),
        Lines(tuple({text for case in data["cases"] for text in unchecked(case, words)}), "quiet"),
    ]


def _cases(cases: Sequence[Record], words: Words) -> Iterator[Block]:
    for case in cases:
        yield Heading(words("check.title"), level=1)
        about = (
            words("compare.currency", currency=case["currency"]),
            words("compare.as_of", date=case["as_of"]),
        )
        yield Lines(about)
        heads: list[Cell | str] = [words("check.debt"), words("check.creditor")]
        heads += [number(words(f"check.{name}")) for name in ("outstanding", "arrears")]
        heads += [number(words("check.rate")), number(words("check.days_past_due"))]
        priced = [_priced(debt, case.get("flat", {})) for debt in case["debts"]]
        rows = [_row(debt, words, estimated_fields(case, debt["id"])) for debt in priced]
        yield table(heads, [*rows, _total(case, words)], keys=1)
        yield from _flat_lines(case, words)
        yield from estimate_blocks(case, words)
        yield from budget_blocks(case, words)
        yield from question_blocks(case, words)


def _priced(debt: Record, flats: Record) -> Record:
    """Let what a flat contract costs a year stand for the rate that it does not have."""
    cost = flats.get(debt["id"], {}).get("effective")
    return {**debt, "rate": cost} if cost else debt


def _flat_lines(case: Record, words: Words) -> Iterator[Block]:
    """Say what flat instalments cost a year, and what to ask about the fees to come."""
    shown = {debt["id"] for debt in case["debts"]}
    flats = [(name, flat) for name, flat in case.get("flat", {}).items() if name in shown]
    if flats:
        yield Lines(tuple(_flat_line(name, flat, words) for name, flat in flats), indent=2)


def _flat_line(name: str, flat: Record, words: Words) -> str:
    amounts = {key: amount(flat[key]) for key in ("fee", "to_come")}
    cost = words("check.flat_unknown")
    if flat["nominal"] is not None:
        shares = {key: flat[key].replace("%", " %") for key in ("nominal", "effective")}
        cost = words("check.flat_cost", **shares)
    return words("check.flat", debt=name, left=flat["left"], cost=cost, **amounts)


def _row(debt: Record, words: Words, guessed: frozenset[str]) -> list[Cell | str]:
    shown = {
        "outstanding": amount(debt["outstanding"]),
        "arrears": amount(debt["arrears"]),
        "rate": _rate(debt["rate"], words),
        "days_past_due": whole(debt["days_past_due"]),
    }
    cells = [number(f"≈ {text}" if name in guessed else text) for name, text in shown.items()]
    return [debt["id"], debt["creditor"], *cells]


def _rate(rate: str, words: Words) -> str:
    """Print a rate with its unit in the reader's language."""
    value, slash, unit = rate.partition("/")
    return value + words.term("rate", slash + unit) if slash else value


def _total(case: Record, words: Words) -> list[Cell | str]:
    arrears = sum((Decimal(debt["arrears"]) for debt in case["debts"]), Decimal(0))
    figures = [number(amount(case["outstanding"]), "strong"), number(amount(arrears), "strong")]
    return [Cell(words("check.total"), "strong"), "", *figures, "", ""]


def _issues(issues: Sequence[Record], words: Words) -> Iterator[Block]:
    graves = ("error", "warning", "note")
    counts = {f"{grave}s": sum(i["severity"] == grave for i in issues) for grave in graves}
    for grave in graves:
        texts = tuple(issue_line(Issue(**i), words) for i in issues if i["severity"] == grave)
        yield Lines(texts, tone="bad" if grave == "error" else "plain", indent=2)
    yield Lines((words("check.problems", **counts) if issues else words("check.fine"),))


def check_records(data: Record) -> list[dict[str, object]]:
    """Flatten the issues for CSV, one record each."""
    heads = ("severity", "where", "message", "hint", "code", "reference")
    return [{head: issue[head] for head in heads} for issue in data["issues"]]
