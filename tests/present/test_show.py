"""One plan in full, for people."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from present.samples import row, shown
from replan.present.show import schedule_table, show_blocks, show_records, total
from replan.present.terminal import to_text
from replan.present.words import Language, Words


def page(language: Language = "en", *, rows: int = 3) -> str:
    """Return the whole page of the sample."""
    return to_text(show_blocks(shown(rows), Words(language)), width=80)


def test_page_has_steps_asks_and_reasons() -> None:
    """Each step has its effect, each ask its number, each figure its formula."""
    text = page()

    assert "Plan: defer 3 + split 24" in text
    assert "Debt card-a · Example Bank" in text
    assert "1. No instalment for three months." in text
    assert "2. Arrears bear no interest." in text
    assert "interest of row 1 = 42,000.00 × 18.25 % × 19/365 = 399.00" in text


def first_word(line: str) -> str:
    """Return the first word of a line, or nothing."""
    return line.split(maxsplit=1)[0] if line.split() else ""


@pytest.mark.parametrize("language", ["en", "zh"])
def test_long_schedules_are_whole_and_fit(language: Language) -> None:
    """Every row is printed, and no line is wider than a small terminal."""
    lines = page(language, rows=60).splitlines()

    assert [str(n) for n in range(61)] == [n for n in map(first_word, lines) if n.isdigit()]
    assert [] == [line for line in lines if cell_len(line) > 80]


def test_columns_in_which_nothing_happens_are_left_out() -> None:
    """A waiver shows its column only where there is one."""
    plain = schedule_table([row(1, "2026-12-10")], Words("en"))
    waived = row(1, "2026-12-10", waived={"penalty": "10.00", "fees": "2.31"})
    with_waiver = schedule_table([waived], Words("en"))

    assert "Waived" not in [cell.text for cell in plain.heads]
    assert "12.31" in [cell.text for cell in with_waiver.rows[0]]


def test_schedule_ends_with_its_totals() -> None:
    """Payments and their parts are added up; a balance is not."""
    rows = [row(n, "2026-12-10", payment="2.50", principal="2.50") for n in (1, 2)]

    last = schedule_table(rows, Words("en")).rows[-1]

    expected = ["", "Total", "798.00", "5.00", "5.00", "–", ""]
    assert expected == [cell.text for cell in last]


def test_components_add_up_without_rounding() -> None:
    """The total of a row's parts keeps the currency's decimals."""
    assert "400.00" == total({"interest": "399.00", "fees": "1.00"})
    assert "0" == total({})
    assert "7.00" == total("7.00")


def test_csv_has_every_component_of_every_row() -> None:
    """Records name the debt and the row and keep components apart."""
    records = show_records(shown(3))

    assert [0, 1, 2, 3] == [record["n"] for record in records]
    assert "399.00" == records[1]["accrued_interest"]
    assert "0" == records[1]["accrued_fees"]
    assert {"card-a"} == {record["debt"] for record in records}


def test_household_verdict_is_stated() -> None:
    """The last word is the verdict."""
    assert page().rstrip().endswith("Verdict: tight")
    assert page("zh").rstrip().endswith("结论：偏紧")


def test_what_happens_at_the_start_is_a_sentence() -> None:
    """A waiver on the as-of date needs no column of its own."""
    data = shown(3)
    data["debts"][0]["schedule"][0]["waived"] = {"penalty": "61.20", "fees": "0.00"}

    text = to_text(show_blocks(data, Words("en")), width=80)

    assert "Waived at the start: penalty 61.20." in text
    assert "  Waived" not in text.split("Schedule")[1].split("Figure")[0]


def test_debt_that_the_plan_leaves_alone_says_so() -> None:
    """A debt without steps keeps its contract; the contract itself needs no such line."""
    data = shown(3)
    data["debts"][0]["steps"] = []
    plan = to_text(show_blocks(data, Words("en")), width=80)
    contract = to_text(show_blocks(data | {"plan": "contract"}, Words("en")), width=80)

    assert "Keeps its contract" in plan
    assert "Keeps its contract" not in contract


def test_what_is_left_over_leaves_no_end_and_no_saving() -> None:
    """Who still owes has neither cleared the debt nor saved against the contract."""
    data = shown(3)
    data["debts"][0]["metrics"] |= {"residual": "5.00"}
    debt = to_text(show_blocks(data, Words("en")), width=80).split("Household")[0]

    assert "Left over at the end" in debt
    assert "Months to clear" not in debt
    assert "Against contract" not in debt
