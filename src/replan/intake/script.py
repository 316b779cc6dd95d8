"""Which questions are asked, in which order, and which follow from the answers before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from replan.intake.answers import is_yes, read_answer
from replan.intake.flat import is_flat
from replan.model.lenders import kind_by_name

Answers = Mapping[str, str]
Kind = Literal["text", "amount", "rate", "day", "count", "days", "choice", "line", "code", "least"]

_EURO = ("IE", "DE", "FR", "ES", "IT", "NL", "BE", "AT", "PT", "FI", "GR", "LU")
CURRENCIES = dict.fromkeys(_EURO, "EUR") | dict(
    pair.split(":")
    for pair in (
        *("CN:CNY", "US:USD", "GB:GBP", "HK:HKD", "TW:TWD", "MO:MOP", "SG:SGD", "AU:AUD"),
        *("NZ:NZD", "CA:CAD", "IN:INR", "JP:JPY", "KR:KRW", "ZA:ZAR", "PL:PLN", "SE:SEK"),
        *("NO:NOK", "DK:DKK", "CH:CHF", "MY:MYR", "BR:BRL", "UK:GBP"),
    )
)
"""The currency of a jurisdiction, as the default of a question."""

CAUSES = (
    *("job-loss", "income-fall", "illness", "over-borrowing", "cash-timing", "seasonal-income"),
    *("disaster", "bereavement", "divorce", "disputed", "other"),
)
LENDERS = (
    *("bank", "consumer-finance", "small-loan", "auto-finance", "private", "bnpl", "collector"),
    *("landlord", "utility", "government"),
)


@dataclass(frozen=True, slots=True)
class Sort:
    """A kind of debt: the product and lender it usually has, and how it is repaid."""

    product: str
    lender: str = ""
    instalments: bool = True
    revolving: bool = False
    secured: bool = False
    priority: bool = False


SORTS = {
    "card": Sort("credit-card", "bank", instalments=False, revolving=True),
    "card-plan": Sort("credit-card", "bank"),
    "app-loan": Sort("consumer-loan"),
    "bank-loan": Sort("personal-loan", "bank"),
    "mortgage": Sort("mortgage", "bank", secured=True, priority=True),
    "car-loan": Sort("car-loan", "auto-finance", secured=True),
    "private": Sort("private-loan", "private"),
    "rent": Sort("rent", "landlord", instalments=False, priority=True),
    "utility": Sort("utility", "utility", instalments=False, priority=True),
    "authority": Sort("", "government", instalments=False, priority=True),
    "other": Sort(""),
}
AUTHORITY = ("tax", "fine", "maintenance", "student-loan", "other")
"""What is owed to an authority; it decides what may be enforced, and which ways out there are."""
AUTHORITY_IN = {
    "GB": ("council-tax", "tax", "fine", "maintenance", "benefit-overpayment", *AUTHORITY[3:]),
    "CN": ("tax", "social-insurance", "fine", "maintenance", *AUTHORITY[3:]),
}
ORDINARY = {"benefit-overpayment", "student-loan"}
"""Of these no home, energy or liberty depends: not paid before the others."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question: where its answer belongs, and what may be answered.

    `name` finds its words; an empty answer means `default`; `unknown` says that not knowing is an
    answer, which becomes a question for the lender.
    """

    key: str
    kind: Kind
    default: str = ""
    required: bool = False
    unknown: bool = False
    choices: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The part of the key that says what is asked."""
        parts = self.key.split(".")
        return parts[-2] if parts[-1].isdecimal() else parts[-1]

    @property
    def debt(self) -> int | None:
        """The place of the debt that is asked about."""
        parts = self.key.split(".")
        return int(parts[1]) if parts[0] == "debts" else None


def interview(answers: Answers, *, today: date, jurisdiction: str) -> Iterator[Question]:
    """Yield the questions of the whole interview as far as the answers show which they are."""
    yield from _place(answers, jurisdiction)
    yield Question("as_of", "day", default=today.isoformat())
    index = 0
    while True:
        yield from _debt(answers, index)
        yield Question(f"debts.{index}.more", "choice", default="no", choices=("yes", "no"))
        if not is_yes(answers.get(f"debts.{index}.more", "")):
            break
        index += 1
    yield from _shared(answers, index + 1)
    yield from _budget(answers)
    yield from _cause(answers)


def _shared(answers: Answers, count: int) -> Iterator[Question]:
    """Ask who else owes the debts: a waiver for one does not release the other by itself."""
    yield Question("shared", "choice", default="no", choices=("yes", "no"))
    if is_yes(answers.get("shared", "")):
        for index in range(count):
            yield Question(f"debts.{index}.owed_by", "text")


