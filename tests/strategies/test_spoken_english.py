"""What lenders say in English: the plan that each phrase means was written down by hand."""

from __future__ import annotations

import pytest

from replan.errors import UsageError
from replan.strategies.spoken import read_offer

SAID = [
    # first payments and instalments
    ("down 20% + split 36 every=month", "20% deposit, the balance over 3 years"),
    ("down 500 + split 12 every=month", "an initial payment of £500 and the rest over a year"),
    ("split 18 every=month", "over a year and a half"),
    ("split 30 every=month", "spread over two and a half years"),
    ("split 36", "thirty-six instalments"),
    ("split 24 every=month", "24 monthly payments"),
    ("split to=50 every=week", "50 a week"),
    ("split to=120 every=fortnight", "£120 a fortnight"),
    ("split to=120 every=fortnight", "pay £120 every two weeks until it is cleared"),
    ("split to=120 every=fortnight", "120 every other week"),
    ("split to=60 every=fortnight", "fortnightly payments of 60"),
    ("split 26 every=fortnight", "26 fortnightly payments"),
    ("split to=75 every=month", "reduce your payments to 75 a month"),
    ("split to=40 every=month", "£40 per month until it is paid off"),
    # amounts that change
    ("token 1000 for=6 + split to=1500", "1000 a month for 6 months then 1500"),
    ("token 1000 for=6 + split to=1500",
     "1,000 a month for the first six months, then 1,500 a month"),
    ("token 500 for=3 + split to=700", "3 payments of 500 then 700"),
    ("token 50 for=12 + split to=120", "for the first year 50 a month, 120 a month after that"),
    ("token 100 for=6 + split 24", "first 6 months at 100, then 24 instalments"),
    ("token 700 for=6 + token 500 for=3 + split to=900",
     "3 payments of 500, then 700 for 6 months, then 900"),
    ("split 36 + step-up 5% every=12", "36 instalments rising by 5% every year"),
    # what is left for the end
    ("token 800 for=23 + split 1", "24 months of 800 and the rest at the end"),
    ("token 800 for=23 + split 1", "24 months of 800, balance due at the end"),
    ("token 800 for=23 + split 1", "first 23 months at 800, the last one clears the rest"),
    ("split 24 + balloon 30%", "24 instalments with a 30% balloon"),
    ("split 24 + balloon 30%", "24 instalments, balloon payment of 30% at the end"),
    # interest
    ("rate 0% + split 24", "24 interest-free instalments"),
    ("rate 0% + split 24 every=month", "24 interest-free monthly payments"),
    ("rate 0% + split 60", "freeze interest, 60 instalments"),
    ("rate 0% + split 60", "we can freeze all interest and 60 payments"),
    ("freeze 6 + split 24", "freeze interest for 6 months, 24 instalments"),
    ("freeze 6 + split 24", "interest frozen for half a year, 24 instalments"),
    ("freeze 12 + split 36", "no interest for the first year, 36 instalments"),
    ("rate 9.9% + split 60", "APR reduced to 9.9%, 60 payments"),
    ("rate 6% for=12 + split 48", "lower the rate to 6% for 12 months, 48 instalments"),
    ("rate 8% + split 36 every=month", "over 36 months at 8%"),
    # charges
    ("waive fees=100% + split 24", "late fees waived, 24 instalments"),
    ("waive fees=100% + split 24", "24 payments; we will remove any late fees"),
    ("waive interest=100% + split 24", "accrued interest waived, 24 instalments"),
    ("waive interest=50% + split 24", "50% of the interest owed waived, 24 instalments"),
    ("waive penalty=100% fees=100% + split 24",
     "penalty interest and late charges written off, 24 instalments"),
    ("split 24", "24 instalments, no more late fees"),
    # pauses, dates, term
    ("defer 3 + split 24", "no payments for 3 months, then 24 instalments"),
    ("defer 3 + split 24", "3-month payment break, 24 instalments"),
    ("defer 6 + split 24", "a six month payment holiday and then 24 payments"),
    ("defer 2 + split 24", "skip the next two payments, 24 instalments"),
    ("defer 6 of=principal + split 24", "interest only for 6 months, then 24 instalments"),
    ("date 15 + split 24", "24 instalments, move the due date to the 15th"),
    ("date 28", "payments due on the 28th of each month"),
    ("date 1 + split to=80 every=month", "£80 a month payable on the 1st"),
    ("extend 12", "extend the term by 12 months"),
    # settlements
    ("settle 60%", "settle for 60%"),
    ("settle 60%", "They'll take 60% as full and final"),
    ("settle 45% in=3", "settlement offer of 45%, payable in 3 instalments"),
    ("rate 0% + split to=40 every=month", "We'll freeze the interest and accept £40 per month"),
    ("rate 0% for=12 + split 36", "0% for 12 months then 36 instalments"),
    ("rate 8% + split 60 every=month", "5 year plan at 8% interest"),
    ("split 12 of=arrears", "the arrears over 12 months on top of the normal instalments"),
    ("token 1 for=6", "token payments of £1 a month for 6 months"),
    ("date 28 + split to=250 every=month", "monthly payment of 250 on the 28th"),
    ("waive fees=50% + split 12", "50% off the late fees, 12 payments"),
    ("down 10% + waive fees=100% + split 18",
     "you pay 10% today, we write off the late fees and split the rest into 18 payments"),
    ("settle 60%", "40% off if you pay in full today"),
    ("settle 70%", "settle at a 30% discount"),
    ("settle 60% in=3 by=2026-12-31", "settle for 60% in 3 payments by 31 December 2026"),
]  # fmt: skip


