"""Months drawn together."""

from __future__ import annotations

from typing import Any

from replan.present.blocks import Lines
from replan.present.months import months_table, path_line, paths, runs
from replan.present.words import Words


def month(name: str, payment: str, **changes: Any) -> dict[str, Any]:
    """Return one month without a budget, with *changes*."""
    return {"month": name, "payment": payment, "surplus": None, "short": None} | changes


def test_alike_sums_of_months_that_follow_each_other_are_one_run() -> None:
    """A jump, or a month without a payment, begins a new line."""
    months = [
        month("2026-12", "100.00"),
        month("2027-01", "90.00"),
        month("2027-02", "300.00"),
        month("2027-03", "0.00"),
        month("2027-04", "300.00"),
    ]

    assert [2, 1, 1] == [len(run.months) for run in runs(months)]


def test_months_that_are_short_stand_apart() -> None:
    """The same sum that no longer fits is another line."""
    months = [
        month("2026-12", "100.00", surplus="150.00", short="0.00"),
        month("2027-01", "100.00", surplus="60.00", short="40.00"),
    ]

    rows = months_table(months, Words("en")).rows

    assert ["2026-12", "100.00", "150.00", "–"] == [cell.text for cell in rows[0]]
    assert ["2027-01", "100.00", "60.00", "40.00"] == [cell.text for cell in rows[1]]


def test_path_is_one_line() -> None:
    """From when to when, and how much: one sum, or the least and the most."""
    months = [month("2026-12", "1100.00"), month("2027-01", "1000.00"), month("2027-02", "50.00")]

    expected = "2026-12 to 2027-01 1,000.00–1,100.00; 2027-02 50.00"
    assert expected == path_line(months, Words("en"))


def test_path_says_the_same_sum_once() -> None:
    """The path does not tell which months are short, so they are not set apart."""
    months = [
        month("2026-12", "100.00", surplus="150.00", short="0.00"),
        month("2027-01", "100.00", surplus="60.00", short="40.00"),
    ]

    assert "2026-12 to 2027-01 100.00" == path_line(months, Words("en"))


def test_long_paths_are_cut() -> None:
    """After six turns the rest is only dated."""
    months = [month(f"2027-{n:02d}", f"{4**n}.00") for n in range(1, 9)]

    assert path_line(months, Words("en")).endswith("; and so on to 2027-08")


def test_plans_without_payments_have_no_path() -> None:
    """Paying nothing has no months to speak of."""
    named: list[tuple[str, dict[str, Any]]] = [
        ("unpaid", {"by_month": [month("2026-12", "0.00")]}),
        ("A", {"by_month": [month("2026-12", "5.00")]}),
    ]

    assert [Lines(("A: 2026-12 5.00",), indent=3)] == list(paths(named, Words("en")))