def quick(answers: Answers, *, today: date, jurisdiction: str) -> Iterator[Question]:
    """Yield the questions that a borrower can answer from an app's page."""
    yield from _place(answers, jurisdiction)
    yield Question("as_of", "day", default=today.isoformat())
    yield Question("debts.0.creditor", "text", unknown=True)
    yield Question("debts.0.payoff", "amount", required=True)
    yield Question("debts.0.instalment", "amount", required=True)
    yield Question("debts.0.left", "count", required=True)
    yield Question("debts.0.overdue", "days", default="0")
    if _is_overdue(answers, 0):
        yield Question("debts.0.charges", "amount", unknown=True)
    yield Question("debts.0.next_due", "day", unknown=True)
    yield Question("debts.0.rate", "rate", unknown=True)
    yield Question("surplus", "amount", unknown=True)
    yield from _cause(answers)


def _place(answers: Answers, jurisdiction: str) -> Iterator[Question]:
    yield Question("jurisdiction", "code", default=jurisdiction)
    chosen = (answers.get("jurisdiction") or jurisdiction).upper().partition("-")[0]
    currency = CURRENCIES.get(chosen, "")
    yield Question("currency", "code", default=currency, required=True)


def _debt(answers: Answers, index: int) -> Iterator[Question]:
    at = f"debts.{index}."
    yield Question(f"{at}creditor", "text", unknown=True)
    likely = "card" if f"{at}minimum" in answers else "other"
    yield Question(f"{at}sort", "choice", default=likely, choices=tuple(SORTS))
    sort = SORTS.get(answers.get(f"{at}sort", ""), SORTS["other"])
    likely = _likely_lender(sort, answers.get(f"{at}creditor", ""))
    yield Question(f"{at}lender", "choice", likely, choices=LENDERS, unknown=True)
    yield from _authority(answers, at)
    parts = {key.removeprefix(at) for key in answers if key.startswith(at)}
    if not parts & {"principal", "payoff"}:
        yield Question(f"{at}owed", "amount", required=True)
    late = bool(parts & {"penalty", "arrears"}) and "overdue" not in parts
    yield Question(f"{at}overdue", "days", default="" if late else "0", unknown=late)
    if _is_overdue(answers, index):
        yield Question(f"{at}arrears", "amount", unknown=True)
        if "penalty" not in parts:
            yield Question(f"{at}charges", "amount", unknown=True)
    if sort.revolving or sort.instalments:
        yield Question(f"{at}interest", "amount", unknown=True)
    if sort.revolving:
        yield Question(f"{at}minimum", "least", unknown=True)
        if read_answer(answers.get(f"{at}minimum", "")).text.endswith("%"):
            yield Question(f"{at}floor", "amount", unknown=True)
    if sort.instalments:
        yield Question(f"{at}instalment", "amount", unknown=True)
        yield Question(f"{at}left", "count", unknown=True)
    if sort.instalments or sort.revolving:
        yield Question(f"{at}next_due", "day", unknown=True)
    free = not (sort.revolving or sort.instalments)
    yield Question(f"{at}rate", "rate", default="0%" if free else "", unknown=not free)
    if is_flat(answers.get(f"{at}rate", "")):
        yield Question(f"{at}original_principal", "amount", unknown=True)


def _authority(answers: Answers, at: str) -> Iterator[Question]:
    """Ask what an authority is owed."""
    if answers.get(f"{at}lender") == "government":
        country = answers.get("jurisdiction", "").upper().partition("-")[0]
        kinds = AUTHORITY_IN.get(country, AUTHORITY)
        yield Question(f"{at}authority", "choice", choices=kinds, unknown=True)


def _likely_lender(sort: Sort, creditor: str) -> str:
    """Give the kind that a licensed lender's name tells, else the usual one of the kind of debt."""
    named = kind_by_name(creditor) if sort.lender in {"", "bank", "auto-finance"} else None
    return named if named in LENDERS else sort.lender


def _is_overdue(answers: Answers, index: int) -> bool:
    answer = read_answer(answers.get(f"debts.{index}.overdue", ""))
    return answer.known and answer.text.strip("0天日. ") != ""


def _budget(answers: Answers) -> Iterator[Question]:
    yield Question("way", "choice", default="sum", choices=("sum", "lines", "later"))
    if answers.get("way") == "sum":
        yield Question("surplus", "amount", unknown=True)
    if answers.get("way") == "lines":
        yield from _lines(answers, "income")
        yield from _lines(answers, "expenses")
        yield Question("buffer", "amount", default="0")


def _lines(answers: Answers, name: str) -> Iterator[Question]:
    index = 0
    while True:
        yield Question(f"{name}.{index}", "line")
        if not answers.get(f"{name}.{index}"):
            return
        index += 1


def _cause(answers: Answers) -> Iterator[Question]:
    yield Question("cause", "choice", choices=CAUSES, unknown=True)
    if read_answer(answers.get("cause", "")).known:
        yield Question("began", "day", unknown=True)
