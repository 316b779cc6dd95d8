"""`counter` for people: yes or no, what to say, then what it costs and what would make it fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from replan.present.blocks import Block, Cell, Heading, Lines, number, table
from replan.present.compare import figure_rows, introduction
from replan.present.figures import amount, is_zero, whole
from replan.present.heard import heard_line, heard_payments, heard_terms
from replan.present.law import alerts, law, unchecked
from replan.present.policies import title_of
from replan.present.remarks import exceeded, finding_text
from replan.present.wording import close_up, money_text, named_rate, rate_text
from replan.present.words import Words
from replan.present.zone import rate_name, zone_blocks

Record = Mapping[str, Any]
FEW = 6
"""So many short months are listed; the JSON has all."""
_FIGURES = ("first_payment", "first_date", "typical_payment", "peak_payment", "months",
            "total_paid", "interest_paid", "waived", "forgone", "extra_cost", "residual", "apr",
            "npv_loss", "months_short", "largest_shortfall")  # fmt: skip


def counter_blocks(data: Record, words: Words, _width: int = 80) -> list[Block]:
    """Lay out a judged offer, given in its JSON form: what to act on comes first."""
    findings = data["findings"]
    return [
        *alerts(findings, words),
        Lines((heard_line(data["offer"], data["currency"], words),)),
        Lines((_answer(data, words),), tone="good" if data["fits"] else "bad"),
        Lines((say_line(data, words), words("counter.pay_nothing")), tone="strong"),
        Heading(words("counter.title", debt=data["debt"]["id"]), level=1),
        Lines(tuple(introduction({**data, "debt": None}, words))),
        *_understood(data, words),
        *_figures(data, words),
        *_short(data, words),
        *_levers(data, words),
        *_exchange(data, words),
        *_incentives(data, words),
        *zone_blocks(data, words),
        *_findings(data, words),
        Lines(
            (words("counter.exact", rate=rate_name(data, words)), *unchecked(data, words)),
            tone="quiet",
            indent=2,
        ),
    ]


def _answer(data: Record, words: Words) -> str:
    """Say yes or no with the month and the gap."""
    worst = {key: _money(data, data["worst"][key], words) for key in ("paid", "room", "gap")}
    worst["month"] = data["worst"]["month"]
    if data["not_assessed"]:
        reasons = (words.term("unassessed", reason) for reason in data["not_assessed"])
        return words("counter.unassessed", reasons=" ".join(reasons))
    if data["fits"]:
        return words(f"counter.{data['verdict']}", **worst)
    months = len(data["short"])
    more = words("counter.more_months", count=whole(months)) if months > 1 else ""
    return close_up(words("counter.short", **worst, more=more))


def say_line(data: Record, words: Words) -> str:
    """Print the sentence to say on the phone."""
    say = data["say"]
    values = {key: say[key] for key in ("first", "count") if key in say}
    values["terms"] = heard_terms(data["offer"], data["currency"], words)
    values["payments"] = heard_payments(data["offer"], data["currency"], words)
    if "month" in say:
        year, month = say["month"].split("-")
        name = words(f"monthname.{int(month)}")
        values["month"] = words("say_month.named", name=name, year=year)
    values |= {key: _money(data, say[key], words) for key in ("paid", "payment") if key in say}
    if say["code"] == "change":
        values["change"] = change_text(say, words, currency=data["currency"])
    return close_up(words("counter.say", sentence=words(f"say.{say['code']}", **values)))


def _money(data: Record, value: object, words: Words) -> str:
    return money_text(value, data["currency"], words)


def change_text(change: Record, words: Words, *, currency: str) -> str:
    """Print one change as it is asked for: 36 instalments instead of 24."""
    name = change["lever"]
    values = {key: change[key] for key in ("now", "needed")}
    if name == "first-payment":
        values = {
            k: v if v.endswith("%") else money_text(v, currency, words) for k, v in values.items()
        }
    if name == "rate":
        values = {key: named_rate(value, words) for key, value in values.items()}
    fresh = words.find(f"fresh.{name}") if change["now"] in ("0", "0%") else None
    return fresh.format(**values) if fresh else words(f"change.{name}", **values)


def _value(lever: str, text: str, words: Words) -> str:
    """Print a lever's value; a first payment may be an amount."""
    if lever == "rate":
        return rate_text(text, words)
    return amount(text) if lever == "first-payment" and not text.endswith("%") else text


