"""Kinds of income and costs, and the section of a budget statement in which each stands.

Two forms: `sections` follows the structure of the UK's Standard Financial Statement (sfs), `cn`
an adaptation for China, where contributions to social insurance and the support of parents and
children have sections of their own.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from .issues import suggest

Form = Literal["sfs", "cn"]
Side = Literal["income", "expenses"]


class Place(NamedTuple):
    """The section of a category in each form."""

    sfs: str
    cn: str


SECTIONS: dict[Form, dict[Side, tuple[str, ...]]] = {
    "sfs": {
        "income": ("earnings", "benefits", "pensions", "other-income"),
        "expenses": (
            *("home", "utilities", "water", "care", "transport", "school", "insurance"),
            *("professional", "other-essential", "communications", "food", "personal"),
        ),
    },
    "cn": {
        "income": ("earnings", "business", "benefits", "pensions", "support", "other-income"),
        "expenses": (
            *("home", "utilities", "social-insurance", "maintenance", "care", "school"),
            *("transport", "insurance", "other-essential", "food", "communications", "personal"),
        ),
    },
}
"""The sections of each form in the order in which they are printed."""

FLEXIBLE = ("communications", "food", "personal")
"""Sections of flexible costs; the others are fixed ones."""


def _same(*names: str, section: str) -> dict[str, Place]:
    return {name: Place(section, section) for name in names}


def _apart(*names: str, sfs: str, cn: str) -> dict[str, Place]:
    return {name: Place(sfs, cn) for name in names}


INCOME: dict[str, Place] = {
    **_same("earnings", "wage", "salary", "bonus", "overtime", section="earnings"),
    **_apart("business", "self-employment", sfs="earnings", cn="business"),
    **_same("benefits", "unemployment", "child-benefit", "housing-benefit", section="benefits"),
    **_same("disability", "carers-allowance", "subsistence", "tax-credit", section="benefits"),
    **_same("pensions", "pension", "state-pension", "private-pension", section="pensions"),
    **_apart("support", "family-support", "maintenance-received", sfs="other-income", cn="support"),
    **_same("other-income", "lodger", "rent-received", "student-finance", section="other-income"),
}
"""Categories of income; the name of a section is one as well."""

EXPENSES: dict[str, Place] = {
    **_same("home", "housing", "rent", "mortgage", "service-charge", section="home"),
    **_same("property-fee", "council-tax", "property-tax", "home-insurance", section="home"),
    **_same("tv-licence", "appliance-rental", section="home"),
    **_same("utilities", "electricity", "gas", "heating", "fuel-oil", section="utilities"),
    **_apart("water", "sewerage", sfs="water", cn="utilities"),
    **_same("care", "health", "medical", "medicines", "dentist", "optician", section="care"),
    **_same("nursing", section="care"),
    **_apart("family", "parents", "childcare", "maintenance", sfs="care", cn="maintenance"),
    **_same("transport", "public-transport", "petrol", "parking", section="transport"),
    **_same("car-insurance", "car-tax", "car-repairs", section="transport"),
    **_same("school", "education", "tuition", "uniform", "after-school", section="school"),
    **_same("insurance", "life-insurance", "health-insurance", section="insurance"),
    **_apart("social-insurance", "housing-fund", sfs="insurance", cn="social-insurance"),
    **_same("pension-contribution", section="insurance"),
    **_apart("professional", "union-fees", "accountant", sfs="professional", cn="other-essential"),
    **_same("other-essential", "other", "court-fine", "savings", section="other-essential"),
    **_same("communications", "phone", "internet", "tv", "leisure", section="communications"),
    **_same("hobbies", "gifts", "newspapers", "pocket-money", section="communications"),
    **_same("food", "groceries", "housekeeping", "meals-out", "laundry", section="food"),
    **_same("baby", "pets", "tobacco", "alcohol", "home-repairs", section="food"),
    **_same("personal", "clothing", "hairdresser", "toiletries", section="personal"),
}
"""Categories of costs; the name of a section is one as well."""

KNOWN: dict[Side, dict[str, Place]] = {"income": INCOME, "expenses": EXPENSES}
REST: dict[Side, str] = {"income": "other-income", "expenses": "other-essential"}
"""Where a line without a known category stands."""


def form_of(jurisdiction: str | None) -> Form:
    """Choose the form of the statement: `cn` for China, else the sections of the SFS."""
    return "cn" if (jurisdiction or "").split("-")[0] == "CN" else "sfs"


def section_of(category: str | None, side: Side, form: Form) -> str:
    """Return the section of a category; one that is not known stands with the rest.

    >>> section_of("rent", "expenses", "sfs"), section_of("parents", "expenses", "cn")
    ('home', 'maintenance')
    """
    place = KNOWN[side].get((category or "").strip().lower())
    return getattr(place, form) if place else REST[side]


def suggest_category(category: str, side: Side) -> str:
    """Say which category was probably meant, or which there are."""
    known = KNOWN[side]
    near = suggest(category.strip(), known)
    return near or f"Write one of: {', '.join(SECTIONS['sfs'][side])}, …"
