"""Rule packs: what ships is valid, dated and sourced, and its worked examples hold."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import replan
from replan.errors import PackError
from replan.io.packs import check_pack, shipped, shipped_raw
from replan.io.rules import load_rules
from replan.model.jurisdictions import pack_name
from replan.model.rules import Route, Rule, RulePack, fraction_of, stale_rules

PACKS = shipped("rules")
DATA = Path(replan.__file__).parent / "data/rules"
RULE = """
id = "x"
title = {en = "X", zh = "某"}
jurisdiction = "XX"
[[rules]]
id = "xx.cap"
title = {en = "Cap", zh = "上限"}
means = {en = "It is capped.", zh = "有上限。"}
kind = "hard"
check = "annual-rate-cap"
source = "Act 1"
confidence = "high"
checked_on = 2026-11-22
values = [{since = 2020-01-01, value = "24%"}]
"""
TWICE = RULE[RULE.index("[[rules]]") :] + "[[rules]]"


def examples() -> list[Any]:
    """Read the worked examples of every pack."""
    return [
        pytest.param(name, example, id=f"{name}-{n}")
        for name in PACKS
        for n, example in enumerate(
            tomllib.loads((DATA / f"{name}.examples.toml").read_text("utf-8"))["examples"]
        )
    ]


@pytest.mark.parametrize("name", PACKS)
def test_shipped_pack_is_valid(name: str) -> None:
    """What is built without validation at run time is what validation gives."""
    checked = check_pack(RulePack, shipped_raw("rules", name), name)

    assert checked == load_rules(name)
    assert name == checked.id


@pytest.mark.parametrize("name", PACKS)
def test_every_rule_says_where_it_stands(name: str) -> None:
    """Each rule and route has a source and a day of checking, and bears its pack's name."""
    pack = load_rules(name)
    entries: tuple[Rule | Route, ...] = (*pack.rules, *pack.routes)

    assert all(entry.id.startswith(f"{name}.") for entry in entries)
    assert all(entry.source and entry.checked_on for entry in entries)
    assert all(value.since <= rule.checked_on for rule in pack.rules for value in rule.values)


@pytest.mark.parametrize(("name", "example"), examples())
def test_worked_example(name: str, example: dict[str, Any]) -> None:
    """Case, plan, expected findings: a jurist can add one without reading code."""
    case = replan.load(
        {
            "as_of": example["as_of"].isoformat(),
            "currency": example.get("currency", "CNY"),
            "jurisdiction": example.get("jurisdiction", name.upper()),
            "debts": [{"id": "debt"} | {k: _plain(v) for k, v in example["debt"].items()}],
        }
    ).cases[0]
    plan, rules = example.get("plan", "contract"), replan.rules_for(case)
    found = replan.show(case, plan, rules=rules).to_dict()["debts"][0]["findings"]
    law = {f["code"]: str(f.get("value")) for f in found if f["exceeded"] and "." in f["code"]}
    asked = {f["code"]: "None" for f in found if f.get("question")}

    assert example["expected"] == law | asked


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


@pytest.mark.parametrize(
    ("expected", "old", "new"),
    [
        ("rules[0].source: source is missing", 'source = "Act 1"', ""),
        ("rules[0].checked_on: checked_on is missing", "checked_on = 2026-11-22", ""),
        ("rules[0].values[0].since: since is missing", "since = 2020-01-01, ", ""),
        ('"rate-cap" is not known here. Did you mean', "annual-rate-cap", "rate-cap"),
        ("rules: a list stands here. Write at least one", RULE[RULE.index("[[") :], "rules = []"),
        ('source: "" stands here. Write a text that is not empty', "Act 1", ""),
        ('rules[0].id: "A b" stands here. Write it in its usual form', "xx.cap", "A b"),
        ("this is not TOML", 'id = "x"', "id = " + "[" * 5000),
        ('"much" is no value for annual-rate-cap. Write a rate', '"24%"', '"much"'),
        ("null is no value for annual-rate-cap", ', value = "24%"', ""),
        ('"24%" is no value for limitation. Write a whole number', "annual-rate-cap", "limitation"),
        ('"24%" is no value for compounding', "annual-rate-cap", "compounding"),
        ('"24%" is no value for allocation-order', "annual-rate-cap", "allocation-order"),
        ("until 2019-12-31 is before since", '"24%"}', '"24%", until = 2019-12-31}'),
        ("xx.cap stands twice", "[[rules]]", TWICE),
        ("2019-01-01 is not after the value before it", '"24%"}', '"24%"}, {since = 2019-01-01}'),
        ('"if" is not a key here', "[[rules]]", '[[rules]]\nif = "x > 1"'),
    ],
)  # fmt: skip
def test_faulty_pack_does_not_load(tmp_path: Path, expected: str, old: str, new: str) -> None:
    """A pack without source or date, or with a check that nobody knows, is never followed."""
    path = tmp_path / "x.toml"
    path.write_text(RULE.replace(old, new), encoding="utf-8")

    with pytest.raises(PackError) as raised:
        load_rules(path)
    assert expected in str(raised.value)


def test_rules_that_nobody_checked_for_a_year_are_named() -> None:
    """A rule is stale on the 366th day after it was last compared with its source."""
    pack = load_rules("au")
    checked = max(rule.checked_on for rule in pack.rules)

    assert () == stale_rules(pack, checked + timedelta(days=365))
    assert pack.rules == stale_rules(pack, checked + timedelta(days=366))


@pytest.mark.parametrize(
    ("expected", "jurisdiction"),
    [
        ("cn", "CN"),
        ("uk", "gb-sct"),
        ("uk", "UK"),
        ("eu", "FR"),
        ("us", "US-NY"),
        ("uk", "SCOTLAND"),
        (None, None),
    ],
)
def test_jurisdiction_finds_its_pack(expected: str | None, jurisdiction: str | None) -> None:
    """A region's code begins with its country's; members of the union share a pack."""
    assert expected == pack_name(jurisdiction)


def test_limit_that_is_no_number() -> None:
    """An order or a flag has no place where a number is meant."""
    with pytest.raises(TypeError, match="not a number"):
        fraction_of(("fees", "principal"))