def _understood(data: Record, words: Words) -> Iterator[Block]:
    """Echo how the offer was read, phrase by phrase, and what is doubtful about it."""
    offer = data["offer"]
    read = [
        words("counter.read", said=one["said"], step=one["step"] or words("counter.no_step"))
        for one in offer["understood"]
    ]
    yield Lines((words("counter.plan", plan=offer["plan"]), *read), indent=3)
    notes = tuple(_note(note, data["currency"], words) for note in data["notes"])
    if notes:
        yield Lines(notes, tone="strong", indent=2)


def _note(note: Record, currency: str, words: Words) -> str:
    values = {key: value for key, value in note.items() if key != "code"}
    for key in ("now", "before"):
        if key in values:
            values[key] = money_text(values[key], currency, words)
    if "months" in values:
        names = values["months"]
        shown = names if len(names) <= 3 else [*names[:2], "…", names[-1]]
        values["months"] = words("list.separator").join(shown)
    return words(f"doubtful.{note['code']}", **values)


def _figures(data: Record, words: Words) -> Iterator[Block]:
    """Set the offer beside our proposal, and say what lies between them."""
    plans = [_at_rate(plan) for plan in (data["offer"], data["ours"]) if plan]
    marks = [words("counter.theirs"), *([words("counter.ours")] if data["ours"] else [])]
    heads: list[Cell | str] = ["", *(number(mark, "strong") for mark in marks)]
    yield table(heads, list(figure_rows(plans, words, only=_FIGURES)), keys=1)
    if data["ours"]:
        yield Lines((words("counter.our_plan", plan=data["ours"]["plan"]),), indent=3)
        yield Lines(tuple(_difference(data, words)), indent=3)


def _at_rate(plan: Record) -> Record:
    """Let the lender's loss be at the rate that was chosen."""
    chosen = plan["metrics"].get("npv_chosen")
    return plan if chosen is None else {**plan, "metrics": {**plan["metrics"], **chosen}}


def _difference(data: Record, words: Words) -> Iterator[str]:
    """Say in words where the offer asks for more than we proposed, and where for less."""
    found = data["difference"]
    for key in ("first_payment", "peak_payment", "total_paid", "waived", "npv"):
        if not is_zero(found[key]):
            way = "less" if str(found[key]).startswith("-") else "more"
            value = _money(data, str(found[key]).removeprefix("-"), words)
            yield words(f"difference.{way}", figure=words(f"difference.{key}"), amount=value)
    if found["months"]:
        way = "sooner" if found["months"] < 0 else "later"
        yield words(f"difference.{way}", count=whole(abs(found["months"])))


def _short(data: Record, words: Words) -> Iterator[Block]:
    """List the months that do not fit and by how much."""
    months = data["short"]
    if not months:
        return
    lines = [
        words(
            "counter.short_month",
            month=one["month"],
            **{key: amount(one[key]) for key in ("paid", "room", "gap")},
        )
        for one in months[:FEW]
    ]
    if len(months) > FEW:
        end = months[-1]["month"]
        lines.append(words("counter.and_more", count=whole(len(months) - FEW), end=end))
    yield Heading(words("counter.months", others=data["room"]["others"]))
    yield Lines(tuple(lines), indent=2)


def _levers(data: Record, words: Words) -> Iterator[Block]:
    """Show the smallest change of each lever that makes it fit; name those that cannot alone."""
    if not data["levers"]:
        return
    enough = [lever for lever in data["levers"] if lever["needed"] is not None]
    yield Heading(words("counter.changes" if enough else "counter.no_change"))
    if enough:
        heads: list[Cell | str] = [
            words("counter.change"),
            *(number(words(f"counter.{key}")) for key in ("cost", "cost_npv", "largest")),
            number(words("figure.verdict")),
        ]
        yield table(heads, [_change_row(lever, words) for lever in enough], keys=1)
    alone = [_alone(lever, words) for lever in data["levers"] if lever["needed"] is None]
    if alone:
        names = words("list.separator").join(alone)
        yield Lines((words("counter.not_alone", levers=names),), indent=2)


def _change_row(lever: Record, words: Words) -> list[Cell | str]:
    values = [_value(lever["lever"], lever[key], words) for key in ("now", "needed")]
    return [
        words(
            "counter.from_to", lever=words(f"lever.{lever['lever']}"), now=values[0], to=values[1]
        ),
        *(number(amount(lever[key])) for key in ("cost", "cost_npv", "peak_payment")),
        number(words.term("verdict", lever["verdict"])),
    ]


