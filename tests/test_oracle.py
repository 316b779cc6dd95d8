"""The oracle against schedules that others published, and against its own book-keeping."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oracle import (
    ORDER,
    Loan,
    Phase,
    Row,
    RowZero,
    annuity,
    cumulative_split,
    due_dates,
    largest_remainder,
    roll,
    round_fraction,
    unpaid,
)
from oracle_dates import Segment, year_fraction


def yearly(rate: str) -> list[Segment]:
    """Give one rate per year that stays."""
    return [(None, Fraction(rate), "year")]


def monthly(principal: int, rate: str, n: int, **terms: object) -> Loan:
    """Give a debt with n monthly due dates from 1 February 2024."""
    due = due_dates(date(2024, 2, 1), n)
    debt = Loan(as_of=date(2024, 1, 1), principal=principal, rates=yearly(rate), due=due)
    return replace(debt, **terms)  # type: ignore[arg-type]


def level(n: int) -> Phase:
    """Give n level instalments."""
    return Phase(asks="level", count=n)


def runs(rows: Sequence[Row]) -> list[tuple[int, int]]:
    """List the payments after row 0, equal neighbours counted together."""
    return [(amount, len(list(g))) for amount, g in groupby(row["payment"] for row in rows[1:])]


def total(rows: Sequence[Row]) -> int:
    """Add up what is paid."""
    return sum(row["payment"] for row in rows)


def lines(rows: Sequence[Row]) -> str:
    """Write rows as published: due date, principal, interest, payment, balance."""
    names = [(r["principal"], r["interest"], r["payment"], r["balance"]["principal"]) for r in rows]
    cells = [" ".join(f"{Decimal(x) / 100:.2f}" for x in row) for row in names]
    return "\n".join(f"{r['date']} {text}" for r, text in zip(rows, cells, strict=True))


def core_banking(
    principal: int, rate: str, start: date, n: int = 6, *, unit: str = "months", every: int = 1
) -> Loan:
    """Give a debt with the conventions of Apache Fineract's progressive schedules."""
    due = due_dates(start, n + 1, unit, every)[1:]
    return Loan(
        as_of=start, principal=principal, rates=yearly(rate), due=due, unit=unit, every=every,
        interest_mode="half-even", instalment_mode="half-even", settle="balanced",
    )  # fmt: skip


def published(table: str) -> str:
    """Strip a table's indentation."""
    return "\n".join(line.strip() for line in table.strip().splitlines())


# Apache Fineract end-to-end suite, merge c37910b9 of 2026-06-01 (Apache-2.0): figures.


def test_actual_actual_over_new_year() -> None:
    """EMICalculation-Part3:1374, with the instalment re-chosen so that the last fits."""
    loan = core_banking(1000000, "0.09482", date(2023, 12, 12))
    rows = roll(replace(loan, day_count="actual/actual"), [level(6)])
    assert published("""
        2024-01-12 1632.67 80.45 1713.12 8367.33
        2024-02-12 1645.92 67.20 1713.12 6721.41
        2024-03-12 1662.62 50.50 1713.12 5058.79
        2024-04-12 1672.49 40.63 1713.12 3386.30
        2024-05-12 1686.80 26.32 1713.12 1699.50
        2024-06-12 1699.50 13.65 1713.15 0.00""") == lines(rows[1:])


def test_month_ends_keep_the_seed_day() -> None:
    """EMICalculation-Part3:1565: due on the 30th, in February on the last."""
    loan = core_banking(150000, "0.094822", date(2021, 10, 30))
    rows = roll(replace(loan, day_count="actual/actual"), [level(6)])
    assert published("""
        2021-11-30 244.87 12.08 256.95 1255.13
        2021-12-30 247.17 9.78 256.95 1007.96
        2022-01-30 248.83 8.12 256.95 759.13
        2022-02-28 251.23 5.72 256.95 507.90
        2022-03-30 252.99 3.96 256.95 254.91
        2022-04-30 254.91 2.05 256.96 0.00""") == lines(rows[1:])


