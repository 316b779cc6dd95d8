"""The comparison for people."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from present.samples import comparison, metrics
from replan.present.blocks import Block, Table
from replan.present.compare import (
    compare_blocks,
    compare_records,
    compare_why,
    mark_plans,
    sort_plans,
)
from replan.present.terminal import to_text
from replan.present.words import Language, Words

MENU = ("defer 3 + split 24", "split 36", "split 48")


def the_table(blocks: list[Block]) -> dict[str, list[str]]:
    """Return the comparison's table as figure -> cells."""
    found = next(block for block in blocks if isinstance(block, Table))
    return {row[0].text: [cell.text for cell in row[1:]] for row in (found.heads, *found.rows)}


def test_baselines_come_first_and_plans_keep_their_order() -> None:
    """contract, unpaid, then the menu under letters."""
    plans = sort_plans(comparison(*MENU)["plans"])

    assert ["contract", "unpaid", *MENU] == [plan["plan"] for plan in plans]
    assert ["contract", "unpaid", "A", "B", "C"] == mark_plans(plans)


def test_more_plans_than_letters() -> None:
    """After Z comes AA."""
    assert ["Z", "AA", "AB"] == mark_plans([{"plan": str(n)} for n in range(28)])[25:]


def test_figures_of_a_plan() -> None:
    """Amounts carry separators, shares percent signs, unknown figures a dash."""
    rows = the_table(compare_blocks(comparison(*MENU), Words("en")))

    assert ["2,100.00"] * 5 == rows["First payment"]
    assert ["2026-12-10"] * 5 == rows["First due date"]
    assert ["18.25 %", "–", "18.25 %", "18.25 %", "18.25 %"] == rows["APR"]
    assert ["short", "short", "fits", "fits", "fits"] == rows["Verdict"]
    assert ["-12.5 %"] * 5 == rows["Headroom"]


def test_dominated_plans_are_marked() -> None:
    """A dominated plan names the one that beats it."""
    rows = the_table(compare_blocks(comparison(*MENU), Words("en")))

    assert ["", "", "", "", "by A"] == rows["Dominated"]


def test_figures_that_are_nothing_everywhere_are_left_out() -> None:
    """Interest forgone appears only where there is some."""
    data = comparison(*MENU)
    assert "Interest forgone" not in the_table(compare_blocks(data, Words("en")))

    data["plans"][0]["metrics"]["forgone"] = "5.00"
    assert "Interest forgone" in the_table(compare_blocks(data, Words("en")))


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("count", [0, 1, 4, 9])
def test_every_line_fits_80_columns(language: Language, count: int) -> None:
    """However many plans there are, nothing is wider than a small terminal."""
    data = comparison(*(f"defer {n} + split {12 * n} every=month" for n in range(1, count + 1)))

    text = to_text(compare_blocks(data, Words(language)), width=80)

    assert [] == [line for line in text.splitlines() if cell_len(line) > 80]


def test_not_assessed_is_explained() -> None:
    """Without a budget the table says why there is no verdict."""
    data = comparison()
    data["plans"][0]["metrics"] = metrics(verdict="not-assessed", headroom=None)

    text = to_text(compare_blocks(data, Words("en")), width=80)

    assert "not assessed" in text
    assert "nobody can say" in text


def test_csv_has_a_record_per_plan_and_debt() -> None:
    """Records carry plain numbers under the JSON names."""
    data = comparison("split 36")
    data["plans"][0]["debts"] = [{"id": "card-a", "metrics": metrics()}]

    records = compare_records(data)

    assert ["contract", "unpaid", "split 36", "split 36"] == [r["plan"] for r in records]
    assert ["", "", "", "card-a"] == [r["debt"] for r in records]
    assert "12306.12" == records[0]["peak_payment"]


def test_why_adds_each_debts_share() -> None:
    """Below the comparison stands a table of debts per plan."""
    data = comparison("split 36")
    data["plans"][0]["debts"] = [{"id": "card-a", "metrics": metrics(total_paid="1.25")}]

    text = to_text(compare_why(data, Words("en")), width=80)

    assert "Debt by debt, A: split 36" in text
    assert "1.25" in text


def test_who_still_owes_has_not_saved() -> None:
    """With something left over there are no months to clear and no saving to show."""
    data = comparison()
    data["plans"][1]["metrics"] |= {"residual": "5.00"}

    rows = the_table(compare_blocks(data, Words("en")))

    assert ["27", "–"] == rows["Months to clear"]
    assert ["-1,234.50", "–"] == rows["Against contract"]


def test_debts_that_are_due_at_once_are_named() -> None:
    """A contract without instalments wants all of it today."""
    data = comparison()
    rent = {"id": "rent", "metrics": metrics(rows=0, total_paid="500.00")}
    data["plans"][0]["debts"] = [rent]

    text = to_text(compare_blocks(data, Words("en")), width=80)

    assert "Under the contract all of it is due today: rent." in text


def test_debts_due_at_once_that_make_every_plan_short_get_a_remedy() -> None:
    """Rent arrears that no plan touches: the way to write instalments for them is shown."""
    data = comparison("split 36")
    rent = {"id": "rent", "plan": "contract", "metrics": metrics(rows=0, total_paid="500.00")}
    card = {"id": "card", "plan": "split 36", "metrics": metrics()}
    for plan in data["plans"]:
        plan["debts"] = [rent, card]
        plan["by_month"] = [{"month": "2026-11", "payment": "500.00", "short": "40.00"}]

    text = to_text(compare_blocks(data, Words("en")), width=80)

    assert '--plan "rent: split 12; card: …"' in text
