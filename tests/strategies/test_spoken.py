"""Offers as they are said become steps in a fixed order; what is not understood is refused."""

from __future__ import annotations

import pytest

from replan.errors import UsageError
from replan.strategies.notation import parse_plan
from replan.strategies.spoken import LONGEST, read_offer

SAID = [
    ("down 20% + waive penalty=30% + split 24", "24 instalments, 30% penalty waived, 20% down"),
    ("down 20% + waive penalty=30% + split 24", "24期,首付20%,罚息减免30%"),
    ("down 20% + waive penalty=30% + split 24", "２４期；首付２０％；罚息减免３０％"),
    ("waive interest=50% + defer 3 + split 36", "延期3个月，分36期，欠息减半"),
    ("settle 60% in=3", "pay 60% in 3 instalments"),
    ("settle 60% in=3", "pay 60% in full and final settlement in three payments"),
    ("settle 60%", "6折结清"),
    ("settle 60%", "减免40%结清"),
    ("settle 60% in=3", "60%分三期结清"),
    ("settle 60% by=2026-12-31", "settle for 60% by 2026-12-31"),
    ("down 20% + split 24", "首付两成，分24期还清"),
    ("down 5000 + split to=800 every=month", "首付5000元、每月还800元"),
    ("down 12000 + split 36", "先还一万二千元，其余分36期"),
    ("down 5000 + split 24", "¥5,000 down and the rest over 24 instalments"),
    ("down 500 + split 24 every=week", "first payment 500, then 24 weekly payments"),
    ("waive penalty=100% interest=100% fees=100% + split 36",
     "interest, penalty and fees waived, 36 instalments"),
    ("waive penalty=100% interest=100% fees=100% + split 60", "息费全免，分60期"),
    ("waive penalty=100% fees=100% + split 12", "罚息、违约金全免，12期"),
    ("waive penalty=100% when=on-time:6 + split 24",
     "waive the penalty after 6 on-time payments, 24 instalments"),
    ("waive penalty=100% when=on-time:6 + split 24", "按时还6期后罚息全免,24期"),
    ("waive penalty=100% when=completion + split 24", "24期，结清后罚息全免"),
    ("rate 0% + split 36", "interest-free, 36 instalments"),
    ("rate 8% + split 36", "年利率降至8%，分36期"),
    ("rate 8% + split 36 every=month", "at 8%, 36 monthly instalments"),
    ("rate cut=50% + defer 2 + split 48", "holiday of 2 months, rate halved, 48 instalments"),
    ("rate 0.03%/day + split 48", "日利率降至万分之三，分48期"),
    ("freeze 6 + split 24", "no interest for 6 months, 24 instalments"),
    ("defer 3 interest=waive + split 24", "延期3个月，期间不计息，24期"),
    ("split to=800 every=month", "800 a month"),
]  # fmt: skip


@pytest.mark.parametrize(("plan", "said"), SAID)
def test_what_is_said_becomes_a_plan(plan: str, said: str) -> None:
    """In both languages; the plan is in notation, which parses to itself."""
    found = " + ".join(str(step) for step in read_offer(said, currency="CNY").steps)

    assert plan == found == str(parse_plan(found))


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        ("pay when you can", "24 instalments and pay when you can"),
        ("3 months", "20% down, 3 months"),
        ("$5,000 down", "$5,000 down, 24 instalments"),
        ("罚息减免", "罚息减免，24期"),
        ("首付5000,120元", "首付5000,120元"),
        ("pay 500", "pay 500"),
        ("150% down", "150% down, 12 instalments"),
    ],
)
def test_what_is_not_understood_is_named(phrase: str, said: str) -> None:
    """With examples of what is; a part that was understood does not make up for it."""
    with pytest.raises(UsageError) as refused:
        read_offer(said, currency="CNY")

    assert f'The offer: "{phrase}" could not be read' in str(refused.value)
    assert "24 instalments" in str(refused.value)


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("contradicts", "12期,24期"),
        ("contradicts", "20% down, 30% down"),
        ("what is waived", "24 instalments, after 6 on-time payments"),
        ("how many months", "期间不计息, 24期"),
        ("what settles", "24 instalments, by 2026-12-31"),
        ("do not go together", "6折结清，每月800元"),
        ("is empty", " ， 。"),
        ("at most 400", "x" * (LONGEST + 1)),
    ],
)
def test_what_does_not_go_together_is_refused(reason: str, said: str) -> None:
    """Twice the same, or a condition of nothing."""
    with pytest.raises(UsageError, match=reason):
        read_offer(said)


def test_every_phrase_is_echoed_with_its_step() -> None:
    """In the order in which it was said."""
    heard = read_offer("24期，罚息全免，首付20%")

    expected = [("24期", "split 24"), ("罚息全免", "waive penalty=100%"), ("首付20%", "down 20%")]
    assert expected == [(p.said, p.step) for p in heard.phrases]


@pytest.mark.parametrize("said", ["利息减半，罚息减半", "24 instalments, half the interest"])
def test_interest_may_mean_two_things(said: str) -> None:
    """What is owed, or what is charged from now on: that is asked, and both are written out."""
    with pytest.raises(UsageError, match="has several readings"):
        read_offer(said)

    assert "waive interest=50%" == str(read_offer("half the accrued interest").steps[0])
    assert "rate cut=50%" == str(read_offer("利率减半，24期").steps[0])


def test_an_amount_beside_a_number_is_left_to_the_debt() -> None:
    """Whether 12 of 800 repay it only the debt knows."""
    heard = read_offer("5,000 now and 12 months at 800, the rest is forgiven")

    assert (12, True) == (heard.count, heard.rest_forgiven)
    assert ["down 5000", "split to=800 every=month"] == [str(step) for step in heard.steps]


def test_an_amount_that_settles_is_left_to_the_debt() -> None:
    """Its share of what is owed only the debt knows."""
    heard = read_offer("pay 12,000 in full settlement by 2026-12-31")

    assert {"paid": "12000", "by": "2026-12-31"} == heard.settling
    assert () == heard.steps
