"""`replan show`."""

from __future__ import annotations

import csv
import json

from cli.run import FAMILY, run

CASE = {
    "as_of": "2026-11-21",
    "currency": "EUR",
    "surplus": "600",
    "debts": [{"id": "a", "creditor": "=Bank()", "principal": "6000", "rate": "12%"}],
}
SMALL = json.dumps(CASE)


def test_page_has_schedule_asks_and_chart() -> None:
    """Twelve rows after row 0, numbered asks, a bar for each balance."""
    done = run("show", "-", "--plan", "split 12", stdin=SMALL)

    rows = [line for line in done.stdout.splitlines() if line.lstrip()[:2].strip().isdigit()]
    assert 0 == done.returncode
    assert 13 <= len(rows)
    assert "What is owed is repaid in 12 instalments." in done.stdout
    assert "█" in done.stdout


def test_why_explains_down_to_the_inputs() -> None:
    """Interest of the first month is the balance times a twelfth of the rate."""
    text = run("show", "-", "--plan", "split 12", "--why", stdin=SMALL).stdout

    assert "interest of row 1 = 6,000.00 × 12 % × 1/12 = 60.00" in text


def test_chinese_page_has_no_english_sentence() -> None:
    """Asks and reasons are Chinese as well."""
    text = run("show", "-", "--plan", "split 12", "--why", "--lang", "zh", stdin=SMALL).stdout

    assert "欠款分 12 期偿还。" in text
    assert "第 1 期利息 = 6,000.00 × 12 % × 1/12 = 60.00" in text
    assert " is " not in text


def test_rows_balance_in_json() -> None:
    """Opening + accrued − payment = balance, and the last balance is zero."""
    done = run("show", "-", "--plan", "split 12", "--format", "json", stdin=SMALL)

    schedule = json.loads(done.stdout)["debts"][0]["schedule"]
    assert [n for n in range(13)] == [row["n"] for row in schedule]  # noqa: C416
    assert "0.00" == schedule[-1]["balance"]


def test_csv_has_a_record_per_row() -> None:
    """Numbers are numbers, without separators."""
    done = run("show", "-", "--plan", "split 12", "--format", "csv", stdin=SMALL)

    rows = list(csv.DictReader(done.stdout.splitlines()))
    assert 13 == len(rows)
    assert "60.00" == rows[1]["accrued_interest"]


def test_one_debt_of_several() -> None:
    """--debt shows that debt only; an unknown one is wrong use."""
    plan = ("--plan", "split 12")
    one = run("show", FAMILY, *plan, "--debt", "card", "--format", "json")
    none = run("show", FAMILY, *plan, "--debt", "nobody")

    assert ["card"] == [debt["id"] for debt in json.loads(one.stdout)["debts"]]
    assert 2 == none.returncode


def test_two_plans_are_refused() -> None:
    """The second plan is not silently shown in place of the first."""
    done = run("show", "-", "--plan", "split 12", "--plan", "split 6", stdin=SMALL)

    assert 2 == done.returncode
    assert "replan compare" in done.stderr


def test_charts_are_plain_where_the_encoding_is() -> None:
    """A terminal without blocks gets signs that it has."""
    plan = ["show", FAMILY, "--plan", "split 12"]
    plain = run(*plan, PYTHONUTF8="0", PYTHONIOENCODING="ascii", NO_COLOR="1").stdout

    assert "!!!" in plain
    assert "\\u2588" not in plain
    assert "▒" in run(*plan).stdout
