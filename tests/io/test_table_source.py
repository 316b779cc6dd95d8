"""Tables into cases."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from replan.errors import UsageError
from replan.io.load import load, load_case

EXAMPLES = Path(__file__).parents[2] / "examples"


def table(*lines: str, **options: Any) -> Any:
    """Load a table of EUR debts as of 21 November 2026."""
    options = {"as_of": "2026-11-21", "currency": "EUR", **options}
    return load("\n".join(lines).encode(), **options)


def first(*lines: str, **options: Any) -> Any:
    """Return the first debt of a table that must load cleanly."""
    loaded = table(*lines, **options)
    assert [] == loaded.issues
    return loaded.cases[0].debts[0]


def test_the_shipped_table_loads_without_an_issue() -> None:
    """It holds the same debts as the shipped family."""
    loaded = load(EXAMPLES / "debts.csv", as_of="2026-11-21", currency="CNY")
    family = load_case(EXAMPLES / "family.json")

    assert [] == loaded.issues
    assert [d.outstanding for d in family.debts] == [d.outstanding for d in loaded.cases[0].debts]


def test_every_other_row_still_loads() -> None:
    """Each fault has its line and its column as the file writes it."""
    loaded = table("编号,剩余本金,年利率", "a,1OO,5%", "b,200,5%", "c,300,18.25")

    assert ["b"] == [debt.id for debt in loaded.cases[0].debts]
    assert (["a", "c"], True) == (loaded.dropped, loaded.cases[0].incomplete)
    assert ["input:2:剩余本金", "input:4:年利率"] == [issue.where for issue in loaded.issues]


def test_an_unreadable_row_makes_the_case_incomplete() -> None:
    """It may have been a debt."""
    loaded = table("id,principal,rate", 'a,"1,5%', "b,200,5%")

    assert (["b"], True) == ([d.id for d in loaded.cases[0].debts], loaded.cases[0].incomplete)


@pytest.mark.parametrize(
    ("header", "cell", "expected"),
    [
        ("rate", "18.25%", "18.25%"),
        ("APR %", "18.25", "18.25%"),
        ("年利率（％）", "18.25", "18.25%"),
        ("interest_rate_pct", "18.25", "18.25%"),
        ("日利率", "0.05%", "0.05%/day"),
        ("日利率(%)", "0.05", "0.05%/day"),
        ("日利率(%)", "0.05%", "0.05%/day"),
        ("日利率", "万分之五", "万分之五/day"),
        ("日息", "0.05%/日", "0.05%/日"),
        ("月利率(%)", "1.5", "1.5%/month"),
    ],
)
def test_the_header_completes_a_bare_rate(header: str, cell: str, expected: str) -> None:
    """A unit in the header holds for the bare numbers below it."""
    assert expected == str(first(f"principal,{header}", f"100,{cell}").rate)


def test_a_unit_in_the_header_scales_amounts() -> None:
    """4.2 under 剩余本金(万元) is 42,000."""
    assert Decimal(42000) == first("剩余本金(万元),利率", "4.2,5%", currency="CNY").principal


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("10", "2026-12-10"),
        ("每月25日", "2026-11-25"),
        ("21日", "2026-12-21"),
        ("1st", "2026-12-01"),
        ("the 14th of each month", "2026-12-14"),
        ("31", "2026-11-30"),
    ],
)
def test_a_due_day_becomes_the_next_due_date(cell: str, expected: str) -> None:
    """还款日 is a day of the month, and what is due on the as-of date itself has passed."""
    debt = first("本金,利率,还款日", f"100,5%,{cell}", currency="CNY")

    assert expected == debt.next_due.isoformat()


def test_a_case_per_reference() -> None:
    """A portfolio holds many borrowers."""
    loaded = table("客户号,id,principal,rate", "1,a,100,5%", "2,a,200,5%", "1,b,300,5%")

    assert [["a", "b"], ["a"]] == [[d.id for d in case.debts] for case in loaded.cases]


def test_debts_without_an_id_are_named_after_the_creditor() -> None:
    """If the name is one word and the only one; else by number."""
    loaded = table("creditor,principal,rate", "海川银行,1,5%", "Bank A,1,5%", "X,1,5%", "X,1,5%")

    assert ["海川银行", "debt-2", "debt-3", "debt-4"] == [d.id for d in loaded.cases[0].debts]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_usual_delimiters_are_recognised(delimiter: str) -> None:
    """The header tells."""
    lines = [delimiter.join(cells) for cells in (("id", "principal", "rate"), ("a", "7", "5%"))]

    assert Decimal(7) == first(*lines).principal


def test_a_mapping_names_columns() -> None:
    """What the table of names does not know, the user says."""
    debt = first(
        "wer,soll,zins", "a,100,5%", mapping={"wer": "id", "soll": "principal", "zins": "rate"}
    )

    assert ("a", Decimal(100)) == (debt.id, debt.principal)


MAPPING = """
[columns]
soll = "principal"
zins = "rate"
kommentar = ""
[conversions]
principal = "decimal-comma"
rate = "percent"
next_due = "day-month-year"
[constants]
lender_type = "bank"
currency = "EUR"
[values.product]
Karte = "credit-card"
[read]
empty = ["k.A."]
[read.skip]
status = ["erledigt"]
"""


def test_a_mapping_file_holds_units_constants_and_words(tmp_path: Path) -> None:
    """Everything that is odd about an export stands in one file."""
    path = tmp_path / "map.toml"
    path.write_text(MAPPING, "utf-8")
    rows = ['"1.234,50";12.5;10.12.2026;Karte;k.A.;x;offen', "1;1;;;;;erledigt"]
    debt = first("soll;zins;next due;product;fees;kommentar;status", *rows, mapping=path)

    assert (Decimal("1234.50"), "12.5%") == (debt.principal, str(debt.rate))
    assert ("2026-12-10", "credit-card", "bank") == (
        debt.next_due.isoformat(),
        debt.product,
        debt.lender_type,
    )


@pytest.mark.parametrize(
    "text",
    [
        "[column]",
        '[columns]\na = "principl"',
        '[conversions]\nrate = "percentage"',
        "[columns]\na = 3",
        "columns = 3",
        "no toml",
        '[read]\nempty = "NA"',
    ],
)
def test_a_mapping_is_never_half_followed(tmp_path: Path, text: str) -> None:
    """A key that is not known in it is wrong use."""
    path = tmp_path / "map.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(UsageError):
        table("id,principal,rate", "a,1,5%", mapping=path)


def test_a_currency_in_the_headers_is_the_case_s() -> None:
    """Balance (USD) says what --currency would."""
    rows = ("id,balance (USD),rate,monthly payment (USD)", 'a,"1,200.50",5%,$50')
    loaded = load("\n".join(rows).encode(), as_of="2026-11-21")

    assert ([], "USD") == (loaded.issues, loaded.cases[0].currency)


def test_a_currency_in_a_header_that_is_not_the_case_s_is_refused() -> None:
    """Nothing is converted in silence."""
    (issue,) = table("id,principal (GBP),rate", "a,100,5%").issues

    assert ("amount-currency", "input:2:principal (GBP)") == (issue.code, issue.where)


def test_a_misspelt_header_is_suggested_never_taken() -> None:
    """The remedy can be typed as it stands."""
    warning, error = table("id,剩余夲金,利率", "a,100,5%").issues

    assert 'Did you mean 剩余本金? Then use --map "剩余夲金=principal".' == warning.hint
    assert ("column-missing", 'Name it: --map "剩余夲金=principal".') == (error.code, error.hint)


@pytest.mark.parametrize("word", ["未知", "unknown", "?", "不详"])
def test_what_is_not_known_is_pointed_out(word: str) -> None:
    """It counts as nothing, which is not what the creditor will say."""
    loaded = table("id,principal,rate,penalty", f"a,100,5%,{word}")

    assert ["cell-unknown"] == [issue.code for issue in loaded.issues]
    assert 0 == loaded.cases[0].debts[0].penalty


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("注：以上金额含利息", "row-remark"),
        ("制表人：王", "row-remark"),
        ("Generated on 2026-11-20", "row-remark"),
        ("合计：", "row-total"),
        ("Source Finance", "key-missing"),
    ],
)
def test_what_stands_below_a_table_is_no_debt(line: str, code: str) -> None:
    """But a row with a creditor's name alone is a debt that lacks its amounts."""
    loaded = table("creditor,principal,rate", "A,100,5%", line)

    assert code in [issue.code for issue in loaded.issues]
    assert ("key-missing" == code) == loaded.cases[0].incomplete


