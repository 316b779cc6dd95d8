"""Step-up: instalments that rise or fall."""

from __future__ import annotations

import pytest

from strategies.samples import case, free, payments, refusal

FOUR = free(remaining_instalments=4)


def test_instalments_double() -> None:
    """Weights 1, 1, 2, 2: a sixth is 200.00; weights 1, 2, 4, 8: a fifteenth is 80.00."""
    assert [0, 20000, 20000, 40000, 40000] == payments("step-up 100% every=2", FOUR)
    assert [0, 8000, 16000, 32000, 64000] == payments("step-up 100% every=1", FOUR)


def test_a_negative_rise_is_a_fall() -> None:
    """Weights 1, ½, ¼, ⅛ sum to 15/8."""
    assert [0, 64000, 32000, 16000, 8000] == payments("step-up -50% every=1", FOUR)


def test_with_interest_the_present_value_is_what_is_owed() -> None:
    """P / Σ w·v, with weights 1, 1.05, 1.1025, 1.157625."""
    unit = 120000 / sum(1.05**i / 1.01 ** (i + 1) for i in range(4))
    found = payments("step-up 5% every=1", case(remaining_instalments=4))

    assert [round(unit * 1.05**i) for i in range(3)] == found[1:4]


def test_the_count_goes_on_after_a_deferral_and_a_rate_step() -> None:
    """The third and fourth instalment are the second run, wherever they stand."""
    assert [0, 20000, 0, 20000, 40000, 40000] == payments(
        "defer 1 at=2 + step-up 100% every=2", FOUR
    )
    assert [0, 20000, 20000, 40000, 40000] == payments("rate 0% for=1 + step-up 100% every=2", FOUR)


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        ("step-up 1000% every=1", "over 1000000 times the first. Write less."),
        ("split to=100 + step-up 5% every=2", "There are no level instalments. Write split N"),
        ("seasonal 1,0 + step-up 5% every=2", "follow another pattern already. Leave one out."),
    ],
)
def test_refusals(plan: str, message: str) -> None:
    """Where, what, what to do."""
    assert message in refusal(plan)
