"""What a change of policy would change for a portfolio."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from batch.test_portfolio import HEAD, rows, write
from replan.cli.app import load_command
from replan.errors import UsageError

LIMIT = """
[limits.instalments]
unit = "instalments"
reference = "house rule 7"
[[limits.instalments.values]]
since = 2020-01-01
max = 12
[conditions]
past_due_from = 10
"""
ON = [arg for arg in HEAD if arg not in ("--workers", "1")]


def compared(folder: Path, *args: str, more: str = LIMIT) -> tuple[int, dict[str, Any]]:
    """Compare the policy of these tests with one that says more; give exit code and JSON."""
    old, new, to = folder / "few.toml", folder / "new.toml", folder / "diff.json"
    new.write_text(old.read_text("utf-8") + more, "utf-8")
    given = ["diff", str(old), str(new), *args, "-o", str(to)]
    code = load_command("policies").main(given, "replan", standalone_mode=False)
    return code or 0, json.loads(to.read_text("utf-8"))


def table(folder: Path) -> list[str]:
    """Write six accounts: two not late enough for the new policy, two with little surplus."""
    late = ["20", "0", "20", "20", "5", "20"]
    surplus = ["400", "400", "60", "60", "400", "20"]
    entries = [row | {"surplus": s, "days_past_due": d, "arrears": "1" if d != "0" else "0"}
               for row, s, d in zip(rows(6), surplus, late, strict=True)]  # fmt: skip
    return ["--on", write(folder, entries)[1], *ON]


def test_two_policies_are_compared_limit_by_limit(tmp_path: Path) -> None:
    """What is new, with its value and source; the exit code tells that there is something."""
    write(tmp_path, rows(1))
    code, data = compared(tmp_path)
    limit, condition = data["changes"]

    assert 1 == code
    assert ("instalments", None, 12) == (limit["name"], limit["from"], limit["to"]["max"])
    assert ("past_due_from", 0, 10) == (condition["name"], condition["from"], condition["to"])
    assert data["on"] is None


def test_the_same_policy_differs_in_nothing(tmp_path: Path) -> None:
    """Exit code 0, also for a table."""
    code, data = compared(tmp_path, *table(tmp_path), more="")

    assert (0, []) == (code, data["changes"])
    assert {"better": 0, "worse": 0, "mixed": 0, "same": 5} == data["on"]["borrower"]


def test_accounts_that_would_lose_their_offer_are_counted_by_reason(tmp_path: Path) -> None:
    """Two are not late enough, two need more than twelve instalments."""
    code, data = compared(tmp_path, *table(tmp_path))
    found = data["on"]

    assert (1, True) == (code, found["differs"])
    assert {"gained": 0, "lost": 4, "both": 1, "neither": 1} == found["accounts"]
    assert {"over-surplus": 2, "past-due-from": 2} == found["reasons"]["lost"]
    assert found["rows"] == sum(found["accounts"].values())


def test_what_one_policy_takes_the_other_gives(tmp_path: Path) -> None:
    """Compared the other way round, the same accounts gain; totals change places."""
    args = table(tmp_path)
    there = compared(tmp_path, *args)[1]["on"]
    to = tmp_path / "back.json"
    given = ["diff", str(tmp_path / "new.toml"), str(tmp_path / "few.toml"), *args, "-o", str(to)]
    load_command("policies").main(given, "replan", standalone_mode=False)
    back = json.loads(to.read_text("utf-8"))["on"]

    assert there["accounts"]["lost"] == back["accounts"]["gained"]
    assert there["reasons"]["lost"] == back["reasons"]["gained"]
    assert there["totals"]["from"] == back["totals"]["to"]


def test_better_and_worse_are_told_for_both_sides(tmp_path: Path) -> None:
    """Only waived penalties: dearer for the lender, cheaper for whoever owes one."""
    entries = [row | {"surplus": "400", "penalty": p}
               for row, p in zip(rows(3), ("50", "50", "0"), strict=True)]  # fmt: skip
    args = ["--on", write(tmp_path, entries)[1], *ON]
    policy = (tmp_path / "few.toml").read_text("utf-8").replace("[6, 12, 24]", "[12]")
    (tmp_path / "few.toml").write_text(policy, "utf-8")
    (tmp_path / "new.toml").write_text(policy.replace('"none", "100%"', '"100%"'), "utf-8")
    to = tmp_path / "d.json"
    given = ["diff", str(tmp_path / "few.toml"), str(tmp_path / "new.toml"), *args, "-o", str(to)]
    load_command("policies").main(given, "replan", standalone_mode=False)
    data = json.loads(to.read_text("utf-8"))

    assert [("step", ["none"], [])] == [
        (c["what"], ["none" if s is None else s for s in c["from"]], c["to"])
        for c in data["changes"]
    ]
    assert (2, 1) == (data["on"]["borrower"]["better"], data["on"]["borrower"]["same"])
    assert (2, 1) == (data["on"]["lender"]["worse"], data["on"]["lender"]["same"])


@pytest.mark.parametrize(("lang", "said"), [("en", "accounts would lose their offer"),
                                            ("zh", "个账户将失去方案")])  # fmt: skip
def test_it_is_told_in_both_languages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str, said: str
) -> None:
    """Counts, reasons in words, and totals before and after."""
    args = table(tmp_path)
    new = tmp_path / "new.toml"
    new.write_text((tmp_path / "few.toml").read_text("utf-8") + LIMIT, "utf-8")
    given = ["diff", str(tmp_path / "few.toml"), str(new), *args, "--lang", lang]
    load_command("policies").main(given, "replan", standalone_mode=False)

    assert f"4 {said}" in capsys.readouterr().out.replace("\n", " ")


@pytest.mark.parametrize("args", [["diff", "general"], ["general", "us-dmp"], ["--on", "x.csv"]])
def test_two_policies_are_named_after_diff(args: list[str]) -> None:
    """Anything else is a mistake, and says how it is written."""
    with pytest.raises(UsageError, match="replan policies diff OLD NEW"):
        load_command("policies").main(args, "replan", standalone_mode=False)


@pytest.mark.parametrize(
    "option", [["--group", "x"], ["--objective", "soonest"], ["--workers", "2"]]
)
def test_options_about_a_table_need_one(option: list[str]) -> None:
    """Nothing that is asked for is passed over in silence."""
    for names in (["general"], ["diff", "general", "us-dmp"]):
        with pytest.raises(UsageError, match="goes with replan policies diff OLD NEW --on FILE"):
            load_command("policies").main([*names, *option], "replan", standalone_mode=False)


def grouped(folder: Path) -> list[str]:
    """Write three borrowers of two accounts each, with little, some and much to pay."""
    late = {"days_past_due": "20", "arrears": "1"}
    entries = [row | late | {"surplus": s, "borrower": b}
               for row, s, b in zip(rows(3), ("60", "130", "400"), "abc", strict=True)]  # fmt: skip
    pairs = [one | {"account": f"{one['account']}{k}"} for one in entries for k in "xy"]
    return ["--on", write(folder, pairs)[1], *ON, "--group", "borrower"]


def test_borrowers_are_counted_whose_accounts_share_a_budget(tmp_path: Path) -> None:
    """Chosen for together by both policies: who could pay both before, cannot within a year."""
    code, data = compared(tmp_path, *grouped(tmp_path))
    found = data["on"]

    assert (1, "borrower") == (code, found["group"])
    assert {"gained": 0, "lost": 1, "both": 1, "neither": 1} == found["borrowers"]
    assert {key: 2 * n for key, n in found["borrowers"].items()} == found["accounts"]


def test_borrowers_whose_rows_are_apart_are_refused(tmp_path: Path) -> None:
    """Their budget would be spent twice; an account that stands twice is refused, too."""
    args = grouped(tmp_path)
    table_ = tmp_path / "in.csv"
    lines = table_.read_text().splitlines()
    table_.write_text("\n".join([lines[0], *lines[2:], lines[1]]) + "\n")
    with pytest.raises(UsageError, match="are apart from each other"):
        compared(tmp_path, *args)
    table_.write_text("\n".join([*lines, lines[1]]) + "\n")
    with pytest.raises(UsageError, match="the first in row 7"):
        compared(tmp_path, *args)


def test_each_objective_is_compared_by_itself(tmp_path: Path) -> None:
    """What is the least to ask may change where the lowest payment stays; first is as alone."""
    args = table(tmp_path)
    aims = ("smallest-ask", "lowest-payment", "soonest")
    several = compared(tmp_path, *args, *(part for aim in aims for part in ("--objective", aim)))
    alone = [compared(tmp_path, *args, "--objective", aim)[1]["on"] for aim in aims]
    each = several[1]["on"]["objectives"]

    assert list(aims) == [one["objective"] for one in each]
    assert [one["totals"] for one in alone] == [one["totals"] for one in each]
    assert alone[0]["borrower"] == several[1]["on"]["borrower"]


def test_more_processes_count_the_same(tmp_path: Path) -> None:
    """Some thousand accounts, so that there is more than one piece."""
    entries = [row | {"surplus": str(30 + n % 90)} for n, row in enumerate(rows(5000))]
    args = ["--on", write(tmp_path, entries)[1], *ON]
    one, two = (compared(tmp_path, *args, "--workers", n, more=LIMIT)[1] for n in "12")

    assert 5000 == one["on"]["rows"]
    assert one == two
