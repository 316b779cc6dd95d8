"""Whatever a file holds, loading ends in cases and issues, never in a traceback."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replan.io.load import load
from replan.io.sheet_xml import Unreadable, read_parts
from workbooks import part_of, with_part, workbook

EXAMPLE = Path(__file__).parents[2] / "examples" / "card-92-days.json"
ATOMS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(
        ["1e400", "NaN", "2026-02-31", "5%", 10**400, -1, [], {}, "\x1b[2J", "\ud800"]
    )
)
CASE = json.loads(EXAMPLE.read_text("utf-8"))
DEBT_KEYS = sorted(CASE["debts"][0])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        b"\xef\xbb\xbf",
        b"\x00\x01\x02",
        bytes(range(256)),
        b"\xff\xfe\x00",
        "海川".encode("gb18030")[:3],
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"{" + b'"a":{' * 40 + b"}" * 41,
        b"null",
        b"[]",
        b"[1, 2]",
        b'{"cases": []}',
        b'{"cases": [7]}',
        b'{"debts": 7}',
        b'{"debts": [[[]]]}',
        b'{"as_of": 1e999999999999999999999, "debts": []}',
        b'{"currency": ["CNY"], "debts": [{}], "frequency": {}}',
        b'{"x": ' + b"9" * 5000 + b"}",
        b'"' * 1001,
        b"," * 1_000_000,
        b"a,b,c",
        b";",
        b"id,principal,rate",
        b'"never closed',
        b"principal,rate\n" + b'"' * 999,
        b"principal,rate\r\r\n1,5%\r",
        "本金,利率\n1,5%\n".encode("utf-16-be"),
    ],
    ids=range(29),
)
def test_garbage_is_reported_plainly(data: bytes) -> None:
    """Each is an issue with a place, and no exception."""
    loaded = load(data)

    assert all(issue.where and issue.message for issue in loaded.issues)
    assert loaded.issues or not loaded.cases


@given(st.binary(max_size=200))
def test_any_bytes_load_or_are_reported(data: bytes) -> None:
    """Nothing but issues comes out of noise."""
    assert [] == load(data).cases


@given(st.text(alphabet='{}[]",:0a\n\\;é银 .%-', max_size=60))
def test_any_text_loads_or_is_reported(text: str) -> None:
    """Broken JSON and broken CSV end in issues."""
    assert [] == load(text.encode()).cases


@given(
    st.sampled_from(DEBT_KEYS),
    st.recursive(
        ATOMS, lambda x: st.lists(x) | st.dictionaries(st.text(max_size=9), x), max_leaves=4
    ),
)
def test_any_value_at_any_key_of_a_debt(key: str, value: object) -> None:
    """A debt with a strange value loads or is dropped with an issue."""
    raw = {**CASE, "debts": [{**CASE["debts"][0], key: value}, {**CASE["debts"][0], "id": "other"}]}
    loaded = load(json.dumps(raw).encode())

    assert "other" in [debt.id for debt in loaded.cases[0].debts] or value == "other"
    assert bool(loaded.dropped) == any(issue.severity == "error" for issue in loaded.issues)


@given(st.sampled_from(sorted(CASE)), ATOMS)
def test_any_value_at_any_key_of_a_case(key: str, value: object) -> None:
    """A strange head gives a case or an issue."""
    loaded = load(json.dumps({**CASE, key: value}).encode())

    assert loaded.cases or loaded.issues


@given(
    st.lists(st.lists(st.text(alphabet='0159.,%"\n月年a-¥', max_size=6), max_size=4), max_size=5)
)
def test_any_cells_load_or_are_reported(rows: list[list[str]]) -> None:
    """Every row is a debt, blank, or an issue."""
    text = "\n".join(",".join(cells) for cells in [["id", "principal", "rate", "dpd"], *rows])
    loaded = load(text.encode(), as_of="2026-11-21", currency="CNY")

    assert loaded.cases or loaded.issues or not any(cell.strip() for row in rows for cell in row)


def test_ten_million_characters_are_read_in_no_time() -> None:
    """A text that is far too long is an issue with its place; the debts load."""
    raw = {**CASE, "note": "x" * 10**7}
    loaded = load(json.dumps(raw).encode())

    assert ["text-too-long"] == [issue.code for issue in loaded.issues]
    assert len(CASE["debts"]) == len(loaded.cases[0].debts)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DOCTYPE = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
BOOK = workbook({"S": [("id", "principal", "rate"), ("a", 100, [0.05])]})
SHEET = "xl/worksheets/sheet1.xml"
FAR = b'<c r="%s"><v>1</v></c>'


def archive(name: str) -> bytes:
    """Return an archive of one file."""
    content = BytesIO()
    with ZipFile(content, "w") as whole:
        whole.writestr(name, b"<workbook/>")
    return content.getvalue()


def damaged(part: str, content: bytes) -> bytes:
    """Return the workbook with one part replaced."""
    return with_part(BOOK, part, content)


def reaching(cell: str) -> bytes:
    """Return the workbook with one more cell, far away."""
    sheet = part_of(BOOK, SHEET)
    row = b"<row>" + FAR % cell.encode() + b"</row></sheetData>"
    return damaged(SHEET, sheet.replace(b"</sheetData>", row))


@pytest.mark.parametrize(
    ("data", "code", "says"),
    [
        (BOOK[:200], "workbook-unreadable", "not a whole archive"),
        (BOOK[:-30], "workbook-unreadable", "not a whole archive"),
        (b"PK\x03\x04" + bytes(60), "workbook-unreadable", "not a whole archive"),
        (b"PK\x05\x06" + bytes(18), "workbook-unreadable", "an archive"),
        (OLE, "workbook-unreadable", ".xls"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "workbook-unreadable", "password"),
        (archive("xl/workbook.bin"), "workbook-unreadable", ".xlsb"),
        (archive("content.xml"), "workbook-unreadable", ".ods"),
        (archive("word/document.xml"), "workbook-unreadable", "Word"),
        (archive("xl/workbook.xml"), "workbook-unreadable", "do not fit"),
        (damaged("xl/workbook.xml", b"<"), "workbook-unreadable", "not XML"),
        (damaged(SHEET, b"\xff\xfe"), "workbook-unreadable", "not XML"),
        (damaged(SHEET, DOCTYPE), "workbook-unreadable", "DOCTYPE"),
        (damaged(SHEET, b"<worksheet/>"), "file-empty", "no cells"),
        (reaching("A1048576"), "file-too-large", "below row 200,000"),
        (reaching("XFD1"), "file-too-large", "beyond column 1,000"),
        (reaching("ALL199999"), "file-too-large", "more than 3,000,000 cells"),
    ],
    ids=range(17),
)
def test_a_workbook_that_is_none_is_one_plain_issue(data: bytes, code: str, says: str) -> None:
    """Damaged, protected, of another kind or out of all bounds: what it is and what to do."""
    loaded = load(data, as_of="2026-11-21", currency="EUR")

    assert ([code], []) == ([issue.code for issue in loaded.issues], loaded.cases)
    assert says in loaded.issues[0].message
    assert loaded.issues[0].hint


def test_a_zip_bomb_is_not_unpacked() -> None:
    """No more is unpacked than a workbook of debts can need, whatever the archive claims."""
    bomb = damaged("xl/sharedStrings.xml", bytes(2**24))
    with pytest.raises(Unreadable, match="more than 1 MiB") as caught:
        read_parts(bomb, limit=2**20)

    assert (True, True) == (caught.value.is_too_large, len(bomb) < 2**16)


def test_a_part_may_stand_twice_in_an_archive() -> None:
    """The first is read, and the library sees no other."""
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = with_part(BOOK, SHEET, part_of(BOOK, SHEET), again=b"<worksheet/>")

    assert "a" == load(twice, as_of="2026-11-21", currency="EUR").cases[0].debts[0].id


@given(st.integers(0, len(BOOK) - 1), st.binary(min_size=1, max_size=4))
def test_a_workbook_with_any_damage_loads_or_is_reported(place: int, noise: bytes) -> None:
    """Bytes changed anywhere never end in a traceback."""
    loaded = load(BOOK[:place] + noise + BOOK[place + len(noise) :], as_of="2026-11-21")

    assert loaded.issues or loaded.cases


@given(st.integers(0, 700), st.sampled_from([b"", b"<", b">", b'"', b"&", b"s", b"9999", b"\x00"]))
def test_a_sheet_with_any_damage_loads_or_is_reported(place: int, noise: bytes) -> None:
    """The parts themselves may be damaged while the archive is whole."""
    sheet = part_of(BOOK, SHEET)
    broken = sheet[:place] + noise + sheet[place + 1 :]
    loaded = load(damaged(SHEET, broken), as_of="2026-11-21", currency="EUR")

    assert loaded.issues or loaded.cases
