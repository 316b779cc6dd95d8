"""What the counsellor's own documents say: warnings first, the plan, law, evidence, the script."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from replan.present.blocks import Block, Cell, Lines, number, table
from replan.present.compare import look_up
from replan.present.drawings import (
    FEW_ROWS,
    MOST,
    debt_track,
    draw_balances,
    draw_months,
    draw_sides,
)
from replan.present.estimates import question_blocks
from replan.present.figures import NONE, amount, percent, whole
from replan.present.law import alerts, law, unchecked
from replan.present.months import months_table, runs
from replan.present.offer import lender_values
from replan.present.offer_asks import asks_of, boxes
from replan.present.templates import Value
from replan.present.wording import day_text, money_text
from replan.present.words import Words

Record = Mapping[str, Any]
Row = list[Cell | str]
_FIGURES = (("typical_payment", amount), ("months", whole), ("total_paid", amount))


def script_values(proposal: Record, words: Words) -> dict[str, Value]:
    """Return the places of the call script on one debt."""
    values = lender_values(proposal["lender"], words)
    asks = boxes(asks_of(proposal["lender"], words), words)
    return values | {"debt": str(proposal["debt"]), "ask_boxes": asks}


def evidence_values(data: Record, words: Words) -> dict[str, Value]:
    """Return the places of the evidence checklist: what the case names is ticked off."""
    cause = data["cause"] or "other"
    named = tuple(words("pack.at_hand", item=item) for item in data["evidence"])
    return {
        "evidence_cause": boxes(words.term("evidence", cause).split("|"), words),
        "evidence_always": boxes(words.term("evidence", "always").split("|"), words),
        "evidence_at_hand": [Lines(named)] if named else None,
    }


def readme_values(data: Record, folders: Mapping[str, str], words: Words) -> dict[str, Value]:
    """Return the places of the pack's first page; `folders` are those of the debts."""
    reason, kept = data["limitation_checked"], data["kept"]
    findings = [f for one in data["proposals"] for f in one["counsellor"]["findings"]]
    claims, asked = _law(findings, words)
    listed = words("list.separator")
    homes = tuple(words("pack.folder", folder=home, debt=debt) for debt, home in folders.items())
    return {
        "old": list(alerts(data["old"], words)) or None,
        "limitation": words("pack.limitation", reason=reason) if reason else None,
        "cautions": [Lines(tuple(caution_lines(data, words)))],
        "plan_line": words("show.title", plan=data["plan"]),
        "verdict": words("show.verdict", verdict=words.term("verdict", data["verdict"])),
        "figures_table": [_figures(data["proposals"], words)],
        **_charts(data, words),
        "kept": words("pack.kept", debts=listed.join(kept)) if kept else None,
        "folders": [Lines(homes)],
        "lender_files": words("pack.lender_files"),
        "counsellor_folder": words("pack.counsellor"),
        "law": claims,
        "law_questions": asked,
        "questions": list(question_blocks(data, words))[1:] or None,
    }


def _charts(data: Record, words: Words) -> dict[str, Value]:
    """Draw the plan against the surplus, what is owed to whom, and what it costs both sides."""
    household, unit = data["household"], str(data["currency"])
    months: list[Block] = []
    if runs(household["by_month"]):
        plan = words("offer.this_plan")
        by_month = household["by_month"]
        months = [
            draw_months(plan, by_month, key="months", unit=unit, words=words),
            months_table(by_month, words),
        ]
    return {
        "months_chart": months or None,
        "balances_chart": _balances(data["proposals"], unit, words),
        "sides_chart": list(draw_sides(_sides(household, words), unit=unit, words=words)),
    }


def _balances(proposals: Sequence[Record], unit: str, words: Words) -> Value:
    tracks = [
        debt_track({"id": one["debt"], "schedule": one["lender"]["schedule"]})
        for one in proposals
        if len(one["lender"]["schedule"]) > FEW_ROWS
    ][:MOST]
    title = words("report.owed")
    if not tracks:
        return None
    return [draw_balances(tracks, key="owed", title=title, unit=unit, words=words)]


def _sides(household: Record, words: Words) -> list[tuple[str, Record]]:
    return [
        (words.term("plan", "contract"), household["contract"]),
        (words("offer.this_plan"), {"plan": None, **household}),
    ]


def caution_lines(data: Record, words: Words) -> Iterator[str]:
    """Say in sentences what must be known before anything is sent or paid."""
    for caution in data["cautions"]:
        yield words(f"caution.{caution['code']}", **_facts(caution, data["currency"], words))
    yield from unchecked(data, words)


def _facts(caution: Record, currency: str, words: Words) -> dict[str, object]:
    facts = {name: value for name, value in caution.items() if name != "code"}
    for name in {"most", "amount", "left"} & facts.keys():
        facts[name] = money_text(facts[name], currency, words)
    for name in {"date", "answer_by"} & facts.keys():
        facts[name] = day_text(facts[name], words)
    if "fields" in facts:
        named = (words.term("field", name) for name in facts["fields"])
        facts["fields"] = words("list.separator").join(named)
    return facts


def _law(findings: Sequence[Record], words: Words) -> tuple[Value, Value]:
    """Part what the law says from what must be asked first; each without its own heading."""
    told = [f for f in findings if "check" in f or f.get("question")]
    claims = _texts(law([f for f in told if not f.get("question")], words))
    return claims, _texts(law([f for f in told if f.get("question")], words))


def _texts(blocks: Iterable[Block]) -> Value:
    return [block for block in blocks if isinstance(block, Lines)] or None


def _figures(proposals: Sequence[Record], words: Words) -> Block:
    """Lay out the figures that concern the counsellor alone, the lender's loss among them."""
    heads: Row = [words("check.debt"), words("figure.first_date")]
    heads += [number(words(f"figure.{name}")) for name, _ in _FIGURES]
    heads.append(number(words("figure.npv_loss")))
    rows: list[Row] = [
        [
            str(one["debt"]),
            str(look_up(one["counsellor"]["metrics"], "first_payment.date") or NONE),
            *(number(form(one["counsellor"]["metrics"][name])) for name, form in _FIGURES),
            number(percent(one["counsellor"]["metrics"]["npv_loss"], decimals=2)),
        ]
        for one in proposals
    ]
    return table(heads, rows, keys=1)
