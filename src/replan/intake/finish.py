"""Answers into a case: what is derived, what is marked as estimated, what is left to ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from replan.intake.answers import Answer, read_answer, read_line
from replan.intake.flat import fee_of, flat_answer
from replan.intake.labels import category_of
from replan.intake.quick import Implied, Known, NoRate, implied_rate, split_payoff
from replan.intake.script import ORDINARY, SORTS, Answers
from replan.model.categories import KNOWN, Side
from replan.model.estimates import AMOUNTS, ESTIMABLE
from replan.model.fields import whole_number
from replan.model.issues import Problem, Refused
from replan.model.rates import parse_rate
from replan.model.values import parse_amount, parse_date

PARTS = {"interest": "interest", "charges": "penalty", "penalty": "penalty", "fees": "fees"}
"""Answers that are parts of what is owed, and the components they become."""
FIELDS = {"overdue": "days_past_due", "left": "remaining_instalments", "minimum": "minimum_payment"}
"""Fields of a debt that have another name among the answers."""
PLAIN = (
    *("instalment", "left", "overdue", "next_due", "minimum", "arrears", "account"),
    *("penalty_rate", "original_principal", "credit_limit", "contract_date"),
)
ASKED = (*PLAIN, "interest", "charges", "floor")
DERIVED = ("principal", "interest")


@dataclass(slots=True)
class Draft:
    """A case in the making, as plain values, and why a rate could not be derived, by debt."""

    raw: dict[str, Any]
    no_rate: dict[int, NoRate | None] = field(default_factory=dict)


def build_draft(answers: Answers) -> Draft:
    """Return the case that *answers* make so far; a debt whose amount is not known is left out.

    A debt's rate that is not known is derived from what would clear it and its instalments; where
    that cannot be done it is missing, and `no_rate` says why.
    """
    raw: dict[str, Any] = {"replan": 1}
    raw |= {key: answers[key] for key in ("as_of", "currency", "jurisdiction") if answers.get(key)}
    draft = Draft(raw)
    questions: list[dict[str, str]] = []
    raw["debts"] = []
    for index, given in enumerate(debts_in(answers)):
        name = f"{_stem(given)}-{index + 1}"
        debt, asked = _debt(given, name, raw, draft, index)
        if debt:
            raw["debts"].append(debt)
            questions += [{"debt": name, "about": about} for about in asked]
    raw |= _budget(answers) | _hardship(answers)
    if questions:
        raw["questions"] = questions
    return draft


def debts_in(answers: Answers) -> list[dict[str, Answer]]:
    """Return the answers about each debt, by name."""
    found: dict[int, dict[str, Answer]] = {}
    for key, text in answers.items():
        parts = key.split(".")
        if parts[0] == "debts" and len(parts) == 3:
            found.setdefault(int(parts[1]), {})[parts[2]] = read_answer(text)
    return [found[index] for index in sorted(found)]


def _stem(given: Mapping[str, Answer]) -> str:
    sort = given["sort"].text if "sort" in given else ""
    return {"card": "card", "rent": "rent", "utility": "bill", "other": "debt", "": "debt"}.get(
        sort, "loan"
    )


def _debt(
    given: Mapping[str, Answer], name: str, head: Mapping[str, Any], draft: Draft, index: int
) -> tuple[dict[str, Any], list[str]]:
    total = _known(given, "payoff") or _known(given, "owed")
    principal = _known(given, "principal")
    if total is None and principal is None:
        return {}, []
    currency = str(head.get("currency", ""))
    debt = {"id": name, **_about(given), **_plain(given, currency or None)}
    guessed = [key for key in PLAIN if given.get(key, Answer("")).about]
    estimated: list[Any] = [FIELDS.get(key, key) for key in guessed]
    asked = [FIELDS.get(key, key) for key in ASKED if _is_unknown(given, key)]
    if principal is not None:
        debt |= {"principal": principal.text, **_parts(given)}
        estimated += ["principal"] if principal.about else []
        if total is not None and _known(given, "interest") is None:
            debt["interest"] = _rest(total, [principal, *_amounts(given).values()], currency)
            estimated.append("interest")
    elif total is not None:
        debt |= _remainder(given, total, currency)
        unknown = [key for key in PARTS if key in ASKED and _is_unknown(given, key)]
        estimated += ["principal"] if unknown or total.about else []
    asked += ["lender_type"] if _is_unknown(given, "lender") else []
    asked += ["release"] if "owed_by" in debt else []
    _add_rate(debt, estimated, asked, _Source(given, head, draft, index))
    if estimated:
        by_name = {_name(entry): entry for entry in estimated}
        debt["estimated"] = [by_name[name] for name in ESTIMABLE if name in by_name]
    return debt, list(dict.fromkeys(asked))


@dataclass(frozen=True, slots=True)
class _Source:
    """What a debt's rate is derived from, and where it is noted that it cannot be."""

    given: Mapping[str, Answer]
    head: Mapping[str, Any]
    draft: Draft
    index: int


