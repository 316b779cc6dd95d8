"""Accounts with dates of their own are evaluated together, each as it is by itself."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pytest

import replan
from batch.portfolios import AS_OF, as_case, table
from replan.batch.accounts import read_accounts
from replan.batch.candidates import rolled_together, space_of_accounts
from replan.batch.kinds import kinds_of
from replan.batch.offers import job_of, menu_of_plan
from replan.batch.template import by_itself, names_no_day
from replan.decide.plans import Bench
from replan.model.policy import Policy
from replan.model.values import parse_date
from replan.strategies.notation import parse_plan

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


@pytest.mark.parametrize("fee", ["0.6%", "0.6％", "12"])
def test_a_fee_is_that_of_the_account_itself(fee: str) -> None:
    """A share of what was lent is one of what is owed where nothing says what was lent."""
    owed = ("12000", "8000", "8000", "500")
    rows = [
        {"account": f"a{n}", "principal": amount, "surplus": "900", "rate": "0%",
         "method": "equal-principal", "remaining_instalments": "12", "instalment_fee": fee}
        for n, amount in enumerate(owed)
    ]  # fmt: skip
    together = replan.offers(table(rows), policy(), **HEAD)
    alone = [replan.offers(table([row]), policy(), **HEAD) for row in rows]

    assert [line for one in alone for line in one.to_pylist()] == together.to_pylist()


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


def offering(*steps: tuple[str, dict[str, Any]]) -> Policy:
    """Give the example with other steps on offer; `none` leaves a step out."""
    example = policy()
    (offer,) = example.offers
    made = tuple(
        offer.steps[0].model_copy(update={"strategy": name, "params": params})
        for name, params in steps
    )
    order = tuple(dict.fromkeys(name for name, _ in steps))
    changed = offer.model_copy(update={"steps": made})
    return example.model_copy(update={"offers": (changed,), "order": order})


def total_alone(row: dict[str, Any], plan: str) -> int:
    """Give what a plan of a single case pays in all, in minor units."""
    case = replan.load_case(as_case(row, currency="CNY"))
    return Bench(case).run(parse_plan(f"*: {plan}")).household.debts[0][1].total_paid


WAIVE: tuple[str, dict[str, Any]] = ("waive", {"penalty": ["none", "50%"]})
DEFER: tuple[str, dict[str, Any]] = ("defer", {"instalments": ["none", 1, 3]})
SPLIT: tuple[str, dict[str, Any]] = ("split", {"instalments": [6, 24]})


@pytest.mark.parametrize(
    "steps",
    [
        (DEFER, ("split", {"instalments": [6, 24], "every": ["week", "month", "15-days"]})),
        (WAIVE, ("settle", {"share": ["90%"], "in": [1, 3]})),
        (DEFER, ("extend", {"instalments": ["none", 6, 24]}), WAIVE),
        (
            DEFER,
            ("split", {"instalments": [6, 24], "method": ["interest-free", "equal-principal"]}),
        ),
        (("rate", {"cut": ["none", "50%"], "for": [6]}), SPLIT),
        (SPLIT, ("freeze", {"periods": ["none", 3]}), WAIVE),
        (("re-age", {"instalments": [6, 12], "interest": ["spread", "full"]}), WAIVE),
        (WAIVE, ("date", {"day": ["none", 5, 31]})),
        (("capitalise", {}), ("forbear", {"share": ["none", "30%"]}), ("reamortise", {})),
        (("token", {"amount": ["50"], "for": [2]}), ("split", {"to": ["500"]})),
        (("split", {"instalments": [3, 6], "of": ["arrears"]}), ("rate", {"cut": ["none", "50%"]})),
    ],
    ids=lambda steps: "+".join(name for name, _ in steps),
)
def test_steps_that_set_dates_are_the_same_for_each(steps: tuple[Any, ...]) -> None:
    """Steps that change rhythm, rates over time or the end follow each account's own dates."""
    rows = varied(7, 9)
    for n, row in enumerate(rows):  # few kinds, so that several accounts share one
        row |= {"frequency": RHYTHMS[n % 3 // 2], "rate": "18.25%", "days_past_due": "12"}
        row |= {"penalty": "40", "arrears.principal": "90" if n % 2 else None}
    whole, options = table(rows), HEAD | {"objectives": ("smallest-ask", "soonest")}
    together = replan.offers(whole, offering(*steps), **options)
    alone = [replan.offers(whole.slice(n, 1), offering(*steps), **options) for n in range(9)]

    assert pa.Table.from_batches(alone).combine_chunks().to_batches()[0].equals(together)


@pytest.mark.parametrize(
    "steps",
    [
        (WAIVE, ("rate", {"rate": ["none", "5%"]}), SPLIT),
        (("rate", {"cut": ["none", "50%"]}), DEFER),
        (WAIVE, ("rate", {"cut": ["none", "50%"]})),
        (WAIVE, ("split", {"instalments": [6, 24], "method": ["level", "interest-free"]})),
        (WAIVE, ("settle", {"share": ["90%", "70%"], "in": [1, 2, 3]})),
        (DEFER, ("split", {"instalments": [6, 24], "every": ["none", "week", "month"]})),
    ],
    ids=lambda steps: "+".join(name for name, _ in steps),
)
@pytest.mark.parametrize("rate", ["0.05%/day", "14%"])
def test_screened_offers_are_those_of_each_alone(steps: tuple[Any, ...], rate: str) -> None:
    """Rates by the day and by the year, plans without a split: each account has its own plans."""
    rows = [row | {"frequency": "month", "rate": rate} for row in varied(3, 10)]
    for n, row in enumerate(rows):
        row |= {"surplus": "900000", "penalty": "60", "last_accrual": f"2026-{8 + n % 4}-20"}
    whole, options = table(rows), HEAD | {"objectives": ("smallest-ask", "cheapest")}
    together = replan.offers(whole, offering(*steps), **options)
    alone = [replan.offers(whole.slice(n, 1), offering(*steps), **options) for n in range(10)]
    told = [row for row in together.to_pylist() if row["status"] == "offer"]
    paid = {row["account"]: row for row in rows}

    assert pa.Table.from_batches(alone).combine_chunks().to_batches()[0].equals(together)
    assert [100 * row["total_paid"] for row in told] == [
        total_alone(paid[row["account"]], row["plan"]) for row in told
    ]


@pytest.mark.parametrize("plan", ["extend 6", "settle 90% in=2", "split 8 every=week"])
def test_such_steps_make_no_kinds(plan: str) -> None:
    """Accounts that differ in dates and in instalments left are evaluated together."""
    rows = [row | {"frequency": "month", "rate": "9%"} for row in varied(5, 40)]
    found = read_accounts(table(rows), parse_date(AS_OF), {"currency": "CNY"})
    menu = menu_of_plan(plan)
    kinds = kinds_of(found, by_count=not by_itself(menu), by_dates=not names_no_day(menu))

    assert len(kinds) <= 2 * 2


def test_kinds_rolled_as_one_batch_are_as_by_themselves() -> None:
    """Rhythms, methods and debts beyond what floats carry stand in one batch; none is changed."""
    rows = [row | {"account": f"b{n}"} for n, row in enumerate(varied(9, 24))]
    rows += [row | {"account": f"c{n}", "principal": "9e12"} for n, row in enumerate(rows[:3])]
    found = read_accounts(table(rows), parse_date(AS_OF), {"currency": "CNY"})
    job = job_of(policy(), **HEAD)
    some = [(kind, kind.rows) for kind in kinds_of(found, by_count=False, by_dates=False)]
    together = {id(kind): rolled.space for kind, rolled in rolled_together(found, some, job)}

    assert len(some) > 10
    for kind, mine in some:
        ((_, alone),) = rolled_together(found, [(kind, mine)], job)
        assert alone.space.total.tolist() == together[id(kind)].total.tolist()
        assert alone.space.npv.tolist() == together[id(kind)].npv.tolist()


def test_steps_that_name_a_day_part_accounts_by_their_dates() -> None:
    """What is due on 10 December moves for some accounts, and is refused for others."""
    assert not names_no_day(menu_of_plan("move 2026-12-10 to=2026-12-24"))
    assert not names_no_day(menu_of_plan("settle 90% by=2027-03-01"))
    assert not by_itself(menu_of_plan("extend 6 at=3"))


def test_what_no_account_can_take_is_refused_once() -> None:
    """Accounts without instalments cannot be extended: this is not found out one by one."""
    rows = [row | {"remaining_instalments": None, "rate": "9%"} for row in varied(6, 40)]
    for row in rows:
        row |= {"frequency": "month", "days_past_due": "0"}
    found = read_accounts(table(rows), parse_date(AS_OF), {"currency": "CNY"})
    (kind,) = kinds_of(found, by_count=False, by_dates=False)
    space = space_of_accounts(found, kind, kind.rows, job_of(policy(), **HEAD, plan="extend 6"))

    assert [40] == [refused.count for refused in space.refused]


def test_dates_and_products_make_no_kinds() -> None:
    """What remains is what a schedule looks at: rhythm, lateness, the rate's period."""
    rows = varied(4, 300)
    found = read_accounts(table(rows), parse_date(AS_OF), {"currency": "CNY"})
    kinds = kinds_of(found, by_count=False, by_dates=False)

    assert 300 == sum(kind.rows.size for kind in kinds)
    assert len(kinds) <= len(RHYTHMS) * 3 * 2 * 2
