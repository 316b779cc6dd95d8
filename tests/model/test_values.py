"""Amounts and dates as people write them."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replan.model.issues import Refused
from replan.model.rates import parse_rate
from replan.model.values import date_order, parse_amount, parse_date

FORM = "Write digits with a point for decimals, such as 1200.00."


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("42000", "42000.00"),
        ("1,200.5", "1200.50"),
        ("1 200.50", "1200.50"),
        ("1'200.50", "1200.50"),
        ("１，２００．５", "1200.50"),
        ("¥1.2万", "12000.00"),
        ("￥1,200元", "1200.00"),
        ("3万5千", "35000.00"),
        ("1.5亿", "150000000.00"),
        ("RMB 1,200", "1200.00"),
        ("1200 CNY", "1200.00"),
        (Decimal("0.1"), "0.10"),
        (0.1, "0.10"),
        (7, "7.00"),
        ("1000000000000", "1000000000000.00"),
        ("CNY 1 234.50", "1234.50"),
        ("'1,200.50", "1200.50"),
        ("3百", "300.00"),
        ("5k", "5000.00"),
        ("1.2w", "12000.00"),
        ("1234元5角6分", "1234.56"),
        ("1,234元零5分", "1234.05"),
        ("壹万贰仟", "12000.00"),
        ("壹万贰仟元整", "12000.00"),
        ("壹仟零伍拾元伍角", "1050.50"),
        ("一万二千元", "12000.00"),
        ("-0", "0.00"),
        (Decimal("0e-9"), "0.00"),
        (Decimal("1e3"), "1000.00"),
    ],
)
def test_amounts_are_read_exactly(written: object, expected: str) -> None:
    """What has one reading becomes that number, with the currency's decimals."""
    assert expected == str(parse_amount(written, currency="CNY"))


@pytest.mark.parametrize(
    ("written", "code", "hint"),
    [
        ("1,200.5O", "amount-unreadable", "Write 1200.50."),
        ("1.234,50", "amount-unreadable", "Write 1234.50."),
        ("12,50", "amount-unreadable", "Write 12.50."),
        ("1 227,77", "amount-unreadable", "Write 1227.77."),
        ("1.005", "amount-too-fine", "Write 1.00, or 1005.00 if the point separates thousands."),
        ("-5", "amount-negative", "Write 0 or more."),
        ("(5)", "amount-negative", "Write 0 or more."),
        ("500.00-", "amount-negative", "Write 0 or more."),
        ("未知", "amount-unreadable", "Leave it out if nobody knows it, and ask the creditor."),
        ("$5", "amount-currency", "Convert it, or write the number alone if it is in EUR."),
        (10**30, "amount-out-of-range", "Check the number; split the case if it is right."),
        (True, "amount-unreadable", FORM),
        ("1,2,3", "amount-unreadable", FORM),
        ("一万二", "amount-unreadable", FORM),
        ("3万5", "amount-unreadable", FORM),
        ("", "amount-unreadable", FORM),
        (
            Decimal("NaN"),
            "amount-unreadable",
            FORM,
        ),
        (
            float("inf"),
            "amount-unreadable",
            FORM,
        ),
        (Decimal("1e-999999"), "amount-too-fine", "Write 0.00."),
    ],
)
def test_doubtful_amounts_are_refused_with_a_remedy(written: object, code: str, hint: str) -> None:
    """A text with no reading or with two is refused, and the message says what to write."""
    with pytest.raises(Refused) as caught:
        parse_amount(written, currency="EUR")

    (problem,) = caught.value.problems
    assert (code, hint) == (problem.code, problem.hint)


def test_without_a_currency_the_decimals_stay_as_written() -> None:
    """A debt made in Python meets its currency in the case only."""
    assert ["1000", "0.1250"] == [str(parse_amount(x)) for x in (Decimal("1e3"), "0.1250")]


def test_thousands_are_ambiguous_where_a_currency_has_three_decimals() -> None:
    """1,200 may be 1.200 dinars."""
    with pytest.raises(Refused):
        parse_amount("1,200", currency="KWD")