def test_three_weeks_count_actual_days_over_360() -> None:
    """LoanReAging-Part3:2304."""
    loan = core_banking(10000, "0.07", date(2024, 1, 1), unit="weeks", every=3)
    assert published("""
        2024-01-22 16.50 0.41 16.91 83.50
        2024-02-12 16.57 0.34 16.91 66.93
        2024-03-04 16.64 0.27 16.91 50.29
        2024-03-25 16.70 0.21 16.91 33.59
        2024-04-15 16.77 0.14 16.91 16.82
        2024-05-06 16.82 0.07 16.89 0.00""") == lines(roll(loan, [level(6)])[1:])


def test_rate_change_inside_a_period_is_shared_by_days() -> None:
    """LoanReschedule:1611: 10 % becomes 5 % from 15 January, that day included."""
    loan = core_banking(10000, "0.1", date(2025, 1, 1))
    rates = [*loan.rates, (date(2025, 1, 15), Fraction(5, 100), "year")]
    assert published("""
        2025-02-01 16.35 0.59 16.94 83.65
        2025-03-01 16.59 0.35 16.94 67.06
        2025-04-01 16.66 0.28 16.94 50.40
        2025-05-01 16.73 0.21 16.94 33.67
        2025-06-01 16.80 0.14 16.94 16.87
        2025-07-01 16.87 0.07 16.94 0.00""") == lines(
        roll(replace(loan, rates=rates), [level(6)])[1:]
    )


def test_frozen_interest_keeps_the_instalment() -> None:
    """LoanInterestPause:1262: no interest from 10 February to 10 March, both included."""
    loan = core_banking(10000, "0.07", date(2024, 1, 1))
    freeze: list[Segment] = [
        (date(2024, 2, 10), Fraction(0), "year"), (date(2024, 3, 11), Fraction(7, 100), "year"),
    ]  # fmt: skip
    frozen = replace(loan, rates=[*loan.rates, *freeze])
    assert published("""
        2024-02-01 16.43 0.58 17.01 83.57
        2024-03-01 16.88 0.13 17.01 66.69
        2024-04-01 16.73 0.28 17.01 49.96
        2024-05-01 16.72 0.29 17.01 33.24
        2024-06-01 16.82 0.19 17.01 16.42
        2024-07-01 16.42 0.10 16.52 0.00""") == lines(
        roll(frozen, [replace(level(6), amount=1701)])[1:]
    )


def test_moved_due_date_lengthens_its_period() -> None:
    """LoanReschedule:772: 1 February moves to 1 March; two months of interest, 2 x 7 % / 12."""
    loan = core_banking(10000, "0.07", date(2024, 1, 1))
    moved = replace(loan, due=due_dates(date(2024, 3, 1), 6), moved=frozenset({1}))
    rows = roll(moved, [replace(level(6), amount=1701)])
    assert "2024-03-01 15.84 1.17 17.01 84.16" == lines(rows[1:2])
    assert "2024-08-01 17.50 0.10 17.60 0.00" == lines(rows[-1:])


def test_whole_units_fall_back_to_the_minor_unit() -> None:
    """LoanReAgingEqualAmortization-Part3:1857 in whole units; LoanRepayment-Part4:46 cannot be."""
    big = core_banking(90000, "0.0999", date(2025, 9, 7))
    big = replace(big, day_count="actual/actual", instalment_unit=100)
    small = replace(core_banking(100, "0", date(2025, 10, 26), 2), instalment_unit=100)
    assert [(15400, 5), (15642, 1)] == runs(roll(big, [level(6)]))
    assert [(50, 2)] == runs(roll(small, [level(2)]))


# Lenders and calculators.


