"""Laws that hold for every strategy, whatever it does."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from replan.decide.evaluate import apply_steps
from replan.decide.opening import base_terms, plan_terms
from replan.decide.plans import Bench
from replan.engine.kernel import roll
from replan.engine.resolve import resolve
from replan.engine.terms import COMPONENTS, Parts, Terms
from replan.errors import UsageError
from replan.model.case import Case
from replan.strategies import strategies
from replan.strategies.notation import parse_plan
from strategies.plans import CHAINS
from strategies.samples import case, evaluated, figures, free, payments, refusal, rows

OWING = case(
    principal="1000",
    interest="40",
    penalty="17.77",
    fees="3.01",
    arrears={"principal": "100", "interest": "40"},
    days_past_due=33,
)
CASES: dict[str, Case] = {
    "level": case(),
    "interest-free": free(),
    "stated": case(instalment="110"),
    "equal-principal": case(method="equal-principal"),
    "interest-only": case(method="interest-only"),
    "revolving": case(
        method="revolving",
        remaining_instalments=None,
        minimum_payment={"share": "5%", "floor": "25"},
    ),
    "none": case(method=None, remaining_instalments=None, next_due=None),
    "accelerated": case(accelerated=True),
    "custom": case(
        method="custom",
        remaining_instalments=None,
        next_due=None,
        instalments=[
            {"due": "2026-02-01", "amount": "400"},
            {"due": "2026-05-01", "amount": "400"},
            {"due": "2026-05-20", "amount": "500"},
        ],
    ),
    "owing": OWING,
    "real days": case(day_count="actual/365", last_accrual="2025-12-20"),
    "stepped": case(rate_changes=[{"from": "2026-04-15", "rate": "6%"}]),
    "weekly": case(frequency="week", remaining_instalments=30, next_due="2026-01-15"),
    "fees": case(instalment_fee="0.6%", recurring_fees=[{"amount": "3", "every": "month"}]),
    "last one": case(remaining_instalments=1),
    "cents": case(principal="0.03", remaining_instalments=2),
}
EXAMPLES = {
    "balloon": "balloon 30%",
    "capitalise": "capitalise",
    "contract": "contract",
    "date": "date 15",
    "defer": "defer 3",
    "down": "down 100",
    "extend": "extend 6",
    "forbear": "forbear 20%",
    "freeze": "freeze 3",
    "household": "household(pro-rata of=100)",
    "move": "move 2026-03-10 to=2026-04-10",
    "pay-early": "pay-early 100",
    "rate": "rate 6%",
    "re-age": "re-age 18",
    "reamortise": "reamortise",
    "seasonal": "seasonal 1,1,0.5",
    "settle": "settle 60%",
    "split": "split 24",
    "step-up": "step-up 5% every=3",
    "token": "token 5 for=2",
    "unpaid": "unpaid",
    "waive": "waive principal=10%",
    "waterfall": "waterfall to=60 [rate 6% > extend 12]",
}
ONE = [name for name in EXAMPLES if name != "household"]


def test_every_strategy_has_an_example() -> None:
    """A new strategy is held to the laws as well."""
    assert set(strategies()) == set(EXAMPLES)


@pytest.mark.parametrize("name", ONE)
def test_rows_foot(name: str) -> None:
    """Opening + accrued − waived − payment = balance, and the parts add up to the payment."""
    found = rows(EXAMPLES[name], OWING)

    for row in found:
        closing = row.opening + sum(row.accrued.values()) - sum(row.waived.values())
        assert row.balance == closing - row.payment
        assert row.payment == row.principal + row.interest + row.penalty + row.fees
    assert [r.balance for r in found[:-1]] == [r.opening for r in found[1:]]


@pytest.mark.parametrize("name", [n for n in ONE if n != "unpaid"])
def test_all_that_is_owed_is_paid_or_waived(name: str) -> None:
    """What was owed + what accrued = what is paid + what is waived; nothing is left."""
    found = rows(EXAMPLES[name], OWING)
    accrued = sum(sum(row.accrued.values()) for row in found)
    waived = sum(sum(row.waived.values()) for row in found)

    assert 106078 + accrued == sum(row.payment for row in found) + waived
    assert 0 == found[-1].balance


@pytest.mark.parametrize("name", ONE)
def test_due_dates_ascend(name: str) -> None:
    """The first is after the as-of date."""
    assert all(a.due < b.due for a, b in pairwise(rows(EXAMPLES[name])))


@pytest.mark.parametrize("name", ONE)
def test_what_is_presumed_is_said(name: str) -> None:
    """Every ask is a sentence, with a code for the table of words."""
    for _, ask in evaluated(EXAMPLES[name], OWING).asks:
        assert ask.code
        assert ask.text.endswith(".")


@pytest.mark.parametrize(
    "plan",
    [
        "rate cut=0%",
        "rate 12%",
        "balloon 0%",
        "forbear 0%",
        "down 0",
        "pay-early 0",
        "step-up 0% every=3",
        "seasonal 1,1",
        "waive interest=100%",
        "capitalise",
        "reamortise",
        "split 12",
        "re-age 12",
        "date 10",
        "move 2026-03-10 to=2026-03-10",
        "rate cut=0% for=6",
    ],
)
def test_a_step_without_effect_changes_nothing(plan: str) -> None:
    """Twelve instalments of 106.62, the last of 106.60, however it is said."""
    assert payments("contract") == payments(plan)


@pytest.mark.parametrize("count", [1, 2, 7, 24, 120])
def test_the_number_asked_for_is_the_number_delivered(count: int) -> None:
    """No instalment is lost to rounding."""
    assert count == sum(1 for paid in payments(f"split {count}") if paid)
    assert count == sum(1 for paid in payments(f"re-age {count}") if paid)
    assert count + 2 == figures(f"defer 2 + split {count}").rows


@pytest.mark.parametrize("plan", ["split 7", "defer 3 + split 9", "split 12 + down 10%"])
def test_a_debt_of_twice_the_size_pays_twice_as_much(plan: str) -> None:
    """1,260 divides by 7, by 9 and, less a tenth, by 12: doubling doubles each payment."""
    single, double = payments(plan, free(principal="1260")), payments(plan, free(principal="2520"))

    assert [2 * paid for paid in single] == double


@pytest.mark.parametrize("name", [n for n in ONE if n not in ("contract", "unpaid", "waterfall")])
def test_many_debts_at_once_give_what_each_gives_alone(name: str) -> None:
    """A batch of three is three batches of one, to the cent."""
    cases = [case(principal=amount, interest=more) for amount, more in AMOUNTS]
    single = [plan_terms(c.debts[0], base_terms(c, c.debts[0])) for c in cases]
    single = [replace(t, phases=single[0].phases, to_come=single[0].to_come) for t in single]
    steps = parse_plan(EXAMPLES[name]).parts[0][1]

    alone = [roll(resolve(apply_steps(t, steps)[-1])) for t in single]
    batch = roll(resolve(apply_steps(stacked(single), steps)[-1]))

    for i, found in enumerate(alone):
        assert found.column("payment", 0).tolist() == batch.column("payment", i).tolist()


AMOUNTS = (("1200", "0"), ("777.77", "33"), ("95000", "0.01"))


def stacked(terms: list[Terms]) -> Terms:
    """Return the terms as one batch; they differ in what is owed."""
    columns = {c: np.concatenate([getattr(t.owed, c) for t in terms]) for c in COMPONENTS}
    return replace(terms[0], owed=Parts(**columns), opening=Parts(**columns))


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(CASES)), CHAINS)
def test_no_plan_ends_in_a_traceback(name: str, plan: str) -> None:
    """A plan comes to rows that foot, with nothing below zero, or is refused in words."""
    try:
        found = Bench(CASES[name]).run(parse_plan(plan)).household.debts[0][0]
    except UsageError:
        return
    for row in found.rows:
        closing = row.opening + sum(row.accrued.values()) - sum(row.waived.values())
        assert row.balance == closing - row.payment
        assert 0 <= min(row.payment, row.interest, row.penalty, row.fees, row.balance)


@pytest.mark.parametrize("name", sorted(CASES))
@pytest.mark.parametrize("plan", [f"{EXAMPLES[n]} + {EXAMPLES['split']}" for n in ONE[3:]])
def test_steps_before_a_split_apply_or_say_why_not(name: str, plan: str) -> None:
    """Nothing but a refusal, on any kind of debt."""
    assert refusal(plan, CASES[name]) or rows(plan, CASES[name])
