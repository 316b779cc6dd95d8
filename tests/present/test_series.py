"""Series for charts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from present.samples import row
from replan.present.series import Balance, Month, balance_series, months_series


def test_months_are_read_exactly() -> None:
    """Amounts are decimals; what is not known stays unknown."""
    entry = {"month": "2026-12", "payment": "200.10", "surplus": None, "short": None}

    expected = Month("2026-12", Decimal("200.10"), None, Decimal(0), Decimal("99.90"))
    assert [expected] == months_series([entry | {"balance": "99.90"}])


def test_balances_are_dated() -> None:
    """Each row gives its due date and what is owed after it."""
    expected = [Balance(date(2026, 12, 10), Decimal("48609.33"))]

    assert expected == balance_series([row(1, "2026-12-10")])
