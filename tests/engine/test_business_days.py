"""Business days of weekends, countries and own calendars."""

from __future__ import annotations

import sys
from datetime import date

import pytest

from replan.engine.business_days import adjust, rule_name, works_on
from replan.errors import UsageError

SATURDAY, SUNDAY_MONTH_END = "2026-11-28", "2026-05-31"


@pytest.mark.parametrize(
    ("rule", "saturday", "month_end"),
    [
        ("none", "2026-11-28", "2026-05-31"),
        ("following", "2026-11-30", "2026-06-01"),
        ("modified-following", "2026-11-30", "2026-05-29"),
        ("preceding", "2026-11-27", "2026-05-29"),
        ("modified-preceding", "2026-11-27", "2026-05-29"),
    ],
)
def test_rules_move_weekends(rule: str, saturday: str, month_end: str) -> None:
    """Each rule moves a Saturday, and a Sunday at the month's end, its own way."""
    assert (saturday, month_end) == tuple(
        str(adjust(day, rule)) for day in (SATURDAY, SUNDAY_MONTH_END)
    )


def test_modified_preceding_stays_in_the_month() -> None:
    """A Saturday on the first goes forward rather than into the month before."""
    assert date(2026, 8, 3) == adjust("2026-08-01", "modified-preceding")


def test_business_days_stay() -> None:
    """A business day is left alone by every rule."""
    assert date(2026, 11, 27) == adjust("2026-11-27", "following") == adjust("2026-11-27")


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2026-10-01", "2026-10-08"), ("2026-02-14", "2026-02-14"), ("2026-02-15", "2026-02-24")],
)
def test_china_has_holidays_and_working_saturdays(day: str, expected: str) -> None:
    """National Day and Spring Festival are skipped, a make-up Saturday is worked."""
    assert expected == str(adjust(day, "following", "CN"))


def test_own_calendar() -> None:
    """Any function that says whether a date is worked is a calendar."""
    assert date(2026, 11, 30) == adjust("2026-11-24", "following", lambda day: day.day == 30)


def test_calendar_without_business_days_is_refused() -> None:
    """A calendar that never works raises instead of running on."""
    with pytest.raises(UsageError, match="no business day within 60 days"):
        adjust("2026-11-24", "following", lambda _: False)


@pytest.mark.parametrize("code", ["XX", "CN-NOWHERE", "weekend days"])
def test_unknown_calendar_is_refused(code: str) -> None:
    """A code that no country has raises and says what to write."""
    with pytest.raises(UsageError, match="is no calendar"):
        works_on(code)


def test_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the holidays package a country calendar says what to install."""
    monkeypatch.setitem(sys.modules, "holidays", None)

    with pytest.raises(UsageError, match=r"Install replan\[calendar\]"):
        works_on("FR")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, "none"),
        ("Modified Following", "modified-following"),
        ("ModifiedFollowing", "modified-following"),
        ("MODIFIED_PRECEDING", "modified-preceding"),
        ("PREVIOUS", "preceding"),
        ("MF", "modified-following"),
        ("Modified Previous", "modified-preceding"),
        ("Unadjusted", "none"),
    ],
)
def test_rule_names(text: str | None, expected: str) -> None:
    """Rules are read in any case, with blanks or underscores."""
    assert expected == rule_name(text)


def test_unknown_rule_is_refused() -> None:
    """A rule that does not exist raises with those that do."""
    with pytest.raises(UsageError, match="Write one of: none, following"):
        rule_name("sometimes")
