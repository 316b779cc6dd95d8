"""Levers of an offer: one thing about it changed at a time, over the whole grid of what it may be.

A lever goes in the borrower's favour, from the smallest change to the largest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from replan.decide.candidates.grid import Offer
from replan.decide.candidates.space import Space
from replan.decide.evaluate import Evaluated
from replan.decide.plans import Bench
from replan.model.debt import Debt
from replan.model.rates import Rate
from replan.strategies.notation import Step, Steps, step_from
from replan.strategies.spoken_steps import ORDER
from replan.strategies.values import Percent, plain, print_rate, print_share

YEARS = 10
"""Instalments are tried up to so many years, but for settlements: no lender has offered longer."""
ARREARS_YEARS = 3
"""Arrears beside the contract's instalments are a matter of months: up to three years are tried."""
LONGEST_DEFERRAL, LONGEST_SETTLEMENT = 24, 36
POINT = Decimal("0.01")
RATE_STEP, DAILY_STEP = Decimal("0.001"), Decimal("0.00001")
PARTS = ("penalty", "interest", "fees", "principal")


@dataclass(frozen=True, slots=True)
class Lever:
    """One lever: `now` is what the offer has, `values` what is tried, in order, as it is written.

    `unit` is the place in `values` of the change by which levers are compared (one instalment, one
    month, ten points of a waiver, one point of a rate, a tenth of the first payment).
    """

    name: str
    now: str
    values: tuple[str, ...]
    offer: Offer
    unit: int
    step: str


def levers_of(bench: Bench, found: Evaluated) -> tuple[Lever, ...]:
    """Lay out every lever that an offer has."""
    steps = () if _is_bare(found.steps) else found.steps
    listed = (
        *_instalments(found, steps),
        *_deferral(steps),
        *_waivers(bench, found.debt, steps),
        *_first_payment(bench, found.debt, steps),
        *_rate(found.debt, steps),
        *_settlement(steps),
    )
    return tuple(lever for lever in listed if lever.values)


def index_of(lever: Lever, space: Space) -> NDArray[np.int64]:
    """Give the candidate of each value in a space, −1 where it does not apply to the debt."""
    found = np.full(len(lever.values), -1, dtype=np.int64)
    for begin, part in zip(space.begins, space.parts, strict=True):
        if part.offer is lever.offer:
            found[part.code] = int(begin) + np.arange(part.code.size)
    return found


def _is_bare(steps: Steps) -> bool:
    return bool(steps) and steps[0].strategy.name == "contract"


def _lever(
    name: str, now: str, made: Sequence[tuple[str, Steps, int]], *, unit: int = 0, step: str = ""
) -> Lever:
    """Make a lever of values, the steps that each makes, and where the step that changes stands."""
    if not made:
        return Lever(name, now, (), (), 0, step)
    _, first, at = made[0]
    choice = tuple(steps[at] for _, steps, _ in made)
    offer: Offer = tuple(choice if k == at else (s,) for k, s in enumerate(first))
    return Lever(name, now, tuple(v for v, _, _ in made), offer, min(unit, len(made) - 1), step)


def _place(steps: Steps, name: str) -> int:
    """Say where a step belongs among others: the order of offers, else before what repays."""
    rank = ORDER.index(name)
    for at, step in enumerate(steps):
        other = step.strategy.name
        if (ORDER.index(other) if other in ORDER else len(ORDER)) > rank:
            return at
    return len(steps)


def _find(steps: Steps, *names: str) -> int | None:
    return next((at for at, s in enumerate(steps) if s.strategy.name in names), None)


def _with(steps: Steps, at: int, step: Step) -> Steps:
    return (*steps[:at], step, *steps[at + 1 :])


def _changed(step: Step, **changes: Any) -> Step:
    """Change parameters of a step, checked like what people write."""
    return step_from(step.to_dict() | changes)