@pytest.mark.parametrize(("plan", "said"), SAID)
def test_what_lenders_say(plan: str, said: str) -> None:
    """Without a word left out."""
    assert plan == " + ".join(str(step) for step in read_offer(said, currency="GBP").steps)


@pytest.mark.parametrize(
    ("readings", "said"),
    [
        (("late fees waived", "no more late fees"), "24 instalments, no late fees"),
        (("accrued interest waived", "no more interest"), "24 instalments, interest waived"),
        (("100 every two weeks", "100 a week"), "biweekly payments of 50"),
        (("20% of the penalty waived", "settle for 80%"), "20% off"),
        (("interest, penalty and fees waived, interest-free",), "principal only, 24 payments"),
    ],
)
def test_what_may_mean_two_things_is_asked(readings: tuple[str, ...], said: str) -> None:
    """With each reading in words that have one, and that are read."""
    with pytest.raises(UsageError, match="has several readings") as asked:
        read_offer(said, currency="GBP")

    for reading in readings:
        assert f'"{reading}"' in str(asked.value)
        read_offer(f"{reading}, 24 instalments" if "settle" not in reading else reading)


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("say what is paid after that", "first 6 months at 100"),
        ("Say for how long it is paid first", "100 a month, then 200 a month"),
        ("say what is paid before the rest", "24 instalments, the rest at the end"),
        ("contradicts", "move the due date to the 15th, payments due on the 28th"),
        ("may say the same twice", "defer 3 months, first payment in 3 months"),
        ("two sums settle", "settle for 60%, pay 500 in full settlement"),
    ],
)
def test_what_is_half_said_is_named(reason: str, said: str) -> None:
    """With what to add."""
    with pytest.raises(UsageError, match=reason):
        read_offer(said, currency="GBP")


@pytest.mark.parametrize(
    "said", ["20% for 12 months", "48 months", "12,000 in 3 instalments", "then review"]
)
def test_what_says_too_little_is_not_read(said: str) -> None:
    """A share of what, months of what: that is for the clerk to say."""
    with pytest.raises(UsageError, match="could not be read"):
        read_offer(said, currency="GBP")


def test_everything_unread_is_named_at_once() -> None:
    """Beside what was read."""
    with pytest.raises(UsageError) as refused:
        read_offer("24 instalments, as a gesture of goodwill, subject to status, 20% down")

    assert '"as a gesture of goodwill", "subject to status" could not be read' in str(refused.value)
    assert 'Read so far: "24 instalments", "20% down".' in str(refused.value)
