"""Control totals: what was read adds up over what became of it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from batch.test_portfolio import run, told, write
from replan.batch.controls import exact_sum

ROWS = [
    {"account": "a", "principal": "1000.50", "interest": "10", "rate": "18%", "currency": "CNY"},
    {"account": "b", "principal": "2,000.25", "interest": "", "rate": "18%", "currency": ""},
    {"account": "c", "principal": "500", "interest": "7.01", "rate": "x", "currency": "CNY"},
    {"account": "d", "principal": "80.000", "interest": "oops", "rate": "1%", "currency": "KWD"},
]


def test_totals_of_all_rows_are_those_of_what_became_of_them(tmp_path: Path) -> None:
    """Offers and rejects by currency; a cell that is no amount is counted, not added."""
    entries = [row | {"arrears": "100" if row["account"] == "a" else ""} for row in ROWS]
    run(*write(tmp_path, entries), "-o", str(tmp_path / "o.csv"))
    found = json.loads((tmp_path / "o.csv.manifest.json").read_text("utf-8"))["controls"]["inputs"]
    yuan, dinar = (found["by_currency"][code] for code in ("CNY", "KWD"))

    assert {"offer": 2, "reject": 2} == found["rows"]
    assert ("3000.75", "100.00") == (yuan["offer"]["principal"], yuan["offer"]["arrears"])
    assert ("500.00", "7.01") == (yuan["reject"]["principal"], yuan["reject"]["interest"])
    assert ("3500.75", 1) == (yuan["read"]["principal"], yuan["reject"]["unreadable"])
    assert "80.000" == dinar["reject"]["principal"]


def test_sums_do_not_overflow() -> None:
    """Whole numbers of 64 bits, as many as there are."""
    column = np.full(40, 2**62, dtype=np.int64)

    assert 40 * 2**62 == exact_sum(column)
    assert -7 == exact_sum(np.array([-9, 2]))


def test_an_account_in_another_currency_is_rejected(tmp_path: Path) -> None:
    """Its amounts have other decimals and another worth: nothing is offered on them."""
    entries = [{"account": c, "principal": "1000", "rate": "9%", "currency": c}
               for c in ("CNY", "JPY", "usd", "cny")]  # fmt: skip
    run(*write(tmp_path, entries), "-o", str(tmp_path / "o.csv"), "--offers", "1",
        "--rejects", str(tmp_path / "r.csv"))  # fmt: skip
    found = [(r["account"], r["reason"], r["field"]) for r in told(tmp_path / "r.csv")]

    assert [(c, "case-value-differs", "currency") for c in ("JPY", "usd")] == found
