"""Every candidate plan of many accounts of one kind, with its figures as columns, exactly."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from replan.decide.candidates.grid import Expansion, Frame, Offer, Refused, expand, size_of
from replan.decide.candidates.measure import Figures, least_rate, measure
from replan.decide.candidates.parts import Dates, Part, dates_apart, dates_of
from replan.decide.candidates.space import Space
from replan.decide.opening import Columns, base_columns, contract_terms, plan_terms
from replan.decide.plans import paid_on
from replan.decide.waterfall import poured
from replan.engine.curves import RateColumn
from replan.engine.join import take_days, take_rows
from replan.engine.kernel import roll
from replan.engine.metrics import discount_columns
from replan.engine.money import Cents
from replan.engine.resolve import resolve, take
from replan.engine.terms import COMPONENTS, LONGEST, Parts, Terms
from replan.strategies.notation import Step, Steps, parse_plan

from .accounts import Accounts
from .cells import Whole
from .choice import Ruled, owners, together
from .kinds import Kind
from .schema import SURPLUS
from .screen import Wanted, screen
from .screened import Screened, terms_of, unscreened
from .template import FEWEST, Template, by_itself, facts_of, goes_on, template_of

if TYPE_CHECKING:
    from .offers import Job


@dataclass(frozen=True, slots=True)
class Contract:
    """The contracts of accounts of one kind: terms, value, and the typical payment."""

    base: Terms
    terms: Terms
    npv: NDArray[np.float64]
    typical: Cents

    def some(self, accounts: slice) -> Contract:
        """Give the contracts of some of the accounts."""
        base, terms = (take_rows(t, accounts) for t in (self.base, self.terms))
        return Contract(base, terms, self.npv[accounts], self.typical[accounts])


def columns_of(found: Accounts, rows: Whole, *, dated: bool = False) -> Columns:
    """Give what differs between accounts of one kind, and if they are *dated* their dates."""
    code, ratios = found.rate[rows], np.array(found.ratios)
    amounts = {name: column[rows] for name, column in found.amounts.items()}
    return Columns(
        owed=Parts(*(amounts[c] for c in COMPONENTS)),
        arrears=Parts(*(amounts[f"arrears.{c}"] for c in COMPONENTS)),
        balloon=amounts["balloon"],
        rate=RateColumn(ratios[code, 0], int(ratios[code[0], 1]), _per_day(found, code)),
        count=found.counts["remaining_instalments"][rows],
        instalment=amounts["instalment"],
        dates=(found.days["next_due"][rows], found.days["last_accrual"][rows]) if dated else None,
    )


def _per_day(found: Accounts, code: Whole) -> bool:
    rate = found.rates[int(code[0])]
    return rate is not None and rate.per == "day"


def contract_of(kind: Kind, columns: Columns) -> Contract:
    """Roll the contracts of all accounts as they stand."""
    base = base_columns(kind.case, kind.debt, columns)
    terms = contract_terms(kind.debt, base)
    today, paid = _payments(terms)
    discount = discount_columns(terms, terms.base, paid.shape[0])
    value = np.zeros(paid.shape[1])
    for period, amounts in enumerate(paid):
        value += amounts * discount[period]
    return Contract(base, terms, today + value, _typical(today, paid))


def _payments(terms: Terms) -> tuple[Cents, Cents]:
    """Give what is paid today and in each period; what never clears goes on to the longest plan."""
    resolved = resolve(terms)
    rolled = roll(resolved)
    paid = _paid(rolled.matrices, resolved.periods.size, resolved.periods)
    if terms.trims and terms.closes and paid.shape[0] >= LONGEST:
        endless = (resolved.periods >= LONGEST) & (paid[-1] > paid[-2])
        rows = np.flatnonzero(endless)
        if rows.size:
            left_open = take(resolve(replace(terms, closes=False)), rows)
            again = roll(left_open)
            paid[:, rows] = _paid(again.matrices, rows.size, left_open.periods)
    return rolled.zero.payment, paid


def _paid(matrices: Any, rows: int, periods: Whole) -> Cents:
    none = np.zeros((int(periods.max(initial=0)), rows), dtype=np.int64)
    return np.array((matrices or {}).get("payment", none), dtype=np.int64)


def _typical(today: Cents, paid: Cents) -> Cents:
    """Give the payment in the middle of those that are made, else what is paid today."""
    if not paid.shape[0]:
        return today
    ordered, count = np.sort(paid, axis=0), (paid > 0).sum(axis=0)
    at = np.minimum(paid.shape[0] - count + count // 2, paid.shape[0] - 1)
    return np.where(count > 0, ordered[at, np.arange(at.size)], today)


def space_of_accounts(found: Accounts, kind: Kind, rows: Whole, job: Job) -> Space:
    """Evaluate every candidate of a job's menu for some accounts of a kind.

    The columns are those of a space of one debt; `parts` tell the owner of each candidate, a place
    in *rows*. A waterfall is poured account by account.
    """
    contract = contract_of(kind, columns_of(found, rows, dated=kind.dated))
    known = [_unscreened((found, kind, rows), offer, contract, job) for offer in job.menu]
    return _space_of(kind, contract, list(zip(job.menu, known, strict=True)))


def _measured(
    kind: Kind,
    contract: Contract,
    frames: Sequence[tuple[Offer, Frame, Dates | None]],
    refused: Sequence[Refused],
) -> Space:
    on = paid_on(kind.case, kind.debt)
    found = [
        measure(offer, frame, on, several=True, dates=dates or own)[:2]
        for offer, frame, dates in frames
        for own in (_own_dates(offer, frame, contract) if kind.dated else None,)
    ]
    kept = [(part, figures) for part, figures in found if part.code.size]
    return _gathered(kind, contract, kept, tuple(refused))


def _dates(kind: Kind, start: Terms, periods: int) -> Dates:
    """Lay out the due dates of accounts, each its own where the kind has them."""
    reaching = replace(start, calendar=start.calendar.reaching(periods))
    if kind.dated:
        return dates_apart(reaching, periods)
    return dates_of(reaching, periods, paid_on(kind.case, kind.debt))


def _own_dates(offer: Offer, frame: Frame, contract: Contract) -> Dates:
    """Lay out the due dates of accounts that have their own, a column each, under a frame."""
    terms, size = frame.terms, prod(map(len, offer))
    owner, first = np.unique(frame.code // size, return_index=True)
    # of an account that has no candidate here nothing is looked up
    row = np.zeros(contract.npv.size, dtype=np.int64)
    row[owner] = first
    own = replace(terms, calendar=take_days(terms.calendar, row))
    return dates_apart(own, int(terms.periods.max(initial=0)))


ROLLED = 40_000
"""Candidates rolled together: enough to spread the cost of a call, few enough to stay small."""
ROLLED_APART = 12_000
"""The same where accounts have dates of their own, which take a column each."""


@dataclass(frozen=True, slots=True)
class Rolled:
    """The candidates of some accounts that may be chosen, and what is known of all others."""

    rows: Whole
    space: Space
    ruled: Ruled | None


def rolled_for(
    found: Accounts, kind: Kind, rows: Whole, job: Job, *, screened: bool = True
) -> Iterator[Rolled]:
    """Evaluate the candidates of a job's menu that some accounts of a kind may be offered.

    The columns are those of a space of one debt; `parts` tell the owner of each candidate, a place
    in *rows*. Without `screened` all candidates are evaluated. A waterfall is poured account by
    account.
    """
    contract = contract_of(kind, columns_of(found, rows, dated=kind.dated))
    of = (found, kind, rows)
    known = [_screened(of, offer, contract, job) if screened else None for offer in job.menu]
    if kind.dated and any(one is None for one in known):
        known = [
            _unscreened(of, offer, contract, job) if one is None else one
            for offer, one in zip(job.menu, known, strict=True)
        ]
    sizes = [
        size_of([offer]) * rows.size if one is None else int(np.count_nonzero(one.rolled))
        for offer, one in zip(job.menu, known, strict=True)
    ]
    pieces = min(-(-sum(sizes) // (ROLLED_APART if kind.dated else ROLLED)), rows.size)
    if pieces > 1:
        for some in np.array_split(rows, pieces):
            yield from rolled_for(found, kind, some, job, screened=screened)
        return
    space = _space_of(kind, contract, zip(job.menu, known, strict=True))
    yield Rolled(rows, space, together([one.ruled for one in known if one and one.ruled]))


def _space_of(
    kind: Kind, contract: Contract, menu: Iterable[tuple[Offer, Screened | None]]
) -> Space:
    """Roll the candidates that screening has left, and all of those that are not screened."""
    start = _start(kind, contract)
    frames: list[tuple[Offer, Frame, Dates | None]] = []
    refused: list[Refused] = []
    for offer, known in menu:
        if known is None:
            made, fell = expand(offer, Expansion(start, pour_of(kind)))
            frames += [(offer, frame, None) for frame in made]
            refused += fell
        elif known.rolled.any():
            some = Frame(*terms_of(known, start(False)))  # noqa: FBT003
            frames.append((offer, some, known.dates))
    return _measured(kind, contract, frames, refused)


def _screened(of: _Some, offer: Offer, contract: Contract, job: Job) -> Screened | None:
    """Screen the candidates of an offer; None where they have to be rolled as they are."""
    if job.given_plan or not by_itself([offer]):
        return None
    found, kind, rows = of
    start = _start(kind, contract)(False)  # noqa: FBT003
    template = _template(of, offer, start, job)
    if template is None:
        return None
    surplus, known = found.amounts[SURPLUS][rows], found.given[SURPLUS][rows]
    dates = _dates(kind, start, template.periods)
    most = np.where(known, np.maximum(surplus, 0), np.inf)
    path = found.words[SURPLUS][rows] > 0
    wanted = Wanted(job.policy, job.objectives, job.top, most, path)
    return screen(template, start, contract, dates, wanted)


def _unscreened(of: _Some, offer: Offer, contract: Contract, job: Job) -> Screened | None:
    """Take all candidates of an offer by its template, where accounts have dates of their own."""
    _, kind, _ = of
    if not kind.dated or not by_itself([offer]):
        return None
    start = _start(kind, contract)(False)  # noqa: FBT003
    template = _template(of, offer, start, job)
    if template is None:
        return None
    return unscreened(template, start, _dates(kind, start, template.periods))


_Some = tuple[Accounts, Kind, Whole]
"""Some rows of accounts, all of one kind."""
_TEMPLATES: dict[Any, Template | None] = {}
_MOST_TEMPLATES = 1_000


def _template(of: _Some, offer: Offer, start: Terms, job: Job) -> Template | None:
    """Give the template of an offer for accounts of a kind, made once in each process."""
    found, kind, rows = of
    facts = (facts_of(start, dated=kind.dated), kind.debt.accelerated, kind.dated)
    key = (job.seed, job.menu.index(offer), facts)
    if key not in _TEMPLATES:
        if len(_TEMPLATES) >= _MOST_TEMPLATES:
            _TEMPLATES.clear()
        one = contract_of(kind, columns_of(found, rows[:1], dated=kind.dated))
        _TEMPLATES[key] = _made(kind, offer, one)
    template = _TEMPLATES[key]
    if template is None or not kind.dated:
        return template
    calendar = start.calendar.reaching(template.periods)
    return replace(template, terms=replace(template.terms, calendar=calendar))


def _made(kind: Kind, offer: Offer, one: Contract) -> Template | None:
    """Make the template of an offer by one account.

    Where accounts have dates of their own none of its steps may change them.
    """
    how = Expansion(_start(kind, one), pour_of(kind))
    template = template_of(offer, how, fewest=1 if kind.dated else FEWEST)
    if template is None or not kind.dated:
        return template
    same = goes_on(template.terms.calendar, how.start(False).calendar)  # noqa: FBT003
    return template if same else None


def contract_space(kind: Kind, contract: Contract) -> Space:
    """Give the contracts of accounts of one kind as candidates; those that never end are none."""
    offer: Offer = ((CONTRACT,),)
    frame = Frame(contract.terms, np.arange(contract.terms.rows), (contract.terms.rows,))
    periods = int(contract.terms.periods.max(initial=0))
    dates = _dates(kind, contract.terms, periods) if kind.dated else None
    on = paid_on(kind.case, kind.debt)
    part, figures, _ = measure(offer, frame, on, several=True, dates=dates)
    return _gathered(kind, contract, [(part, figures)] if part.code.size else [], ())


(CONTRACT,) = parse_plan("contract").steps_for("account", usual=True) or ()


def _start(kind: Kind, contract: Contract) -> Any:
    def start(keeps: bool) -> Terms:
        if keeps and not kind.debt.accelerated:
            return replace(contract.terms, demanded=contract.terms.arrears, closes=True)
        return plan_terms(kind.debt, contract.base)

    return start


def pour_of(kind: Kind) -> Callable[[Terms, Step], Steps]:
    """Say how a waterfall to an amount is poured for one account of a kind."""

    def pour(terms: Terms, step: Step) -> Steps:
        return poured(kind.case, kind.debt, terms, (step,))

    return pour


def _gathered(
    kind: Kind, contract: Contract, measured: Sequence[tuple[Part, Figures]], refused: Any
) -> Space:
    none = np.zeros(0, dtype=np.int64)
    columns = {
        f.name: np.concatenate([getattr(figures, f.name) for _, figures in measured] or [none])
        for f in fields(Figures)
    }
    owner = owners([part for part, _ in measured])
    sizes = [part.code.size for part, _ in measured]
    opening, terms = contract.base.opening, contract.base
    loss = np.rint(contract.npv)[owner] - np.rint(columns["npv"])
    return Space(
        debt=kind.debt,
        as_of=kind.case.as_of,
        parts=tuple(part for part, _ in measured),
        refused=refused,
        contract_npv=contract.npv[owner],
        contract_payment=contract.typical[owner],
        contract_rate=np.broadcast_to(least_rate(contract.terms), contract.npv.shape)[owner],
        owed_by={c: getattr(opening, c)[owner] for c in COMPONENTS},
        months_per_period=float(12 / terms.calendar.frequency.periods_per_year),
        exponent=terms.exponent,
        npv_loss=loss.astype(np.int64),
        begins=np.cumsum([0, *sizes[:-1]]) if sizes else none,
        **columns,
    )
