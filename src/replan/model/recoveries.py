"""What lenders recovered elsewhere: published figures, each with its population, year and source.

They stand beside what a user says of a lender's alternative; none of them is ever assumed.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from .case import Case
from .debt import Debt

CHARGED_OFF = 180
"""US banks charge open-end credit off at 180 days past due (OCC Bulletin 2000-20)."""
AGED = 360
"""Pools sold at auction are years overdue; below a year no debt is shown beside them."""


@dataclass(frozen=True, slots=True)
class Recovery:
    """A published range of recoveries, as shares of `base`, and the debts that it is about."""

    id: str
    low: Decimal
    high: Decimal
    base: str
    population: dict[str, str]
    year: str
    source: str
    jurisdiction: str
    days_past_due: int
    products: tuple[str, ...] = ()

    def fits(self, case: Case, debt: Debt) -> bool:
        """Tell whether a debt belongs to the population; a secured or priority debt never does."""
        where = (case.jurisdiction or "").split("-")[0]
        return (
            where == self.jurisdiction
            and debt.days_past_due >= self.days_past_due
            and not (debt.secured or debt.priority)
            and (not self.products or debt.product in self.products)
        )


RECOVERIES: tuple[Recovery, ...] = (
    Recovery(
        id="cn-npl-auction",
        low=Decimal("0.041"),
        high=Decimal("0.058"),
        base="outstanding",
        population={
            "en": "prices paid at auction for pools of personal loans gone bad, in bulk, years"
            " overdue",
            "zh": "个人不良贷款批量转让竞价成交价，多为逾期数年的资产包",
        },
        year="2024 Q3 – 2025 Q1",
        source="银行业信贷资产登记流转中心（银登中心）, quarterly statistics of transfers",
        jurisdiction="CN",
        days_past_due=AGED,
        products=("personal-loan", "credit-card", "consumer-loan"),
    ),
    Recovery(
        id="us-debt-buyers",
        low=Decimal("0.04"),
        high=Decimal("0.04"),
        base="face",
        population={
            "en": "average price that nine large debt buyers paid, mostly for charged-off cards",
            "zh": "九家大型债务收购公司的平均买入价，多为已核销的信用卡债",
        },
        year="2006 – 2009",
        source="FTC, The Structure and Practices of the Debt Buying Industry (2013)",
        jurisdiction="US",
        days_past_due=CHARGED_OFF,
    ),
    Recovery(
        id="us-card-recoveries",
        low=Decimal("0.16"),
        high=Decimal("0.32"),
        base="charged-off",
        population={
            "en": "recoveries of two large issuers over their gross card charge-offs",
            "zh": "两家大型发卡行核销后回收额占核销总额的比例",
        },
        year="2011 – 2012",
        source="American Banker, on the issuers' reports",
        jurisdiction="US",
        days_past_due=CHARGED_OFF,
        products=("credit-card",),
    ),
)


def recoveries_for(case: Case, debt: Debt) -> tuple[Recovery, ...]:
    """Give the published recoveries whose population a debt belongs to."""
    return tuple(found for found in RECOVERIES if found.fits(case, debt))
