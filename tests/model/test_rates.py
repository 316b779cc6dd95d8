"""Rates as people write them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from replan.model.issues import Refused
from replan.model.rates import Rate, parse_rate


@pytest.mark.parametrize(
    ("written", "value", "per"),
    [
        ("18.25%", Fraction(1825, 10000), "year"),
        ("0.1825", Fraction(1825, 10000), "year"),
        (Decimal("0.1825"), Fraction(1825, 10000), "year"),
        (0.1825, Fraction(1825, 10000), "year"),
        (0, Fraction(0), "year"),
        (-0.0, Fraction(0), "year"),
        (Decimal("0e-999999"), Fraction(0), "year"),
        ("0.05%/day", Fraction(5, 10000), "day"),
        ("0.05% per day", Fraction(5, 10000), "day"),
        ("日利率万分之五", Fraction(5, 10000), "day"),
        ("日息万5", Fraction(5, 10000), "day"),
        ("万分之三点五/日", Fraction(35, 100000), "day"),
        ("年利率18％", Fraction(18, 100), "year"),
        ("年化 24%", Fraction(24, 100), "year"),
        ("百分之十八", Fraction(18, 100), "year"),
        ("月利率1.5%", 12 * Fraction(15, 1000), "year"),
        ("月息1.5分", 12 * Fraction(15, 1000), "year"),
        ("月息一分五厘", 12 * Fraction(15, 1000), "year"),
        ("月息8厘", 12 * Fraction(8, 1000), "year"),
        ("万3.5/日", Fraction(35, 100000), "day"),
        ("0.05%/日", Fraction(5, 10000), "day"),
        ("按日万分之五", Fraction(5, 10000), "day"),
        ("APR 24.9%", Fraction(249, 1000), "year"),
        ("27.24% (v)", Fraction(2724, 10000), "year"),
        ("1.5 percent per month", 12 * Fraction(15, 1000), "year"),
        ("5‰/月", 12 * Fraction(5, 1000), "year"),
    ],
)
def test_rates_are_read_exactly(written: object, value: Fraction, per: str) -> None:
    """A rate keeps the period in which it is quoted; a month is a twelfth of the nominal year."""
    rate = parse_rate(written)

    assert (value, per) == (rate.fraction, rate.per)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("11.0567901234567901%", Fraction(110567901234567901, 10**18)),
        ("4.450000000000000000000000%", Fraction(445, 10**4)),
        (Decimal("0.18250000000000001"), Fraction(18250000000000001, 10**17)),
    ],
)
def test_rates_that_a_program_computed(written: str | Decimal, expected: Fraction) -> None:
    """All digits of a rate that was computed elsewhere count; zeros at its end do not."""
    assert expected == parse_rate(written).fraction


@pytest.mark.parametrize("written", ["18.25%", "0.05%/day", "0.1825", "日利率万分之五"])
def test_rates_print_back_as_written(written: str) -> None:
    """The reader finds the rate of the contract again."""
    assert written == str(parse_rate(written))


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("18.25", "rate-suspicious"),
        (18.25, "rate-suspicious"),
        (10**30, "rate-suspicious"),
        ("2000%", "rate-out-of-range"),
        ("3%/day", "rate-out-of-range"),
        ("-1%", "rate-out-of-range"),
        (-0.1, "rate-out-of-range"),
        (Decimal("1e-99999"), "rate-too-fine"),
        ("11.05679012345679012%", "rate-too-fine"),
        ("999.1234567890123456%", "rate-too-fine"),
        (Decimal("NaN"), "rate-unreadable"),
        ("about 5%", "rate-unreadable"),
        ("18,25%", "rate-unreadable"),
        ("年息一分", "rate-unreadable"),
        ("月息1.5分5厘", "rate-unreadable"),
        ("万五", "rate-period-missing"),
        ("利率万分之五", "rate-period-missing"),
        ("2分利", "rate-period-missing"),
        (True, "rate-unreadable"),
        ("", "rate-unreadable"),
    ],
)
def test_doubtful_rates_are_refused(written: object, code: str) -> None:
    """A number above 1 may be a percentage, and no loan has 2,000 %."""
    with pytest.raises(Refused) as caught:
        parse_rate(written)

    assert [code] == [p.code for p in caught.value.problems]


def test_a_rate_out_of_range_cannot_be_made() -> None:
    """Every Rate in the program is in range."""
    with pytest.raises(Refused):
        Rate(Decimal(11))
