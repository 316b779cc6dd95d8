"""A portfolio of good accounts with bad ones planted in it, each with the field that must be named.

A kind is what is written into one account; its field is the column that the reject names.
"""

from __future__ import annotations

from random import Random
from typing import Any

Kind = tuple[dict[str, str], str]

AMOUNT_CELLS = (
    "abc", "-5", "NaN", "inf", "-inf", "1e30", "10000000000000", "1,2,3", "12.345", "1200.5O",
    "=1+1", "0x10", "1.2.3", "−5", "#REF!", "true", "1_000", "5 %", "12.5.2026", "€5",
)  # fmt: skip
"""What is no amount in yuan, or has two readings."""
KINDS: tuple[Kind, ...] = (
    *(({"principal": cell}, "principal") for cell in AMOUNT_CELLS),
    ({"principal": ""}, "principal"),
    ({"interest": "-1"}, "interest"),
    ({"penalty": "x"}, "penalty"),
    ({"fees": "1e5x"}, "fees"),
    *(({"rate": cell}, "rate") for cell in ("", "x", "-1%", "2000%", "NaN", "inf", "18", "18%%")),
    ({"rate": "0.05%/fortnight"}, "rate"),
    *(({"surplus": cell}, "surplus") for cell in ("abc", "-1", "1e30")),
    *(({"days_past_due": cell}, "days_past_due") for cell in ("-1", "1.5", "abc", "999999")),
    *(({"remaining_instalments": c}, "remaining_instalments") for c in ("0", "-3", "1.5", "1e6")),
    ({"instalment": "-10"}, "instalment"),
    *(
        ({"next_due": cell}, "next_due")
        for cell in ("2026-02-31", "2026-13-01", "10/12/2026", "1850-01-01", "2999-01-01",
                     "2026-11-01", "tomorrow", "=TODAY()")
    ),
    ({"last_accrual": "2026-12-31"}, "last_accrual"),
    ({"contract_date": "2027-01-01"}, "contract_date"),
    ({"last_payment": "2026-11-22"}, "last_payment"),
    ({"arrears": "99999999"}, "arrears"),
    ({"balloon": "99999999"}, "balloon"),
    ({"method": "banana"}, "method"),
    ({"frequency": "often"}, "frequency"),
    ({"day_count": "actual/999"}, "day_count"),
    ({"currency": "JPY"}, "currency"),
    ({"currency": "yuanish"}, "currency"),
    ({"allocation": "interest first"}, "allocation"),
    ({"accelerated": "perhaps"}, "accelerated"),
    ({"minimum_payment": "some"}, "minimum_payment"),
    ({"instalment_fee": "-2"}, "instalment_fee"),
    ({"account": ""}, "account"),
    ({"account": "a\x1b[2Jb"}, "account"),
    ({"account": "n" * 65}, "account"),
    ({"account": " lead"}, "account"),
)  # fmt: skip
COLUMNS = tuple(dict.fromkeys(name for change, _ in KINDS for name in change))


def portfolio(seed: int, rows: int) -> tuple[list[dict[str, str]], dict[str, str]]:
    """Make good accounts, plant every kind once at random; give the rows and what must be found.

    What must be found are the fields of the rejects, by the number of their row.
    """
    random = Random(seed)  # noqa: S311  # made-up data
    entries = [_good(random, n) for n in range(rows)]
    places = random.sample(range(rows), len(KINDS))
    for place, (change, _) in zip(places, KINDS, strict=True):
        entries[place] |= change
    wanted = {str(place + 1): field for place, (_, field) in zip(places, KINDS, strict=True)}
    return entries, wanted


def _good(random: Random, number: int) -> dict[str, Any]:
    row = dict.fromkeys(COLUMNS, "")
    row |= {
        "account": f"a{number}",
        "principal": random.choice(
            [f"{random.randint(500, 9_000)}", "1,200.50", "￥ 3000", "1.5万"]
        ),
        "penalty": random.choice(["", "12.25", "0"]),
        "rate": random.choice(["18%", "0.1199", "0.05%/day"]),
        "surplus": random.choice(["", "200", "950.50"]),
        "next_due": random.choice(["", "2026-12-10", "2026年12月31日"]),
    }
    return row
