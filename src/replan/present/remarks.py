"""What stands below the figures: why a plan is suggested, findings, and how to read the words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from replan.present.blocks import Block, Heading, Lines
from replan.present.figures import is_zero, percent
from replan.present.issues import finding_line
from replan.present.law import law_text
from replan.present.policies import departure_text
from replan.present.words import Words

Record = Mapping[str, Any]
Named = Sequence[tuple[str, Record]]
"""Plans with the names under which they are shown."""


def suggestions(named: Named, words: Words) -> Iterator[Block]:
    """Say why each suggested plan is on the menu, and what to guard against."""
    texts = []
    for name, plan in named:
        why, guard = (_sentence(plan, kind, words) for kind in ("why", "guard"))
        meaning = words("compare.suggestion", why=why, guard=guard).strip()
        if meaning:
            texts.append(words("compare.legend", mark=name, meaning=meaning))
    if texts:
        yield Heading(words("compare.suggested"))
        yield Lines(tuple(texts), indent=3)


def _sentence(plan: Record, kind: str, words: Words) -> str:
    code = plan.get(kind)
    return words.term(kind, str(code)) if code else ""


def findings(named: Named, words: Words) -> Iterator[Block]:
    """List the findings of each plan, one line for all debts that a test finds alike."""
    texts = [
        words("compare.legend", mark=name, meaning=text)
        for name, plan in named
        if not plan.get("baseline")
        for text in plan_findings(plan, words)
    ]
    if texts:
        yield Heading(words("compare.findings"))
        yield Lines(tuple(texts), indent=3)


def plan_findings(plan: Record, words: Words) -> Iterator[str]:
    """Yield a plan's findings, then those of its debts, each test once."""
    for finding in plan.get("findings", ()):
        yield finding_text(finding, words)
    alike: dict[str, list[tuple[str, Record]]] = {}
    for debt in plan.get("debts", ()):
        for finding in exceeded(debt.get("findings", ())):
            alike.setdefault(str(finding.get("code")), []).append((debt["id"], finding))
    for found in alike.values():
        debts = (f"{debt} {_value(finding)}".rstrip() for debt, finding in found)
        names = words("list.separator").join(debts)
        yield words("compare.legend", mark=names, meaning=finding_text(found[0][1], words))


def _value(finding: Record) -> str:
    """Print the value found: a ratio in percent, a right not at all, anything else as it is."""
    value = finding.get("value", "")
    if isinstance(value, bool):  # a right has no figure
        return ""
    return percent(value, decimals=2) if isinstance(value, float) else str(value)


def exceeded(found: Sequence[Record]) -> list[Record]:
    """Leave out the tests that a plan passes."""
    return [finding for finding in found if finding.get("exceeded", True)]


def finding_text(finding: Record, words: Words) -> str:
    """Print a finding: what it means, the limit, the source and since when it is in force."""
    if "departure" in finding:
        return departure_text(finding, words)
    template = words.find(f"finding.{finding.get('code')}")
    if template is None:
        of_law = "check" in finding or finding.get("question")
        return law_text(finding, words) if of_law else finding_line(finding, words)
    limit = percent(finding["limit"], decimals=0)
    return template.format(limit=limit, source=finding["source"], since=finding["since"])


def notes(plans: Sequence[Record], words: Words) -> Iterator[str]:
    """Say how the words and ratios of the table are meant, as far as they occur."""
    judged = [plan["metrics"] for plan in plans if plan["plan"] != "unpaid"]
    if len(judged) > 1 and {metrics.get("verdict") for metrics in judged} == {"short"}:
        yield words("note.none_fits")
    yield from _at_once(plans, words)
    yield words("note.typical")
    yield words("note.npv_loss")
    yield words(f"apr.{_convention(plans)}")
    if any((metrics.get("apr") or 0) < 0 for metrics in judged):
        yield words("note.negative_apr")
    if any(metrics.get("headroom") is not None for metrics in judged):
        yield words("note.headroom")
    reasons = {reason for metrics in judged for reason in metrics.get("not_assessed") or ()}
    yield from (words.term("unassessed", reason) for reason in sorted(reasons))
    if any(metrics.get("verdict") != "not-assessed" for metrics in judged):
        yield words("note.verdict")
    elif reasons <= {"no-budget"}:
        yield words("note.not_assessed")
    if any(metrics.get("verdict_hoped") for metrics in judged):
        yield words("note.hoped")
    if any(plan.get("dominated") for plan in plans):
        yield words("note.dominated")


def _at_once(plans: Sequence[Record], words: Words) -> Iterator[str]:
    """Name the debts that the contract wants repaid in full today."""
    contract = next((plan for plan in plans if plan["plan"] == "contract"), {})
    names = [
        str(debt["id"])
        for debt in contract.get("debts", ())
        if debt["metrics"].get("rows") == 0 and not is_zero(debt["metrics"]["total_paid"])
    ]
    if names:
        yield words("note.at_once", debts=words("list.separator").join(names))
    others = [plan for plan in plans if plan["plan"] not in ("contract", "unpaid")]
    kept = [name for name in names if all(_keeps(plan, name) for plan in others)]
    if others and kept and all(_short_at_once(plan) for plan in others):
        spread = [f"{name}: split 12" for name in kept]
        touched = [str(debt["id"]) for debt in others[0]["debts"] if debt["id"] not in kept]
        rest = ", ".join(name for name in touched if not _keeps(others[0], name)) or "*"
        yield words("note.at_once_short", plan="; ".join([*spread, f"{rest}: …"]))


def _keeps(plan: Record, debt: str) -> bool:
    """Tell whether a debt keeps its contract under a plan."""
    return any(d["id"] == debt and d.get("plan") == "contract" for d in plan.get("debts", ()))


def _short_at_once(plan: Record) -> bool:
    """Tell whether a plan is short in the very month of the as-of date."""
    months = plan.get("by_month") or [{}]
    return not is_zero(months[0].get("short") or 0)


def _convention(plans: Sequence[Record]) -> str:
    debts = (debt["metrics"] for plan in plans for debt in plan.get("debts", ()))
    return next(
        (str(found["apr_convention"]) for found in debts if "apr_convention" in found), "xirr"
    )
