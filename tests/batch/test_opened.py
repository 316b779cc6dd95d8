"""When a new offer is as good for the borrower as an open one."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from replan.batch.opened import NAMES, Figures, at_least_as_good, place_in_time

OPEN = (200, 2400, 12)
TODAY = place_in_time(date(2026, 11, 21))


def figures(objective: str, *lines: tuple[int, int, int]) -> Figures:
    """Give offers of one account: highest payment, total, months."""
    peak, total, months = (np.array(column) for column in zip(*lines, strict=True))
    one = np.ones(len(lines), dtype=np.int64)
    return Figures(one, NAMES.index(objective) * one, peak, total, months)


@pytest.mark.parametrize(
    ("objective", "new", "fine"),
    [
        ("smallest-ask", (200, 2400, 12), True),
        ("smallest-ask", (199, 2400, 12), True),
        ("smallest-ask", (199, 2401, 12), False),
        ("smallest-ask", (100, 2400, 24), False),
        ("lowest-payment", (199, 2600, 24), True),
        ("lowest-payment", (200, 2401, 12), False),
        ("lowest-payment", (201, 2000, 10), False),
        ("soonest", (300, 2500, 11), True),
        ("soonest", (100, 2000, 13), False),
        ("cheapest", (300, 2399, 24), True),
        ("cheapest", (201, 2400, 12), False),
    ],
)
def test_an_offer_is_judged_by_what_it_was_chosen_for(
    objective: str, new: tuple[int, int, int], fine: bool
) -> None:
    """The lowest payment may last longer; the smallest ask must be matched in every figure."""
    found = at_least_as_good(figures("cheapest", new), figures(objective, OPEN), TODAY, TODAY)

    assert [fine] == found.tolist()


def test_one_of_several_new_offers_is_enough() -> None:
    """The borrower may still choose what was open."""
    new = figures("smallest-ask", (300, 2300, 8), OPEN, (100, 2600, 26))

    assert [True] == at_least_as_good(new, figures("smallest-ask", OPEN), TODAY, TODAY).tolist()


@pytest.mark.parametrize(("months", "fine"), [(11, True), (12, True), (13, False)])
def test_an_end_is_later_only_for_certain(months: int, fine: bool) -> None:
    """A run of a fortnight later counts months from another day; ends are known to the month."""
    later = place_in_time(date(2026, 12, 5))
    new = figures("smallest-ask", (200, 2400, months))

    assert [fine] == at_least_as_good(new, figures("smallest-ask", OPEN), later, TODAY).tolist()


def test_an_account_without_a_new_offer_has_lost_its_own() -> None:
    """Offers of other accounts do not help."""
    new, old = figures("soonest", OPEN), figures("soonest", OPEN)
    old.account[:] = 2

    assert [False] == at_least_as_good(new, old, TODAY, TODAY).tolist()
