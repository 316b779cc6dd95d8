"""Names of conventions that a case may give: day counts, frequencies, components, roundings."""

from __future__ import annotations

from typing import Literal

from replan.engine.dates import parse_frequency
from replan.engine.day_counts import day_count_name
from replan.errors import UsageError

from .issues import Problem, Refused
from .text import quote

Component = Literal["principal", "interest", "penalty", "fees"]
RoundingMode = Literal["half-up", "half-even", "up", "down"]
BusinessDay = Literal["none", "following", "modified-following", "preceding", "modified-preceding"]
Method = Literal["level", "equal-principal", "interest-only", "custom", "revolving", "flat"]
Every = Literal["week", "fortnight", "4-weeks", "month", "quarter", "year", "once"]

COMPONENTS: tuple[Component, ...] = ("fees", "penalty", "interest", "principal")
LENDER_TYPES = (
    *("bank", "consumer-finance", "small-loan", "auto-finance", "leasing", "trust", "pawn"),
    *("credit-union", "private", "employer", "bnpl", "platform", "guarantor", "collector"),
    *("utility", "telecom", "landlord", "government", "tax", "court", "insurer"),
)
"""The usual lender types; others are taken as written, unless they look like a misspelling."""
_NOT_OF_DEBTS = {
    "actual/365 Canadian": "counts coupon periods of bonds, which a debt does not have.",
    "business/252": "counts the business days of a calendar, which a debt's interest does not.",
}
_FREQUENCY_HINT = "Write week, fortnight, 4-weeks, month, quarter, 15-days or 2-weeks."


def check_day_count(name: str) -> str:
    """Return the canonical name of a day count; raise Refused with the nearest ones if none."""
    try:
        found = day_count_name(name)
    except UsageError as error:
        near = str(error).partition("Write ")[2]
        message = f"{quote(name)} is not a day count."
        raise Refused(Problem("day-count-unknown", message, f"Write {near}")) from error
    if found in _NOT_OF_DEBTS:
        message = f"{quote(name)} {_NOT_OF_DEBTS[found]}"
        raise Refused(Problem("day-count-unknown", message, "Write actual/365."))
    return found


def check_frequency(name: str) -> str:
    """Return *name* if it is a frequency; raise Refused if not."""
    try:
        parse_frequency(name)
    except UsageError as error:
        message = f"{quote(name)} is not a frequency."
        raise Refused(Problem("frequency-unknown", message, _FREQUENCY_HINT)) from error
    return name


def check_allocation(order: tuple[str, ...]) -> tuple[str, ...]:
    """Return *order* if it names each component once; raise Refused if not."""
    if sorted(order) == sorted(COMPONENTS):
        return order
    message = f"{quote(' > '.join(order))} does not name each component once."
    hint = f"Write all of {', '.join(COMPONENTS)} in the order in which a payment covers them."
    raise Refused(Problem("allocation-unknown", message, hint))
