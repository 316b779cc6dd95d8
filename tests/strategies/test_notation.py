"""Plan notation: what is printed parses to the same plan; what cannot be read says why."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replan.errors import UsageError
from replan.strategies import strategies
from replan.strategies.notation import Plan, parse_plan, plan_schema
from replan.strategies.register import find_strategy, own_strategies
from strategies.plans import CHAINS, STEPS


def read(text: str | Mapping[str, Any]) -> Plan | str:
    """Return the plan, or the message with which it is refused."""
    try:
        return parse_plan(text)
    except UsageError as error:
        return str(error)


@settings(max_examples=200)
@given(CHAINS | st.one_of(*STEPS.values()))
def test_what_is_printed_parses_to_the_same_plan(text: str) -> None:
    """The notation is a plan's name and identifier."""
    plan = read(text)

    if isinstance(plan, Plan):
        assert plan == parse_plan(str(plan))
        assert str(plan) == str(parse_plan(str(plan)))


@settings(max_examples=100)
@given(CHAINS | st.one_of(*STEPS.values()))
def test_the_json_form_reads_back(text: str) -> None:
    """Through real JSON, as a file would hold it."""
    plan = read(text)

    if isinstance(plan, Plan):
        assert plan == parse_plan(json.loads(json.dumps(plan.to_dict())))


def test_every_strategy_can_be_drawn() -> None:
    """The generator of random plans forgets none."""
    assert set(strategies()) == set(STEPS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("waive penalty=100%+defer 3  interest=first + split 36", None),
        ("card-a: split 24; 信用卡, b.2: defer 3; *: contract", None),
        ("defer 3 interest=spread of=all", "defer 3"),
        ("waive  penalty=030.0%", "waive penalty=30%"),
        ("rate 5.250%", "rate 5.25%"),
        ("down 1,200.50", "down 1200.5"),
        ("split 12 every=2-weeks", "split 12 every=fortnight"),
        ("pay-early 500 shorten at=3", "pay-early 500 at=3"),
        ("household pro-rata", "household(pro-rata)"),
        ("waterfall [rate 2%>extend 24] to=31%", "waterfall to=31% [rate 2% > extend 24]"),
    ],
)
def test_a_plan_has_one_spelling(text: str, expected: str | None) -> None:
    """Blanks, defaults and spare zeros go; the order of steps stays."""
    wanted = expected or text.replace("+", " + ").replace("  ", " ").replace("  ", " ")

    assert wanted == str(parse_plan(text))


@pytest.mark.parametrize(
    ("wide", "plain"),
    [
        ("a：defer ３；b：split 24", "a: defer 3; b: split 24"),
        ("waive penalty＝100％＋split 36", "waive penalty=100% + split 36"),
        ("household（pro-rata）", "household(pro-rata)"),
        ("waterfall to=50 【rate 2%＞extend 3】", "waterfall to=50 [rate 2% > extend 3]"),
        ("a，b：split 3", "a, b: split 3"),
    ],
)
def test_full_width_punctuation_reads_as_plain(wide: str, plain: str) -> None:
    """A Chinese keyboard writes ； and ％."""
    assert plain == str(parse_plan(wide))


