"""Whatever a file holds, loading ends in cases and issues, never in a traceback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replan.io.load import load

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
