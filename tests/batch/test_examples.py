"""The examples for portfolios do what their comments say."""

from __future__ import annotations

import csv
from pathlib import Path

from batch.test_portfolio import run, told

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_cards_example_has_offers_rejects_and_reasons(tmp_path: Path) -> None:
    """A negative bill is no debt, a card without a balance needs no plan."""
    options = ["--map", str(EXAMPLES / "uci-cards.toml")]
    policy = ["--policy", str(EXAMPLES / "cards-policy.toml")]
    output = tmp_path / "o.csv"
    args = [*options, *policy, "-o", str(output), "--workers", "1", "--offers", "1"]
    ended = run("batch", str(EXAMPLES / "cards.csv"), *args)
    found = {row["account"]: row["reason"] or row["status"] for row in told(output)}

    assert 1 == ended.exit_code
    assert ("offer", "amount-negative", "nothing-owed") == (found["1"], found["3"], found["5"])


def test_loans_load_with_the_mapping_for_a_single_case(tmp_path: Path) -> None:
    """One mapping file serves `replan check` and a portfolio; what is paid off is left out."""
    columns = (
        "balance,interest_rate,installment,loan_amount,loan_purpose,issue_month,term,loan_status"
    )
    rows = [
        "4500.10,10.9,160.5,5000,car,Jan-18,36,Current",
        "0,9.4,10,5000,car,Jan-18,36,Fully Paid",
    ]
    table = tmp_path / "loans.csv"
    table.write_text("\n".join([columns, *rows]) + "\n")
    args = ["--map", str(EXAMPLES / "lendingclub.toml"), "-o", str(tmp_path / "o.csv")]
    policy = ["--policy", str(EXAMPLES / "cards-policy.toml"), "--workers", "1", "--offers", "1"]
    ended = run("batch", str(table), *args, *policy)
    found = list(csv.DictReader((tmp_path / "o.csv").read_text("utf-8").splitlines()))

    assert 0 == ended.exit_code
    assert [("row-1", "not-assessed")] == [(row["account"], row["verdict"]) for row in found]
