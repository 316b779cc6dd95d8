"""Accounts with dates of their own are evaluated together, each as it is by itself."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pytest

import replan
from batch.portfolios import AS_OF, table
from replan.batch.accounts import read_accounts
from replan.batch.kinds import kinds_of
from replan.model.policy import Policy
from replan.model.values import parse_date

EXAMPLE = Path(__file__).parents[2] / "examples" / "cards-policy.toml"
HEAD: dict[str, Any] = {"as_of": AS_OF, "currency": "CNY"}
RHYTHMS = ("month", "week", "fortnight", "quarter")


def varied(seed: int, count: int) -> list[dict[str, Any]]:
    """Draw accounts that differ in due day, rhythm, instalments left, days past due and product."""
    random = Random(seed)  # noqa: S311  # made-up data
    return [
        {
            "account": f"a{n}",
            "principal": str(random.randint(500, 50_000)),
            "interest": str(random.choice([0, random.randint(1, 900)])),
            "rate": random.choice(["18.25%", "0.05%/day", "7.2%"]),
            "surplus": str(random.randint(50, 3_000)),
            "next_due": f"2026-12-{random.randint(1, 31):02}",
            "last_accrual": random.choice([None, "2026-11-05"]),
            "frequency": random.choice(RHYTHMS),
            "remaining_instalments": str(random.randint(1, 60)),
            "days_past_due": str(random.choice([0, 12, 95])),
            "product": random.choice(["credit-card", "car", "personal-loan"]),
        }
        for n in range(count)
    ]


def policy() -> Policy:
    """Give the example for portfolios."""
    return replan.load_policy(EXAMPLE)


@pytest.mark.parametrize("head", [{}, {"jurisdiction": "CN"}, {"jurisdiction": "UK"}])
def test_offers_do_not_depend_on_dates_beside_them(head: dict[str, str]) -> None:
    """The offers of many accounts are those of each in a table of its own."""
    whole = table(varied(2, 14))
    options: dict[str, Any] = HEAD | {"objectives": ("smallest-ask", "soonest"), "defaults": head}
    together = replan.offers(whole, policy(), **options)
    alone = [replan.offers(whole.slice(n, 1), policy(), **options) for n in range(14)]

    assert pa.Table.from_batches(alone).combine_chunks().to_batches()[0].equals(together)


@pytest.mark.parametrize("plan", ["split 24", "defer 2 + split 12", "split 8 every=2-weeks"])
def test_a_plan_given_for_all_is_the_same_for_each(plan: str) -> None:
    """That holds for steps that keep the dates as for those that set others."""
    whole = table(varied(3, 9))
    together = replan.offers(whole, policy(), **HEAD, plan=plan)
    alone = [replan.offers(whole.slice(n, 1), policy(), **HEAD, plan=plan) for n in range(9)]

    assert pa.Table.from_batches(alone).combine_chunks().to_batches()[0].equals(together)


def test_dates_and_products_make_no_kinds() -> None:
    """What remains is what a schedule looks at: rhythm, lateness, the rate's period."""
    rows = varied(4, 300)
    found = read_accounts(table(rows), parse_date(AS_OF), {"currency": "CNY"})
    kinds = kinds_of(found, by_count=False, by_dates=False)

    assert 300 == sum(kind.rows.size for kind in kinds)
    assert len(kinds) <= len(RHYTHMS) * 3 * 2 * 2