def test_dates_with_two_readings_need_an_order() -> None:
    """Another cell of the column is shown as evidence; the decision is the user's."""
    rows = ("id,principal,rate,next due", "a,1,5%,10/12/2026", "b,1,5%,25/12/2026")
    (issue,) = table(*rows).issues
    debts = table(*rows, dates="day-first").cases[0].debts

    assert "The column is day first in row 3; if it is throughout, say --dates day-first." == (
        issue.hint
    )
    assert ["2026-12-10", "2026-12-25"] == [str(debt.next_due) for debt in debts]


def test_an_order_of_dates_may_stand_in_the_mapping(tmp_path: Path) -> None:
    """It holds for every column of the file."""
    path = tmp_path / "map.toml"
    path.write_text('[read]\ndates = "month-first"\n', "utf-8")
    debt = first("id,principal,rate,next due", "a,1,5%,12/10/2026", mapping=path)

    assert "2026-12-10" == str(debt.next_due)


@pytest.mark.parametrize("header", ["下次还款日", "还款日"])
def test_a_day_of_every_month_may_stand_among_dates(header: str) -> None:
    """每月10日 is the next tenth."""
    debt = first(f"本金,利率,{header}", "100,5%,每月10日", currency="CNY")

    assert "2026-12-10" == str(debt.next_due)


