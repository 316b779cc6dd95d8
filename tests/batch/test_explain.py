"""One offer is proved from the record of its run, and told why it is this one."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from batch.test_portfolio import Ended, rows, run, write
from batch.test_portfolio import told as offers_in
from replan.cli.app import load_command
from replan.errors import UsageError

LIMITS = """
[limits.instalments]
unit = "instalments"
reference = "house rule 7"
[[limits.instalments.values]]
since = 2020-01-01
max = 20
"""


def made(folder: Path, surplus: str = "120", *, limits: str = "", name: str = "o.csv") -> Path:
    """Publish offers of six accounts; give the file."""
    args = write(folder, [row | {"surplus": surplus} for row in rows(6)])
    policy = folder / "few.toml"
    policy.write_text(policy.read_text("utf-8") + limits, "utf-8")
    run(*args, "-o", str(folder / name))
    return folder / name


def explained(offers: Path, *args: str) -> tuple[Ended, dict[str, Any]]:
    """Explain an offer as JSON."""
    to = offers.with_name("why.json")
    options = [*args, "--offers", str(offers), "-o", str(to)]
    code = load_command("explain").main(options, "replan", standalone_mode=False)
    return Ended(code or 0, ""), json.loads(to.read_text("utf-8"))


@pytest.mark.parametrize("name", ["o.csv", "o.parquet", "o.arrow"])
def test_an_offer_comes_out_the_same(tmp_path: Path, name: str) -> None:
    """Id and figures, from whatever file they were published in."""
    published = made(tmp_path, name=name)
    offer_id = explained(published, "--account", "a1")[1]["offer"]["offer_id"]
    ended, data = explained(published, offer_id)

    assert 0 == ended.exit_code
    assert (True, [], [], "a1") == (
        data["same"], data["differences"], data["changed"], data["account"]
    )  # fmt: skip


def test_the_budget_decides_and_the_nearest_plan_would_pass_with_what_is_said(
    tmp_path: Path,
) -> None:
    """Six instalments would ask the lender for less; with the amount named they are offered."""
    data = explained(made(tmp_path), "--account", "a1")[1]
    why = data["why"]
    fails = why["nearest"]["fails"][0]
    enough = str(Decimal(120) + Decimal(fails["needed"]))
    again = offers_in(made(tmp_path, enough, name="more.csv"))

    assert "split 12" == data["offer"]["plan"]
    assert [{"what": "surplus", "count": 1}] == why["decides"]
    assert ("split 6", "2026-12", 6) == (why["nearest"]["plan"], fails["month"], fails["months"])
    assert "split 6" == next(o["plan"] for o in again if o["account"] == "a1")


def test_without_an_offer_the_smallest_change_is_named(tmp_path: Path) -> None:
    """All plans ask for too much; the longest misses by least, and passes with what is said."""
    data = explained(made(tmp_path, "50"), "--account", "a3")[1]
    nearest = data["why"]["nearest"]
    enough = str(Decimal(50) + Decimal(nearest["fails"][0]["needed"]))
    again = offers_in(made(tmp_path, enough, name="more.csv"))

    assert ("no-offer", "over-surplus") == (data["offer"]["status"], data["offer"]["reason"])
    assert 0 == data["why"]["candidates"]["fitting"]
    assert nearest["plan"] == next(o["plan"] for o in again if o["account"] == "a3")


def test_a_limit_decides_where_the_budget_would_do(tmp_path: Path) -> None:
    """The limit is named with its value, its source and what the plan has."""
    published = made(tmp_path, "60", limits=LIMITS)
    why = explained(published, "--account", "a1")[1]["why"]
    outside = [one for one in why["nearest"]["fails"] if one["limit"] == "instalments"]

    assert [("instalments", 2)] == [
        (one["limit"], one["count"]) for one in why["candidates"]["outside"]
    ]
    assert [(24, 20, "house rule 7")] == [(o["value"], o["max"], o["source"]) for o in outside]


def test_an_offer_that_was_touched_is_not_the_same(tmp_path: Path) -> None:
    """The field is named with both values; the exit code is 1."""
    published = made(tmp_path)
    first = offers_in(published)[0]
    content = published.read_text("utf-8").replace(first["total_paid"], "9999.99", 1)
    published.write_text(content, "utf-8")
    ended, data = explained(published, first["offer_id"])

    assert 1 == ended.exit_code
    assert [{"field": "total_paid", "rank": "1", "was": "9999.99", "now": first["total_paid"]}] == (
        data["differences"]
    )


def test_a_clerk_is_told_that_it_is_not_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In so many words, before anything else."""
    published = made(tmp_path)
    first = offers_in(published)[0]
    content = published.read_text("utf-8").replace(first["total_paid"], "9999.99", 1)
    published.write_text(content, "utf-8")
    given = ["--account", first["account"], "--offers", str(published)]
    load_command("explain").main(given, "replan", standalone_mode=False)

    assert "it is NOT the same" in " ".join(capsys.readouterr().out.split())