def _add_rate(
    debt: dict[str, Any], estimated: list[Any], asked: list[str], source: _Source
) -> None:
    """Put in the rate: as answered, else as derived together with the parts of what is owed."""
    answer = source.given.get("rate", Answer(""))
    if answer.about or not answer.known:
        asked.insert(0, "rate")
    flat = flat_answer(answer.text) if answer.known else None
    if flat is not None:
        _add_flat(debt, estimated, asked, flat, source)
        return
    if answer.known:
        debt["rate"] = answer.text
        estimated += ["rate"] if answer.about else []
    known = known_of(source.given, source.head)
    if known is None or not str(source.head.get("currency", "")):
        if not answer.known:
            source.draft.no_rate[source.index] = None
        return
    _count_on(debt, estimated, known)
    if "payoff" in source.given or not answer.known:
        _derive(debt, estimated, known, source)
        asked += ["charges"] if known.overdue and known.charges is None else []
    asked += ["payoff"] if "payoff" in source.given else []
    asked += ["next_due"] if known.next_due is None else []


def _add_flat(
    debt: dict[str, Any],
    estimated: list[Any],
    asked: list[str],
    flat: dict[str, Any],
    source: _Source,
) -> None:
    """Put in flat instalments; what is owed without the fees that are still to come.

    Who names all instalments together as what is owed has counted those fees as owed.
    """
    debt |= flat
    asked.append("payoff_fees")
    known = known_of(source.given, source.head)
    if known is None:
        return
    _count_on(debt, estimated, known)
    lent = debt.get("original_principal")
    fee = fee_of(flat, parse_amount(lent) if lent else None)
    together = known.left * known.instalment
    if fee is not None and abs(known.payoff - together) < 1 <= fee * known.left:
        debt["principal"] = str(together - fee * known.left)
        estimated.append("principal")


def _count_on(debt: dict[str, Any], estimated: list[Any], known: Known) -> None:
    """Turn unpaid instalments into those to come, and put in the next due date."""
    debt["remaining_instalments"] = known.left - known.missed
    if known.left == known.missed:
        del debt["remaining_instalments"]
    elif known.next_due is None:
        debt["next_due"] = known.next_date.isoformat()
        estimated.append("next_due")


def _derive(debt: dict[str, Any], estimated: list[Any], known: Known, source: _Source) -> None:
    """Fill in rate, principal, interest, arrears and next due date from a payoff amount."""
    currency = str(source.head["currency"])
    if "rate" in debt:
        rate = parse_rate(debt["rate"])
        yearly = rate.fraction * (365 if rate.per == "day" else 1)
    else:
        found = implied_rate(known, currency=currency)
        if isinstance(found, NoRate):
            source.draft.no_rate[source.index] = found
            return
        yearly = Fraction(found.rate)
        debt["rate"] = percent(found.rate)
        estimated.append(_ranged(found))
    if not any(_known(source.given, name) for name in DERIVED):
        _split(debt, estimated, known, yearly, currency)


def _split(
    debt: dict[str, Any], estimated: list[Any], known: Known, yearly: Fraction, currency: str
) -> None:
    parts = split_payoff(known, yearly, currency=currency)
    debt |= {"principal": str(parts.principal), "interest": str(parts.interest)}
    estimated += DERIVED
    if known.missed and "arrears" not in debt:
        overdue = {"principal": parts.overdue_principal, "interest": parts.overdue_interest}
        debt["arrears"] = {name: str(value) for name, value in overdue.items()}
        estimated.append("arrears")


def known_of(given: Mapping[str, Answer], head: Mapping[str, Any]) -> Known | None:
    """Return what a payoff amount can be explained from, or None where something is missing.

    What is owed is the payoff amount, the total, or the sum of the parts.
    """
    instalment, left = _known(given, "instalment"), _known(given, "left")
    owed = _owed(given, str(head.get("currency", "")) or None)
    if owed is None or not (instalment and left and head.get("as_of")):
        return None
    overdue, next_due = _known(given, "overdue"), _known(given, "next_due")
    currency = str(head.get("currency", "")) or None
    late = [a for c, a in _amounts(given).items() if c in {"penalty", "fees"}]
    charges = [parse_amount(answer.text, currency=currency) for answer in late]
    return Known(
        as_of=parse_date(head["as_of"]),
        payoff=owed,
        instalment=parse_amount(instalment.text, currency=currency),
        left=whole_number(left.text),
        overdue=whole_number(overdue.text) if overdue else 0,
        charges=sum(charges, Decimal(0)) if charges else None,
        next_due=_day(next_due),
    )


def _owed(given: Mapping[str, Answer], currency: str | None) -> Decimal | None:
    if total := _known(given, "payoff") or _known(given, "owed"):
        return parse_amount(total.text, currency=currency)
    names = ("principal", "interest", "penalty", "fees")
    amounts = [parse_amount(a.text, currency=currency) for n in names if (a := _known(given, n))]
    return sum(amounts, Decimal(0)) if _known(given, "principal") else None