def test_steps_are_found_by_debt_then_for_the_others() -> None:
    """A plan without ids touches the usual debts; the others keep the contract."""
    named, bare = parse_plan("a: split 3; *: defer 2"), parse_plan("split 3")

    assert "split 3" == str((named.steps_for("a", usual=False) or ())[0])
    assert "defer 2" == str((named.steps_for("b", usual=False) or ())[0])
    assert bare.steps_for("a", usual=True) is not None
    assert bare.steps_for("a", usual=False) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", 'The plan is empty. Write one such as "defer 3 + split 24".'),
        ("splt 3", '"splt" is not a strategy. Did you mean "split"? See: replan strategies'),
        ("split 3 +", '"split 3 +": a step is missing beside + or >.'),
        ("split 3 foo=1", '"split 3 foo=1": "foo" is not a parameter. Write split N|to=AMOUNT'),
        ("split 3 4", '"split": "4" is too much. Write split N|to=AMOUNT'),
        ("extend 3 at=1 at=2", '"extend": at is given twice.'),
        ("token 50", '"token 50": for is missing. Write token AMOUNT for=N'),
        ("defer 0", '"defer 0": instalments: write greater than or equal to 1. Write defer N'),
        ("defer x", '"defer x": instalments: "x" is not a whole number. Write defer N'),
        ("waive penalty=30", '"30" is not a share: write a percentage such as 30%. Write waive'),
        ("waive penalty=101%", "101% is not between 0% and 100%. Write waive"),
        ("waive", '"waive": write at least one share, such as penalty=100%. Write waive'),
        ("rate 5", 'rate: "5" as a rate would be more than 100 %. Write 5% or 0.05.'),
        ("rate 5% cut=3%", "write either a rate such as 5% or cut=P%. Write rate"),
        ("settle 0%", "share: a settlement pays something; to forgive all of it write waive."),
        ("split to=0", "to=0 never repays anything; write an amount above zero."),
        ("down -5", 'amount: "-5" is below zero. Write 0 or more. Write down'),
        ("capitalise x", 'components: "x" is not interest, penalty or fees. Write capitalise'),
        ("split 3 every=3", 'every: "3" is no frequency. Write day, week'),
        ("move 2026-13-01 to=2026-02-01", 'due: "2026-13-01" has no month 13. Write 1 to 12.'),
        ("seasonal 0,0", "weights: write at most 60 weights, at least one above 0"),
        ("step-up -100% every=3", "rise: -100% is not between -99% and 1000%. Write step-up"),
        ("defer 2 interest=scheduled token=5", "leave of= and token= out"),
        ("defer 2 of=interest interest=pay", "of=interest leaves the interest unpaid"),
        ("defer 2 of=principal interest=end", "of=principal pays the interest; leave interest="),
        ("defer 2 of=principal token=5", "token=AMOUNT stands for all of an instalment"),
        ("freeze 3 to=2027-01-01", "write a number of periods or to=DATE, not both."),
        ("a: split 3; a: defer 3", 'The plan names "a" twice. Join its steps with +.'),
        ("split 3; b: split 4", '"split 3" stands beside other parts. Write "*: split 3".'),
        ("contract + split 3", '"contract" stands alone; it takes no other steps.'),
        ("household(avalanche) + split 3", "must be the last step of a plan for all debts."),
        ("waterfall to=5 [defer 3", "a bracket is not closed."),
        ("split 3]", "the brackets do not match."),
        ("waterfall to=5 [rte 2%]", 'steps: "rte" is not a strategy. Did you mean "rate"?'),
        ("waterfall to=5 [contract]", "contract cannot be a step of a waterfall."),
        ("x" * 4001, "A plan has at most 4000 characters; this one has 4001."),
        ("split \x1b]0;x\x07", "\N{REPLACEMENT CHARACTER}]0"),
    ],
)
def test_what_cannot_be_read_says_where_what_and_what_to_do(text: str, message: str) -> None:
    """The step, what is wrong in it, and how it is written; no control character is repeated."""
    with pytest.raises(UsageError) as found:
        parse_plan(text)

    assert message in str(found.value)
    assert str(found.value).isprintable()


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"parts": []},
        {"parts": ["split 3"]},
        {"parts": [{"steps": []}]},
        {"parts": [{"steps": ["contract"]}]},
        {"parts": [{"steps": [{"step": "nothing"}]}]},
        {"parts": [{"steps": [{"step": "split", "instalments": True}]}]},
        {"parts": [{"steps": [{"step": "split", "instalments": -1}]}]},
        {"parts": [{"steps": [{"step": "defer", "instalments": 3, "at": True}]}]},
        {"parts": [{"steps": [{"step": "waive", "penalty": "9%", "when": -9}]}]},
        {"parts": [{"steps": [{"step": "waterfall", "to": "5", "steps": [1]}]}]},
        {"parts": [{"steps": [{"step": "capitalise", "components": 7}]}]},
        {"parts": [{"steps": [{"step": "seasonal", "weights": [None]}]}]},
        {"parts": [{"steps": [{"step": "contract"}], "debts": "abc"}]},
        {"parts": [{"steps": [{"step": "contract"}], "debts": ["a b"]}]},
        {"replan": 2, "parts": [{"steps": [{"step": "contract"}]}]},
    ],
)
def test_json_that_is_no_plan_is_refused(data: dict[str, Any]) -> None:
    """A file is untrusted; nothing but UsageError leaves the reader."""
    with pytest.raises(UsageError):
        parse_plan(data)


def test_every_parameter_is_described() -> None:
    """Help, documents and the JSON Schema say what each is."""
    missing = [
        f"{name}.{field}"
        for name, found in strategies().items()
        for field, info in found.params.model_fields.items()
        if not (info.description or "").endswith(".")
    ]

    assert [] == missing


def test_the_schema_names_every_strategy() -> None:
    """The JSON form of a plan has one alternative per strategy."""
    steps = plan_schema()["properties"]["parts"]["items"]["properties"]["steps"]["items"]["oneOf"]

    assert sorted(strategies()) == [step["properties"]["step"]["const"] for step in steps]


@pytest.mark.parametrize(
    ("name", "field", "expected"),
    [
        ("split", "instalments", "1 to 1200"),
        ("date", "day", "1 to 31"),
        ("waive", "penalty", "percentage 0%"),
        ("waive", "when", "condition now"),
    ],
)
def test_the_schema_speaks_as_the_notation_does(name: str, field: str, expected: str) -> None:
    """Bounds and defaults stand as they are written, not as they are held."""
    found = strategies()[name].params.model_json_schema()["properties"][field]
    found = next((o for o in found.get("anyOf", ()) if o.get("type") == "integer"), found)
    bounds = f"{found.get('minimum')} to {found.get('maximum')}"

    assert expected == (
        bounds if found["type"] == "integer" else f"{found['format']} {found['default']}"
    )


@pytest.mark.parametrize("name", own_strategies())
def test_a_strategy_stands_in_the_file_of_its_name(name: str) -> None:
    """That is where it is looked for, without loading the others."""
    found = own_strategies()[name]

    assert found is find_strategy(name)
    assert f"replan.strategies.{name.replace('-', '_')}" == found.apply.__module__
