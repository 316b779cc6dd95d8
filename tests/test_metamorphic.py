"""What must not change, or change in step, when a case or a plan is said in another way."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import replan
from replan.errors import UsageError

Json = dict[str, Any]
BASE: Json = {
    "id": "a",
    "principal": "12000.00",
    "rate": "12%",
    "remaining_instalments": 12,
    "next_due": "2026-02-10",
    "day_count": "30/360",
}
OWING = {"interest": "41.00", "penalty": "17.77", "fees": "3.01"}
PLANS = (
    "contract",
    "unpaid",
    "defer 3",
    "defer 2 interest=capitalise",
    "defer 4 interest=end term=keep",
    "split 7",
    "split 24 method=equal-principal",
    "split 6 method=interest-free",
    "waive penalty=100% interest=50%",
    "capitalise",
    "rate cut=50% for=6",
    "freeze 3",
    "down 10%",
    "extend 6",
    "step-up 10% every=3",
    "seasonal 1,0.5",
    "balloon 30%",
    "forbear 25%",
    "settle 60% in=3",
    "token 5 for=2",
    "pay-early 50 lower",
    "re-age 18",
    "date 15",
)


def case(*debts: Json, **facts: Any) -> Any:
    """Load a case of these debts (by default one of 12,000 at 12 % in twelve instalments)."""
    whole = {"replan": 1, "as_of": "2026-01-10", "currency": "EUR"} | facts
    return replan.load_case(whole | {"debts": list(debts or (BASE,))})


def shown(plan: str, *debts: Json, **facts: Any) -> list[Json]:
    """Give the debts of a plan as `show` prints them."""
    return list(replan.show(case(*debts, **facts), plan).to_dict()["debts"])


def rows(plan: str, *, of: Json | None = None, **facts: Any) -> list[tuple[Any, ...]]:
    """Give due date, payment, principal, interest and balance of each row, in minor units."""
    found = replan.schedule(case(of or BASE, **facts), plan)
    return [(r.due, r.payment, r.principal, r.interest, r.balance) for r in found]


def amounts(plan: str, *, of: Json | None = None, **facts: Any) -> list[tuple[int, ...]]:
    """Give the amounts of each row without the dates."""
    return [row[1:] for row in rows(plan, of=of, **facts)]


@pytest.mark.parametrize(
    "plan",
    ["contract", "defer 3", "defer 3 interest=end", "defer 2 of=principal", "balloon 40%",
     "extend 12", "freeze 3", "waive principal=50%", "rate 6%", "forbear 50%", "down 50%",
     "settle 60% in=3", "split 24 method=equal-principal", "split 6 method=interest-free"],
)  # fmt: skip
def test_ten_times_the_debt_pays_ten_times_as_much(plan: str) -> None:
    """A thousand of principal a month and one per cent of thousands need no rounding."""
    small = BASE | {"method": "equal-principal"}
    single = amounts(plan, of=small)

    assert [tuple(10 * x for x in row) for row in single] == amounts(
        plan, of=small | {"principal": "120000.00"}
    )


@given(st.integers(10_000, 10**8), st.integers(0, 3600), st.integers(1, 120))
def test_ten_times_the_debt_differs_by_rounding_alone(owed: int, rate: int, n: int) -> None:
    """Ten instalments of a tenth differ from the one by less than a cent each."""
    debt = BASE | {"rate": f"{Decimal(rate) / 100}%", "remaining_instalments": n}
    small = amounts("contract", of=debt | {"principal": str(Decimal(owed) / 100)})
    large = amounts("contract", of=debt | {"principal": str(Decimal(owed) / 10)})

    # half a cent each, or nearly a whole one where it is rounded down to leave something at the end
    assert 10 > abs(10 * small[1][0] - large[1][0]) or 1 == n
    assert 5 >= abs(10 * small[1][2] - large[1][2])


@pytest.mark.parametrize("plan", PLANS)
def test_a_currency_changes_the_point_and_nothing_else(plan: str) -> None:
    """1,200,000 cents, yen or fils run the same course."""
    moved = plan.replace("token 5 ", "token 500 ").replace("early 50 ", "early 5000 ")
    fils = plan.replace("token 5 ", "token 0.5 ").replace("early 50 ", "early 5 ")
    cents = rows(plan)

    assert cents == rows(moved, of=BASE | {"principal": "1200000"}, currency="JPY")
    assert cents == rows(fils, of=BASE | {"principal": "1200.000"}, currency="KWD")


@pytest.mark.parametrize("plan", [p for p in PLANS if p != "date 15"])
@pytest.mark.parametrize("day_count", ["30/360", "actual/365", "actual/actual"])
def test_28_years_later_the_amounts_are_the_same(plan: str, day_count: str) -> None:
    """After 28 years the calendar comes back: weekdays and leap years."""
    debt = BASE | OWING | {"day_count": day_count, "last_accrual": "2025-12-27"}
    later = debt | {"next_due": "2054-02-10", "last_accrual": "2053-12-27"}

    assert amounts(plan, of=debt) == amounts(plan, of=later, as_of="2054-01-10")


@pytest.mark.parametrize("day_count", ["30/360", "actual/365", "actual/360"])
@pytest.mark.parametrize("day", ["2026-03-10", "2026-03-11", "2026-05-03"])
@pytest.mark.parametrize(
    "agreed",
    [{"instalment": "1066.19"}, {"method": "equal-principal"}, {"method": "interest-only"}],
)
def test_a_change_to_the_same_rate_changes_nothing(agreed: Json, day: str, day_count: str) -> None:
    """A rate period cut in two is one rate period: not a cent of interest moves."""
    debt = BASE | agreed | {"day_count": day_count}
    cut = debt | {"rate_changes": [{"from": day, "rate": "12%"}]}

    assert rows("contract", of=debt) == rows("contract", of=cut)
    assert rows("defer 2", of=debt) == rows("defer 2", of=cut)


@pytest.mark.parametrize("day", ["2026-02-11", "2026-03-11", "2026-05-03"])
def test_a_computed_instalment_levelled_anew_moves_by_a_cent(day: str) -> None:
    """Where a rate is said to change, the rest is levelled again from the rounded balance."""
    cut = BASE | {"rate_changes": [{"from": day, "rate": "12%"}]}
    one, two = amounts("contract"), amounts("contract", of=cut)

    assert all(1 >= abs(a[0] - b[0]) for a, b in zip(one[:-1], two[:-1], strict=True))
    assert 1 >= abs(sum(row[0] for row in one) - sum(row[0] for row in two))


SAME = [
    ("defer 3 of=principal", "defer 3 interest=pay"),
    ("defer 3", "defer 3 interest=spread term=extend"),
    ("defer 3", "token 0 for=3"),
    ("defer 2 + split 9", "defer 2 + split 20 + split 9"),
    ("extend 6", "split 18"),
    ("extend 6", "extend 4 + extend 2"),
    ("extend 6 + extend 2", "extend 2 + extend 6"),
    ("reamortise", "split 12"),
    ("re-age 12", "split 12"),
    ("rate cut=50%", "rate 6%"),
    ("rate cut=50%", "rate 9% + rate 6%"),
    ("rate 6% level=whole", "rate 6%"),
    ("freeze instalment=recompute", "split 12 method=interest-free"),
    ("freeze instalment=recompute", "rate 0%"),
    ("waive penalty=50% + waive penalty=100%", "waive penalty=100%"),
    ("waive penalty=100% + capitalise", "waive penalty=100% + capitalise interest fees"),
    ("capitalise interest + capitalise fees", "capitalise interest fees"),
    ("waive interest=100% + waive fees=100%", "waive fees=100% + waive interest=100%"),
    ("waive interest=100% + capitalise penalty", "capitalise penalty + waive interest=100%"),
    ("seasonal 1", "split 12"),
    ("step-up 0% every=1", "split 12"),
    ("balloon 0%", "split 12"),
    ("defer 2 + defer 1", "defer 1 + defer 2"),
    ("defer 1 + defer 2", "defer 3"),
    ("defer 2 interest=capitalise + defer 1 interest=capitalise", "defer 3 interest=capitalise"),
    ("defer 3 at=1", "defer 3 at=2026-02-10"),
    ("defer 3 + extend 6", "extend 6 + defer 3"),
    ("defer 3 + rate 6%", "rate 6% + defer 3"),
    ("rate 6% + extend 12", "waterfall to=1 [rate 6% > extend 12]"),
    ("waive principal=50% + split 9", "split 9 + waive principal=50%"),
    ("token 100 for=2", "defer 2 token=100"),
    ("freeze 3 + freeze 3", "freeze 3"),
    (
        "move 2026-03-10 to=2026-04-10 + move 2026-04-10 to=2026-05-10",
        "move 2026-03-10 to=2026-05-10",
    ),
    ("seasonal 1,0", "seasonal 3,0"),
    ("settle 60%", "settle 60% in=1"),
]


@pytest.mark.parametrize(("plan", "other"), SAME)
def test_two_ways_to_say_one_plan(plan: str, other: str) -> None:
    """The rows are the same to the minor unit, with charges owed and without."""
    owing = BASE | OWING

    assert rows(plan) == rows(other)
    assert rows(plan, of=owing) == rows(other, of=owing)


@pytest.mark.parametrize("interest", ["spread", "first", "end", "capitalise", "waive", "pay"])
def test_without_interest_it_does_not_matter_what_becomes_of_it(interest: str) -> None:
    """Six conventions for the interest of a holiday are one at 0 %."""
    free = BASE | {"rate": "0%"}

    assert rows("defer 3", of=free) == rows(f"defer 3 interest={interest}", of=free)


@pytest.mark.parametrize(
    "plan",
    ["defer 0", "split 0", "extend 0", "re-age 0", "token 5 for=0", "freeze 0", "rate 5% for=0",
     "settle 60% in=0", "step-up 5% every=0", "defer -1", "date 0", "date 32"],
)  # fmt: skip
def test_nothing_is_not_a_number_of_instalments(plan: str) -> None:
    """A step over no period is refused, never taken for none."""
    with pytest.raises(UsageError):
        replan.show(case(), plan)


def test_what_became_principal_is_not_waived_as_penalty() -> None:
    """Waived first, 17.77 is gone; capitalised first, there is nothing left to waive."""
    debt = BASE | OWING
    before, after = (
        shown(plan, debt)[0]["metrics"]
        for plan in ("waive penalty=100% + capitalise", "capitalise + waive penalty=100%")
    )

    assert {"penalty": "17.77"} == before["waived_by"]
    assert {} == after["waived_by"]
    assert rows("capitalise", of=debt) == rows("capitalise + waive penalty=100%", of=debt)


@pytest.mark.parametrize("charge", ["penalty", "fees"])
def test_a_contract_asks_for_its_charges_once(charge: str) -> None:
    """1,066.19 and a twelfth of 120.00 each month; the last instalment settles."""
    paid = [row[0] for row in amounts("contract", of=BASE | {charge: "120.00"})]

    assert [107619] * 11 == paid[1:12]
    assert 6 >= abs(107619 - paid[12])


OTHERS: tuple[Json, ...] = (
    BASE | OWING | {"id": "b", "principal": "777.77", "day_count": "actual/365"},
    BASE | {"id": "c", "principal": "95000", "rate": "0%", "remaining_instalments": 30},
    BASE | {"id": "d", "principal": "12345.67", "next_due": "2026-01-31"},
    BASE | {"id": "e", "frequency": "week", "remaining_instalments": 20},
)


@pytest.mark.parametrize("plan", [p for p in PLANS if p != "date 15"])
def test_a_debt_does_not_know_of_the_others(plan: str) -> None:
    """Alone, first, last or in the middle: the same schedule, figures, asks and steps."""
    debts = (BASE, *OTHERS)
    alone = [shown(plan, debt)[0] for debt in debts]

    assert alone == shown(plan, *debts)
    assert alone[::-1] == shown(plan, *debts[::-1])
    assert [alone[2], alone[0], alone[3]] == shown(plan, debts[2], debts[0], debts[3])


@pytest.mark.parametrize("method", ["avalanche", "snowball", "pro-rata", "priority-first"])
def test_the_order_of_debts_does_not_matter_to_the_household(method: str) -> None:
    """Who gets what is decided by rate, size and priority, not by who is named first."""
    debts = (BASE, *(OTHERS[k] | {"rate": f"{k + 5}%"} for k in range(3)))
    plan = f"household({method} of=9000)"
    there, back = shown(plan, *debts), shown(plan, *debts[::-1])

    assert [d["schedule"] for d in there] == [d["schedule"] for d in back[::-1]]


@pytest.mark.parametrize("method", ["level", "equal-principal", "interest-only"])
@pytest.mark.parametrize("count", [1, 2, 7, 12, 60])
def test_split_is_the_contract_with_so_many_instalments(count: int, method: str) -> None:
    """Without arrears a debt split into N is a contract over N."""
    for day_count in ("30/360", "actual/365"):
        debt = BASE | {"day_count": day_count}
        agreed = debt | {"method": method, "remaining_instalments": count}

        assert rows("contract", of=agreed) == rows(f"split {count} method={method}", of=debt)


@pytest.mark.parametrize("day_count", ["30/360", "actual/365", "actual/actual"])
@pytest.mark.parametrize(
    "plan",
    ["contract", "split 7", "extend 6", "step-up 10% every=3", "seasonal 1,0.5", "balloon 30%",
     "split 24 method=equal-principal", "split 9 method=interest-only", "re-age 18",
     "defer 3 of=principal", "date 15", "pay-early 50 lower", "split to=999.99"],
)  # fmt: skip
def test_a_plan_paid_as_scheduled_leaves_nothing(plan: str, day_count: str) -> None:
    """Its payments, written down as a contract, are that contract's rows."""
    debt = BASE | {"day_count": day_count}
    found = rows(plan, of=debt)
    paid = [
        {"due": due.isoformat(), "amount": str(Decimal(payment) / 100)}
        for due, payment, *_ in found[1:]
    ]
    custom = {k: v for k, v in debt.items() if k not in ("remaining_instalments", "next_due")}

    assert found == rows("contract", of=custom | {"method": "custom", "instalments": paid})
    assert 0 == found[-1][-1]


