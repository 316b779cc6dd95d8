"""`compare` for people: figures as rows, plans as columns, baselines first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from replan.present.blocks import Block, Cell, Heading, Lines, Tone, number, table
from replan.present.estimates import estimate_blocks, question_blocks
from replan.present.figures import NONE, amount, is_zero, percent, whole
from replan.present.law import alerts, law, unchecked
from replan.present.months import paths
from replan.present.remarks import findings, notes, suggestions
from replan.present.routes import route_blocks
from replan.present.words import Words

Record = Mapping[str, Any]
BASELINES = ("contract", "unpaid")
Figure = tuple[str, str, Callable[[Any], str], bool]
_VERDICT_TONES: dict[str, Tone] = {"fits": "good", "tight": "strong", "short": "bad"}

# figure, where it stands in the metrics, how it is printed; those marked are left out if all zero
FIGURES: tuple[Figure, ...] = (
    ("first_payment", "first_payment.amount", amount, False),
    ("first_date", "first_payment.date", lambda date: str(date or NONE), False),
    ("typical_payment", "typical_payment", amount, False),
    ("peak_payment", "peak_payment", amount, False),
    ("months", "months", whole, False),
    ("total_paid", "total_paid", amount, False),
    ("interest_paid", "interest_paid", amount, False),
    ("waived", "waived", amount, False),
    ("forgone", "forgone", amount, True),
    ("extra_cost", "extra_cost", amount, False),
    ("residual", "residual", amount, True),
    ("apr", "apr", lambda share: percent(share, decimals=2), False),
    ("npv_loss", "npv_loss", lambda share: percent(share, decimals=2), False),
    ("npv_chosen", "npv_chosen.npv_loss", lambda share: percent(share, decimals=2), True),
    ("months_short", "months_short", whole, False),
    ("largest_shortfall", "largest_shortfall", amount, True),
    ("headroom", "headroom", percent, False),
)
IF_CLEARED = ("months", "extra_cost")
"""Figures that mean nothing while something is still owed at the end."""
_DEBT_FIGURES = ("peak_payment", "months", "total_paid", "waived", "npv_loss")


def compare_blocks(data: Record, words: Words, _width: int = 80) -> list[Block]:
    """Lay out a comparison, given in its JSON form."""
    plans = sort_plans(data["plans"])
    marks = mark_plans(plans)
    named = [(words.term("plan", mark), plan) for mark, plan in zip(marks, plans, strict=True)]
    on_debts = data.get("findings", ())
    return [
        *alerts(on_debts, words),
        *route_blocks(data.get("routes"), words),
        Heading(words("compare.title"), level=1),
        Lines(tuple(introduction(data, words))),
        *estimate_blocks(data, words),
        Lines(tuple(legend(plans, marks, words)), indent=3),
        table(
            ["", *(number(words.term("plan", mark), "strong") for mark in marks)],
            list(_rows(plans, marks, words)),
            keys=1,
        ),
        *_paths(named, words),
        *suggestions(named, words),
        *findings(named, words),
        *question_blocks(data, words),
        *law(on_debts, words),
        Lines((*notes(plans, words), *unchecked(data, words)), tone="quiet", indent=2),
    ]


def _paths(named: Sequence[tuple[str, Record]], words: Words) -> Iterator[Block]:
    lines = list(paths(named, words))
    if lines:
        yield Heading(words("compare.paths"))
        yield from lines


def sort_plans(plans: Sequence[Record]) -> list[Record]:
    """Put the baselines first and leave the others in their order."""
    first = [plan for name in BASELINES for plan in plans if plan["plan"] == name]
    return [*first, *(plan for plan in plans if plan["plan"] not in BASELINES)]


def mark_plans(plans: Sequence[Record]) -> list[str]:
    """Name the columns: a baseline by its word, every other plan by a letter or AA, AB, …."""
    letters = _letters()
    return [plan["plan"] if plan["plan"] in BASELINES else next(letters) for plan in plans]


def _letters() -> Iterator[str]:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    yield from alphabet
    yield from (first + second for first in alphabet for second in alphabet)


def introduction(data: Record, words: Words) -> Iterator[str]:
    """Say in which currency the amounts are and on which day the balances stand."""
    if data.get("currency"):
        yield words("compare.currency", currency=data["currency"])
    if data.get("as_of"):
        yield words("compare.as_of", date=data["as_of"])
    if data.get("debt") and "plans" in data:
        yield words("compare.one_debt", debt=data["debt"])
    if data.get("set"):
        changes = words("list.separator").join(data["set"])
        name = data.get("scenario")
        yield words("scenario.named" if name else "scenario.changed", name=name, changes=changes)


def legend(plans: Sequence[Record], marks: Sequence[str], words: Words) -> Iterator[str]:
    """Say what each column stands for."""
    for plan, mark in zip(plans, marks, strict=True):
        baseline = plan["plan"] in BASELINES
        meaning = words(f"baseline.{mark}") if baseline else plan["plan"]
        yield words("compare.legend", mark=words.term("plan", mark), meaning=meaning)


def _rows(
    plans: Sequence[Record], marks: Sequence[str], words: Words
) -> Iterator[list[Cell | str]]:
    yield from figure_rows(plans, words)
    if any(plan.get("dominated") for plan in plans):
        yield [
            words("figure.dominated"),
            *(_domination(plan, plans, marks, words) for plan in plans),
        ]


def figure_rows(
    plans: Sequence[Record], words: Words, *, only: Sequence[str] = ()
) -> Iterator[list[Cell | str]]:
    """Yield the rows of *plans* as columns, all figures or *only* some, and the verdict last."""
    for figure in FIGURES:
        name, path, _, optional = figure
        values = [look_up(plan["metrics"], path) for plan in plans]
        wanted = not only or name in only
        if wanted and not (optional and all(map(is_zero, values))):
            cells = [number(_figure(plan, figure), _tone(plan)) for plan in plans]
            yield [words(f"figure.{name}"), *cells]
    yield [words("figure.verdict"), *(_verdict(plan, words) for plan in plans)]
    if any(plan["metrics"].get("verdict_hoped") for plan in plans):
        hoped = (_verdict(plan, words, name="verdict_hoped") for plan in plans)
        yield [words("figure.verdict_hoped"), *hoped]


def look_up(metrics: Record, path: str) -> Any:
    """Return what stands at a dotted *path*, or None."""
    value: Any = metrics
    for key in path.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _figure(record: Record, figure: Figure) -> str:
    """Print a figure of a plan or a debt; one that means nothing for it is a dash."""
    name, path, form, _ = figure
    if name in IF_CLEARED and _is_left(record):
        return NONE
    return form(look_up(record["metrics"], path))


def _is_left(plan: Record) -> bool:
    return not is_zero(plan["metrics"].get("residual"))


def _tone(plan: Record) -> Tone:
    return "quiet" if plan.get("dominated") else "plain"


def _verdict(plan: Record, words: Words, *, name: str = "verdict") -> Cell:
    verdict = plan["metrics"].get(name)
    # paying nothing asks nothing of the surplus, so there is nothing to judge
    if verdict is None or (plan["plan"] == "unpaid" and verdict == "not-assessed"):
        return number(NONE)
    return number(words.term("verdict", verdict), _VERDICT_TONES.get(verdict, "plain"))


def _domination(plan: Record, plans: Sequence[Record], marks: Sequence[str], words: Words) -> Cell:
    if not plan.get("dominated"):
        return number("")
    better = plan.get("dominated_by")
    names = {other["plan"]: mark for other, mark in zip(plans, marks, strict=True)}
    if better in names:
        return number(words("compare.dominated_by", plan=words.term("plan", names[better])))
    return number(words("compare.dominated"))


def compare_why(data: Record, words: Words, width: int = 80) -> list[Block]:
    """Lay out a comparison and, below it, each debt's share in the figures of each plan."""
    plans = sort_plans(data["plans"])
    blocks = compare_blocks(data, words, width)
    for plan, mark in zip(plans, mark_plans(plans), strict=True):
        name = words.term("plan", mark)
        title = name if plan["plan"] in BASELINES else f"{name}: {plan['plan']}"
        blocks.append(Heading(words("compare.by_debt", plan=title)))
        blocks.append(_debts(plan.get("debts", ()), words))
        blocks.append(Lines(tuple(plan.get("explained", ())), indent=4))
    return [*blocks, Lines((words("compare.see_show"),), tone="quiet")]


