"""Limits of policies: each is a figure of the candidates, compared exactly."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from decide.menus import choice, space
from replan.decide.candidates.limits import FIGURES, combined, limits_of
from replan.decide.candidates.space import Space
from replan.io.policies import load_policy
from replan.model.policy import LIMITS, Limit, Policy, Value
from strategies.samples import free

DAY = date(2026, 1, 10)


def outside(found: Space, name: str, **bound: object) -> list[str]:
    """Name the plans that a limit rules out."""
    value = Value.model_validate({"since": DAY, **bound})
    limit = Limit(unit=LIMITS[name], reference="here", values=(value,))
    policy = load_policy("general").model_copy(update={"limits": {name: limit}})
    (one,) = limits_of(policy, found, DAY)
    return [found.notation(i) for i in range(len(found)) if one.outside[i]]


def test_every_limit_has_its_figure() -> None:
    """A policy can name nothing that is not checked."""
    assert set(LIMITS) == set(FIGURES)


@pytest.mark.parametrize(
    ("expected", "name", "bound"),
    [
        (["defer 2 + split 12"], "deferral_months", {"max": 1}),
        (["split 24"], "instalments", {"max": 12}),
        (["defer 2 + split 12", "split 24"], "total_term_months", {"max": 13}),
        (["split 24"], "minimum_instalment", {"min": "50.01"}),
        (["split 24"], "minimum_instalment_share", {"min": "4.17%"}),
        (["defer 2 + split 12"], "first_payment_days", {"max": 31}),
        (["split 6"], "payment_cut", {"min": "0%"}),
        (["split 24", "split 12", "split 6", "defer 2 + split 12"], "rate_floor", {"min": "1%"}),
        (["split 24", "split 12", "split 6", "defer 2 + split 12"],
         "first_payment_share", {"min": "10%"}),
        ([], "npv_loss", {"max": "0%"}),
    ],
)  # fmt: skip
def test_limit_rules_out_what_is_beyond(
    expected: list[str], name: str, bound: dict[str, object]
) -> None:
    """1,200.00 without interest: 24 of 50.00, twelve of 100.00, six of 200.00."""
    splits = (choice("split 24", "split 12", "split 6"),)
    found = space(splits, (choice("defer 2"), choice("split 12")), of=free())

    assert sorted(expected) == sorted(outside(found, name, **bound))


@pytest.mark.parametrize("name", ["principal", "interest", "penalty", "fees"])
def test_waivers_are_limited_by_component(name: str) -> None:
    """Half of a component is more than 49.99 % and not more than 50 %."""
    owed = {"principal": "1200", "interest": "100", "penalty": "50", "fees": "10"}
    found = space((choice(f"waive {name}=50%"),), of=free(**owed))

    assert [f"waive {name}=50%"] == outside(found, f"waived_{name}", max="49.99%")
    assert [] == outside(found, f"waived_{name}", max="50%")


def test_recovery_is_what_is_not_waived() -> None:
    """A settlement at 60 % recovers 60 %."""
    found = space((choice("settle 60%", "settle 70%"),), of=free())

    assert ["settle 60%"] == outside(found, "recovered_share", min="65%")


def test_a_limit_not_yet_in_force_is_none() -> None:
    """Before its first day nothing is compared."""
    found = space((choice("split 24"),))

    assert [] == [one.name for one in limits_of(load_policy("general"), found, date(2001, 1, 1))]


def test_what_is_not_combined_is_outside() -> None:
    """A waiver beside a split, where the policy has one or the other."""
    policy: Policy = load_policy("general").model_copy(update={"excludes": (("waive", "split"),)})
    found = space((choice("", "waive principal=10%"), choice("", "split 6")))

    (one,) = combined(policy, found)
    assert Fraction(0) == one.bound
    assert ["waive principal=10% + split 6"] == [
        found.notation(i) for i in range(len(found)) if one.outside[i]
    ]


def test_every_limit_is_documented() -> None:
    """With its unit."""
    page = (Path(__file__).parents[2] / "docs" / "policies.md").read_text("utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| `")]

    for name, unit in LIMITS.items():
        assert any(f"`{name}`" in row and f"| {unit} |" in row for row in rows), name
