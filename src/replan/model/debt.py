"""One debt: what is owed to one creditor and what the contract says."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from .checks import debt_problems
from .conventions import COMPONENTS, BusinessDay, Method, RoundingMode
from .estimates import Estimate
from .fields import (
    Allocation,
    Amount,
    Count,
    Day,
    DayCount,
    DaysCount,
    Flag,
    Frequency,
    Identifier,
    Model,
    RateField,
    Share,
    Text,
    check_span,
)
from .issues import Problem, Refused

ZERO = Decimal(0)


class Parties(Model):
    """Who stands behind an account, where it is not the creditor alone."""

    platform: Text | None = Field(default=None, description="Loan facilitator or app.")
    funder: Text | None = Field(default=None, description="Who lent the money.")
    guarantor: Text | None = Field(default=None, description="Financing guarantee company.")
    owner: Text | None = Field(default=None, description="Who owns the claim today.")
    collector: Text | None = Field(default=None, description="Who collects it.")


class Arrears(Model):
    """The part of each component that is already past due.

    A single amount in a file is the total: it is taken from fees, penalty and interest first,
    what remains is principal.
    """

    principal: Amount = Field(default=ZERO, description="Principal past due.")
    interest: Amount = Field(default=ZERO, description="Interest past due.")
    penalty: Amount = Field(default=ZERO, description="Penalty interest past due.")
    fees: Amount = Field(default=ZERO, description="Fees past due.")
    total: Amount | None = Field(default=None, description="All together, instead of the parts.")


class Rounding(Model):
    """How amounts are rounded; what a debt does not give, the case gives."""

    interest: RoundingMode = Field(default="half-up", description="Interest of a period.")
    instalment: RoundingMode = Field(default="half-up", description="The level instalment.")
    unit: Amount | None = Field(
        default=None,
        description="Instalments are multiples of this; default is the currency's minor unit.",
        examples=["0.01", "1"],
    )
    settle: Literal["last", "balanced"] = Field(
        default="last", description="Whether the last instalment absorbs the residue."
    )
    basis: Literal["actual", "nominal"] = Field(
        default="actual",
        description="Level instalment over the actual period factors, or the plain rate/12 figure.",
    )

    @field_validator("unit")
    @classmethod
    def _check_unit(cls, unit: Decimal | None) -> Decimal | None:
        if unit is not None and not unit:
            raise Refused(
                Problem("unit-zero", "A unit of zero rounds to nothing.", "Write 0.01 or 1.")
            )
        return unit


class Payment(Model):
    """A payment that the creditor has received."""

    date: Day = Field(description="Day received.")
    amount: Amount = Field(description="Amount received.")


class Instalment(Model):
    """One instalment of a custom schedule."""

    due: Day = Field(description="Due date.")
    amount: Amount = Field(description="Amount due.")


class MinimumPayment(Model):
    """The least payment of a revolving account: an amount, or a share with a floor."""

    amount: Amount | None = Field(default=None, description="A fixed amount.")
    share: Share | None = Field(default=None, description="A share of the balance or principal.")
    of: Literal["balance", "principal"] = Field(
        default="balance", description="What the share is taken of."
    )
    plus_interest: Flag = Field(
        default=False, description="Whether interest and charges of the period come on top."
    )
    floor: Amount = Field(default=ZERO, description="Never less than this, unless less is owed.")

    @model_validator(mode="after")
    def _check_choice(self) -> Self:
        _check_one_of(self, "amount", "share")
        return self


class InstalmentFee(Model):
    """A flat fee per instalment (分期手续费): a share of the original principal, or an amount."""

    rate: Share | None = Field(
        default=None, description="Share of the original principal, per instalment."
    )
    amount: Amount | None = Field(default=None, description="Amount per instalment.")

    @model_validator(mode="after")
    def _check_choice(self) -> Self:
        _check_one_of(self, "rate", "amount")
        return self


class RecurringFee(Model):
    """A fee that recurs beside the instalments, such as a guarantee fee (担保费)."""

    label: Text = Field(default="", description="What it is.", examples=["guarantee fee"])
    amount: Amount = Field(description="Amount each time.")
    every: Frequency = Field(default="month", description="How often.")
    start: Day | None = Field(default=None, alias="from", description="First day, inclusive.")
    until: Day | None = Field(default=None, description="Last day, inclusive.")

    @model_validator(mode="after")
    def _check_dates(self) -> Self:
        check_span(self.start, self.until)
        return self


class RateChange(Model):
    """A new rate from a day on."""

    start: Day = Field(alias="from", description="First day on which the new rate accrues.")
    rate: RateField = Field(description="The rate from then on.")


class Debt(Model):
    """One account with one creditor: what is outstanding, the rate, the contract's terms."""

    id: Identifier = Field(description="Short name, used in plans.", examples=["card-a"])
    creditor: Text = Field(default="", description="Who is owed.")
    product: Text = Field(default="", description="Kind of credit.", examples=["credit-card"])
    lender_type: Text = Field(
        default="",
        description="Decides which law applies: bank, consumer-finance, small-loan, private, …",
        examples=["bank"],
    )
    parties: Parties = Field(default_factory=Parties, description="Others behind the account.")
    account: Text | None = Field(default=None, description="Account or contract number.")
    owed_by: Text | None = Field(
        default=None,
        description="Who owes it, as in the contract, if not the borrower, or not all of them.",
        examples=["Tom Shaw"],
    )

    principal: Amount = Field(description="Principal outstanding, overdue or not.")
    interest: Amount = Field(default=ZERO, description="Interest accrued and unpaid.")
    penalty: Amount = Field(default=ZERO, description="Penalty interest accrued and unpaid.")
    fees: Amount = Field(default=ZERO, description="Fees and charges unpaid.")
    arrears: Arrears = Field(
        default_factory=Arrears, description="What of it is past due; one amount is the total."
    )

    rate: RateField = Field(description="Contract rate: 18.25%, 0.05%/day, or a fraction.")
    rate_changes: tuple[RateChange, ...] = Field(default=(), description="Later rates, dated.")
    penalty_rate: RateField | None = Field(
        default=None, description="Rate on what is overdue, in place of the contract rate."
    )
    penalty_compounds: Flag = Field(
        default=False, description="Whether penalty interest itself bears penalty interest."
    )
    late_fee: Amount = Field(default=ZERO, description="Charge for each missed instalment.")
    day_count: DayCount | None = Field(default=None, description="Default: 30/360.")
    last_accrual: Day | None = Field(
        default=None, description="Interest is accrued up to this day. Default: the as-of date."
    )
    rounding: Rounding | None = Field(default=None, description="Default: the case's.")

    method: Method | None = Field(
        default=None,
        description="level 等额本息, equal-principal 等额本金, interest-only 先息后本, "
        "flat 等本等息 (the rate is of the amount lent) …",
    )
    instalment: Amount | None = Field(default=None, description="Amount of each instalment.")
    remaining_instalments: Count | None = Field(
        default=None, description="Instalments not yet due, next_due included."
    )
    instalments: tuple[Instalment, ...] = Field(
        default=(), description="The dated instalments of the custom method."
    )
    next_due: Day | None = Field(
        default=None, description="First due date from the as-of date on. Default: one period on."
    )
    frequency: Frequency | None = Field(default=None, description="Default: month.")
    business_day: BusinessDay | None = Field(
        default=None, description="What happens to due dates on holidays. Default: none."
    )
    calendar: Text | None = Field(
        default=None, description="Country whose holidays count. Default: the jurisdiction."
    )
    balloon: Amount = Field(default=ZERO, description="Residual due with the last instalment.")
    minimum_payment: MinimumPayment | None = Field(
        default=None, description="Least payment of a revolving account: an amount or a rule."
    )
    instalment_fee: InstalmentFee | None = Field(
        default=None, description="Flat fee per instalment on the original principal 分期手续费."
    )
    recurring_fees: tuple[RecurringFee, ...] = Field(
        default=(), description="Fees beside the instalments, such as guarantee fees."
    )
    allocation: Allocation | None = Field(
        default=None, description="Order in which a payment covers fees, penalty, interest, …"
    )

    accelerated: Flag = Field(
        default=False, description="Whether the creditor has declared the whole debt due."
    )
    days_past_due: DaysCount = Field(
        default=0, description="Days since the oldest missed due date."
    )
    payments: tuple[Payment, ...] = Field(default=(), description="Payments received.")
    last_payment: Day | None = Field(default=None, description="Day of the last payment.")
    contract_date: Day | None = Field(default=None, description="Day the contract was made.")
    original_principal: Amount | None = Field(default=None, description="Amount lent.")
    credit_limit: Amount | None = Field(default=None, description="Limit of a revolving account.")
    secured: Flag = Field(default=False, description="Whether something is pledged for it.")
    priority: Flag = Field(
        default=False, description="Whether home, energy or liberty depend on it: paid first."
    )
    estimated: tuple[Estimate, ...] = Field(
        default=(), description="Fields whose values are estimates, by name or with a range."
    )
    note: Text | None = Field(default=None, description="Free text.")

    @property
    def outstanding(self) -> Decimal:
        """Everything owed today, in major units."""
        return self.principal + self.interest + self.penalty + self.fees

    @property
    def comes_first(self) -> bool:
        """Whether plans leave the debt alone unless they name it: it is secured or a priority."""
        return self.secured or self.priority

    @field_validator("arrears", mode="before")
    @classmethod
    def _read_total(cls, value: Any) -> Any:
        return _wrapped(value, "total")

    @field_validator("minimum_payment", mode="before")
    @classmethod
    def _read_minimum(cls, value: Any) -> Any:
        is_share = isinstance(value, str) and value.rstrip().endswith(("%", "％"))
        return _wrapped(value, "share" if is_share else "amount")

    @field_validator("instalment_fee", mode="before")
    @classmethod
    def _read_fee(cls, value: Any) -> Any:
        is_share = isinstance(value, str) and value.rstrip().endswith(("%", "％"))
        return _wrapped(value, "rate" if is_share else "amount")

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.arrears.total is not None:
            # the model is not yet in anyone's hands: this completes its construction
            object.__setattr__(self, "arrears", _spread_total(self))
        if self.method == "flat":
            message = "Flat instalments are read from a case file, not here."
            hint = "Write rate 0%, method equal-principal and instalment_fee."
            raise Refused(Problem("flat-unclear", message, hint, ("method",)))
        if self.instalments and self.method is None:
            object.__setattr__(self, "method", "custom")
        errors = [p for p in debt_problems(self) if p.severity == "error"]
        if errors:
            raise Refused(*errors)
        return self


def _wrapped(value: Any, key: str) -> Any:
    """Read a bare amount as the object that it abbreviates."""
    return {key: value} if isinstance(value, str | int | float | Decimal) else value


def _check_one_of(model: Model, first: str, second: str) -> None:
    if (getattr(model, first) is None) == (getattr(model, second) is None):
        hint = f"Give {first} or {second}, not both."
        message = f"Exactly one of {first} and {second} must stand here."
        raise Refused(Problem("choice-missing", message, hint))


def _spread_total(debt: Debt) -> Arrears:
    """Spread the total past due over the parts not given: charges first, then principal."""
    given = debt.arrears.model_fields_set
    parts = {name: getattr(debt.arrears, name) for name in COMPONENTS if name in given}
    total = debt.arrears.total or ZERO
    rest = total - sum(parts.values())
    for name in COMPONENTS:
        if name not in given:
            parts[name] = max(min(rest, getattr(debt, name)), ZERO)
            rest -= parts[name]
    if rest:
        message = f"{total} past due does not fit what is outstanding and the parts given."
        path = ("arrears", "total") if given != {"total"} else ("arrears",)
        raise Refused(Problem("arrears-total", message, "Correct the total or its parts.", path))
    return Arrears.model_construct(None, **parts)
