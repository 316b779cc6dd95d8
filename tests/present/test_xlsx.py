"""Workbooks: read back, and recalculated by LibreOffice where it is installed."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import replan
from cli.run import FAMILY
from present.samples import comparison, shown
from replan.errors import Issue
from replan.io.load import Loaded
from replan.model.case import Case
from replan.present.check import check_data, check_records
from replan.present.compare import compare_records
from replan.present.show import show_records
from replan.present.words import Words
from replan.present.xlsx import to_xlsx

calamine = pytest.importorskip("python_calamine", reason="python-calamine is not installed")
pytest.importorskip("xlsxwriter", reason="XlsxWriter is not installed")
EN = Words("en")
PLAN = "waive penalty=100% + defer 3 + split 24"
OFFICE = shutil.which("soffice") or ""
needs_office = pytest.mark.skipif(not OFFICE, reason="LibreOffice (soffice) is not installed")
_EVERY_SHEET = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"


def case() -> Case:
    """Return the family's case."""
    return replan.load_case(FAMILY)


def write(data: dict[str, Any], kind: str, words: Words = EN) -> bytes:
    """Return the workbook of a result."""
    records = compare_records(data) if kind == "compare" else show_records(data)
    return to_xlsx(data, words, kind=kind, records=records)


def read(content: bytes) -> Any:
    """Open a workbook with a reader of its own."""
    return calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))


def test_cells_are_dates_numbers_and_texts() -> None:
    """A due date is a date, an amount a number."""
    data = replan.show(case(), PLAN).to_dict()

    rows = read(write(data, "show")).get_sheet_by_name("1 card").to_python()

    first, last = data["debts"][0]["schedule"][0], data["debts"][0]["schedule"][-1]
    assert [0, date(2026, 11, 21), float(first["opening"])] == rows[1][:3]
    assert date.fromisoformat(last["due"]) == rows[-2][1]
    assert "Total" == rows[-1][0]


def test_same_data_same_bytes_and_nobody_named() -> None:
    """No clock, no author."""
    content = write(comparison("split 24"), "compare")
    core = zipfile.ZipFile(io.BytesIO(content)).read("docProps/core.xml").decode()

    assert content == write(comparison("split 24"), "compare")
    assert "<dc:creator></dc:creator>" in core
    assert "2026-11-21T00:00:00Z</dcterms:created>" in core


def test_text_is_never_a_formula() -> None:
    """A creditor called =1+1 is a text, and a link is no link."""
    data = shown()
    data["debts"][0]["creditor"] = '=HYPERLINK("http://x")\x1b[31m'
    content = write(data, "show")
    overview = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()

    assert "HYPERLINK" not in overview
    assert '=HYPERLINK("http://x")' == read(content).get_sheet_by_index(0).to_python()[1][1]


def test_sheets_in_chinese() -> None:
    """Sheet names and heads follow the language."""
    book = read(write(replan.show(case(), PLAN).to_dict(), "show", Words("zh")))

    assert ["总览", "逐月", "请求"] == book.sheet_names[:3]
    assert "欠款余额" == book.get_sheet_by_name("1 card").to_python()[0][-1]


def test_file_with_its_balances_and_problems() -> None:
    """What is owed in numbers with live sums, then every problem as text."""
    issue = Issue("amount-negative", "error", '"=1" is below zero.', "a.csv:3", "Write 0.")
    data = check_data(Loaded([case()], [issue]))

    book = read(to_xlsx(data, EN, kind="check", records=check_records(data)))

    rows = book.get_sheet_by_name("Overview").to_python()
    assert ["card", 47, 28610.95] == [rows[1][0], rows[1][3], rows[1][8]]
    assert ["Total", 87596.69] == [rows[6][0], rows[6][8]]
    assert ["error", "a.csv:3"] == book.get_sheet_by_name("Problems").to_python()[1][:2]


