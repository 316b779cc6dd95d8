"""Every candidate of a plan space is its notation evaluated by itself."""

from __future__ import annotations

import numpy as np
import pytest

from decide.menus import alone, choice, columns, space
from replan.decide.candidates.grid import Offer
from replan.errors import UsageError
from replan.strategies.notation import parse_plan
from strategies.samples import case
from strategies.test_laws import CASES, EXAMPLES, OWING

WAIVE = choice("", "waive interest=50%", "waive penalty=100% interest=100%", "waive principal=5%")
CUT = choice("", "rate cut=25%", "rate 3%")
DEFER = choice("", "defer 1", "defer 3 interest=first", "defer 2 interest=capitalise")
SPLIT = choice("split 1", "split 7", "split 30", "split 12 method=equal-principal")
MENUS: dict[str, Offer] = {
    "level": (WAIVE, CUT, DEFER, SPLIT),
    "in another order": (DEFER, SPLIT, CUT, WAIVE),
    "dates and patterns": (choice("", "token 5 for=2"), CUT, choice("split 9"),
                           choice("", "seasonal 1,1,0.5", "step-up 5% every=3")),
    "kept instalments": (choice("", "waive penalty=100%"), choice("", "defer 2 instalment=keep"),
                         choice("", "split 5 of=arrears"), choice("", "rate 6% for=4")),
    "one payment": (choice("settle 60%", "settle 30% in=3", "settle 45% by=2026-05-01"),),
    "until cleared": (choice("rate 6%", "rate cut=50%"), choice("split to=60", "split to=2000")),
    "residual": (choice("", "down 100", "down 10%"), choice("", "forbear 20%"), choice("split 8")),
    "rhythm": (choice("", "defer 1"), choice("split 20 every=2-weeks", "re-age 9 every=week")),
    "poured": (choice("", "capitalise"), choice("waterfall to=60 [rate 4% > extend 24]")),
}  # fmt: skip


@pytest.mark.parametrize("name", MENUS)
@pytest.mark.parametrize("debt", ["owing", "fees"])
def test_candidates_are_their_notation_evaluated_alone(name: str, debt: str) -> None:
    """To the cent, in every month, whatever stands in one column with it."""
    found = space(MENUS[name], of=CASES[debt])
    drawn = np.random.default_rng(1).permutation(len(found))[:8]

    for index in drawn:
        plan = found.notation(int(index))
        assert alone(plan, CASES[debt]) == columns(found, int(index)), plan


BY_ROW = ("capitalise", "down 50", "forbear 20%", "rate cut=10%", "waive interest=50%", "split 9")


@pytest.mark.parametrize("step", BY_ROW)
def test_steps_by_row_treat_rows_of_any_length(step: str) -> None:
    """Rows that differ in phases stand in one column before the step, and come out as alone."""
    found = space(
        (choice("", "defer 1", "token 5 for=3"), choice("split 6", "split 12"), choice("", step)),
        of=OWING,
    )

    for index in range(len(found)):
        plan = found.notation(index)
        assert alone(plan, OWING) == columns(found, index), plan


def test_every_strategy_by_row_is_held_to_it() -> None:
    """The list above names them all."""
    flagged = {
        name
        for name, plan in EXAMPLES.items()
        for step in parse_plan(plan).parts[0][1]
        if step.strategy.by_row(step.params)
    }

    assert flagged == {step.split()[0] for step in BY_ROW}


def test_every_combination_is_there_or_refused() -> None:
    """4·3·4·4 − none without a step; a debt without arrears cannot catch up."""
    found = space(MENUS["level"], (choice("", "defer 1"), choice("split 5 of=arrears")))

    assert 4 * 3 * 4 * 4 + 2 == len(found) + sum(r.count for r in found.refused)
    assert 2 == sum(r.count for r in found.refused)
    assert "no arrears" in found.refused[0].reason


@pytest.mark.parametrize("last", ["settle 60%", "settle 60% in=3", "re-age 9"])
def test_what_a_deferral_rules_out_stays_open_without_it(last: str) -> None:
    """A step between them treats all rows at once; only those that were deferred are refused."""
    found = space((choice("", "defer 1", "defer 3"), choice("", "down 10%"), choice(last)))

    assert {last, f"down 10% + {last}"} == {found.notation(i) for i in range(len(found))}
    assert 4 == sum(r.count for r in found.refused)


def test_doing_nothing_is_no_candidate() -> None:
    """Where every step may be left out, the combination that leaves out all is no plan."""
    found = space((choice("", "waive penalty=100%"), choice("", "split 6")), of=OWING)

    plans = {found.notation(i) for i in range(len(found))}
    assert {"waive penalty=100%", "split 6", "waive penalty=100% + split 6"} == plans


def test_what_never_clears_is_refused() -> None:
    """2.00 a month do not pay the interest of 12.00; 60.00 do."""
    found = space((choice("split to=2", "split to=60"),))

    assert ["split to=60"] == [found.notation(i) for i in range(len(found))]
    assert ["It never clears the debt."] == [r.reason for r in found.refused]


def test_payments_come_in_chunks() -> None:
    """Candidates in any order, as many months as are asked for."""
    found = space(MENUS["level"])
    index = np.array([5, 0, 5, len(found) - 1])

    whole = found.payments()
    assert (whole[index, :9] == found.payments(index, months=9)).all()
    assert (found.total == whole.sum(axis=1)).all()


def test_loss_is_what_the_contract_is_worth_less_the_plan() -> None:
    """At the contract's rate a split of all that is owed loses nothing but cents."""
    found = space((choice("split 12", "split 24", "rate 0%"),))

    assert [0, 0] == [abs(int(loss)) // 10 for loss in found.npv_loss[:2]]
    assert 6000 < found.npv_loss[2] < 8000


def test_a_holiday_moves_a_payment_into_its_month() -> None:
    """31 May 2026 is a Sunday: paid on 1 June, or on 29 May if modified."""
    for rule, month in (("following", 5), ("modified-following", 4)):
        of = case(business_day=rule, calendar="DE", next_due="2026-05-31")
        paid = space((choice("split 1"),), of=of).payments()[0]

        assert [month] == np.flatnonzero(paid).tolist()


def test_a_menu_beyond_all_bounds_is_refused() -> None:
    """A thousand of each of three steps are a thousand million plans."""
    many = choice(*(f"split {n}" for n in range(1, 1001)))

    with pytest.raises(UsageError, match="Write coarser steps"):
        space((many, many, many))