def test_linear_in_yen() -> None:
    """30,000,000 yen, 1.5 %, 420 months (a Japanese housing-loan simulator's tests)."""
    rows = roll(monthly(30_000_000, "0.015", 420), [Phase(asks="linear", count=420)])
    first = rows[1]
    assert (71429, 37500, 108929) == (first["principal"], first["interest"], first["payment"])
    assert 29928571 == first["balance"]["principal"]
    assert 0 == rows[-1]["balance"]["principal"]


def test_level_in_yen() -> None:
    """30,000,000 yen, 1.5 %, 420 months: 91,855 yen (the same)."""
    rows = roll(monthly(30_000_000, "0.015", 420), [level(420)])
    assert (91855, 419) == runs(rows)[0]
    assert (54355, 29945645) == (rows[1]["principal"], rows[1]["balance"]["principal"])


def test_chinese_level_instalments() -> None:
    """等额本息 1,000,000 at 4.9 % for 360 months: 5,307.27 (imcycle/loan-calculate-utils, README).

    The page prints 1,223.93 and 998,776.07, each rounded apart; a row that foots has 1,223.94.
    """
    first = roll(monthly(100_000_000, "0.049", 360), [level(360)])[1]
    assert (530727, 408333, 122394) == (first["payment"], first["interest"], first["principal"])


def test_chinese_equal_principal() -> None:
    """等额本金 1,000,000 at 4.9 % for 360 months (the same page; its total is not rounded)."""
    rows = roll(monthly(100_000_000, "0.049", 360), [Phase(asks="linear", count=360)])
    assert (686111, 277778) == (rows[1]["payment"], rows[1]["principal"])
    assert 173704167 == pytest.approx(total(rows), abs=180)


def test_holiday_with_capitalised_interest() -> None:
    """136,000 at 2.72 %, 252 months, 3 free: 720.22, up by 11.21 (money.co.uk 2020, in MoneyAge).

    The published extra cost, 665.08, is of instalments that are not rounded.
    """
    loan = monthly(13_600_000, "0.0272", 252)
    before = roll(loan, [level(252)])
    after = roll(loan, [Phase(asks="nothing", count=3, unpaid="capitalise"), level(249)])
    assert [(0, 3), (72022, 248)] == runs(after)[:2]
    assert 1121 == 72022 - before[1]["payment"]
    assert 66508 == pytest.approx(total(after) - total(before), abs=252 / 2)


def test_holiday_with_interest_without_interest() -> None:
    """160,000 over 180 months, 2 % for 60, then 3.24 %; 3 months free: 1,029.61, then 1,049.78.

    Barclays (Isle of Man, 2020): the interest of the three rows as scheduled is added once.
    Its totals, 192,929.39 and 193,558.75, are not rounded.
    """
    rates = [*yearly("0.02"), (date(2029, 1, 2), Fraction(324, 10000), "year")]
    loan = monthly(16_000_000, "0", 180, rates=rates)
    teaser = level(60)
    before = roll(loan, [teaser, level(120)])
    scheduled = sum(row["interest"] for row in before[1:4])
    held = replace(loan, as_of=loan.due[2], due=loan.due[3:], interest=scheduled)
    added = RowZero(capitalised={"interest": scheduled})
    after = roll(held, [replace(teaser, count=57), level(120)], added)
    assert [(102961, 60), (104978, 57)] == [runs(before)[0], runs(after)[0]]
    assert [19292939, 19355875] == pytest.approx([total(before), total(after)], abs=90)


def test_reduced_payment_below_the_interest() -> None:
    """100,000 at 4.5 %, 240 months; after 24, 302.65 for 6 months, then 646.42 (Ulster Bank)."""
    whole = roll(monthly(10_000_000, "0.045", 240), [level(240)])
    owed = whole[24]["balance"]["principal"]
    low = Phase(asks="fixed", count=6, amount=30265, unpaid="capitalise")
    assert (63265, 239) == runs(whole)[0]
    rows = roll(monthly(owed, "0.045", 216), [low, level(210)])
    assert [(30265, 6), (64642, 209)] == runs(rows)[:2]


# Rules of docs/engine.md without a published example: the expected value is derived.


