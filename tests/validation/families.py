"""The families of published figures and the cases of schedules among them.

A case of a schedule has a `case` (a case file; the family's `settings` stand in it unless it says
otherwise), a `plan`, what to `expect`, and a `tolerance`: `cent`, or how far a `flow` may be off
and by how much more, per row, a balance may `drift`. In `expect` stand

- `rows`: due date, principal, interest, payment and balance of the rows from 1 on, null where
  nothing is compared; `all` false: more rows follow than were published;
- `at`: single cells, by row number and column; `row0`: cells of row 0;
- `years`: principal and interest of each twelve rows; `sum`: a column from one row to another;
- `figures`: the number of rows, what is paid in all, interest paid;
- `total_interest`: one or more of the three ways in which it is stated (docs/metrics.md);
- `household`: metrics of the household; `debts`: what to expect of each debt;
- `balance_of`: `principal` where the source's balance is principal alone.

A cell or figure is a value, or a value with how far it may be off. A case may have a `status`:
`erratum` (the source contradicts itself; what remains is compared) or `unsupported`, with a
`reason`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Family = dict[str, Any]
Case = dict[str, Any]

DATA = Path(__file__).parent / "data"


def families() -> dict[str, Family]:
    """Read every family, by the name of its file."""
    return {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(DATA.glob("*.json"))}


def schedule_cases() -> Iterator[tuple[str, Case]]:
    """Yield the name of the family and the case, for every schedule; settings merged in."""
    for name, family in families().items():
        for case in family.get("cases", []):
            if "plan" in case:
                whole = {"replan": 1, **family.get("settings", {}), **case["case"]}
                yield name, {**case, "case": whole}
