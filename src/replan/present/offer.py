"""What the documents for a lender may say: their templates' places, with sentences and tables.

Everything comes from the `lender` part of a proposal, which names nobody but the borrower and this
creditor; a template of one's own can say no more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from replan.present.figures import is_zero, percent
from replan.present.offer_asks import asks_of, condition_line, numbered, request_line
from replan.present.offer_tables import tables_of
from replan.present.templates import Value
from replan.present.wording import day_text, money_text, month_text, rates_text
from replan.present.words import Words

Record = Mapping[str, Any]
CHARGES = ("interest", "penalty", "fees")
_FEW_RUNS = 4
"""A letter names so many different amounts; beyond, the schedule does."""


def lender_values(lender: Record, words: Words) -> dict[str, Value]:
    """Return every place that a document for the lender can have, with its value."""
    return {
        **_names(lender, words),
        **_figures(lender, words),
        **_reasons(lender, words),
        **_offer(lender, words),
        **tables_of(lender, words),
        "asks": numbered(asks_of(lender, words), words),
    }


def _names(lender: Record, words: Words) -> dict[str, Value]:
    digits = lender["account"]
    account = words("offer.account", digits=digits) if digits else words("offer.account_blank")
    return {
        "sender": lender["sender"] or words("offer.nobody"),
        "creditor": lender["creditor"] or words("offer.nobody"),
        "account": account,
        "account_end": _ending(digits, words),
        "desk": words("offer.desk") if lender["has_desk"] else None,
        "account_known": account if digits else None,
        "sender_known": lender["sender"],
        "date": day_text(lender["as_of"], words),
        "answer_by": day_text(lender["answer_by"], words),
        "review_date": day_text(lender["review"], words),
    }


def _ending(digits: str | None, words: Words) -> str:
    """Name an account where a label already says that it is one."""
    return words("offer.account_end", digits=digits) if digits else words("offer.account_end_blank")


def _figures(lender: Record, words: Words) -> dict[str, Value]:
    """Give single figures, for forms and notes."""
    money = _money(lender, words)
    first, total = lender["first_payment"], lender["components"][-1]
    return {
        "first_amount": money(first["amount"]) if first else None,
        "first_date": day_text(first["date"], words) if first else None,
        "last_date": day_text(lender["final_due"], words),
        "count": str(lender["payments"]),
        "total": money(lender["total_paid"]),
        "total_owed": money(total["owed"]),
        "arrears": _unless_zero(lender["arrears"], money),
        "waived": _unless_zero(lender["waived"], money),
        "residual": _unless_zero(lender["residual"], money),
        "left": _left(lender, money),
    }


def _unless_zero(value: str, money: Any) -> str | None:
    return None if is_zero(value) else str(money(value))


def _left(lender: Record, money: Any) -> str | None:
    finances = lender["finances"]
    if not finances or not finances["path"]:
        return None
    left = Decimal(finances["path"][0]["left"])
    return str(money(str(max(left, 0 * left))))


def _money(lender: Record, words: Words) -> Any:
    return lambda value: money_text(value, lender["currency"], words)


def _reasons(lender: Record, words: Words) -> dict[str, Value]:
    """Say why a plan is needed, what there is to live on, and to whom else is owed."""
    hardship = lender["hardship"]
    cause = words.term("because", hardship["cause"] or "other")
    dates = {
        "began": hardship["began"],
        "until": hardship["expected_end"],
    }
    return {
        "cause": cause,
        "began": _dated("offer.began", dates["began"], words),
        "until": _dated("offer.until", dates["until"], words),
        "owed": _owed(lender, words),
        "article": words("offer.article") if lender["article_70"] else None,
        "reserved": words("offer.reserved") if lender["reserved"] else None,
        "reserved_short": words("offer.reserved_short") if lender["reserved"] else None,
        **_finances(lender, words),
        "others": _others(lender, words),
        "share": _share(lender, words),
        "enclosed": _enclosed(lender, words),
    }


def _dated(key: str, day: str | None, words: Words) -> str | None:
    return words(key, date=day_text(day, words)) if day else None


def _owed(lender: Record, words: Words) -> str:
    money = _money(lender, words)
    key = "offer.overdue" if lender["days_past_due"] else "offer.overdue_undated"
    facts = {"amount": money(lender["arrears"]), "days": lender["days_past_due"]}
    overdue = "" if is_zero(lender["arrears"]) else words(key, **facts)
    said = {
        "date": day_text(lender["as_of"], words),
        "amount": money(lender["components"][-1]["owed"]),
        "overdue": overdue,
    }
    return words("offer.owed_reserved" if lender["reserved"] else "offer.owed", **said)


def _finances(lender: Record, words: Words) -> dict[str, Value]:
    finances = lender["finances"] or {"path": [], "statement": None}
    path, statement = finances["path"], finances["statement"]
    said: dict[str, Value] = dict.fromkeys(("finances", "surplus", "left_later", "hoped"))
    if len(path) > 1:
        said["left_later"] = _later(path, lender, words)
        said["hoped"] = _hoped(path, lender, words)
    if statement:
        said["finances"] = _statement_line(statement, lender, words)
    elif path:
        said["surplus"] = words("offer.surplus", left=_money(lender, words)(path[0]["left"]))
    return said


def _statement_line(statement: Record, lender: Record, words: Words) -> str:
    """Say in one sentence what comes in, what it takes to live, and what is left."""
    money = _money(lender, words)
    reserve = Decimal(statement["savings"]) + Decimal(statement["buffer"])
    named = {"income": statement["income_sum"], "costs": statement["costs_sum"]}
    named |= {"reserve": reserve, "left": abs(Decimal(statement["left"]))}
    key = "offer.finances_reserve" if reserve else "offer.finances"
    key = "offer.finances_short" if Decimal(statement["left"]) < 0 else key
    return words(key, **{name: money(value) for name, value in named.items()})


def _later(path: Sequence[Record], lender: Record, words: Words) -> str | None:
    """Say from when on something else is left, or that income will not carry the costs."""
    before, later = path[0], next((one for one in path if one["left"] != path[0]["left"]), None)
    if later is None or before is later:
        return None
    left = Decimal(later["left"])
    key = "offer.left_short" if left < 0 else "offer.left_later"
    facts = {"month": month_text(later["first"], words)}
    return words(key, **facts, left=_money(lender, words)(str(abs(left))))


def _hoped(path: Sequence[Record], lender: Record, words: Words) -> str | None:
    """Say what would be left with income that is expected and not certain."""
    found = next((one for one in path if one["hoped"] != one["left"]), None)
    if found is None or Decimal(found["hoped"]) <= 0:
        return None
    facts = {"month": month_text(found["first"], words)}
    return words("offer.hoped", **facts, left=_money(lender, words)(found["hoped"]))


def _others(lender: Record, words: Words) -> str | None:
    first, rest = lender["others"]["priority"], lender["others"]["ordinary"]
    count = first["count"] + rest["count"]
    owed = Decimal(first["owed"]) + Decimal(rest["owed"])
    said = {"count": count, "owed": _money(lender, words)(str(owed))}
    if not count:
        return None
    if not first["count"]:
        return words("offer.others_alike", **said)
    return words("offer.others", **said, first=first["count"])


def _share(lender: Record, words: Words) -> str | None:
    share = lender["others"]["share"]
    return share and words("offer.share", **{name: percent(part) for name, part in share.items()})


def _enclosed(lender: Record, words: Words) -> str:
    cause = lender["hardship"]["cause"] or "other"
    papers = words.term("evidence", cause).split("|")
    has_budget = bool(lender["finances"] and lender["finances"]["statement"])
    budget = words("offer.enclosed_budget") if has_budget else ""
    return words("offer.enclosed", budget=budget, evidence=words("list.separator").join(papers))


# ---- the offer


def _offer(lender: Record, words: Words) -> dict[str, Value]:
    money = _money(lender, words)
    first = lender["first_payment"]
    said: dict[str, Value] = {
        "request": request_line(lender, words),
        **dict.fromkeys(("plan", "terms")),
        "amounts": words("offer.runs", runs=runs_line(lender, words)),
        "runs_line": runs_line(lender, words),
        "rate": _rate(lender, words),
        "accrues": _accrues(lender, words),
        "charges": _charges(lender, words),
        "left_over": None,
        "condition": condition_line(lender, words),
        "early": _early(lender, words),
    }
    if first:
        facts = {"count": lender["payments"], "total": money(lender["total_paid"])}
        facts |= {"amount": money(first["amount"]), "date": day_text(first["date"], words)}
        facts |= {"final": day_text(lender["final_due"], words)}
        said |= {"plan": words("offer.plan", **facts), "terms": words("offer.terms", **facts)}
    if not is_zero(lender["residual"]):
        said["left_over"] = words("offer.left_over", amount=money(lender["residual"]))
    return said


def _is_few(lender: Record) -> bool:
    return len(lender["runs"]) <= _FEW_RUNS


def runs_line(lender: Record, words: Words) -> str:
    """Say which amounts are paid when, or between which they lie."""
    money, runs = _money(lender, words), lender["runs"]
    if not _is_few(lender):
        sums = sorted(Decimal(run["amount"]) for run in runs)
        least, most = (money(str(end)) for end in (sums[0], sums[-1]))
        return words("offer.runs_many", least=least, most=most)
    return words("offer.separator").join(_run(run, money, words) for run in runs)


def _run(run: Record, money: Any, words: Words) -> str:
    first, last = (day_text(run[end], words) for end in ("first", "last"))
    if run["count"] == 1:
        return words("offer.run_once", amount=money(run["amount"]), first=first)
    facts = {"count": run["count"], "amount": money(run["amount"])}
    return words("offer.run", **facts, first=first, last=last)


def _rate(lender: Record, words: Words) -> str:
    return words("offer.rate", rates=rates_text(lender["rates"], words))


def _accrues(lender: Record, words: Words) -> str:
    accrued = lender["components"][-1]["accrued"]
    if is_zero(accrued):
        return words("offer.accrues_nothing")
    return words("offer.accrues", amount=_money(lender, words)(accrued))


def _charges(lender: Record, words: Words) -> str | None:
    """Say what becomes of the interest, penalty and fees owed at the as-of date."""
    sentences = [
        sentence
        for entry in lender["components"]
        if entry["component"] in CHARGES and not is_zero(entry["owed"])
        for sentence in _charge(entry, lender, words)
    ]
    if words.language == "en":
        sentences = [sentence[:1].upper() + sentence[1:] for sentence in sentences]
    return " ".join(sentences) if words.language == "en" else "".join(sentences)


_WHOLE = {
    "offer.charge_waived": "offer.all_waived",
    "offer.charge_moved": "offer.all_moved",
    "offer.charge_paid": "offer.all_paid",
}
"""How the same is said where it concerns all of a component."""


def _charge(entry: Record, lender: Record, words: Words) -> Iterator[str]:
    money = _money(lender, words)
    owed = Decimal(entry["owed"])
    waived = min(Decimal(entry["waived"]), owed)
    moved = min(-Decimal(entry["moved"]), owed - waived)
    kinds = {
        "offer.charge_waived": waived,
        "offer.charge_moved": moved,
        "offer.charge_paid": owed - waived - moved,
    }
    facts = {"name": words.term("component", entry["component"]), "owed": money(str(owed))}
    parts = [(kind, part) for kind, part in kinds.items() if part > 0]
    if len(parts) == 1:
        yield words(_WHOLE[parts[0][0]], **facts)
        return
    said = (words(kind, amount=money(str(part))) for kind, part in parts)
    yield words("offer.charge", **facts, parts=words("offer.comma").join(said))


def _early(lender: Record, words: Words) -> str:
    if not lender["early"]:
        return words("offer.early_plain")
    money, example = _money(lender, words), lender["early"][0]
    facts = {name: money(example[name]) for name in ("payoff", "saved")}
    return words("offer.early", date=day_text(example["due"], words), **facts)