@pytest.mark.parametrize(
    ("treatment", "expected"),
    [
        ("spread", [(0, 2), (51000, 10)]),  # 500,000 and 2 x 5,000 in ten
        ("first", [(0, 2), (60000, 1), (50000, 9)]),
        ("end", [(0, 2), (50000, 9), (60000, 1)]),
        ("waive", [(0, 2), (50000, 10)]),
        ("pay", [(5000, 2), (50000, 10)]),
        ("capitalise", [(0, 2), (51005, 10)]),  # 500,000 x 1.01² = 510,050
    ],
)
def test_interest_of_a_deferral(treatment: str, expected: list[tuple[int, int]]) -> None:
    """Two months free at 1 % a month, then ten without interest (section 4.3)."""
    rates = [*yearly("0.12"), (date(2024, 3, 2), Fraction(0), "year")]
    loan = monthly(500_000, "0", 12, rates=rates)
    rows = roll(loan, [Phase(asks="nothing", count=2, unpaid=treatment), level(10)])
    assert expected == runs(rows)


def test_interest_only_months_leave_the_instalment_alone() -> None:
    """Their factor counts 0: what is owed before and after them is the same (section 4.2)."""
    plan = [level(12), Phase(asks="interest", count=6), level(12)]
    rows = roll(monthly(1_000_000, "0.12", 30), plan)
    without = roll(monthly(1_000_000, "0.12", 24), [level(24)])
    assert [47073, 47074] == [rows[12]["payment"], rows[-1]["payment"]]
    assert without[1]["payment"] == rows[1]["payment"]


def test_balloon_stays_to_the_end() -> None:
    """The balloon bears interest and comes with the last instalment: (P - B v) / sum(v) + B."""
    rows = roll(monthly(1_000_000, "0.12", 12, balloon=200_000), [level(12)])
    r = Fraction(1, 100)
    expected = Fraction(200_000) * r + annuity(800_000, [r] * 12)
    assert round_fraction(expected) == rows[1]["payment"]
    assert 200_000 + rows[1]["payment"] == pytest.approx(rows[-1]["payment"], abs=6)


def test_stream_is_spread_beside_the_annuity() -> None:
    """100 of arrears in three shares, 33 34 33, fees first, without interest (section 4.1)."""
    loan = monthly(90_000, "0", 3, interest=50, penalty=30, fees=20)
    rows = roll(loan, [level(3)])
    assert [(20, 13, 0), (0, 34, 0), (0, 3, 30)] == [
        (row["fees"], row["interest"], row["penalty"]) for row in rows[1:]
    ]
    assert [(30033, 2), (30034, 1)] == runs(rows)


def test_token_payments_pay_the_oldest_first() -> None:
    """A fixed payment takes fees, then interest, then penalty, then principal (section 4.4)."""
    loan = monthly(10_000, "0.12", 2, interest=50, penalty=30, fees=20)
    row = roll(loan, [Phase(asks="fixed", amount=185), level(1)])[1]
    assert {"fees": 20, "interest": 150, "penalty": 15, "principal": 0} == row["paid"]


def test_unpaid_debt_grows() -> None:
    """10,000 in two parts at 1 % a month, overdue at 2 %, late fee 5 (section 5)."""
    late = (Fraction(24, 100), "year")
    loan = monthly(10_000, "0.12", 2, penalty_rate=late, penalty_compounds=True, late_fee=5)
    rows = unpaid(loan, roll(loan, [Phase(asks="linear", count=2)]))
    assert {"interest": 100, "penalty": 0, "fees": 5} == rows[1]["accrued"]
    assert {"interest": 50, "penalty": 102, "fees": 5} == rows[2]["accrued"]


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("half-up", [0, 1, 2, 3]),
        ("half-even", [0, 0, 2, 2]),
        ("up", [1, 1, 2, 3]),
        ("down", [0, 0, 1, 2]),
    ],
)
def test_rounding_modes(mode: str, expected: list[int]) -> None:
    """Amounts are never negative: away from zero is upwards (section 1)."""
    amounts = [Fraction(1, 4), Fraction(1, 2), Fraction(3, 2), Fraction(5, 2)]
    assert expected == [round_fraction(x, mode) for x in amounts]
    assert [100 * n for n in expected] == [round_fraction(100 * x, mode, 100) for x in amounts]


