"""`replan compare` and `replan demo`."""

from __future__ import annotations

import csv
import json

import pytest
from rich.cells import cell_len

from cli.run import FAMILY, run
from replan.decide.presets import CAUSES, GENERAL
from replan.present.words import Language, load_catalogue

CASE = {
    "as_of": "2026-11-21",
    "currency": "EUR",
    "surplus": "500",
    "debts": [{"id": "a", "creditor": "Bank", "principal": "6000", "rate": "12%"}],
}
SMALL = json.dumps(CASE)
SUGGESTIONS = [suggestion for menu in (GENERAL, *CAUSES.values()) for suggestion in menu]


def test_plans_stand_beside_the_baselines() -> None:
    """Contract and unpaid come first, then the plans under letters."""
    done = run("compare", "-", "--plan", "split 12", "--plan", "split 24", stdin=SMALL)

    assert 0 == done.returncode
    assert "A: split 12" in done.stdout
    assert "B: split 24" in done.stdout
    assert ["contract", "unpaid", "A", "B"] in [line.split() for line in done.stdout.splitlines()]


def test_a_rate_of_the_lenders_own_stands_beside() -> None:
    """All is due now at 12 %: 12 instalments are worth 12 × 533.09 ÷ 1.005ᵏ at 6 %, a gain."""
    options = ("--plan", "split 12", "--npv-rate", "6%")
    worth = sum(533.09 / 1.005**k for k in range(1, 13))
    table = run("compare", "-", *options, stdin=SMALL).stdout
    data = json.loads(run("compare", "-", *options, "--format", "json", stdin=SMALL).stdout)

    chosen = data["plans"][-1]["metrics"]["npv_chosen"]
    assert worth == pytest.approx(float(chosen["npv"]), abs=0.05)
    assert 1 - worth / 6000 == pytest.approx(chosen["npv_loss"], abs=0.00001)
    assert "NPV loss, your rate" in table


def test_json_is_the_contract_of_the_design() -> None:
    """Plans with metrics, dominated, findings and debts."""
    done = run("compare", "-", "--plan", "split 12", "--format", "json", stdin=SMALL)

    data = json.loads(done.stdout)
    assert 1 == data["replan"]
    assert {"plan", "metrics", "dominated", "findings", "debts"} <= set(data["plans"][2])
    assert "6397.11" == data["plans"][2]["metrics"]["total_paid"]  # 11 × 533.09 + 533.12


def test_csv_holds_every_plan() -> None:
    """A record for each plan and for each of its debts."""
    done = run("compare", "-", "--plan", "split 12", "--format", "csv", stdin=SMALL)

    rows = list(csv.DictReader(done.stdout.splitlines()))
    assert [("split 12", ""), ("split 12", "a")] == [(r["plan"], r["debt"]) for r in rows[-2:]]


def test_exit_code_1_if_nothing_fits() -> None:
    """Twelve instalments need more than there is; twenty-four fit."""
    short = run("compare", "-", "--plan", "split 12", "--surplus", "500", stdin=SMALL)
    kept = run("compare", "-", "--plan", "split 12", "--plan", "split 24", stdin=SMALL)

    assert 1 == short.returncode
    assert 0 == kept.returncode


def test_set_changes_the_case() -> None:
    """A rate of nothing makes twelve equal parts of the principal."""
    args = ("compare", "-", "--plan", "split 12", "--format", "json", "--set", "debts.a.rate=0%")

    metrics = json.loads(run(*args, stdin=SMALL).stdout)["plans"][2]["metrics"]

    assert "500.00" == metrics["peak_payment"]
    assert "6000.00" == metrics["total_paid"]


@pytest.mark.parametrize("plan", ["splat 3", "split", "split 0", "defer 3 +", "b: split 3"])
def test_unreadable_plan_is_wrong_use(plan: str) -> None:
    """The message names the plan; nothing stands on stdout."""
    done = run("compare", "-", "--plan", plan, stdin=SMALL)

    assert 2 == done.returncode
    assert "" == done.stdout
    assert 1 == len(done.stderr.splitlines())


def test_broken_debt_is_reported_and_the_rest_compared() -> None:
    """Issues go to stderr, the other debts are compared, the exit code is 1."""
    other = {"id": "b", "principal": "very much", "rate": "5%"}
    broken = json.dumps(CASE | {"debts": [*CASE["debts"], other]})

    done = run("compare", "-", "--plan", "split 24", stdin=broken)

    assert 1 == done.returncode
    assert "error: stdin:1:debts[1].principal" in done.stderr
    assert "not assessed" in done.stdout


def test_why_adds_the_debts() -> None:
    """Each plan's figures are split by debt."""
    text = run("compare", "-", "--plan", "split 24", "--why", stdin=SMALL).stdout

    assert "Debt by debt, A: split 24" in text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_demo_compares_and_fits_80_columns(language: str) -> None:
    """The shipped family stands beside its suggested plans."""
    done = run("demo", "--lang", language)

    assert 0 == done.returncode
    assert 5 <= done.stdout.count("2026-") + done.stdout.count("2027-")
    assert [] == [line for line in done.stdout.splitlines() if cell_len(line) > 80]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_suggestion_has_its_sentences(language: Language) -> None:
    """Why and what to guard against, in both languages."""
    words = load_catalogue(language)
    wanted = {f"why.{s.why}" for s in SUGGESTIONS} | {f"guard.{s.guard}" for s in SUGGESTIONS}

    assert set() == wanted - {"guard."} - set(words)


def test_option_that_cannot_be_read_is_wrong_use() -> None:
    """A surplus that is no amount stops the run; the file has no fault."""
    done = run("compare", FAMILY, "--surplus", "abc")

    assert 2 == done.returncode
    assert "" == done.stdout
    assert '--surplus: "abc" is not an amount' in done.stderr