def _alone(lever: Record, words: Words) -> str:
    to = _value(lever["lever"], lever["to"], words)
    return words("counter.up_to", lever=words(f"lever.{lever['lever']}"), to=to)


def _exchange(data: Record, words: Words) -> Iterator[Block]:
    """Show what one unit of each lever costs the lender and what it takes off."""
    rows = [row for row in data["exchange"] if _matters(row)]
    if not rows:
        return
    heads: list[Cell | str] = [
        words("counter.unit"),
        number(words("counter.cost_npv")),
        number(words("counter.off", month=rows[0]["month"])),
        number(words("counter.off_later")),
    ]
    yield Heading(words("counter.exchange"))
    yield table(heads, [_exchange_row(row, words) for row in rows], keys=1)


def _matters(row: Record) -> bool:
    return any(not is_zero(row[key]) for key in ("cost_npv", "cost", "off_month", "off_instalment"))


def _exchange_row(row: Record, words: Words) -> list[Cell | str]:
    values = [_value(row["lever"], row[key], words) for key in ("from", "to")]
    name = words(f"lever.{row['lever']}")
    keys = ("cost_npv", "off_month", "off_instalment")
    return [
        words("counter.from_to", lever=name, now=values[0], to=values[1]),
        *(number(amount(row[key])) for key in keys),
    ]


def _incentives(data: Record, words: Words) -> Iterator[Block]:
    """Say what rewards and early repayments are worth to both sides."""
    lines = [
        words(
            f"incentive.{one['kind']}",
            whose=words(f"counter.{whose}"),
            step=one["step"],
            **{key: _money(data, one[key], words) for key in ("borrower", "lender")},
            day=one.get("kept_by"),
            count=whole(one.get("months_sooner", 0)),
        )
        for whose, plan in (("theirs", data["offer"]), ("ours", data["ours"]))
        if plan
        for one in plan["incentives"]
    ]
    if lines:
        yield Heading(words("counter.incentives"))
        yield Lines(tuple(lines), indent=2)


def _findings(data: Record, words: Words) -> Iterator[Block]:
    """List where the offer is outside the policy or a test, then what the law says."""
    found = [f for f in exceeded(data["findings"]) if not f.get("urgent")]
    of_law = [f for f in found if _is_law(f, words)]
    others = [finding_text(f, words) for f in found if f not in of_law]
    policy = data["policy"]
    if policy:
        name = words("counter.policy", title=title_of(policy, words), id=policy["id"])
        others = others or [words("counter.inside")]
        others = [name, *others]
    if others:
        yield Heading(words("compare.findings"))
        yield Lines(tuple(others), indent=3)
    yield from law(of_law, words)


def _is_law(finding: Record, words: Words) -> bool:
    if "departure" in finding or words.find(f"finding.{finding.get('code')}"):
        return False
    return "check" in finding or bool(finding.get("question"))


def counter_records(data: Record) -> list[dict[str, object]]:
    """Flatten a judged offer for CSV: the plans, the smallest changes, opening to walk-away."""
    rows = [("offer", data["offer"]), *([("ours", data["ours"])] if data["ours"] else [])]
    records = [_plan_record(data, kind, plan["plan"], plan["metrics"]) for kind, plan in rows]
    records += [
        _plan_record(data, f"change:{lever['lever']}", lever["plan"], lever, lever)
        for lever in data["levers"]
    ]
    zone = data["zone"] or {}
    names: Sequence[str] = ("opening", "target", "walk_away")
    return [
        *records,
        *(_plan_record(data, name, zone[name]["plan"], zone[name]) for name in names
          if zone.get(name)),
    ]  # fmt: skip


def _plan_record(
    data: Record, kind: str, plan: str | None, figures: Record, lever: Record | None = None
) -> dict[str, object]:
    keys = ("peak_payment", "total_paid", "months", "npv", "verdict", "months_short")
    alone = "yes" if kind == "walk_away" else "no"
    return {
        "debt": data["debt"]["id"],
        "row": kind,
        "plan": plan,
        "now": lever["now"] if lever else None,
        "needed": lever["needed"] if lever else None,
        "cost": lever.get("cost") if lever else None,
        "cost_npv": lever.get("cost_npv") if lever else None,
        **{key: figures.get(key) for key in keys},
        "for_you_alone": alone,
    }
