"""docs/conventions.md names what exists: day counts, roundings, rates, steps and cases."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args

import pytest

import replan
from replan.engine.day_counts import DAY_COUNTS, year_fraction
from replan.engine.metrics import APR_CONVENTIONS
from replan.engine.rates import Convention
from replan.errors import DataError
from replan.model.case import Case
from replan.strategies.notation import parse_plan
from validation.families import families
from validation.page import records

TEXT = (Path(__file__).parents[2] / "docs" / "conventions.md").read_text("utf-8")
CODE = re.compile(r"`([^`]+)`")
TOTALS = ("schedule", "instalment_times_number", "unrounded")
COMPONENTS = {"fees", "penalty", "interest", "principal"}
OF_DATES = ("actual/365 Canadian", "business/252")


def tables(head: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the section and the cells of each row below a table's head that ends with *head*."""
    for section in TEXT.split("\n## ")[1:]:
        title, *lines = section.splitlines()
        inside = False
        for line in lines:
            inside = line.endswith(head) or (inside and line.startswith("|"))
            if inside and not line.endswith(head) and not line.startswith("|--"):
                yield title, [cell.strip() for cell in line.strip("|").split(" | ")]


ROWS = list(tables("| setting | cases |"))
SETTINGS = [code for _, cells in ROWS for code in CODE.findall(cells[-2])]
PIECES = sorted({code for code in SETTINGS if code.startswith('"')})
CALLS = {match[1] for code in SETTINGS if (match := re.fullmatch(r'convention="(.+)"', code))}
WORDS = {*TOTALS, "spread", "capitalise", "year_fraction"}
STEPS = sorted({c for c in SETTINGS if c[0] != '"' and "convention=" not in c and c not in WORDS})


def loaded(piece: str) -> Case:
    """Load a case whose debt, or which itself, has the setting."""
    setting: dict[str, Any] = json.loads(f"{{{piece}}}")
    debt = {"id": "loan", "principal": "100.00", "rate": "4%", "remaining_instalments": 3}
    whole: dict[str, Any] = {"replan": 1, "as_of": "2026-01-01", "currency": "EUR"}
    if "jurisdiction" in setting:
        whole |= setting
    else:
        debt |= setting
    return replan.load_case(whole | {"debts": [debt]})


def test_page_is_read() -> None:
    """Each topic has a table; what the tests below check is not empty."""
    assert 14 == len({title for title, _ in ROWS})
    assert 40 <= len(PIECES)
    assert 20 <= len(STEPS)


@pytest.mark.parametrize(
    "piece", [piece for piece in PIECES if not any(name in piece for name in OF_DATES)]
)
def test_setting_can_be_loaded(piece: str) -> None:
    """What the page says to write in a case or a debt is accepted."""
    assert replan.show(loaded(piece), "contract").debts


@pytest.mark.parametrize("name", OF_DATES)
def test_day_counts_for_dates_alone(name: str) -> None:
    """They need a regular period or a calendar beside each one, which a debt does not give."""
    with pytest.raises(DataError, match=name):
        replan.show(loaded(f'"day_count": "{name}"'), "contract")


@pytest.mark.parametrize("plan", [step for step in STEPS if step != "not supported"])
def test_step_can_be_read(plan: str) -> None:
    """What the page says to write in a plan is notation."""
    assert parse_plan(plan).parts


def test_no_day_count_is_left_out() -> None:
    """Every name that a case may give stands on the page, and no other."""
    named = {json.loads(f"{{{p}}}")["day_count"] for p in PIECES if p.startswith('"day_count"')}

    assert set(DAY_COUNTS) == named


def test_no_rounding_is_left_out() -> None:
    """Every mode, every way to settle and both bases stand on the page."""
    found = [json.loads(f"{{{p}}}")["rounding"] for p in PIECES if p.startswith('"rounding"')]
    values = {value for rounding in found for key, value in rounding.items() if key != "unit"}

    assert {"half-up", "half-even", "up", "down", "last", "balanced", "actual", "nominal"} == values


def test_no_option_of_a_step_is_left_out() -> None:
    """What becomes of deferred interest, the kinds of re-ageing and of early repayment."""
    text = " ".join(STEPS)
    deferred = {f"interest={x}" for x in ("spread", "first", "end", "capitalise")}
    aged = {f"interest={x}" for x in ("spread", "equal", "full")}

    assert deferred <= set(re.findall(r"defer[^`]*?(interest=[a-z]+)", " ".join(STEPS)))
    assert aged <= set(re.findall(r"re-age \S+ \S+ (interest=[a-z]+)", text))
    assert {"shorten", "lower"} == set(re.findall(r"pay-early \d+ ([a-z]+)", text))


def test_conventions_of_annual_rates() -> None:
    """Each convention stands on the page, and which of them a jurisdiction uses."""
    chosen = {
        place: CODE.findall(cells[1])[0]
        for _, cells in tables("| jurisdiction | convention |")
        for place in CODE.findall(cells[0])
    }

    assert set(get_args(Convention)) == CALLS
    assert APR_CONVENTIONS == chosen


def test_february() -> None:
    """The days from 28 February to 31 March are those of the convention."""
    found = {}
    for title, cells in ROWS:
        if title.startswith("Day counts: 30/360"):
            for piece in CODE.findall(cells[-2]):
                name = json.loads(f"{{{piece}}}")["day_count"]
                year = 365 if name.endswith("365") else 360
                days = year * year_fraction("2026-02-28", "2026-03-31", name)
                found[name] = (Fraction(cells[1]), days)

    assert 11 == len(found)
    assert {} == {name: pair for name, pair in found.items() if pair[0] != pair[1]}


def test_cases_exist() -> None:
    """Each case that the page names is one of the published ones."""
    known = {x for f in families().values() for r in records(f) for x in r["id"].split(", ")}
    named = {code for _, cells in ROWS for code in CODE.findall(cells[-1])}

    assert 60 <= len(named)
    assert set() == named - known


def test_totals_exist() -> None:
    """The three totals bear the names that `show` gives them."""
    shown = replan.show(loaded('"rate": "4%"'), "contract").to_dict()

    assert list(TOTALS) == list(shown["debts"][0]["metrics"]["total_interest"])
    assert set(TOTALS) <= set(SETTINGS)