def _added(
    steps: Steps, name: str, values: Sequence[tuple[str, dict[str, Any]]]
) -> list[tuple[str, Steps, int]]:
    """Put a step of several values where it belongs."""
    at = _place(steps, name)
    return [
        (shown, (*steps[:at], step_from({"step": name, **params}), *steps[at:]), at)
        for shown, params in values
    ]


def _instalments(found: Evaluated, steps: Steps) -> Iterator[Lever]:
    """Try more instalments, up to ten years of them; a settlement up to 36 payments."""
    at = _find(steps, "split", "re-age", "settle", "extend")
    count = sum(1 for row in found.rows[1:] if row.payment)
    most = YEARS * round(found.terms.calendar.frequency.periods_per_year)
    made: list[tuple[str, Steps, int]] = []
    now, unit = str(count), 0
    if at is None and _find(steps, "reamortise") is None:
        # an agreement of its own in place of the contract's payments, whatever their number
        tried = [(str(n), {"instalments": str(n)}) for n in range(1, most + 1)]
        made, unit = _added(steps, "split", tried), count
    elif at is None:
        return
    elif steps[at].strategy.name == "settle":
        given = int(getattr(steps[at].params, "in_", None) or 1)
        now = str(given)
        made = [
            (str(n), _with(steps, at, _staged(steps[at], n)), at)
            for n in range(given + 1, LONGEST_SETTLEMENT + 1)
        ]
    else:
        now, made = _more_instalments(steps, at, count, most)
    yield _lever("instalments", now, made, unit=unit, step="1")


def _staged(step: Step, count: int) -> Step:
    """Stage a settlement; a deadline for all of it makes way for the payments' own dates."""
    given = {key: value for key, value in step.to_dict().items() if key != "by"}
    return step_from(given | {"in": str(count)})


def _more_instalments(
    steps: Steps, at: int, count: int, most: int
) -> tuple[str, list[tuple[str, Steps, int]]]:
    """Change the number of a step; a split to an amount becomes one in a number."""
    given = steps[at].to_dict()
    given.pop("to", None)
    begin = int(given.get("instalments") or count)
    if given.get("of") == "arrears":
        most = most * ARREARS_YEARS // YEARS
    extra = 0 if given["step"] != "extend" else count - begin
    made = [
        (str(n + extra), _with(steps, at, step_from(given | {"instalments": str(n)})), at)
        for n in range(begin + 1, most - extra + 1)
    ]
    return str(begin + extra), made


def _deferral(steps: Steps) -> Iterator[Lever]:
    """Try so many instalments deferred, up to 24."""
    if _find(steps, "settle") is not None:
        return
    at = _find(steps, "defer")
    if at is None:
        tried = [(str(n), {"instalments": str(n)}) for n in range(1, LONGEST_DEFERRAL + 1)]
        yield _lever("deferral", "0", _added(steps, "defer", tried), step="1")
        return
    now = int(getattr(steps[at].params, "instalments"))  # noqa: B009 - Params is a family of models
    made = [
        (str(n), _with(steps, at, _changed(steps[at], instalments=str(n))), at)
        for n in range(now + 1, LONGEST_DEFERRAL + 1)
    ]
    yield _lever("deferral", str(now), made, step="1")


def _waivers(bench: Bench, debt: Debt, steps: Steps) -> Iterator[Lever]:
    """Try more of each component waived, point by point up to all of it."""
    if _find(steps, "settle") is not None:
        return
    owed = bench.base[debt.id].opening
    for name in PARTS:
        if not int(getattr(owed, name)[0]):
            continue
        at = next((k for k, s in enumerate(steps) if _waives(s, name)), _joining(steps))
        now = Decimal(getattr(steps[at].params, name)) if at is not None else Decimal(0)
        made = [
            (share, _with(steps, at, _changed(steps[at], **{name: share})), at)
            if at is not None
            else (share, (step_from({"step": "waive", name: share}), *steps), 0)
            for share in _points(now)
        ]
        yield _lever(f"waive-{name}", print_share(now), made, unit=9, step="1%")


