"""The zone of possible agreement: from what the lender gains elsewhere to what a budget carries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from replan.decide.candidates.grid import Offer
from replan.decide.candidates.room import Judged
from replan.decide.candidates.space import Space
from replan.decide.evaluate import major
from replan.decide.flat import flat_of
from replan.decide.plans import Bench
from replan.engine.money import round_fraction
from replan.errors import UsageError
from replan.model.debt import Debt
from replan.model.recoveries import recoveries_for
from replan.model.values import parse_amount
from replan.strategies.notation import Step, step_from
from replan.strategies.values import parse_share, print_share

YEARS = 5
"""The plans that a budget is tried on last up to so many years: where practice ends."""
DEFERRALS = (0, 1, 2, 3, 4, 5, 6, 9, 12)
CUTS = ("0%", "50%", "100%")
CHARGES = ("penalty", "interest", "fees")
TENTHS = range(1, 10)


@dataclass(frozen=True, slots=True)
class Alternative:
    """What a lender gets without an agreement, as the user says: never a default of ours.

    `share` of what is owed comes in after `months`, for `cost` (minor units) spent now.
    """

    share: Decimal
    months: int
    cost: int

    def value(self, bench: Bench, debt: Debt) -> int:
        """Value it: share × owed ÷ (1 + rate ÷ 12)^months − cost.

        The rate is the one chosen for the bench, else the contract's. In minor units, rounded
        half-up; a rate a day counts 365 times. Never below zero: a lender need not collect at a
        loss.
        """
        owed = int(bench.base[debt.id].opening.total[0])
        flat = flat_of(bench.case, debt)
        yearly = debt.rate.fraction * (365 if debt.rate.per == "day" else 1)
        yearly = yearly if flat is None else flat.effective
        if bench.at is not None:
            chosen = bench.at[1][0].rate
            yearly = Fraction(int(chosen.num[0]), chosen.den) * (365 if chosen.daily else 1)
        collected = Fraction(self.share) * owed / (1 + yearly / 12) ** self.months
        return max(round_fraction(collected - self.cost, "half-up"), 0)


def alternative(
    recovery: str | None, months: int | None, cost: str | None, *, currency: str, exponent: int
) -> Alternative | None:
    """Read a lender's alternative: all of it is said, or none.

    Raises UsageError if one of the three is missing, or not readable.
    """
    given = {
        "--recovery 35%": recovery,
        "--recovery-months 18": months,
        "--collection-cost 500": cost,
    }
    missing = [name for name, value in given.items() if value is None]
    if len(missing) == len(given):
        return None
    if missing or recovery is None or months is None or cost is None:
        raise UsageError(
            f"What the lender gets without an agreement needs {' and '.join(missing)} as well; "
            "nothing is assumed. Write 0 where there is no cost."
        )
    try:
        share, spent = parse_share(recovery), parse_amount(cost, currency=currency)
    except ValueError as error:
        raise UsageError(f"--recovery, --collection-cost: {error}") from None
    if not 0 <= share <= 1 or not 0 <= months <= 600:
        raise UsageError("--recovery is from 0% to 100%, --recovery-months from 0 to 600.")
    return Alternative(share, months, int(spent.scaleb(exponent)))


def field_menu(bench: Bench, debt: Debt) -> tuple[Offer, ...]:
    """Lay out the plans on which a budget is tried where no policy says what is on offer.

    Waivers of penalty, of all charges, and of each tenth of the principal; the rate whole, halved
    and none; deferrals up to a year; up to five years of instalments, in steps of about a month.
    """
    terms = bench.base[debt.id]
    owed = [name for name in CHARGES if int(getattr(terms.opening, name)[0])]
    every = dict.fromkeys(owed, "100%")
    waivers = [{"penalty": "100%"}] if "penalty" in owed and len(owed) > 1 else []
    waivers += [every] if every else []
    waivers += [every | {"principal": f"{n}0%"} for n in TENTHS]
    yearly = round(terms.calendar.frequency.periods_per_year)
    step = max(round(yearly / 12), 1)
    counts = range(step, YEARS * yearly + 1, step)
    return (
        (
            (None, *(step_from({"step": "waive", **parts}) for parts in waivers)),
            (None, *(step_from({"step": "rate", "cut": cut}) for cut in CUTS[1:])),
            (None, *(step_from({"step": "defer", "instalments": n}) for n in DEFERRALS[1:])),
            tuple(step_from({"step": "split", "instalments": n}) for n in counts),
        ),
    )


@dataclass(frozen=True, slots=True)
class Zone:
    """Where both sides gain. Plans are candidates of the space; values in minor units.

    `worth` is each candidate's present value to the lender, in whole minor units. `limit` is the
    largest that fits every month; `walk_away`, within a thousandth of it, belongs to the borrower
    alone. `lender` is what the lender gets without an agreement, None if not said.
    """

    space: Space
    worth: NDArray[np.int64]
    judged: Judged
    opening: int | None
    target: int | None
    walk_away: int | None
    limit: int | None
    lender: int | None
    basis: str

    @property
    def width(self) -> int | None:
        """Give what there is to share; below zero there is no agreement."""
        if self.limit is None or self.lender is None:
            return None
        return self.limit - self.lender

    def plan(self, index: int | None) -> dict[str, Any] | None:
        """Give the JSON form of one of its plans."""
        if index is None:
            return None
        space, exponent = self.space, self.space.exponent
        return {
            "plan": space.notation(index),
            "first_payment": major(int(space.first_payment[index]), exponent),
            "peak_payment": major(int(space.peak[index]), exponent),
            "total_paid": major(int(space.total[index]), exponent),
            "months": int(space.months[index]),
            "npv": major(int(self.worth[index]), exponent),
            "verdict": self.judged.verdict(index),
        }


def zone_of(  # noqa: PLR0913 - columns of one space and two facts, by keyword
    space: Space,
    worth: NDArray[np.float64],
    judged: Judged,
    usable: NDArray[np.bool_],
    *,
    lender: int | None,
    ours: int | None,
) -> Zone:
    """Find opening, target and walk-away among the candidates that are on offer and fit.

    The walk-away has the largest present value; values within a thousandth count as one, and of
    those it is not tight, if one is not, and costs least. The opening is our last proposal if it
    fits, else the least that the lender gains by, without waiving principal where that can be. The
    target is at the Nash split, half of what lies between both limits, else at the middle of
    opening and walk-away; it is never worth less than the opening. Among plans within a hundredth
    of it, the one that waives least principal, then with the fewest steps, then the nearest. Ties
    go to the lower peak payment, then to the first candidate.
    """
    value = np.rint(worth).astype(np.int64)
    paid = (space.total > 0) & (space.residual == 0)
    fits = np.flatnonzero(usable & paid & (judged.shortfall == 0))
    if not fits.size:
        return Zone(space, value, judged, None, None, None, None, lender, "none")
    limit, walk_away = int(value[fits].max()), _walk_away(space, judged, value, fits)
    if lender is not None and limit < lender:
        return Zone(space, value, judged, None, None, walk_away, limit, lender, "none")
    opening = ours if ours is not None and ours in fits else _opening(space, value, fits, lender)
    low = lender if lender is not None else int(value[opening])
    target = _target(space, value, fits[value[fits] >= value[opening]], low + limit)
    return Zone(
        space,
        value,
        judged,
        opening,
        target,
        walk_away,
        limit,
        lender,
        "nash" if lender is not None else "middle",
    )


def _target(space: Space, value: NDArray[np.int64], fits: NDArray[np.int64], twice: int) -> int:
    """Choose a simple plan near a value, which is given twice so that it stays whole."""
    away = np.abs(2 * value[fits] - twice)
    near = away <= max(int(away.min()), twice // 100)
    index, away = fits[near], away[near]
    steps = space.by_step(lambda _: 1.0)[index]
    keys = (index, space.peak[index], away, steps, space.waived_principal[index])
    return int(index[np.lexsort(keys)[0]])


def _walk_away(
    space: Space, judged: Judged, value: NDArray[np.int64], fits: NDArray[np.int64]
) -> int:
    """Choose the most valuable plan; at the contract's rate many are worth the same."""
    most = int(value[fits].max())
    best = fits[value[fits] >= most - most // 1000]
    return int(best[np.lexsort((best, space.total[best], judged.tight[best]))[0]])


def _opening(
    space: Space, value: NDArray[np.int64], fits: NDArray[np.int64], lender: int | None
) -> int:
    asked = fits if lender is None else fits[value[fits] >= lender]
    asked = _whole(space, asked)
    return _best(asked, value[asked], space)


def _whole(space: Space, fits: NDArray[np.int64]) -> NDArray[np.int64]:
    """Leave out what waives principal, unless nothing else fits."""
    whole = fits[space.waived_principal[fits] == 0]
    return whole if whole.size else fits


def _best(index: NDArray[np.int64], key: NDArray[np.int64], space: Space) -> int:
    """Choose the candidate with the least key; of several the one with the lowest peak payment."""
    return int(index[np.lexsort((index, space.peak[index], key))[0]])


def zone_dict(
    zone: Zone, bench: Bench, debt: Debt, said: Alternative | None, *, offer: int
) -> dict[str, Any]:
    """Give the JSON form; `offer` is the present value of the lender's offer."""
    exponent, width = zone.space.exponent, zone.width

    def amount(value: int | None) -> str | None:
        return None if value is None else major(value, exponent)

    return {
        "borrower_limit": amount(zone.limit),
        "lender_limit": amount(zone.lender),
        "alternative": said
        and {
            "recovery": print_share(said.share),
            "months": said.months,
            "cost": amount(said.cost),
        },
        "offer_value": amount(offer),
        "exists": None if width is None else width >= 0,
        "width": amount(width),
        "basis": zone.basis,
        "opening": zone.plan(zone.opening),
        "target": zone.plan(zone.target),
        "walk_away": zone.plan(zone.walk_away),
        "for_you_alone": ["walk_away", "borrower_limit"],
        "published": [
            {
                "id": found.id,
                "low": float(found.low),
                "high": float(found.high),
                "of": found.base,
                "population": found.population,
                "year": found.year,
                "source": found.source,
            }
            for found in recoveries_for(bench.case, debt)
        ],
    }


def one_plan(steps: Sequence[Step]) -> Offer:
    """Give the menu of one plan."""
    return tuple((step,) for step in steps)