@pytest.mark.parametrize("day_count", ["30/360", "actual/365", "actual/actual"])
@pytest.mark.parametrize(
    "agreed",
    [{"instalment": "1066.19"}, {"instalment": "1500"}, {"method": "equal-principal"},
     {"method": "interest-only"}, {"instalment": "1066.19", "instalment_fee": "2.50"}],
)  # fmt: skip
@pytest.mark.parametrize("k", [1, 5, 7])
def test_a_case_taken_up_later_runs_on_as_before(k: int, agreed: Json, day_count: str) -> None:
    """The state on a due date, loaded as a new case, has the rows that were still to come."""
    debt = BASE | agreed | {"day_count": day_count}
    found = rows("contract", of=debt)
    due, *_, balance = found[k]
    rest = {"remaining_instalments": 12 - k, "next_due": found[k + 1][0].isoformat()}
    state = debt | rest | {"principal": str(Decimal(balance) / 100)}

    assert found[k + 1 :] == rows("contract", of=state, as_of=due.isoformat())[1:]


@settings(max_examples=40)
@given(st.integers(100_000, 10**8), st.integers(1, 2400), st.integers(2, 60), st.integers(0, 5))
def test_more_of_it_costs_more(owed: int, rate: int, n: int, months: int) -> None:
    """A higher rate, a longer plan, a longer holiday: more in all; a longer plan, less a month."""
    debt = BASE | {"principal": str(Decimal(owed) / 100), "rate": f"{Decimal(rate) / 100}%"}

    def total(plan: str) -> int:
        return sum(row[1] for row in rows(plan, of=debt))

    slack = n + 12
    longer = [rows(f"split {k}", of=debt)[1][1] for k in (n, n + 1, n + 12)]
    assert all(a >= b for a, b in pairwise(longer))
    assert total(f"split {n}") <= total(f"split {n + 12}") + slack
    assert total(f"split {n} + rate cut=50%") <= total(f"split {n}") + slack
    assert total("contract") <= total(f"defer {months + 1}") + slack
    assert total("waive principal=20%") <= total("waive principal=10%")


def test_each_way_with_interest_costs_more_than_the_one_before() -> None:
    """Never charged < spread without interest on it < with interest on it."""
    first, second, third = (
        sum(row[1] for row in rows(f"defer 6 interest={way}"))
        for way in ("waive", "spread", "capitalise")
    )

    assert first < second < third


@settings(max_examples=50)
@given(st.integers(0, 2400), st.integers(1, 60))
def test_a_contract_is_worth_what_is_owed(rate: int, n: int) -> None:
    """At its own rate the instalments are worth the principal, to the rounding of each."""
    debt = BASE | {"rate": f"{Decimal(rate) / 100}%", "remaining_instalments": n}
    found = shown("contract", debt, jurisdiction="CN")[0]["metrics"]

    assert Decimal("0.01") * n + 1 >= abs(Decimal(found["npv"]) - 12000)
    assert 1e-4 >= abs(found["apr"] - rate / 10000)


def test_dates_are_dates() -> None:
    """The rows compared above hold real dates, ascending."""
    found = rows("defer 3")

    assert date(2026, 1, 10) == found[0][0]
    assert all(a[0] < b[0] for a, b in pairwise(found))
