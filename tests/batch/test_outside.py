"""The offers for two shapes of real tables are what whole cents and fractions alone give."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path

import pytest

from batch.outside import Told, cents, ranked
from batch.test_portfolio import run, told

EXAMPLES = Path(__file__).parents[2] / "examples"


def stated(row: dict[str, str]) -> Told:
    """Give what an offer says."""
    amounts = (cents(row[name]) for name in ("instalment", "peak_payment", "total_paid"))
    instalment, peak, total = amounts
    loss = round(float(row["npv_loss"]) * 100)
    return Told(row["plan"], instalment, peak, int(row["months"]), total, loss)


def offered(table: Path, mapping: str, output: Path) -> dict[str, list[dict[str, str]]]:
    """Run a table with its mapping; give the rows told of each account."""
    policy = ["--policy", str(EXAMPLES / "cards-policy.toml"), "--workers", "1"]
    run("batch", str(table), "--map", str(EXAMPLES / mapping), *policy, "-o", str(output))
    found: dict[str, list[dict[str, str]]] = {}
    for row in told(output):
        found.setdefault(row["account"], []).append(row)
    return found


def test_card_bills_are_ranked_alike_outside(tmp_path: Path) -> None:
    """The best three of ninety plans within last month's payment, or none of them fits."""
    found = offered(EXAMPLES / "cards.csv", "uci-cards.toml", tmp_path / "o.csv")
    bills = list(csv.DictReader((EXAMPLES / "cards.csv").read_text("utf-8").splitlines()))
    some = [row for row in bills if row["BILL_AMT1"].isdigit() and row["BILL_AMT1"] != "0"]

    for row in some:
        best = ranked(cents(row["BILL_AMT1"]), Fraction(1, 5), cents(row["PAY_AMT1"]))[:3]
        mine = found[row["ID"]]
        assert best == [stated(o) for o in mine if o["plan"]]
        assert bool(best) or mine[0]["reason"] == "over-surplus"


@pytest.mark.parametrize(
    ("balance", "rate", "instalment"),
    [("4642.64", "10.9", "163.46"), ("8704.48", "5.32", "301.15"), ("250.01", "30.79", "9.05")],
)
def test_loans_are_ranked_alike_outside(
    tmp_path: Path, balance: str, rate: str, instalment: str
) -> None:
    """The value given up is against the contract's own instalments."""
    columns = "balance,interest_rate,installment,loan_amount,loan_purpose,issue_month,term"
    row = f"{balance},{rate},{instalment},9000,car,Jan-18,36,Current"
    table = tmp_path / "loans.csv"
    table.write_text(f"{columns},loan_status\n{row}\n")
    (mine,) = offered(table, "lendingclub.toml", tmp_path / "o.csv").values()
    yearly, agreed = Fraction(rate) / 100, cents(instalment)

    assert ranked(cents(balance), yearly, None, instalment=agreed)[:3] == [stated(o) for o in mine]
