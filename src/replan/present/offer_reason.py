"""Why an account of a portfolio was offered this plan, or none, in words for the person asking."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from replan.present.blocks import Block, Heading, Lines, Tone
from replan.present.figures import amount, is_zero, percent, whole
from replan.present.policies import bound_text, title_of
from replan.present.portfolio import fault_line, limit_name, reason_text
from replan.present.words import Words

Record = Mapping[str, Any]
_SHARES = ("share", "rate")
_SURPLUS = "surplus"
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
        yield words.term("aimed", offer["objective"]).format(npv_loss=amount(offer["npv_loss"]))
        if offer["rank"] and offer["rank"] > 1:
            yield words("proved.rank", rank=whole(offer["rank"]))
    else:
        text = offer["message"] or reason_text(offer["reason"], words)
        yield words("proved.reason", code=offer["reason"], text=text)
    if data["condition"]:
        asked = data["condition"]
        yield words(f"remark.{asked['code']}", days=asked["days"], found=asked["found"])
    if why is None:
        return
    if why["together"]:
        yield words("proved.together", accounts=words("list.separator").join(why["together"]))
    yield from _spread(why["candidates"], words)
    if offer["status"] == "offer":
        yield from _decides(why, words)


def _given(offer: Record, words: Words) -> Iterator[str]:
    """Say of a plan that was given to all what it comes to for this account."""
    yield words("proved.given")
    yield words("proved.verdict", verdict=words.term("verdict", offer["verdict"]))
    if offer["findings"]:
        names = (limit_name(name, words) for name in offer["findings"].split())
        yield words("proved.departs", limits=words("list.separator").join(names))


def _spread(found: Record, words: Words) -> Iterator[str]:
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
        yield words("proved.over", count=whole(found["over_surplus"]))
    yield words("proved.fitting", count=whole(found["fitting"]))


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
        yield words("proved.used", asked=asked, available=available, month=used["month"])


def _nearest(data: Record, words: Words) -> Iterator[Block]:
    """Show the plan that missed by least, in which ways, and what would be enough."""
    nearest = data["why"] and data["why"]["nearest"]
    if not nearest:
        return
    yield Heading(words("proved.nearest"))
    figures = {key: amount(nearest[key]) for key in ("peak_payment", "total_paid")}
    plan = words("proved.near", plan=nearest["plan"], months=whole(nearest["months"]), **figures)
    fails = [_fails(one, words) for one in nearest["fails"]]
    yield Lines((plan, *fails, _enough(nearest["fails"], words)))


def _fails(one: Record, words: Words) -> str:
    if one["limit"] == _SURPLUS:
        amounts = {key: amount(one[key]) for key in ("asked", "available", "short")}
        return words("proved.short", month=one["month"], **amounts)
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
        months = whole(one["months"])
        return words("proved.enough", amount=amount(one["needed"]), months=months)
    if one["limit"] in _UNNAMED:
        return words("proved.enough_else")
    return words("proved.enough_limit", value=_value(one))


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
            "nearest": nearest.get("plan"),
            "fails": " ".join(one["limit"] for one in nearest.get("fails", ())),
        }
    ]