def test_what_is_another_since_is_named(tmp_path: Path) -> None:
    """A policy with another limit, a table with another balance."""
    published = made(tmp_path)
    policy, table = tmp_path / "few.toml", tmp_path / "in.csv"
    policy.write_text(policy.read_text("utf-8").replace('"Few"', '"Fewer"'), "utf-8")
    table.write_text(table.read_text("utf-8").replace("1037.50", "1040.50"), "utf-8")
    ended, data = explained(published, "--account", "a1")

    assert 1 == ended.exit_code
    assert {"file", "policy"} == {fault["what"] for fault in data["changed"]}
    assert "offer_id" in {difference["field"] for difference in data["differences"]}


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ({"flags": "deceased"}, "deceased"),
        ({"principal": "1,2,3"}, "amount-unreadable"),
        ({"principal": "0", "penalty": "0"}, "nothing-owed"),
    ],
)
def test_an_account_without_candidates_has_its_reason(
    tmp_path: Path, cell: dict[str, str], reason: str
) -> None:
    """Flags, rejects and conditions need no plans to be explained."""
    entries = [row | {"flags": ""} for row in rows(3)]
    entries[1] |= cell
    run(*write(tmp_path, entries), "-o", str(tmp_path / "o.csv"))
    ended, data = explained(tmp_path / "o.csv", "--account", "a1")

    assert 0 == ended.exit_code
    assert (reason, None) == (data["offer"]["reason"], data["why"])


def test_a_name_with_an_escape_in_it_is_found_as_it_was_printed(tmp_path: Path) -> None:
    """The reject's row has the name without what would reach a terminal."""
    entries = [rows(1)[0], rows(2)[1] | {"account": "b\x1b[2J"}]
    run(*write(tmp_path, entries), "-o", str(tmp_path / "o.csv"))
    ended, data = explained(tmp_path / "o.csv", "--account", "b[2J")

    assert (0, "id-invalid") == (ended.exit_code, data["offer"]["reason"])


def test_accounts_of_one_borrower_are_explained_together(tmp_path: Path) -> None:
    """What the others are to pay comes off the budget before a plan is called too dear."""
    entries = [row | {"surplus": "260", "borrower": f"b{n // 2}"} for n, row in enumerate(rows(6))]
    args = [*write(tmp_path, entries), "--group", "borrower", "--offers", "1"]
    run(*args, "-o", str(tmp_path / "o.csv"))
    ended, data = explained(tmp_path / "o.csv", "--account", "a2")
    used = next(one for one in data["why"]["use"] if one["limit"] == "surplus")

    assert 0 == ended.exit_code
    assert ["a3"] == data["why"]["together"]
    assert Decimal(used["asked"]) <= Decimal(used["available"]) < 260


def household(folder: Path, changes: list[dict[str, str]], *more: str) -> Path:
    """Publish the offers of one borrower whose accounts differ from the usual ones by *changes*."""
    base = {"borrower": "b", "surplus": "", "flags": "", "next_due": "2026-12-10",
            "instalment": "40", "remaining_instalments": "30"}  # fmt: skip
    entries = [row | base | new for row, new in zip(rows(len(changes)), changes, strict=True)]
    out = folder / "o.csv"
    run(*write(folder, entries), "--group", "borrower", "-o", str(out), *more)
    return out


def test_the_surplus_on_another_row_of_the_borrower_is_the_budget(tmp_path: Path) -> None:
    """It is stated once for all; what the others are to pay comes off it, plan by plan."""
    published = household(tmp_path, [{"surplus": "300"}, {}, {"flags": "dispute"}])
    data = explained(published, "--account", "a1")[1]
    mates = {mate["account"]: mate["plan"] for mate in data["why"]["mates"]}
    used = next(one for one in data["why"]["use"] if one["limit"] == "surplus")

    assert {"a0", "a2"} == set(mates)
    assert "contract" == mates["a2"]
    assert Decimal(used["asked"]) <= Decimal(used["available"]) < 300


