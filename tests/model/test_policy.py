"""Policies load whole or not at all; their limits hold from a day on."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from replan.errors import PackError
from replan.io.policies import load_policy
from replan.model.policy import Limit, Policy, StepSpec, Value

HEAD = """id = "mine"
version = "1"
status = "illustrative"
title = { en = "Mine", zh = "我的" }
note = { en = "None.", zh = "无。" }
effective = { since = 2020-01-01 }
"""
OFFER = '[[offers]]\ntitle = { en = "One", zh = "一" }\n[[offers.steps]]\n'
SPLIT = OFFER + 'strategy = "split"\nparams = { instalments = 12 }\n'


def written(folder: Path, text: str) -> Policy:
    """Load a policy with the usual head from a file."""
    path = folder / "mine.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    return load_policy(path)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ('"instalmnts" is not a limit that is known here. Did you mean instalments?',
         SPLIT + '[limits.instalmnts]\nunit = "instalments"\nreference = "x"\n'
         "values = [{ since = 2020-01-01, max = 3 }]"),
        ("instalments is given in months. Give it in instalments.",
         SPLIT + '[limits.instalments]\nunit = "months"\nreference = "x"\n'
         "values = [{ since = 2020-01-01, max = 3 }]"),
        ("A value has either max or min.",
         SPLIT + '[limits.instalments]\nunit = "instalments"\nreference = "x"\n'
         "values = [{ since = 2020-01-01 }]"),
        ("2020-01-01 is not after the value before it.",
         SPLIT + '[limits.instalments]\nunit = "instalments"\nreference = "x"\n'
         "values = [{ since = 2021-01-01, max = 3 }, { since = 2020-01-01, max = 4 }]"),
        ('"surprise" is not a key here.', "surprise = 1\n" + SPLIT),
        ("offers is missing.", ""),
        ("3 days are fewer than past_due_from.",
         SPLIT + "[conditions]\npast_due_from = 30\npast_due_until = 3"),
        ('A share of 50 is more than all. Write "50%" for as many hundredths.',
         SPLIT + '[limits.npv_loss]\nunit = "share"\nreference = "x"\n'
         "values = [{ since = 2020-01-01, max = 50 }]"),
        ("A range has from, to and step.",
         OFFER + 'strategy = "split"\nparams = { instalments = { from = 1, upto = 3 } }'),
        ("The range is empty or too long.",
         OFFER + 'strategy = "split"\nparams = { instalments = { from = 9, to = 3 } }'),
    ],
)  # fmt: skip
def test_a_fault_is_named_and_nothing_loads(tmp_path: Path, expected: str, text: str) -> None:
    """Where, what, and what to do."""
    with pytest.raises(PackError) as error:
        written(tmp_path, text)

    assert expected in str(error.value)


def test_a_policy_does_not_end_before_it_begins(tmp_path: Path) -> None:
    """It would be in force on no day."""
    path = tmp_path / "mine.toml"
    head = HEAD.replace("2020-01-01", "2020-01-01, until = 2019-12-31")
    path.write_text(head + SPLIT, encoding="utf-8")

    with pytest.raises(PackError, match="until 2019-12-31 is before since 2020-01-01"):
        load_policy(path)


def test_one_fault_is_told_once(tmp_path: Path) -> None:
    """The list that holds a faulty entry is not called empty as well."""
    limit = '[limits.instalments]\nunit = "instalments"\nreference = "x"\n'
    faulty = SPLIT + limit + "values = [{ since = 2020-01-01, max = true }]"
    with pytest.raises(PackError) as error:
        written(tmp_path, faulty)

    assert 1 == len(str(error.value).splitlines())


def test_a_documented_policy_names_its_sources(tmp_path: Path) -> None:
    """Otherwise it is illustrative."""
    path = tmp_path / "mine.toml"
    path.write_text(HEAD.replace("illustrative", "documented") + SPLIT, encoding="utf-8")

    with pytest.raises(PackError, match="names its sources"):
        load_policy(path)


def test_the_newest_value_holds() -> None:
    """Before the first there is no limit; a new one holds from its day on."""
    values = tuple(Value(since=date(year, 1, 1), max=most) for year, most in ((2020, 3), (2025, 6)))
    limit = Limit(unit="months", reference="x", values=values)

    found = [limit.at(date(year, 12, 31)) for year in (2019, 2024, 2025)]
    assert [None, Fraction(3), Fraction(6)] == [value and value.max for value in found]


@pytest.mark.parametrize(
    ("expected", "given"),
    [
        (("1", "4", "7"), {"from": 1, "to": 7, "step": 3}),
        (("0%", "12.5%", "25%"), {"from": "0%", "to": "25%", "step": "12.5%"}),
        ((6, 12), ("none", 6, 12)),
        ((6,), 6),
    ],
)
def test_grids_are_lists_and_ranges(expected: tuple[object, ...], given: object) -> None:
    """Both ends of a range are included; `none` only says that the step may be left out."""
    spec = StepSpec(strategy="split", params={"instalments": given})

    assert {"instalments": expected} == spec.grids()
    assert spec.may_be_left_out == ("none" in given if isinstance(given, tuple) else False)