def test_splits_add_up() -> None:
    """Shares differ by one at most; the largest remainder goes first, ties to the earlier."""
    assert [33, 34, 33] == cumulative_split(100, 3)
    assert [34, 33, 33] == largest_remainder(100, [1, 1, 1])
    assert [14, 29, 57] == largest_remainder(100, [1, 2, 4])


@pytest.mark.parametrize(
    ("day_count", "start", "end", "expected"),
    [
        ("30/360", date(2006, 8, 31), date(2007, 2, 28), Fraction(178, 360)),
        ("30/360", date(2007, 2, 28), date(2007, 8, 31), Fraction(183, 360)),
        ("30E/360", date(2007, 2, 28), date(2007, 8, 31), Fraction(182, 360)),
        ("actual/actual", date(2003, 11, 1), date(2004, 5, 1),
         Fraction(61, 365) + Fraction(121, 366)),
        ("actual/364", date(2024, 1, 1), date(2024, 12, 30), Fraction(1)),
    ],
)  # fmt: skip
def test_year_fractions(day_count: str, start: date, end: date, expected: Fraction) -> None:
    """ISDA 2006 4.16(f), (g), (b), by QuantLib's test suite."""
    assert expected == year_fraction(day_count, start, end)


KINDS = ["nothing", "level", "interest", "linear", "minimum", "principal", "fixed"]
TREATMENTS = [None, "spread", "first", "end", "capitalise", "waive", "pay"]


def phase(asks: str, count: int, treatment: str | None) -> Phase:
    """Give a phase; deferrals alone have a treatment."""
    amount = 700 if asks == "fixed" else None
    deferral = asks in {"nothing", "principal", "fixed"}
    return Phase(asks=asks, count=count, amount=amount, unpaid=treatment if deferral else None)


PHASES = st.builds(phase, st.sampled_from(KINDS), st.integers(1, 4), st.sampled_from(TREATMENTS))


@given(
    phases=st.lists(PHASES, min_size=1, max_size=4),
    amounts=st.lists(st.integers(0, 100_000), min_size=5, max_size=5),
    fee=st.integers(0, 50),
    settle=st.sampled_from(["last", "balanced"]),
)
@settings(max_examples=100, deadline=None)
def test_every_row_foots(phases: list[Phase], amounts: list[int], fee: int, settle: str) -> None:
    """Opening + accrued - waived - paid = balance by component; nothing is left (section 6)."""
    principal, interest, penalty, fees, forborne = amounts
    loan = monthly(
        principal, "0.36", sum(p.count for p in phases), interest=interest, penalty=penalty,
        fees=fees, forborne=forborne, fee=fee, settle=settle, balloon=principal // 5,
        minimum=(Fraction(1, 50), 2500),
    )  # fmt: skip
    rows = roll(loan, phases, RowZero(waived={"penalty": penalty // 2}, paid=principal // 3))
    assert 0 == sum(rows[-1]["balance"].values())
    for row in rows:
        assert row["balance"] == {name: closing(row, name) for name in (*ORDER, "forborne")}
        assert min([*row["balance"].values(), *row["paid"].values()]) >= 0
        assert row["payment"] == sum(row["paid"].values())


def closing(row: Row, name: str) -> int:
    """Work out what a component is left with."""
    moved = -row["capitalised"].get(name, 0)
    if name == "principal":
        moved = sum(row["capitalised"].values())
    gone = row["waived"].get(name, 0) + row["paid"].get(name, 0)
    return row["opening"][name] + row["accrued"].get(name, 0) + moved - gone
