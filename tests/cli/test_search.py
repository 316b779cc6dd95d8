"""`replan search` and `replan policies`, as a user runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.run import run

CASE = {
    "as_of": "2026-11-21",
    "currency": "CNY",
    "jurisdiction": "CN",
    "surplus": "700.00",
    "debts": [
        {"id": "card", "product": "credit-card", "lender_type": "bank", "principal": "36000",
         "rate": "18%", "next_due": "2026-12-10", "remaining_instalments": 24, "method": "level"}
    ],
}  # fmt: skip


@pytest.fixture
def case(tmp_path: Path) -> str:
    """Return the path of a case of one card, at most 700.00 a month."""
    path = tmp_path / "case.json"
    path.write_text(json.dumps(CASE), encoding="utf-8")
    return str(path)


def test_a_choice_with_labels_and_sources(case: str) -> None:
    """The policy that is meant for the debt, the plans, where the others went, the sources."""
    done = run("search", case, "--debt", "card")

    assert 0 == done.returncode
    assert "article 70" in done.stdout
    assert "A: rate cut=100% + split 60 (lowest payment" in " ".join(done.stdout.split())
    assert "ask in some month for more than is left" in done.stdout
    assert all(len(line) <= 80 for line in done.stdout.splitlines())


@pytest.mark.parametrize("command", [("search", "--debt", "card"), ("stress",), ("solve",)])
def test_an_old_debt_is_the_first_thing_said(case: str, command: tuple[str, ...]) -> None:
    """What a letter could revive stands above all figures, whichever command finds the plan."""
    old = json.loads(Path(case).read_text(encoding="utf-8"))
    old["debts"][0] |= {"days_past_due": 1200, "accelerated": True}

    done = run(command[0], "-", *command[1:], stdin=json.dumps(old))
    assert done.stdout.startswith("Before anything is sent or paid: card: Limitation: three years")


def test_the_same_in_chinese(case: str) -> None:
    """Nothing of the page itself is left in English."""
    done = run("search", case, "--debt", "card", "--lang", "zh")

    assert "月供最低" in done.stdout
    assert "政策来源" in done.stdout


def test_nothing_fits_is_exit_code_1(case: str) -> None:
    """The nearest plan, and by how much it misses: 600.00 of 500.00."""
    done = run("search", case, "--debt", "card", "--surplus", "500")

    assert 1 == done.returncode
    assert "by 100.00 at most" in " ".join(done.stdout.split())


@pytest.mark.parametrize("policy", ["general", "card=general", "bank=general"])
def test_a_policy_by_debt_or_lender(case: str, policy: str) -> None:
    """It may stand for all, for a debt, or for a kind of lender."""
    done = run("search", case, "--debt", "card", "--policy", policy, "--format", "json")

    assert "general" == json.loads(done.stdout)["policy"]["id"]


def test_all_is_the_whole_front(case: str) -> None:
    """As many records as the front has plans."""
    shown = run("search", case, "--debt", "card", "--all", "--format", "json")
    table = run("search", case, "--debt", "card", "--all", "--format", "csv")

    data = json.loads(shown.stdout)
    assert data["front"] == len(data["all"]) == len(table.stdout.splitlines()) - 1


@pytest.mark.parametrize(
    ("expected", "args"),
    [
        ("no such pack in policies", ["--policy", "nowhere"]),
        ('no debt or lender type "loan"', ["--policy", "loan=general"]),
        ('no debt "x"', ["--debt", "x"]),
        ("--top is a number of plans", ["--top", "0"]),
    ],
)
def test_wrong_use_is_named(case: str, expected: str, args: list[str]) -> None:
    """On stderr, with exit code 2."""
    done = run("search", case, "--debt", "card", *args)

    assert (2, "") == (done.returncode, done.stdout)
    assert expected in done.stderr


def test_policies_are_listed_and_shown() -> None:
    """Each with its status; one with its offers, limits and sources."""
    listed, shown = run("policies"), run("policies", "cn-bank-card", "--lang", "zh")

    assert "cn-small-loan-strict" in listed.stdout
    assert "illustrative" in listed.stdout
    assert "期数 不超过 60" in shown.stdout
    assert "民法典" in shown.stdout


def test_policies_as_data() -> None:
    """CSV has a record per limit, JSON every alternative of every step."""
    table = run("policies", "us-dmp", "--format", "csv")
    data = json.loads(run("policies", "us-dmp", "--format", "json").stdout)

    assert "us-dmp,minimum_instalment_share,share,0.0175" in table.stdout
    assert 49 == len(data["policies"][0]["offers"][0]["steps"][3])


def test_compare_and_show_hold_plans_against_a_policy(case: str) -> None:
    """Value, limit, source and date, in both commands."""
    for command in ("compare", "show"):
        done = run(command, case, "--plan", "split 72", "--policy", "auto")

        assert "Policy cn-bank-card: instalments 72, at most 60" in " ".join(done.stdout.split())


def test_a_policy_for_no_debt_is_wrong_use(case: str) -> None:
    """A mortgage policy for a card; with the debt's name it would be taken."""
    done = run("compare", case, "--plan", "split 72", "--policy", "us-dmp")

    assert 2 == done.returncode
    assert "Write ID=us-dmp" in done.stderr


def test_sources_and_documents_are_told_in_the_readers_language() -> None:
    """Who reads Chinese gets no English beside it; who does not gets both names."""
    told = {lang: run("policies", "cn-bank-card", "--lang", lang).stdout for lang in ("en", "zh")}

    assert "第七十条：特殊情况、有还款意愿；最长五年" in told["zh"].replace("\n", "").replace(
        " ", ""
    )
    assert "bank statements" not in told["zh"]
    assert "银行流水 (bank statements)" in " ".join(told["en"].split())
