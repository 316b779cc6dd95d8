"""Workbooks into rows, and into cases."""

from __future__ import annotations

import csv
import json
import sys
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter  # type: ignore[import-untyped]  # it has none

import replan
from replan.errors import UsageError
from replan.io.load import load
from replan.io.workbook import column_name, read_workbook
from replan.model.values import parse_amount, parse_date
from workbooks import part_of, with_part, workbook

EXAMPLES = Path(__file__).parents[2] / "examples"
HEADER = ("id", "principal", "rate", "next due")
SHEET = "xl/worksheets/sheet1.xml"


def table(*rows: tuple[object, ...], **options: Any) -> Any:
    """Load a workbook of one sheet of EUR debts as of 21 November 2026."""
    data = workbook({"Debts": rows})
    return load(data, **{"as_of": "2026-11-21", "currency": "EUR", **options})


def cells(*row: object) -> tuple[str, ...]:
    """Return the texts that a row of typed cells becomes."""
    (sheet,), _ = read_workbook(workbook({"S": [row]}), name="x")
    return sheet.rows[0].cells


def test_typed_cells_are_read_as_the_sheet_shows_them() -> None:
    """Dates, percentages and amounts keep their exact decimal value."""
    debt = table(HEADER, ("a", 1234.1, [0.1825], date(2026, 12, 10))).cases[0].debts[0]

    assert (Decimal("1234.10"), "18.25%") == (debt.principal, str(debt.rate))
    assert date(2026, 12, 10) == debt.next_due


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.1 + 0.2, "0.3"),
        (1e-7, "0.0000001"),
        (42000, "42000"),
        (2.675, "2.675"),
        (1e15 + 1, "1000000000000000"),
        ([0.000_5], "0.05%"),
        ([1], "100%"),
        (True, "true"),
        (("=B1*2", 84.5), "84.5"),
        (("=1/0", "#DIV/0!"), "#DIV/0!"),
    ],
)
def test_numbers_keep_fifteen_digits(value: object, expected: str) -> None:
    """That is what spreadsheets keep; binary noise beyond is no money."""
    assert (expected,) == cells(value)


def test_binary_noise_in_a_file_is_no_money() -> None:
    """Some programs write 1234.1 as 1234.0999999999999."""
    data = workbook({"S": [(1234.1,)]})
    noisy = part_of(data, SHEET).replace(b"1234.1", b"1234.0999999999999")
    (sheet,), _ = read_workbook(with_part(data, SHEET, noisy), name="x")

    assert ("1234.1",) == sheet.rows[0].cells


def test_a_percentage_is_what_it_shows_whatever_the_header_says() -> None:
    """0.1825 shown as 18.25% under 年利率(%) is 18.25 %, and a bare 18.25 too."""
    header = ("id", "principal", "年利率(%)")
    debts = table(header, ("a", 1, [0.1825]), ("b", 1, 18.25)).cases[0].debts

    assert ["18.25%", "18.25%"] == [str(debt.rate) for debt in debts]


def test_titles_and_empty_rows_and_columns_do_not_matter() -> None:
    """The place of an issue is the cell on screen."""
    rows = [(), (None, "My debts"), (), (None, *HEADER), (), (None, "a", "1OO", [0.05])]
    loaded = table((None, *HEADER), (None, "b", 100, [0.05]))
    (issue,) = table(*rows).issues

    assert ["b"] == [debt.id for debt in loaded.cases[0].debts]
    assert ("input:Debts!C6:principal", "amount-unreadable") == (issue.where, issue.code)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (("=NA()", "#N/A"), 'The cell holds the error "#N/A" instead of a value.'),
        (("=1/0", "#DIV/0!"), 'The cell holds the error "#DIV/0!" instead of a value.'),
        ("#REF!", 'The cell holds the error "#REF!" instead of a value.'),
    ],
)
def test_an_error_is_never_nothing(value: object, message: str) -> None:
    """A debt whose fees are #N/A is not one without fees."""
    loaded = table((*HEADER, "fees"), ("a", 1, [0.05], None, value), ("b", 1, [0.05]))

    assert ["b"] == [debt.id for debt in loaded.cases[0].debts]
    assert [("input:Debts!E2:fees", message)] == [(i.where, i.message) for i in loaded.issues]


def test_a_formula_without_a_value_is_pointed_out() -> None:
    """Programs that write workbooks without calculating leave it out."""
    data = workbook({"S": [("id", "principal", "rate"), ("a", ("=50*2", 100), [0.05])]})
    bare = part_of(data, SHEET).replace(b"<v>100</v>", b"")
    (issue,) = load(with_part(data, SHEET, bare), as_of="2026-11-21", currency="EUR").issues

    assert ("input:S!B2:principal", "cell-error") == (issue.where, issue.code)
    assert "The formula was never calculated." == issue.message


