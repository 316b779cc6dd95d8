"""What a table of accounts holds, and what a table of offers holds; docs/batch.md shows both."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

ACCOUNT = "account"
AMOUNTS = (
    "principal",
    "interest",
    "penalty",
    "fees",
    "arrears.principal",
    "arrears.interest",
    "arrears.penalty",
    "arrears.fees",
    "arrears",
    "instalment",
    "balloon",
    "original_principal",
)
"""Amounts of a debt in major units: text, decimals, whole numbers or floats."""
RATE = "rate"
COUNTS = ("remaining_instalments", "days_past_due")
DAYS = ("next_due", "last_accrual", "contract_date", "last_payment")
WORDS = (
    "method",
    "frequency",
    "day_count",
    "product",
    "lender_type",
    "jurisdiction",
    "currency",
    "allocation",
    "minimum_payment",
    "instalment_fee",
    "accelerated",
)
"""Settings that many accounts share."""
SURPLUS = "surplus"
FLAGS = "flags"
PLACE, FAULT = RESERVED = ("replan:row", "replan:fault")
"""Columns put beside those of a table: the row's number in the input; why it cannot be split."""
RAW = "replan:raw"
"""A column beside the offers of a piece: the cells of its rejects, as JSON."""
REQUIRED = (ACCOUNT, "principal", RATE)
KNOWN = (ACCOUNT, *AMOUNTS, RATE, *COUNTS, *DAYS, *WORDS, SURPLUS, FLAGS)
"""All columns that are read, but for `surplus.2027-03` …; others are carried or ignored."""
_MONTH = re.compile(r"surplus\.(19|2[01])\d\d-(0[1-9]|1[0-2])")


def is_month(name: str) -> bool:
    """Tell whether a column holds the surplus from a month on: `surplus.2027-03`."""
    return _MONTH.fullmatch(name) is not None


def is_read(name: str) -> bool:
    """Tell whether a column of this name is read."""
    return name in KNOWN or is_month(name)


STATUSES = ("offer", "no-offer", "review", "suppressed", "reject")


def offer_schema(exponent: int) -> pa.Schema:
    """Give the columns of a table of offers in a currency with so many decimals.

    Each account has its offers, ranked from 1, or one row that says why it has none: `status` is
    one of `STATUSES`, `reason` a code, `field` the column at fault and `message` what is wrong.
    `shared` says how a borrower's budget was shared: `joint`, `pro-rata`, or nothing.
    """
    import pyarrow as pa  # noqa: PLC0415 - an extra

    amount = pa.decimal128(18, exponent)
    return pa.schema(
        [
            ("account", pa.string()),
            ("status", pa.string()),
            ("reason", pa.string()),
            ("field", pa.string()),
            ("message", pa.string()),
            ("rank", pa.int8()),
            ("objective", pa.string()),
            ("plan", pa.string()),
            ("instalment", amount),
            ("first_payment", amount),
            ("first_due", pa.date32()),
            ("peak_payment", amount),
            ("months", pa.int32()),
            ("instalments", pa.int32()),
            ("total_paid", amount),
            ("residual", amount),
            ("waived", amount),
            ("npv_loss", amount),
            ("apr", pa.float64()),
            ("verdict", pa.string()),
            ("shared", pa.string()),
            ("findings", pa.string()),
            ("offer_id", pa.string()),
            ("valid_until", pa.date32()),
        ]
    )
