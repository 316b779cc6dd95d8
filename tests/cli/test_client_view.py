"""`--view client`: what a client reads, and what a client does not."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from rich.cells import cell_len

from cli.run import FAMILY, ROOT, run

PLAN = ["--plan", "defer 3 + split 24"]
SCREENS = [["check", FAMILY], ["compare", FAMILY], ["show", FAMILY, *PLAN]]
OTHERS = ("欣易", "快达", "远行", "王先生", "xinyi", "kuaidai", "rent:")
LENDERS = ("NPV", "APR", "现值", "年化", "npv", "apr")


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen[0])
def test_client_sees_no_lenders_figures_and_no_other_creditor(screen: list[str], lang: str) -> None:
    """With one debt chosen nobody else is named; 80 columns hold every line."""
    shown = run(*screen, "--view", "client", "--debt", "card", "--lang", lang).stdout

    assert shown
    assert [] == [word for word in (*OTHERS, *LENDERS) if word in shown]
    assert [] == [line for line in shown.splitlines() if cell_len(line) > 80]


def test_comparison_has_at_most_six_columns() -> None:
    """Seven plans stand in two tables, each with the names of its rows."""
    plans = [part for n in range(6, 12) for part in ("--plan", f"split {n}")]
    shown = run("compare", FAMILY, "--view", "client", *plans, "--format", "md").stdout

    heads = [line for line in shown.splitlines() if line.startswith("| What it means")]
    assert [6, 3] == [line.count("|") - 1 for line in heads]


def test_json_of_a_client_view_is_as_discreet() -> None:
    """What a program reads is no more than what is shown."""
    done = run("show", FAMILY, *PLAN, "--view", "client", "--debt", "card", "--format", "json")
    data = json.loads(done.stdout)

    assert [] == [word for word in (*OTHERS, "npv", "apr") if word in done.stdout]
    assert "card" == data["debt"]
    assert 24 == len(data["payments"])


def test_what_is_left_counts_all_debts() -> None:
    """The figure of one debt and of all debts agree on what is left in the tightest month."""
    args = ("compare", FAMILY, "--plan", "split 12", "--view", "client", "--format", "json")
    found = [json.loads(run(*args, *more).stdout)["plans"][1] for more in ((), ("--debt", "card"))]

    assert found[0]["left"] == found[1]["left"]
    assert found[0]["fits"] == found[1]["fits"]


def test_unknown_debt_is_wrong_use() -> None:
    """The message says which debts there are."""
    for screen in SCREENS:
        done = run(*screen, "--debt", "visa")

        assert 2 == done.returncode
        assert "card" in done.stderr


def test_blame_is_not_laid() -> None:
    """Where nothing fits, the page says what may help."""
    done = run("compare", FAMILY, "--plan", "split 3", "--view", "client")

    assert "That says nothing about you" in done.stdout
    assert "not yet" in done.stdout


@pytest.mark.parametrize("form", ["json", "csv", "table"])
def test_a_plan_for_several_debts_shows_its_own_part_only(form: str) -> None:
    """The notation of a household names its debts; a client who shows one debt names none."""
    plan = "card: split 24; xinyi: defer 3 + split 12"
    shown = [
        run(command, FAMILY, "--plan", plan, "--debt", "card", "--view", "client", "--format", form)
        for command in ("compare", "show")
    ]

    assert [] == [word for word in OTHERS for done in shown if word in done.stdout]
    assert all("24" in done.stdout for done in shown)


def test_average_is_over_the_months_from_first_to_last_payment() -> None:
    """What is paid in all, shared by the months; 26,800 and charges over 24 months."""
    args = ("show", FAMILY, *PLAN, "--debt", "card", "--view", "client", "--format", "json")
    data = json.loads(run(*args).stdout)

    assert "2027-03-05" == data["from"]
    assert abs(24 * Decimal(data["average"]) - Decimal(data["in_all"])) <= Decimal("0.12")


def test_client_is_told_what_would_hold_if_the_income_came() -> None:
    """What is certain says no; the wage of the spring would carry it."""
    card = str(ROOT / "examples" / "card-92-days.json")
    done = run("show", card, "--plan", "defer 4 + split 36", "--view", "client")
    row = next(line for line in done.stdout.splitlines() if "income comes" in line)

    assert "not yet" in done.stdout
    assert row.endswith("yes")