def test_a_second_offer_stands_beside_the_first_of_the_others(tmp_path: Path) -> None:
    """They keep their first plans, which is what the budget leaves room besides."""
    published = household(tmp_path, [{"surplus": "400"}, {}], "--offers", "2")
    first = explained(published, "--account", "a0")[1]
    second = explained(published, first["offer_id"].replace("-1", "-2"))[1]

    assert (1, 2) == (first["offer"]["rank"], second["offer"]["rank"])
    assert first["why"]["mates"] == second["why"]["mates"]


def test_where_no_combination_fits_the_amount_named_would_be_enough(tmp_path: Path) -> None:
    """One plan per account together, not what one of them lacks by itself; a cent less is short."""
    published = household(tmp_path, [{"surplus": "60"}, {}, {}])
    near = explained(published, "--account", "a1")[1]["why"]["nearest"]
    enough = 60 + Decimal(near["extra"])
    for surplus, status in ((enough, "offer"), (enough - Decimal("0.01"), "no-offer")):
        again = household(tmp_path, [{"surplus": str(surplus)}, {}, {}])
        assert {status} == {row["status"] for row in offers_in(again)}

    assert ["a0", "a1", "a2"] == [one["account"] for one in near["plans"]]


@pytest.mark.parametrize("objective", ["cheapest", "soonest", "fairest", "smallest-ask"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_households_are_told_by_every_objective(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], objective: str, lang: str
) -> None:
    """In words of its own, not those of an account by itself."""
    published = household(tmp_path, [{"surplus": "300"}, {}], "--objective", objective)
    given = ["--account", "a1", "--offers", str(published), "--lang", lang]
    load_command("explain").main(given, "replan", standalone_mode=False)
    text = capsys.readouterr().out.replace("\n", " ")

    assert ("combinations" if lang == "en" else "组") in text
    assert "a0" in text


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "for this jurisdiction: CN. The account has: US"),
        ("zh", "适用的法域：CN。该账户为：US"),
    ],
)
def test_what_a_policy_is_not_meant_for_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str, said: str
) -> None:
    """In the table as field and message, too."""
    args = write(tmp_path, [row | {"jurisdiction": "US"} for row in rows(2)])
    policy = tmp_path / "few.toml"
    policy.write_text('jurisdiction = "CN"\n' + policy.read_text("utf-8"), "utf-8")
    run(*args, "-o", str(tmp_path / "o.csv"))
    row = offers_in(tmp_path / "o.csv")[0]
    given = ["--account", "a1", "--offers", str(tmp_path / "o.csv"), "--lang", lang]
    load_command("explain").main(given, "replan", standalone_mode=False)

    assert ("not-meant", "jurisdiction") == (row["reason"], row["field"])
    assert 'The policy is for jurisdiction CN; the account has "US".' == row["message"]
    assert said in capsys.readouterr().out.replace("\n", " ")


def test_a_plan_that_was_given_to_all_is_not_called_a_choice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is judged against the budget and the policy's limits."""
    args = write(tmp_path, [row | {"surplus": "50"} for row in rows(2)])
    policy = tmp_path / "few.toml"
    policy.write_text(policy.read_text("utf-8") + LIMITS, "utf-8")
    run(*args, "--plan", "split 24", "-o", str(tmp_path / "o.csv"))
    given = ["--account", "a1", "--offers", str(tmp_path / "o.csv")]
    load_command("explain").main(given, "replan", standalone_mode=False)
    text = " ".join(capsys.readouterr().out.split())

    assert "given to all accounts" in text
    assert "outside these limits of the policy: instalments" in text
    assert "Of all plans" not in text


@pytest.mark.parametrize(("lang", "said"), [("en", "What decides is what can be paid"),
                                            ("zh", "起决定作用的是每月可还款额")])  # fmt: skip
def test_a_clerk_reads_it_in_both_languages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str, said: str
) -> None:
    """The proof first, then why, then what would be enough."""
    offers = str(made(tmp_path))
    args = ["--account", "a1", "--offers", offers, "--lang", lang]
    load_command("explain").main(args, "replan", standalone_mode=False)
    text = capsys.readouterr().out.replace("\n", " ")

    assert said in text
    assert text.index("split 12") < text.index(said) < text.index("split 6")


@pytest.mark.parametrize(
    ("args", "said"),
    [(["nobody-1"], "has no offer_id"), ([], "Name an offer"), (["--account", "z"], "no account")],
)
def test_what_is_not_there_is_said(tmp_path: Path, args: list[str], said: str) -> None:
    """A mistyped id is no proof of anything."""
    with pytest.raises(UsageError, match=said):
        explained(made(tmp_path), *args)