def test_without_an_as_of_date_a_due_day_is_no_further_error() -> None:
    """The one problem is that the day is missing."""
    loaded = load((EXAMPLES / "debts.csv").read_bytes(), currency="CNY")

    assert ["option-missing"] == [issue.code for issue in loaded.issues]


def test_a_mapping_is_no_case() -> None:
    """Whoever names it as one is told where it belongs."""
    with pytest.raises(UsageError, match="--map"):
        load(EXAMPLES / "lendingclub.toml")


def test_arrears_of_a_charge_are_all_that_is_owed_of_it() -> None:
    """A table with 逾期利息 and no 利息 means that no other interest is outstanding."""
    debt = first("本金,利率,逾期利息,逾期天数", "100,5%,7,3", currency="CNY")

    assert (Decimal(7), Decimal(7)) == (debt.interest, debt.arrears.interest)


def test_the_shipped_mapping_reads_a_lending_club_table() -> None:
    """Rates are percentages, NA is nothing, paid loans are no debts, other columns are left."""
    rows = (
        "emp_title,state,loan_purpose,loan_amount,term,interest_rate,installment,loan_status,balance",
        "inventory control,GA,debt_consolidation,10000,36,5.32,301.15,Current,8704.48",
        "NA,CA,car,5000,36,7.97,NA,Fully Paid,0",
    )
    loaded = load("\n".join(rows).encode(), mapping=EXAMPLES / "lendingclub.toml")
    (debt,) = loaded.cases[0].debts

    assert ([], "5.32%") == (loaded.issues, str(debt.rate))
    assert (Decimal("8704.48"), Decimal("301.15")) == (debt.principal, debt.instalment)


@pytest.mark.parametrize(
    ("expected", "shown"),
    [("4417", "****4417"), ("1234", "XXXX-XXXX-XXXX-1234"), ("8890", "...8890"), ("x12", "x12")],
)
def test_a_masked_account_number_gives_its_last_digits(expected: str, shown: str) -> None:
    """Credit files and statements show no more; people know their cards by them."""
    assert expected == first("Account number,principal,rate", f"{shown},100,5%").id


def test_a_row_of_sums_without_a_name_is_a_total() -> None:
    """Some exports sum their columns below, and write no word for it."""
    loaded = table("lender,limit,balance,apr", "Bank A,500,100,5%", "Bank B,,200,5%", ",500,300,")

    assert ["Bank A", "Bank B"] == [debt.creditor for debt in loaded.cases[0].debts]
    assert [("row-total", "input:4")] == [(issue.code, issue.where) for issue in loaded.issues]


def test_a_debt_without_a_rate_is_no_total() -> None:
    """It has a name, so it is missed, not left out."""
    loaded = table("lender,principal,rate", "Bank A,100,5%", "Bank B,200,")

    assert ["error"] == [issue.severity for issue in loaded.issues]
