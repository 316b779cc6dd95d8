"""Days, months and beginnings as they are said on 21 November 2026, in both languages."""

from __future__ import annotations

from datetime import date

import pytest

from replan.errors import UsageError
from replan.strategies.spoken import read_offer
from replan.strategies.spoken_steps import Heard

TODAY = date(2026, 11, 21)


def heard(said: str) -> Heard:
    """Read what was said today."""
    return read_offer(said, as_of=TODAY)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-12-01", "24 instalments, first payment next month"),
        ("2026-12-01", "24 instalments starting next month"),
        ("2027-01-01", "24 instalments from January"),
        ("2027-01-01", "300 a month, from 1 January 2027 onwards"),
        ("2028-03-01", "24 payments, starting in March 2028"),
        ("2027-09-01", "24 payments from Sept"),
        ("2027-01-20", "first payment in 60 days, 24 instalments"),
        ("2027-01-01", "you start paying in January, 24 instalments"),
        ("2027-01-01", "300 a month from 1 January 2027"),
        ("2026-12-10", "下个月10号开始还，分24期"),
        ("2027-01-10", "1月10日起分24期"),
        ("2026-12-01", "下个月开始还，分24期"),
        ("2026-12-01", "下月起每月还500"),
        ("2027-01-01", "从1月起分24期"),
        ("2027-03-01", "2027年3月起每月还500"),
        ("2027-01-20", "60天后开始还，24期"),
    ],
)
def test_when_payments_begin(day: str, said: str) -> None:
    """A month without a year is the next of its name; days count from today."""
    begins = heard(said).begins

    assert begins is not None
    assert day == begins["on"]


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ("settle 60% by=2026-12-21", "settle for 60% within 30 days"),
        ("settle 60% by=2027-01-31", "60% in full settlement, by the end of January"),
        ("settle 60% by=2027-01-20", "60天内6折结清"),
        ("settle 60% by=2027-01-31", "明年1月底前6折结清"),
        ("rate 8% from=2027-01-01", "rate 8% from January"),
        ("rate 0% from=2026-12-01 + split 24", "no interest from next month, 24 instalments"),
        ("rate 8% from=2027-01-01 + split 36", "从明年1月起年利率8%，分36期"),
    ],
)
def test_until_when_and_from_when(plan: str, said: str) -> None:
    """The last day of a month is in it."""
    assert plan == " + ".join(str(step) for step in heard(said).steps)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2027-01-20", "pay in full within 60 days"),
        ("2026-12-31", "in full by the end of next month"),
        ("2027-01-20", "60天内一次性还清"),
        ("2026-12-31", "下个月底前一次性还清"),
    ],
)
def test_all_at_once_by_a_day(day: str, said: str) -> None:
    """No settlement: nothing is forgiven, and interest runs until then."""
    assert (day, ()) == (heard(said).whole, heard(said).steps)


@pytest.mark.parametrize(
    ("readings", "said"),
    [
        (("first payment in 60 days", "2-month deferral", "pay in full within 60 days"), "60 days"),
        (("first payment in 45 days", "pay in full within 45 days"), "45 days to pay"),
        (("first payment in 60 days", "2-month deferral"), "defer 60 days"),
        (("60天后开始还", "延期2个月", "60天内一次性还清"), "60天"),
        (("60天后开始还", "延期2个月"), "延期60天"),
        (("60天内一次性还清", "分2期还清"), "60天内还清"),
        (("first payment next month", "in full by the end of next month"), "next month"),
        (("下个月开始还", "下个月底前一次性还清"), "下个月"),
        (("from nov 2026", "from nov 2027"), "24 instalments from Nov"),
        (("从2026年11月起分24期", "从2027年11月起分24期"), "从11月起分24期"),
        (("rate 8%, first payment on 2027-01-01", "at 8% from 2027-01-01"),
         "rate 8%, from January, 24 instalments"),
        (("年利率8%，2027-01-01开始还", "从2027-01-01起年利率8%"), "年利率8%从明年1月起，分24期"),
    ],
)  # fmt: skip
def test_what_may_mean_two_things_is_asked(readings: tuple[str, ...], said: str) -> None:
    """With each reading in words that have one, and that are read."""
    with pytest.raises(UsageError, match="has several readings") as asked:
        heard(said)

    assert "so: " + " / ".join(f'"{one}"' for one in readings) in str(asked.value)
    for reading in readings:
        heard(reading)


def test_a_month_says_nothing_without_a_day() -> None:
    """Whoever reads offers without a case is told, not given this year's."""
    with pytest.raises(UsageError, match="could not be read"):
        read_offer("24 instalments from January")


@pytest.mark.parametrize(
    ("plan", "note", "said"),
    [
        ("split to=300 every=month", "most-amount", "at most 300 a month"),
        ("split to=300 every=month", "most-amount", "每月最多还300"),
        ("split to=300 every=month", "least-amount", "at least 300 a month"),
        ("split to=300 every=month", "least-amount", "每月不低于300元"),
        ("split 60", "most-count", "up to 60 instalments"),
        ("split 60", "most-count", "最多可以分60期"),
        ("split 60 every=month", "most-count", "最长5年"),
    ],
)
def test_a_limit_is_judged_at_its_end(plan: str, note: str, said: str) -> None:
    """With a remark that it is one."""
    found = heard(said)

    assert [plan] == [str(step) for step in found.steps]
    assert [note] == [phrase.note for phrase in found.phrases]


def test_a_limit_beside_a_number_is_left_to_the_debt() -> None:
    """What is exact is the plan; of two limits the amount."""
    assert ("amount", "most", "300") == _bound("24 instalments, at most 300 a month")
    assert ("count", "most", "60") == _bound("每月还300，最多60期")
    assert ("count", "most", "60") == _bound("at most 300 a month, up to 60 instalments")


def _bound(said: str) -> tuple[str, str, str]:
    found = heard(said).bound
    assert found is not None
    return found.of, found.kind, found.value


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("a limit beside amounts that change",
         "1000 a month for 6 months, at most 24 instalments, then 1500"),
        ("does not go with instalments", "24 instalments, pay in full within 60 days"),
    ],
)  # fmt: skip
def test_what_does_not_go_together_is_refused(reason: str, said: str) -> None:
    """Two plans at once."""
    with pytest.raises(UsageError, match=reason):
        heard(said)
