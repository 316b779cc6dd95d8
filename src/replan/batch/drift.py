"""How far a run's figures moved from those of an earlier one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from replan.errors import UsageError

from .stops import Allowed, DriftError, parse_allowed
from .work import SUMMED

RATES = ("offer_rate", "reject_rate", "relief")
"""Figures that are shares: they move by percentage points, the others by a share of themselves."""
NAMES = {
    "offer_rate": "The share of accounts with offers",
    "reject_rate": "The share of rejected rows",
    "relief": "The share waived of what is owed and accrues",
    "mean_instalment": "The mean instalment",
    "npv_loss": "The mean loss in present value",
}


@dataclass(frozen=True, slots=True)
class Tally:
    """Rows, accounts with offers, rejects, and sums over each account's first offer.

    The sums have the names of `SUMMED` and are in units of 0.0001 of the currency.
    """

    rows: int
    offers: int
    rejects: int
    sums: Mapping[str, int]


def figures_of(tally: Tally) -> dict[str, Fraction | None]:
    """Give the figures that are watched; None where there is nothing to divide by."""
    sums = {name: tally.sums.get(name, 0) for name in SUMMED}
    whole = sums["waived"] + sums["total_paid"] + sums["residual"]
    return {
        "offer_rate": _share(tally.offers, tally.rows),
        "reject_rate": _share(tally.rejects, tally.rows),
        "relief": _share(sums["waived"], whole),
        "mean_instalment": _share(sums["instalment"], 10_000 * tally.offers),
        "npv_loss": _share(sums["npv_loss"], 10_000 * tally.offers),
    }


def _share(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None


def drift_told(before: Tally, now: Tally) -> dict[str, Any]:
    """Give each figure as it was and as it is, for people: rounded, as floats."""
    old, new = figures_of(before), figures_of(now)
    return {name: {"before": _float(old[name]), "now": _float(new[name])} for name in old}


def _float(value: Fraction | None) -> float | None:
    return None if value is None else round(float(value), 6)


def parse_drift(text: str) -> Allowed | None:
    """Read `10%`; None for nothing, UsageError for what is no share."""
    allowed = parse_allowed(text, "--max-drift")
    if allowed is not None and not allowed.is_share:
        raise UsageError(f"--max-drift {text}: write a share such as 10%.")
    return allowed


def check_drift(before: Tally, now: Tally, allowed: Allowed) -> None:
    """Stop if a figure moved by more than is allowed; raises DriftError with each of them."""
    moved = list(_moved(before, now, Fraction(str(allowed.number))))
    if moved:
        raise DriftError(
            f"{' '.join(moved)} That is more than {allowed.text} allows. Nothing was published. "
            "Look for the cause; --max-drift takes a larger share."
        )


def _moved(before: Tally, now: Tally, most: Fraction) -> Iterator[str]:
    old, new = figures_of(before), figures_of(now)
    for name, sentence in NAMES.items():
        was, is_ = old[name], new[name]
        if was is None or is_ is None:
            continue  # nobody had offers: the share of accounts with offers tells
        base = Fraction(1) if name in RATES else abs(was)
        if abs(is_ - was) > most * base:
            yield f"{sentence} moved from {_shown(name, was)} to {_shown(name, is_)}."


def _shown(name: str, value: Fraction) -> str:
    return f"{float(100 * value):.2f} %" if name in RATES else f"{float(value):,.2f}"
