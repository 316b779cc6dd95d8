"""Speed of a portfolio: accounts from Arrow to offers, every candidate exact, beside its limit."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pyarrow as pa
from figures import processor

from replan.batch.offers import job_of, offers_of
from replan.io.policies import load_policy

REQUIRED = 9e6
"""The target: candidate plans a second on two cores."""
EXAMPLE = Path(__file__).parents[1] / "examples" / "cards-policy.toml"


def accounts(rows: int, *, charges: bool) -> pa.RecordBatch:
    """Draw accounts in whole cents; `charges`: with interest and penalty outstanding."""
    random = np.random.default_rng(1)
    principal = random.integers(100_000, 5_000_000, rows)
    columns = {
        "account": pa.array([f"a{n:07}" for n in range(rows)]),
        "principal": pa.array(principal / 100.0),
        "rate": pa.array(random.integers(600, 3600, rows) / 10_000.0),
        "surplus": pa.array((principal // random.integers(12, 60, rows)) / 100.0),
    }
    if charges:
        columns |= {
            "interest": pa.array((principal // 20) / 100.0),
            "penalty": pa.array((principal // 30) / 100.0),
        }
    return pa.record_batch(columns)


def varied(rows: int) -> pa.RecordBatch:
    """Draw accounts that differ in due day, rhythm, instalments left, lateness and product."""
    random, batch = np.random.default_rng(2), accounts(rows, charges=False)
    rhythms = ("month", "week", "fortnight", "4-weeks")
    products = ("credit-card", "personal-loan", "car", "furniture")
    columns = {
        "next_due": pa.array([f"2026-12-{day:02}" for day in random.integers(1, 29, rows)]),
        "remaining_instalments": pa.array(random.integers(1, 61, rows)),
        "frequency": pa.array([rhythms[n] for n in random.integers(0, len(rhythms), rows)]),
        "days_past_due": pa.array(random.integers(0, 181, rows)),
        "product": pa.array([products[n] for n in random.integers(0, len(products), rows)]),
    }
    return pa.record_batch({n: batch.column(n) for n in batch.schema.names} | columns)


def main(rows: int = 8_192, rounds: int = 3) -> None:
    """Print accounts and candidate plans a second on one core, beside what is required."""
    policy = load_policy(EXAMPLE)
    job = job_of(policy, as_of="2026-11-21", currency="CNY", top=1)
    print(f"{processor()}; {job.candidates} candidates an account, one process")
    for name, batch in (
        ("principal only", accounts(rows, charges=False)),
        ("with interest and penalty", accounts(rows, charges=True)),
        ("dates, rhythms, products vary", varied(rows)),
    ):
        taken = []
        for _ in range(rounds):
            begin = time.perf_counter()
            offers_of(batch, job)
            taken.append(time.perf_counter() - begin)
        rate = rows * job.candidates / sorted(taken)[rounds // 2]
        print(
            f"{name:<30} {rate / job.candidates:>9,.0f} accounts/s {rate / 1e6:>6.2f} M plans/s"
            f"   required of two cores: {REQUIRED / 1e6:.0f} M/s"
        )


if __name__ == "__main__":
    main()