def _debts(debts: Sequence[Record], words: Words) -> Block:
    figures = [figure for figure in FIGURES if figure[0] in _DEBT_FIGURES]
    heads: list[Cell | str] = [words("check.debt")]
    heads += [number(words(f"figure.{name}")) for name, *_ in figures]
    rows: list[list[Cell | str]] = [
        [
            str(debt["id"]),
            *(number(_figure(debt, figure)) for figure in figures),
        ]
        for debt in debts
    ]
    return table(heads, rows, keys=1)


def compare_records(data: Record) -> list[dict[str, object]]:
    """Flatten a comparison for CSV: one record per plan, then one per plan and debt."""
    return [
        record
        for plan in sort_plans(data["plans"])
        for record in (
            _record(plan, "", plan["metrics"]),
            *(_record(plan, debt["id"], debt["metrics"]) for debt in plan.get("debts", ())),
        )
    ]


def _record(plan: Record, debt: str, metrics: Record) -> dict[str, object]:
    values = {name: look_up(metrics, path) for name, path, _, _ in FIGURES}
    return {
        "plan": plan["plan"],
        "debt": debt,
        **values,
        "npv": metrics.get("npv"),
        "verdict": metrics.get("verdict"),
        "dominated": "yes" if plan.get("dominated") else "no",
    }