def test_total_rows_and_remarks_are_pointed_out() -> None:
    """A sum is no debt."""
    rows = [("a", 100, [0.05]), ("合计", ("=SUM(B2)", 100)), ("注：以对账单为准",)]
    loaded = table(HEADER, *rows)

    assert ["a"] == [debt.id for debt in loaded.cases[0].debts]
    assert [("row-total", "input:Debts!3"), ("row-remark", "input:Debts!4")] == [
        (issue.code, issue.where) for issue in loaded.issues
    ]


DEBTS = [("id", "principal", "rate"), ("a", 100, [0.05])]
OPTIONS: dict[str, Any] = {"as_of": "2026-11-21", "currency": "EUR"}


def test_the_sheet_of_debts_is_found_and_named() -> None:
    """A note says which, and what was left aside."""
    loaded = load(workbook({"Budget": [("rent", 900)], "Debts": DEBTS}), **OPTIONS)

    assert ["a"] == [debt.id for debt in loaded.cases[0].debts]
    assert ['The sheet "Debts" was read; others were not: "Budget".'] == [
        issue.message for issue in loaded.issues
    ]


def test_two_sheets_that_fit_are_not_chosen_between() -> None:
    """--sheet says which."""
    data = workbook({"Old": DEBTS, "New": [DEBTS[0], ("b", 1, [0.05])]})

    assert ["sheet-unclear"] == [issue.code for issue in load(data, **OPTIONS).issues]
    assert "b" == load(data, sheet="New", **OPTIONS).cases[0].debts[0].id
    with pytest.raises(UsageError):
        load(data, sheet="Other", **OPTIONS)


def test_a_hidden_sheet_does_not_compete() -> None:
    """What the author hid is old, as a rule."""
    loaded = load(workbook({"Old": DEBTS, "New": DEBTS}, hidden=["Old"]), **OPTIONS)

    assert ["sheet-chosen"] == [issue.code for issue in loaded.issues]


def test_hidden_rows_and_columns_are_read_and_pointed_out() -> None:
    """Nobody sees them on screen, and a plan without them would be wrong."""
    content = BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet("S")
        for row, values in enumerate([("id", "principal", "rate", "fees"), ("a", 1, "5%", 7)]):
            sheet.write_row(row, 0, values)
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.set_column(3, 3, None, None, {"hidden": True})
    loaded = load(content.getvalue(), **OPTIONS)

    assert [("sheet-hidden", "input:S!D1"), ("sheet-hidden", "input:S!2")] == [
        (issue.code, issue.where) for issue in loaded.issues
    ]


@pytest.mark.parametrize(("index", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ")])
def test_columns_have_the_names_on_screen(index: int, name: str) -> None:
    """A to Z, then AA."""
    assert name == column_name(index)


def test_a_number_has_no_decimal_comma(tmp_path: Path) -> None:
    """The habit concerns what people typed as text, also in a workbook."""
    path = tmp_path / "map.toml"
    path.write_text('[conversions]\nprincipal = "decimal-comma"\n', "utf-8")
    debts = table(HEADER, ("a", "1.234,50", "5%"), ("b", 1234.5, "5%"), mapping=path).cases[0].debts

    assert [Decimal("1234.50")] * 2 == [debt.principal for debt in debts]


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The remedy can be typed, and there is one without installing."""
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(UsageError, match=r'pip install "replan\[xlsx\]", or save .* as CSV'):
        load(workbook({"S": DEBTS}))


def test_a_sheet_is_for_workbooks() -> None:
    """An option that would do nothing is refused."""
    with pytest.raises(UsageError, match="--sheet"):
        load(EXAMPLES / "family.json", sheet="S")


def as_workbook(path: Path) -> bytes:
    """Return a table in text as a workbook of typed cells."""
    header, *rows = list(csv.reader(path.read_text("utf-8").splitlines()))
    typed = [[_typed(name, cell) for name, cell in zip(header, row, strict=True)] for row in rows]
    return workbook({"债务": [("家庭债务清单",), header, *typed]})


def _typed(header: str, cell: str) -> object:
    if cell and header.endswith("日期"):
        return parse_date(cell)
    if cell and header == "年利率(%)":
        return [float(cell) / 100]
    is_amount = header in {"剩余本金(元)", "未还利息", "罚息", "违约金", "逾期本金", "贷款金额"}
    return float(parse_amount(cell)) if cell and is_amount else cell


def test_the_same_case_entered_three_ways_gives_the_same_figures() -> None:
    """JSON, text and a workbook."""
    given: dict[str, Any] = {
        "as_of": "2026-11-21",
        "currency": "CNY",
        "jurisdiction": "CN",
        "surplus": "1800",
    }
    text = load(EXAMPLES / "debts.csv", **given)
    book = load(as_workbook(EXAMPLES / "debts.csv"), **given)
    printed = json.loads(text.cases[0].model_dump_json(by_alias=True, exclude_none=True))
    cases = [text.cases[0], book.cases[0], load(json.dumps(printed).encode()).cases[0]]
    figures = [replan.compare(case, ["split 24", "defer 3 + split 36"]).to_dict() for case in cases]

    assert ([], []) == (text.issues, book.issues)
    assert figures[0] == figures[1] == figures[2]
