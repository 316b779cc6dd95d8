"""Definitions of many kinds, rolled together, give what each gives alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import numpy as np
import pytest

from replan.engine.curves import RateColumn, flat_curve
from replan.engine.dates import due_grid, parse_frequency
from replan.engine.join import join
from replan.engine.kernel import roll
from replan.engine.phases import WEIGHT, Asks, Phase, Phases, Unpaid, phase
from replan.engine.resolve import resolve
from replan.engine.schedule import KEPT
from replan.engine.stack import roll_all, roll_columns, stack
from replan.engine.terms import Calendar, Charge, Parts, Terms

MONTH = parse_frequency("month")
TODAY = np.array([date(2026, 1, 31).toordinal()])


def terms(phases: Phases, principal: int = 1_000_000, **changes: object) -> Terms:
    """Define a debt at 12 % that is owed on the last day of January."""
    count = max(sum(int(p.count[0]) for p in phases), 1)
    due = due_grid(TODAY, count + 1, MONTH).T[1:]
    owed = replace(Parts.zero(), principal=np.array([principal]), interest=np.array([1_234]))
    curve = flat_curve(RateColumn.of(Fraction(12, 100)))
    calendar = Calendar(TODAY, due, MONTH, np.array([31]))
    whole = Terms(
        as_of=int(TODAY[0]),
        calendar=calendar,
        curve=curve,
        base=curve,
        day_count="30/360",
        owed=owed,
        opening=owed,
        phases=phases,
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def level(count: int) -> Phase:
    """Ask for a level instalment."""
    return phase(Asks.LEVEL, count)


WAIT = phase(Asks.NOTHING, 3, unpaid=Unpaid.SPREAD)
KINDS = {
    "level": terms((level(24),)),
    "deferred": terms((WAIT, level(36)), 77_777),
    "linear": terms((phase(Asks.LINEAR, 7),)),
    "due now": terms((phase(Asks.NOTHING, 0, anew=False),)),
    "fees": terms((level(10),), charges=(Charge(380, MONTH),)),
    "paid early": terms((level(12),), prepay=((3, 50_000),)),
    "cheaper": terms((level(12),), curve=flat_curve(RateColumn.of(Fraction(3, 100)))),
    "paused in between": terms((level(5), WAIT, replace(level(5), anew=False))),
    "down": terms((level(9),), down=np.array([100_000]), as_of=int(TODAY[0]) + 20),
}


@pytest.mark.parametrize("name", KINDS)
def test_together_as_alone(name: str) -> None:
    """What stands beside a row changes nothing in it."""
    place = list(KINDS).index(name)
    ((alone, _),) = roll_all([resolve(KINDS[name])])
    found, row = roll_all([resolve(kind) for kind in KINDS.values()])[place]

    assert int(alone.totals.forgone[0]) == int(found.totals.forgone[row])
    assert int(alone.zero.payment[0]) == int(found.zero.payment[row])
    for column in KEPT:
        assert alone.column(column, 0).tolist() == found.column(column, row).tolist()


def test_kinds_share_one_batch() -> None:
    """Fees, early payments, lower rates and interest up to today need no batch of their own."""
    assert 1 == len({id(found) for found, _ in roll_all([resolve(k) for k in KINDS.values()])})


def test_phases_do_not_grow_with_rows() -> None:
    """Rows whose phases follow in one order share them."""
    rows = [resolve(KINDS[name]) for name in ("level", "deferred") * 50]

    assert (Asks.NOTHING, Asks.LEVEL) == stack(rows).phases.asks


@pytest.mark.parametrize("rows", [True, False])
def test_columns_together_as_alone(rows: bool) -> None:
    """Definitions of several rows each keep their rows, their sums and their own height."""
    batch = [resolve(join([KINDS[name], KINDS[name]])) for name in ("level", "fees", "deferred")]
    for alone, found in zip(map(roll, batch), roll_columns(batch, rows=rows), strict=True):
        assert alone.periods.tolist() == found.periods.tolist()
        assert alone.totals.paid.tolist() == found.totals.paid.tolist()
        if rows:
            assert alone.column("payment", 1).tolist() == found.column("payment", 1).tolist()
        else:
            assert found.matrices is None


def test_weights_are_rolled_apart() -> None:
    """Where one row's instalments rise, the exact annuity of the others is not wanted."""
    rising = terms((level(6), replace(level(6), weight=2 * WEIGHT, anew=False)))
    batch = [resolve(rising), resolve(KINDS["level"])]

    assert [alone.totals.paid.tolist() for alone in map(roll, batch)] == [
        found.totals.paid.tolist() for found in roll_columns(batch)
    ]