def _day(answer: Answer | None) -> date | None:
    return parse_date(answer.text) if answer else None


def _ranged(found: Implied) -> Any:
    if found.low == found.high:
        return "rate"
    return {"field": "rate", "low": percent(found.low), "high": percent(found.high)}


def percent(rate: Decimal) -> str:
    """Write a rate in percent with two decimals: 18.45%."""
    return f"{rate * 100:.2f}%"


def _name(estimate: Any) -> str:
    return estimate if isinstance(estimate, str) else str(estimate["field"])


def _known(given: Mapping[str, Answer], name: str) -> Answer | None:
    answer = given.get(name)
    return answer if answer is not None and answer.known else None


def _is_unknown(given: Mapping[str, Answer], name: str) -> bool:
    return name in given and given[name].unknown


def _about(given: Mapping[str, Answer]) -> dict[str, Any]:
    """Return who lent what kind of credit."""
    about: dict[str, Any] = {}
    if creditor := _known(given, "creditor"):
        about["creditor"] = creditor.text
    if (sort := _known(given, "sort")) and sort.text in SORTS:
        kind = SORTS[sort.text]
        about |= {"product": kind.product} if kind.product else {}
        about |= {name: True for name in ("secured", "priority") if getattr(kind, name)}
        about |= {"method": "revolving"} if kind.revolving else {}
    if lender := _known(given, "lender"):
        about["lender_type"] = lender.text
        # an authority is owed taxes, fines or maintenance: home or liberty depend on them
        about |= {"priority": True} if lender.text == "government" else {}
    return about | _authority(given)


def _authority(given: Mapping[str, Answer]) -> dict[str, Any]:
    """Return what an authority is owed, and who else owes a debt."""
    found: dict[str, Any] = {}
    if (kind := _known(given, "authority")) and kind.text != "other":
        found["product"] = kind.text
        found |= {"priority": False} if kind.text in ORDINARY else {}
    if names := _known(given, "owed_by"):
        found["owed_by"] = names.text
    return found


def _plain(given: Mapping[str, Answer], currency: str | None) -> dict[str, Any]:
    """Return the fields that are taken as answered, written as the program writes them."""
    found = {key: answer.text for key in PLAIN if (answer := _known(given, key))}
    plain = {FIELDS.get(key, key): _written(key, text, currency) for key, text in found.items()}
    if floor := _known(given, "floor"):
        least = {"share": found["minimum"], "floor": _written("floor", floor.text, currency)}
        plain["minimum_payment"] = least
    return plain


def _written(key: str, text: str, currency: str | None) -> Any:
    if key in AMOUNTS or key == "floor":
        return str(parse_amount(text, currency=currency))
    if key in {"left", "overdue"}:
        return whole_number(text)
    return parse_date(text).isoformat() if key in {"next_due", "contract_date"} else text


def _amounts(given: Mapping[str, Answer]) -> dict[str, Answer]:
    """Return the parts of what is owed that are known, but for the principal, by component."""
    return {PARTS[name]: answer for name in PARTS if (answer := _known(given, name))}


def _parts(given: Mapping[str, Answer]) -> dict[str, str]:
    return {component: answer.text for component, answer in _amounts(given).items()}


def _remainder(given: Mapping[str, Answer], total: Answer, currency: str) -> dict[str, str]:
    """Return the parts of a total: those given, and the principal as what is left of it."""
    rest = _rest(total, list(_amounts(given).values()), currency)
    return {**_parts(given), "principal": rest}


def _rest(total: Answer, parts: Sequence[Answer], currency: str) -> str:
    """Return what is left of a total; raise Refused if the parts are more than the whole."""
    amounts = [parse_amount(part.text, currency=currency or None) for part in parts]
    rest = parse_amount(total.text, currency=currency or None) - sum(amounts, Decimal(0))
    if rest < 0:
        message = f"{total.text} in all, less these parts, leaves {rest}."
        raise Refused(Problem("amount-negative", message, "Check the parts and the whole."))
    return str(rest)


def _budget(answers: Answers) -> dict[str, Any]:
    surplus = read_answer(answers.get("surplus", ""))
    if surplus.known:
        return {"surplus": surplus.text}
    lines = {side: _lines(answers, side) for side in KNOWN}
    if not any(lines.values()):
        return {}
    buffer = read_answer(answers.get("buffer", ""))
    return {"budget": lines | ({"buffer": buffer.text} if buffer.known else {})}


def _lines(answers: Answers, side: Side) -> list[dict[str, Any]]:
    keys = [key for key in answers if key.startswith(f"{side}.") and answers[key]]
    lines = [read_line(answers[key]) for key in keys]
    found = [(line, category_of(str(line["label"]), side)) for line in lines]
    return [line | ({"category": name} if name else {}) for line, name in found]


def _hardship(answers: Answers) -> dict[str, Any]:
    given = {name: read_answer(answers.get(name, "")) for name in ("cause", "began")}
    known = {name: a.text for name, a in given.items() if a.known and a.text != "other"}
    return {"hardship": known} if known else {}
