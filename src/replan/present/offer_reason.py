"""Why an account of a portfolio was offered this plan, or none, in words for the person asking."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from replan.present.blocks import Block, Heading, Lines, Tone
from replan.present.figures import amount, is_zero, percent, whole
from replan.present.policies import bound_text, title_of
from replan.present.portfolio import fault_line, limit_name, reason_text
from replan.present.reword import reword
from replan.present.words import Words

Record = Mapping[str, Any]
_SHARES = ("share", "rate")
_SURPLUS = "surplus"
CONTRACT, PRO_RATA = "contract", "pro-rata"
_UNNAMED = ("excludes", "dearer")
"""What rules plans out without being a limit with a value: combined steps, a higher rate."""


def reason_blocks(data: Record, words: Words, _width: int = 80) -> list[Block]:
    """Lay out the explanation of one offer, given in its JSON form."""
    offer = data["offer"]
    return [
        Heading(_title(data, words), level=1),
        *_proof(data, words),
        *([_plan(offer, words)] if offer["status"] == "offer" else []),
        Heading(words("proved.why" if offer["status"] == "offer" else "proved.why_not")),
        Lines(tuple(_why(data, words))),
        *_nearest(data, words),
    ]


def _title(data: Record, words: Words) -> str:
    if data["offer_id"]:
        return words("proved.title", id=data["offer_id"], account=data["account"])
    return words("proved.title_none", account=data["account"])


def _proof(data: Record, words: Words) -> Iterator[Block]:
    policy = data["policy"]
    named = words("proved.policy", title=title_of(policy, words), version=policy["version"])
    key = "same" if data["same"] else "other"
    tone: Tone = "good" if data["same"] else "bad"
    yield Lines((words(f"proved.{key}", date=data["as_of"], policy=named),), tone=tone)
    lines = [
        words("proved.difference", field=d["field"], was=d["was"] or "–", now=d["now"] or "–")
        for d in data["differences"]
    ]
    lines += [fault_line(fault, words) for fault in data["changed"]]
    if lines:
        yield Lines(tuple(lines), indent=2)


def _plan(offer: Record, words: Words) -> Block:
    first = words(
        "proved.plan",
        plan=offer["plan"],
        amount=amount(offer["instalment"]),
        date=offer["first_due"],
        months=whole(offer["months"]),
        total=amount(offer["total_paid"]),
    )
    waived = words("proved.waived", amount=amount(offer["waived"]))
    return Lines((first,) if is_zero(offer["waived"]) else (first, waived))


def _why(data: Record, words: Words) -> Iterator[str]:
    """Say what the plan was chosen for, and where all others went."""
    offer, why = data["offer"], data["why"]
    if offer["status"] == "offer" and data["given_plan"]:
        yield from _given(offer, words)
    elif offer["status"] == "offer":
        yield from _aimed(offer, why, words)
    else:
        yield words("proved.reason", code=offer["reason"], text=_reason(data, words))
    if data["condition"]:
        yield from _condition(data["condition"], words)
    if why is None:
        return
    yield from _mates(why["mates"], offer, words)
    if offer["shared"] == PRO_RATA:
        yield words("proved.pro_rata")
    yield from _spread(why, offer, words)
    if offer["status"] == "offer":
        yield from _decides(why, words)


def _reason(data: Record, words: Words) -> str:
    """Say why an account has no offer: what is wrong with its row, or what rules it out."""
    offer, why = data["offer"], data["why"]
    if why and why["mates"]:
        names = words("list.separator").join(mate["account"] for mate in why["mates"])
        return words("proved.together_none", accounts=names)
    said = "" if data["condition"] else offer["message"]
    return (reword(said, words) or said) if said else reason_text(offer["reason"], words)


def _aimed(offer: Record, why: Record | None, words: Words) -> Iterator[str]:
    """Say what a plan was chosen for: by itself, or with those of other accounts."""
    beside = bool(why and why["mates"])
    given_up = amount(max(Decimal(offer["npv_loss"]), Decimal(0)))
    name = f"together-{offer['objective']}" if beside else offer["objective"]
    if beside and offer["rank"] > 1:
        yield words("proved.rank_beside", rank=whole(offer["rank"]))
        return
    yield words.term("aimed", name).format(npv_loss=given_up)
    if offer["rank"] > 1:
        yield words("proved.rank", rank=whole(offer["rank"]))


def _condition(asked: Record, words: Words) -> Iterator[str]:
    """Say which condition of the policy rules an account out."""
    if "misses" not in asked:
        yield words(f"remark.{asked['code']}", days=asked["days"], found=asked["found"])
    for miss in asked.get("misses", ()):
        key = "missed" if miss["found"] else "missed_none"
        values = {"asked": words("list.separator").join(miss["asked"]), "found": miss["found"]}
        yield words(f"proved.{key}", what=words.term("miss", miss["what"]), **values)


def _mates(mates: Sequence[Record], offer: Record, words: Words) -> Iterator[str]:
    """Say with which accounts one shares a budget, and what they are to pay."""
    if not mates or offer["status"] != "offer":
        return
    names = words("list.separator").join(mate["account"] for mate in mates)
    yield words("proved.together", accounts=names)
    for mate in mates:
        if mate["plan"] == CONTRACT:
            yield words("proved.mate_contract", account=mate["account"])
        else:
            figures = {"plan": mate["plan"], "amount": amount(mate["instalment"])}
            yield words("proved.mate", account=mate["account"], **figures)


def _given(offer: Record, words: Words) -> Iterator[str]:
    """Say of a plan that was given to all what it comes to for this account."""
    yield words("proved.given")
    yield words("proved.verdict", verdict=words.term("verdict", offer["verdict"]))
    if offer["findings"]:
        names = (limit_name(name, words) for name in offer["findings"].split())
        yield words("proved.departs", limits=words("list.separator").join(names))


def _spread(why: Record, offer: Record, words: Words) -> Iterator[str]:
    found = why["candidates"]
    beside = "" if not why["mates"] else "_beside" if offer["status"] == "offer" else "_alone"
    yield words("proved.menu", count=whole(found["menu"]))
    if found["refused"]:
        yield words("proved.refused", count=whole(found["refused"]))
    for limit in found["outside"]:
        if limit["limit"] in _UNNAMED:
            text = words.term("unnamed", limit["limit"])
            yield words("proved.ruled", count=whole(limit["count"]), text=text)
        else:
            yield words("proved.outside", count=whole(limit["count"]), limit=_limit(limit, words))
    if found["over_surplus"]:
        yield words(f"proved.over{beside}", count=whole(found["over_surplus"]))
    yield words(f"proved.fitting{beside}", count=whole(found["fitting"]))


def _limit(limit: Record, words: Words) -> str:
    name = words.term("bound", limit["limit"])
    return f"{name} {bound_text(limit, words)} ({limit['source']})"


def _decides(why: Record, words: Words) -> Iterator[str]:
    """Say what ruled out the plans that would have been better, and how tight the budget is."""
    if not why["decides"]:
        yield words("proved.nothing")
    for one in why["decides"]:
        if one["what"] == _SURPLUS:
            yield words("proved.surplus", count=whole(one["count"]))
        else:
            limit = limit_name(one["what"], words)
            yield words("proved.limit", limit=limit, count=whole(one["count"]))
    used = next((one for one in why["use"] if one["limit"] == _SURPLUS), None)
    if used is None:
        yield words("proved.unassessed")
    else:
        asked, available = amount(used["asked"]), amount(used["available"])
        key = "used_beside" if why["mates"] else "used"
        yield words(f"proved.{key}", asked=asked, available=available, month=used["month"])


def _nearest(data: Record, words: Words) -> Iterator[Block]:
    """Show the plan that missed by least, in which ways, and what would be enough."""
    nearest = data["why"] and data["why"]["nearest"]
    if not nearest:
        return
    beside = "_beside" if data["why"]["mates"] else ""
    if "plans" in nearest:
        yield Heading(words("proved.nearest_all"))
        plans = [f"{one['account']}: {one['plan']}" for one in nearest["plans"]]
        plans += [words("proved.mate_contract", account=name) for name in nearest["contracts"]]
        beside = "_all"
    else:
        yield Heading(words("proved.nearest"))
        figures = {key: amount(nearest[key]) for key in ("peak_payment", "total_paid")}
        months = whole(nearest["months"])
        plans = [words("proved.near", plan=nearest["plan"], months=months, **figures)]
    fails = [_fails(one, beside, words) for one in nearest["fails"]]
    yield Lines((*plans, *fails, _enough(nearest["fails"], words)))


def _fails(one: Record, beside: str, words: Words) -> str:
    if one["limit"] == _SURPLUS:
        amounts = {key: amount(one[key]) for key in ("asked", "available", "short")}
        return words(f"proved.short{beside}", month=one["month"], **amounts)
    if one["limit"] in _UNNAMED:
        return words("proved.fault", text=words.term("unnamed", one["limit"]))
    return words("proved.beyond", value=_value(one), limit=_limit(one, words))


def _value(one: Record) -> str:
    if one["unit"] in _SHARES:
        return percent(str(round(one["value"], 8)), decimals=2)
    value = float(one["value"])
    return whole(int(value)) if value.is_integer() else f"{value:,.2f}"


def _enough(fails: list[Record], words: Words) -> str:
    """Name the smallest change with which the nearest plan would have passed."""
    if len(fails) > 1:
        return words("proved.several")
    one = fails[0]
    if one["limit"] == _SURPLUS:
        key = "enough_once" if one["months"] == 1 else "enough"
        return words(f"proved.{key}", amount=amount(one["needed"]), months=whole(one["months"]))
    if one["limit"] in _UNNAMED:
        return words("proved.enough_else")
    return words("proved.enough_limit", value=_value(one))


def _combination(nearest: Record) -> str | None:
    """Write a combination of plans as one plan of a household."""
    parts = (f"{one['account']}: {one['plan']}" for one in nearest.get("plans", ()))
    return "; ".join(parts) or None


def reason_records(data: Record) -> list[dict[str, object]]:
    """Flatten an explanation for CSV: one record."""
    why, offer = data["why"] or {}, data["offer"]
    nearest = why.get("nearest") or {}
    return [
        {
            "account": data["account"],
            "offer_id": data["offer_id"],
            "same": data["same"],
            "status": offer["status"],
            "reason": offer["reason"],
            "plan": offer["plan"],
            "objective": offer["objective"],
            "decides": " ".join(one["what"] for one in why.get("decides", ())),
            "nearest": nearest.get("plan") or _combination(nearest),
            "fails": " ".join(one["limit"] for one in nearest.get("fails", ())),
        }
    ]
