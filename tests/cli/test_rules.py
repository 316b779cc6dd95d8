"""`replan rules`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cli.run import run
from replan.io.rules import rule_packs


def test_list_names_every_pack() -> None:
    """A row for each, with the day on which it was last checked."""
    done = run("rules")

    assert 0 == done.returncode
    assert [] == [name for name in rule_packs() if f"\n{name} " not in done.stdout]


def test_pack_in_full_has_values_dates_and_sources() -> None:
    """Each rule says what, since when, to whom, and where it stands."""
    text = " ".join(run("rules", "uk").stdout.split())

    assert "0.8%/day since 2015-01-02; the day of the contract counts." in text
    assert "Applies to products: hcstc, payday-loan" in text
    assert "Source: Prescription and Limitation (Scotland) Act 1973" in text


def test_as_of_shows_what_is_in_force() -> None:
    """The cap on card interest ended with 2020; the small-loan cap began later."""
    caps = {"cn.cap.card-overdraft", "cn.cap.small-loan"}
    before, today = (
        caps & {rule["id"] for rule in _pack("cn", "--as-of", day)["rules"]}
        for day in ("2020-12-31", "2026-11-22")
    )

    assert {"cn.cap.card-overdraft"} == before
    assert {"cn.cap.small-loan"} == today


@pytest.mark.parametrize(
    ("expected", "args"),
    [
        (
            "at most 7 calls in any 7 days about a debt; no call within 7 days after a",
            ("us",),
        ),
        (
            "仅限债务人当地时间 08:00 至 22:00；每日对同一债务人接通的来电不超过 3 次",
            ("cn", "--lang", "zh"),
        ),
    ],
)
def test_limits_on_contacts_stand_with_their_rule(expected: str, args: tuple[str, ...]) -> None:
    """What `replan track contact` goes by can be read: hours, number of calls, pauses."""
    text = run("rules", *args).stdout
    joined = text.replace("\n  ", "").replace(" ", "") if "zh" in args else " ".join(text.split())

    assert (expected.replace(" ", "") if "zh" in args else expected) in joined


def test_limits_on_contacts_as_json() -> None:
    """Every entry of the pack, under the rule that states it."""
    found = {rule["id"]: rule["conduct"] for rule in _pack("cn")["rules"] if rule["conduct"]}

    assert {"cn.collection.standard", "cn.collection.guideline"} == set(found)
    assert [(6, "unanswered", "number")] == [
        (one["most"], one["counts"], one["per"]) for one in found["cn.collection.guideline"]
    ]


def test_rules_not_checked_for_a_year_are_named() -> None:
    """A pack grows old: on a later day it says which rules nobody has compared with a source."""
    assert "in.limitation" in _pack("in", "--as-of", "2028-01-01")["stale"]
    assert [] == _pack("in")["stale"]


def _pack(name: str, *options: str) -> dict[str, Any]:
    done = run("rules", name, *options, "--format", "json")
    pack: dict[str, Any] = json.loads(done.stdout)["packs"][0]
    return pack


def test_chinese() -> None:
    """Title, meaning and source are in Chinese, as far as the source is."""
    text = run("rules", "cn", "--lang", "zh").stdout

    assert "诉讼时效：三年" in text
    assert "须知：3 年 自 2017-10-01" in text


def test_csv_has_a_line_for_each_value() -> None:
    """Dated values stand one below the other."""
    lines = run("rules", "cn", "--format", "csv").stdout.splitlines()

    assert 9 == sum(line.startswith("cn,cn.cap.private-lending,") for line in lines)


@pytest.mark.parametrize(
    ("expected", "options"),
    [
        ("there is no such pack in rules. Did you mean cn?", ["cnn"]),
        ("--as-of:", ["cn", "--as-of", "soon"]),
    ],
)
def test_wrong_use(expected: str, options: list[str]) -> None:
    """A name or a day that cannot be is wrong use, without a traceback."""
    done = run("rules", *options)

    assert 2 == done.returncode
    assert expected in done.stderr


def test_own_pack_that_is_faulty(tmp_path: Path) -> None:
    """A file of one's own is checked in full: file, key, remedy."""
    path = tmp_path / "mine.toml"
    path.write_text('id = "x"\n', encoding="utf-8")

    done = run("rules", str(path))

    assert 2 == done.returncode
    assert "mine.toml: rules: rules is missing. Add rules." in done.stderr
