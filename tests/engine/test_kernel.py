"""The kernel against the oracle, and the laws that every schedule obeys."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oracle import Loan, Phase, RowZero, due_dates, roll, unpaid
from oracle_adapter import baseline_terms, expected_figures, found_figures, resolved, terms_of
from oracle_drawn import AS_OF, debts
from replan.engine import block, kernel
from replan.engine.curves import RateColumn, Segment, flat_curve
from replan.engine.phases import Asks, Unpaid, phase
from replan.engine.resolve import Resolved, resolve, take
from replan.engine.schedule import Schedule
from replan.engine.terms import Parts, Terms

Drawn = tuple[Loan, list[Phase], RowZero]
FEW = settings(max_examples=60, deadline=None)


def kernel_terms(drawn: Drawn) -> Terms:
    """Translate what was drawn."""
    loan, phases, zero = drawn
    return terms_of(loan, phases, zero, seed_day=loan.due[0].day)


def rolled(drawn: Drawn) -> Schedule:
    """Roll what was drawn."""
    return kernel.roll(resolved(kernel_terms(drawn), drawn[0]))


@given(debts())
@settings(max_examples=200, deadline=None)
def test_oracle_and_kernel_agree(drawn: Drawn) -> None:
    """Two implementations of docs/engine.md find every figure of every row the same."""
    assert expected_figures(roll(*drawn)) == found_figures(rolled(drawn))


@given(debts(), st.booleans(), st.integers(0, 900))
@FEW
def test_paying_nothing_agrees(drawn: Drawn, compounds: bool, late_fee: int) -> None:
    """The baseline in which nothing is paid: penalty rate, compounding, late fees."""
    loan, phases, _ = drawn
    plain = replace(loan, quoted=None, usual=None, catch_up=0, inside=False, prepay={}, charges={})
    plain = replace(
        plain, fee=0, overdue=loan.principal // 3, penalty_rate=(Fraction(27, 100), "year"),
        penalty_compounds=compounds, late_fee=late_fee,
    )  # fmt: skip
    contract = roll(plain, phases)
    terms = replace(baseline_terms(plain, contract))
    found = found_figures(kernel.roll(resolve(terms)))
    assert expected_figures(unpaid(plain, contract)) == found


@given(debts())
@FEW
def test_totals_are_the_sums_of_the_rows(drawn: Drawn) -> None:
    """Owed + accrued = paid + residual; sums, peak, first and last are those of the rows."""
    schedule = rolled(drawn)
    found, totals = found_figures(schedule), schedule.totals
    r = kernel.row_zero(resolved(kernel_terms(drawn), drawn[0]))[1]
    owed = int(r.owed.total[0] + r.forborne[0])
    grown = sum(sum(found[n]) for n in ("accrued", "penalty_accrued", "fees_accrued"))
    assert owed + grown == totals.paid[0] + totals.residual[0]
    for name in ("interest", "penalty", "fees", "forgone"):
        assert sum(found[name]) == getattr(totals, name)[0]
    paid = found["payment"]
    first = next((i for i, pay in enumerate(paid, 1) if pay), 0)
    expected = (sum(paid), max(paid), paid[-1], first, paid[first - 1] if first else 0)
    got = (totals.paid, totals.peak, totals.last, totals.first, totals.first_payment)
    assert expected == tuple(int(x[0]) for x in got)


@given(debts())
@FEW
def test_nothing_is_negative_or_left(drawn: Drawn) -> None:
    """No part of a payment is negative, and a plan that closes leaves nothing."""
    schedule = rolled(drawn)
    figures = found_figures(schedule)
    principal = [int(x) for x in schedule.principal_paid(0)]
    assert 0 <= min([*principal, *(x for column in figures.values() for x in column)])
    if not drawn[0].leaves_residual:
        assert 0 == schedule.totals.residual[0]


@given(debts())
@FEW
def test_python_integers_find_the_same(drawn: Drawn) -> None:
    """The carrier of amounts does not show: float64 and Python integers agree."""
    r = resolved(kernel_terms(drawn), drawn[0])
    expected = found_figures(kernel.roll(r))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "needs_wide", lambda _: True)
        assert expected == found_figures(kernel.roll(r))


@given(debts())
@FEW
def test_totals_alone_are_the_same(drawn: Drawn) -> None:
    """Keeping the rows changes no sum."""
    r = resolved(kernel_terms(drawn), drawn[0])
    assert_same(kernel.roll(r, rows=True), kernel.roll(r, rows=False))


def assert_same(one: Schedule, other: Schedule) -> None:
    """Compare all sums."""
    for f in fields(one.totals):
        assert list(getattr(one.totals, f.name)) == list(getattr(other.totals, f.name)), f.name


def grid(rows: int, *, unpaid: Unpaid = Unpaid.SPREAD) -> Terms:
    """Give a batch of many deferrals, lengths, amounts and rates, in no order."""
    draw = np.random.default_rng(7)
    deferred, count = draw.integers(0, 6, rows), draw.integers(1, 24, rows)
    amounts = [draw.integers(0, top, rows) for top in (3_000_000, 90_000, 20_000, 900)]
    loan = Loan(
        as_of=AS_OF, principal=0, rates=[(None, Fraction(0), "year")],
        due=due_dates(AS_OF, 31)[1:], day_count="actual/365",
    )  # fmt: skip
    curve = flat_curve(RateColumn(draw.integers(0, 3600, rows), 10_000))
    phases = (
        phase(Asks.NOTHING, deferred, unpaid=unpaid),
        phase(Asks.LEVEL, count),
        phase(Asks.INTEREST, draw.integers(0, 2, rows)),
        phase(Asks.LEVEL, draw.integers(0, 2, rows), anew=False),
    )
    terms = terms_of(loan, [Phase(asks="level", count=31)], seed_day=AS_OF.day)
    owed = Parts(*amounts)
    return replace(terms, curve=curve, base=curve, owed=owed, opening=owed, phases=phases)


def single(terms: Terms, row: int) -> Terms:
    """Cut one row out of a batch."""
    index = np.array([row])
    curve = tuple(Segment(s.start, RateColumn(s.rate.num[index], s.rate.den)) for s in terms.curve)
    phases = tuple(replace(p, count=p.count[index]) for p in terms.phases)
    owed = Parts(*(getattr(terms.owed, f.name)[index] for f in fields(Parts)))
    return replace(terms, curve=curve, base=curve, owed=owed, opening=owed, phases=phases)


@pytest.mark.parametrize("unpaid", list(Unpaid))
def test_a_batch_of_one_is_its_row_in_a_batch(unpaid: Unpaid) -> None:
    """What stands beside a row does not change it."""
    terms = grid(60, unpaid=unpaid)
    together = kernel.roll(resolve(terms))
    for row in range(60):
        alone = kernel.roll(resolve(single(terms, row)))
        assert found_figures(alone) == found_figures(together, row)
        for f in fields(together.totals):
            assert getattr(alone.totals, f.name)[0] == getattr(together.totals, f.name)[row]


@pytest.mark.parametrize("size", [1, 7, 64])
def test_block_size_does_not_matter(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """Blocks are a matter of the cache."""
    r = resolve(grid(200))
    expected = kernel.roll(r)
    monkeypatch.setattr(kernel, "BLOCK", size)
    found = kernel.roll(r)
    assert_same(expected, found)
    for name in ("payment", "interest", "fees"):
        assert [found_figures(expected, i)[name] for i in range(200)] == [
            found_figures(found, i)[name] for i in range(200)
        ]


def test_row_order_does_not_matter() -> None:
    """Shuffled rows come back shuffled."""
    r = resolve(grid(300))
    shuffle = np.random.default_rng(3).permutation(300)
    expected, found = kernel.roll(r), kernel.roll(take(r, shuffle))
    for f in fields(expected.totals):
        assert list(getattr(expected.totals, f.name)[shuffle]) == list(
            getattr(found.totals, f.name)
        )


def one_level(principal: int, n: int, **terms: Any) -> Resolved:
    """Resolve one monthly level loan at 18 %."""
    loan = Loan(
        as_of=AS_OF, principal=principal, rates=[(None, Fraction(18, 100), "year")],
        due=due_dates(AS_OF, n + 1)[1:],
    )  # fmt: skip
    loan = replace(loan, **terms)
    return resolve(terms_of(loan, [Phase(asks="level", count=n)], seed_day=AS_OF.day))


def test_published_schedule() -> None:
    """12,345.67 at 18 % in 36 months: 35 of 446.33 and 446.09, in all 16,067.64 (mortgagemath)."""
    schedule = kernel.roll(one_level(1_234_567, 36))
    paid = found_figures(schedule)["payment"]
    assert ([44633] * 35 + [44609], 1606764) == (paid, schedule.totals.paid[0])


@pytest.mark.parametrize(
    ("rate", "first", "n"),
    [(36, 122, 60), (24, 122, 120), (24, 395, 60), (60, 91, 60)],
)
def test_a_long_first_period_leaves_no_negative_payment(rate: int, first: int, n: int) -> None:
    """Interest beyond the instalment waits without interest; no last one is larger or negative."""
    due = due_dates(AS_OF + timedelta(days=first), n)
    rates = [(None, Fraction(rate, 100), "year")]
    paid = found_figures(kernel.roll(one_level(1_000_000, n, due=due, rates=rates)))["payment"]
    assert 0 < paid[-1] <= paid[0] == paid[-2]


@given(st.integers(10_000, 5_000_000), st.integers(1, 60))
@FEW
def test_balanced_instalments_end_level(principal: int, n: int) -> None:
    """A minor unit more in each instalment would overshoot: the last is the nearest there is."""
    schedule = kernel.roll(one_level(principal, n, settle="balanced"))
    paid = found_figures(schedule)["payment"]
    grown = sum(1.015**k for k in range(n))
    assert abs(paid[-1] - paid[0]) < grown + 2


@given(debts())
@FEW
def test_a_segment_cut_in_two_changes_nothing(drawn: Drawn) -> None:
    """A rate that changes to itself is one rate; row 0 and the day count have no part in it."""
    loan, phases, zero = drawn
    loan = replace(loan, rates=loan.rates[:1], quoted=None, usual=None)
    day = loan.due[len(loan.due) // 2]
    cut = replace(loan, rates=[loan.rates[0], (day, *loan.rates[0][1:])])
    assert found_figures(rolled((loan, phases, zero))) == found_figures(rolled((cut, phases, zero)))


@pytest.mark.parametrize("unpaid", ["waive", "first", "spread"])
def test_principal_alone_of_a_tiny_debt_agrees(unpaid: str) -> None:
    """58 minor units at 100 %: interest that is not charged lets the trial decide."""
    due = [*due_dates(AS_OF + timedelta(days=1), 1), *due_dates(AS_OF + timedelta(days=41), 5)]
    loan = Loan(
        as_of=AS_OF, principal=58, rates=[(None, Fraction(1), "year")], due=due,
        moved=frozenset({2}), leaves_residual=True,
    )  # fmt: skip
    phases = [Phase(asks="principal", count=n, unpaid=unpaid) for n in (1, 1, 4)]
    drawn = (loan, phases, RowZero())
    assert expected_figures(roll(*drawn)) == found_figures(rolled(drawn))


def test_a_balanced_instalment_goes_on_as_it_was_moved() -> None:
    """Where weights differ before, a later phase keeps the amount that balancing found."""
    loan = Loan(
        as_of=AS_OF, principal=0, interest=2, inside=True, settle="balanced", leaves_residual=True,
        rates=[(None, Fraction(0), "year")], due=due_dates(AS_OF, 5)[1:],
    )  # fmt: skip
    phases = [
        Phase(asks="level", count=2, weights=[1, Fraction(1, 2)]),
        Phase(asks="principal", unpaid="waive"),
        Phase(asks="principal", unpaid="waive", keep=True),
    ]
    drawn = (replace(loan, quoted=loan), phases, RowZero())
    assert expected_figures(roll(*drawn)) == found_figures(rolled(drawn))


def test_amounts_beyond_float64_are_exact() -> None:
    """Ten times 2⁵³ minor units roll in Python integers, with the oracle's figures."""
    principal = 10 * 2**53 + 7
    loan = Loan(
        as_of=AS_OF, principal=principal, rates=[(None, Fraction(18, 100), "year")],
        due=due_dates(AS_OF, 7)[1:],
    )  # fmt: skip
    phases = [Phase(asks="nothing", count=2, unpaid="spread"), Phase(asks="level", count=4)]
    drawn = (loan, phases, RowZero())
    assert block.needs_wide(resolved(kernel_terms(drawn), loan))
    assert expected_figures(roll(*drawn)) == found_figures(rolled(drawn))


def test_rows_that_do_not_change_principal_keep_their_first_period() -> None:
    """A payment at signing in one row leaves the accrual of the others alone."""
    terms = grid(2)
    begun = replace(terms.calendar, start=terms.calendar.start - 9)
    terms = replace(terms, calendar=begun, down=np.array([0, 5]))
    zero = kernel.roll(resolve(terms)).zero
    assert 0 == zero.accrued[0]
    assert 0 < zero.accrued[1]