def test_lakh_grouping_is_read_for_rupees_only() -> None:
    """1,20,000 is a grouping of India."""
    assert Decimal(120000) == parse_amount("1,20,000", currency="INR")
    with pytest.raises(Refused):
        parse_amount("1,20,000", currency="EUR")


@pytest.mark.parametrize(
    "written",
    [
        "2026-12-10",
        "2026/12/10",
        "2026.12.10",
        "20261210",
        "2026年12月10日",
        "２０２６年１２月１０日",
        "10 Dec 2026",
        "10th December 2026",
        "Dec 10, 2026",
        "2026-12-10 00:00:00",
        date(2026, 12, 10),
    ],
)
def test_dates_with_one_reading_are_read(written: object) -> None:
    """Year first or the month in letters leave no doubt."""
    assert date(2026, 12, 10) == parse_date(written)


@pytest.mark.parametrize(
    ("written", "code", "hint"),
    [
        ("10/12/2026", "date-ambiguous", "Write 2026-12-10 or 2026-10-12."),
        ("2026-02-31", "date-impossible", "2026-02 has 28 days."),
        ("2026-13-01", "date-impossible", "Write 1 to 12."),
        ("0000-01-01", "date-out-of-range", "Check the year."),
        ("46000", "date-unreadable", "Write 2025-12-09 if it is a spreadsheet's day number."),
        ("12月10日", "date-unreadable", "Add the year, such as 2026-12-10."),
        ("Dec 10", "date-unreadable", "Add the year, such as 2026-12-10."),
        ("2026年12月", "date-unreadable", "Add the day, such as 2026-12-10."),
        ("每月10日", "date-unreadable", "Write the next one in full, such as 2026-12-10."),
        (46000, "date-unreadable", "Write year-month-day, such as 2026-12-10."),
        ("10-Dec-26", "date-unreadable", "Write the year with four digits, such as 2026-12-10."),
    ],
)
def test_doubtful_dates_are_refused_with_a_remedy(written: object, code: str, hint: str) -> None:
    """Nothing is guessed about a date."""
    with pytest.raises(Refused) as caught:
        parse_date(written)

    (problem,) = caught.value.problems
    assert (code, hint) == (problem.code, problem.hint)


@pytest.mark.parametrize(("written", "day"), [("25/12/2026", 25), ("12/25/2026", 25)])
def test_a_day_above_twelve_decides_the_order(written: str, day: int) -> None:
    """A number above 12 can only be the day."""
    assert date(2026, 12, day) == parse_date(written)


def test_a_declared_order_is_followed_to_the_letter() -> None:
    """Day first or month first, and 25/12 has no month 25 where the month is first."""
    assert date(2026, 12, 10) == parse_date("10/12/2026", order="day-first")
    assert date(2026, 10, 12) == parse_date("10/12/2026", order="month-first")
    with pytest.raises(Refused):
        parse_date("25/12/2026", order="month-first")


@pytest.mark.parametrize(
    ("written", "order"),
    [("25/12/2026", "day-first"), ("12.25.2026", "month-first"), ("10/12/2026", None), (3, None)],
)
def test_a_number_above_twelve_proves_an_order(written: object, order: str | None) -> None:
    """What one date proves can be told of the others in its column."""
    assert order == date_order(written)


@given(st.integers(0, 10**14))
def test_amounts_print_back_to_themselves(cents: int) -> None:
    """With or without separators, every amount in range is read exactly."""
    amount = Decimal(cents).scaleb(-2)

    assert amount == parse_amount(str(amount), currency="EUR")
    assert amount == parse_amount(f"{amount:,}", currency="EUR")
    assert amount == parse_amount(f"€ {amount:,.2f}", currency="EUR")


@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)))
def test_dates_print_back_to_themselves(day: date) -> None:
    """Every day in range is read in each of the forms."""
    forms = ("{0}", "{0:%Y/%m/%d}", "{0.year}年{0.month}月{0.day}日", "{0:%Y%m%d}", "{0:%d %B %Y}")

    assert {day} == {parse_date(form.format(day)) for form in forms}


@given(st.text(max_size=20))
def test_any_text_is_an_amount_or_refused(text: str) -> None:
    """Nothing else comes out."""
    for parse in (parse_amount, parse_date, parse_rate):
        with suppress(Refused):
            parse(text)