def test_other_results_are_one_sheet_of_their_records() -> None:
    """Numbers as numbers, a name that looks like a formula as a text."""
    records = [{"name": "=1", "rate": "12.50", "day": "2026-11-21", "none": None}]

    rows = read(to_xlsx({}, EN, kind="", records=records)).get_sheet_by_index(0).to_python()

    assert ["=1", 12.5, date(2026, 11, 21), ""] == rows[1]


@pytest.fixture(scope="module")
def recalculated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of CSV files: workbooks without values, computed by LibreOffice."""
    folder = tmp_path_factory.mktemp("office")
    results = {
        "show": replan.show(case(), PLAN).to_dict(),
        "compare": replan.compare(case(), [PLAN, "freeze 6 + split 36"]).to_dict(),
    }
    for kind, data in results.items():
        (folder / f"{kind}.xlsx").write_bytes(_without_values(write(data, kind)))
        (folder / f"{kind}.json").write_text(json.dumps(data), encoding="utf-8")
    books = [str(folder / f"{kind}.xlsx") for kind in results]
    command = [OFFICE, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", _EVERY_SHEET, "--outdir", str(folder), *books]
    subprocess.run(command, check=True, capture_output=True, timeout=120)  # noqa: S603
    return folder


def _without_values(content: bytes) -> bytes:
    """Remove what each formula came to, so that it must be computed."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", old.read(name)))
    return target.getvalue()


def rows_of(folder: Path, sheet: str) -> list[list[str]]:
    """Return the cells of a sheet as LibreOffice shows them."""
    with (folder / f"{sheet}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def number(shown_: str) -> Decimal:
    """Read an amount as shown."""
    return Decimal(shown_.replace(",", ""))


@needs_office
def test_schedules_recalculate_to_the_program_s_figures(recalculated: Path) -> None:
    """Opening, payment, balance and totals of each debt, and every month."""
    data = json.loads((recalculated / "show.json").read_text(encoding="utf-8"))
    for n, debt in enumerate(data["debts"], start=1):
        rows = rows_of(recalculated, f"show-{n} {debt['id']}")[1:]
        for row, expected in zip(rows, debt["schedule"], strict=False):
            figures = [Decimal(expected[name]) for name in ("opening", "payment", "balance")]
            assert figures == [number(row[2]), number(row[6]), number(row[11])]
        total = rows[len(debt["schedule"])]
        assert Decimal(debt["metrics"]["total_paid"]) == number(total[6])
    months = rows_of(recalculated, "show-Months")[1:]
    for row, expected in zip(months, data["household"]["by_month"], strict=False):
        figures = [Decimal(expected[name]) for name in ("payment", "short")]
        assert figures == [number(row[1]), number(row[3])]


def unclear(metrics: dict[str, Any], name: str) -> bool:
    """Tell whether a figure means nothing for a plan."""
    return name == "extra_cost" and Decimal(metrics["residual"]) != 0


@needs_office
def test_overviews_recalculate_to_the_program_s_figures(recalculated: Path) -> None:
    """Sums over debts and months agree with the figures of the plans."""
    data = json.loads((recalculated / "compare.json").read_text(encoding="utf-8"))
    plans = {plan["plan"]: plan["metrics"] for plan in data["plans"]}
    rows = {row[0]: row[1:] for row in rows_of(recalculated, "compare-Overview")[1:] if row}
    for name in ("peak_payment", "total_paid", "interest_paid", "waived", "extra_cost"):
        # what is left over at the end makes the comparison with the contract meaningless
        expected = [None if unclear(m, name) else Decimal(m[name]) for m in plans.values()]
        shown_ = rows[EN(f"figure.{name}")][: len(plans)]
        assert expected == [number(cell) if cell else None for cell in shown_]


@needs_office
def test_no_formula_fails(recalculated: Path) -> None:
    """No cell shows an error."""
    assert [] == [path for path, text in _texts(recalculated) if re.search(r"#\w+[!?]|Err:", text)]


def _texts(folder: Path) -> Iterator[tuple[str, str]]:
    for path in folder.glob("*.csv"):
        yield path.name, path.read_text(encoding="utf-8")
