"""Made-up portfolios, drawn with a seed: every feature that a table of accounts can have."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

import pyarrow as pa

AS_OF = "2026-11-21"
RATES = ("18.25%", "24%", "0.05%/day", "0", "0.1199", "7.77%")


def draw_account(random: Random, number: int) -> dict[str, Any]:
    """Draw one account as plain values."""
    principal = random.choice([random.randint(100, 90_000), random.randint(100, 9_000_000) / 100])
    row: dict[str, Any] = {
        "account": f"acc-{number}",
        "principal": f"{principal}",
        "rate": random.choice(RATES),
        "surplus": random.choice([None, "300", "950.50", "2500", "9000"]),
        "days_past_due": random.choice(["0", "10", "95"]),
    }
    if random.random() < 0.6:
        row["interest"] = f"{random.randint(0, 90_000) / 100}"
        row["penalty"] = f"{random.randint(0, 30_000) / 100}"
        row["fees"] = random.choice(["0", "25"])
    if random.random() < 0.7:
        row["remaining_instalments"] = f"{random.randint(2, 48)}"
        if random.random() < 0.5:
            row["instalment"] = f"{random.randint(50, 5000)}"
    if random.random() < 0.4:
        row["arrears"] = f"{random.randint(1, 100)}"
    if random.random() < 0.6:
        row["next_due"] = random.choice(["2026-11-30", "2026-12-10", "2026-12-31"])
    row["method"] = random.choice([None, "level", "equal-principal", "interest-only"])
    row["day_count"] = random.choice([None, None, "actual/365"])
    row["product"] = random.choice(["credit-card", "personal-loan"])
    return row


def draw(seed: int, rows: int) -> list[dict[str, Any]]:
    """Draw a portfolio."""
    random = Random(seed)  # noqa: S311  # made-up data
    return [draw_account(random, n) for n in range(rows)]


def table(rows: list[dict[str, Any]]) -> pa.RecordBatch:
    """Lay rows out as a record batch of texts."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    return pa.record_batch(
        {name: pa.array([row.get(name) for row in rows], pa.string()) for name in names}
    )


def as_case(row: Mapping[str, Any], **head: Any) -> dict[str, Any]:
    """Give one account as the values of a case file."""
    debt = {
        k: v for k, v in row.items() if k not in ("account", "surplus", "flags") and v is not None
    }
    surplus = {"surplus": row["surplus"]} if row.get("surplus") else {}
    return {"as_of": AS_OF, **head, **surplus, "debts": [{"id": "account", **debt}]}