def _joining(steps: Steps) -> int | None:
    """Find the waiver that another component can join; one after a first payment may be empty."""
    at, down = _find(steps, "waive"), _find(steps, "down")
    return at if at is not None and (down is None or at < down) else None


def _waives(step: Step, name: str) -> bool:
    return step.strategy.name == "waive" and bool(getattr(step.params, name))


def _points(now: Decimal) -> Iterator[str]:
    """List the whole points above a share, up to all."""
    for point in range(int(now * 100) + 1, 101):
        yield print_share(point * POINT)


def _first_payment(bench: Bench, debt: Debt, steps: Steps) -> Iterator[Lever]:
    """Try a lower first payment, down to none: point by point, or in a hundred parts or more."""
    at = _find(steps, "down")
    if at is None:
        return
    now = steps[at].params.amount  # type: ignore[attr-defined]
    if isinstance(now, Percent):
        whole, part = print_share(now.share), POINT
        values = [print_share(n * part) for n in range(-(-now.share // part).__int__() - 1, -1, -1)]
        unit, shown = 9, "1%"
    else:
        whole, part = plain(now), _part_of(now, bench.base[debt.id].exponent)
        values = [plain(n * part) for n in range(int(-(-now // part)) - 1, -1, -1)]
        unit, shown = max(int(now / 10 / part) - 1, 0), plain(part)
    made = [(v, _with(steps, at, _changed(steps[at], amount=v)), at) for v in values]
    yield _lever("first-payment", whole, made, unit=unit, step=shown)


def _part_of(amount: Decimal, exponent: int) -> Decimal:
    """Choose the step of a grid: 1, 2 or 5 of a power of ten, a hundredth of the amount at most."""
    power = Decimal(1).scaleb(-exponent)
    best = power
    while power <= amount / 100:
        best = max(n * power for n in (1, 2, 5) if n * power <= amount / 100)
        power *= 10
    return best


def _rate(debt: Debt, steps: Steps) -> Iterator[Lever]:
    """Try lower rates, a tenth of a point apart, or 0.001 % a day, down to none."""
    if _find(steps, "settle", "freeze") is not None:
        return
    at = _find(steps, "rate")
    if at is not None and getattr(steps[at].params, "cut", None) is not None:
        now = Decimal(getattr(steps[at].params, "cut"))  # noqa: B009 - as above
        cuts = [(s, _with(steps, at, _changed(steps[at], cut=s)), at) for s in _points(now)]
        yield _lever("rate-cut", print_share(now), cuts, unit=9, step="1%")
        return
    rate: Rate = debt.rate if at is None else steps[at].params.rate  # type: ignore[attr-defined]
    part = DAILY_STEP if rate.per == "day" else RATE_STEP
    values = [
        print_rate(Rate(n * part, rate.per)) for n in range(int(-(-rate.value // part)) - 1, -1, -1)
    ]
    made = (
        _added(steps, "rate", [(v, {"rate": v}) for v in values])
        if at is None
        else [(v, _with(steps, at, _changed(steps[at], rate=v)), at) for v in values]
    )
    # a point of a yearly rate, and what is about that a day
    unit = 9 if rate.per == "year" else 2
    yield _lever("rate", print_rate(rate), made, unit=unit, step=print_rate(Rate(part, rate.per)))


def _settlement(steps: Steps) -> Iterator[Lever]:
    """Try a smaller share that settles the debt, point by point."""
    at = _find(steps, "settle")
    if at is None:
        return
    now = Decimal(getattr(steps[at].params, "share"))  # noqa: B009 - as above
    shares = [print_share(n * POINT) for n in range(int(-(-now // POINT)) - 1, 0, -1)]
    made = [(s, _with(steps, at, _changed(steps[at], share=s)), at) for s in shares]
    yield _lever("settlement", print_share(now), made, unit=9, step="1%")
