"""Every candidate plan of many accounts of one kind, with its figures as columns, exactly."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from replan.decide.candidates.grid import Expansion, Frame, Offer, Refused, expand, size_of
from replan.decide.candidates.measure import (
    Figures,
    least_rate,
    measure,
    measure_rolled,
    roll_frames,
)
from replan.decide.candidates.measure import Rolled as RolledFrame
from replan.decide.candidates.parts import Dates, Part, dates_apart, dates_of
from replan.decide.candidates.space import Space
from replan.decide.opening import plan_terms
from replan.decide.plans import paid_on
from replan.decide.waterfall import poured
from replan.engine.join import take_days
from replan.engine.terms import COMPONENTS, Terms
from replan.strategies.notation import Step, Steps, parse_plan

from .accounts import Accounts
from .cells import Whole
from .choice import Ruled, owners, together
from .contracts import Contract, contract_of, contracts_of
from .kinds import Kind
from .schema import SURPLUS
from .screen import Wanted, screen
from .screened import Screened, terms_of, unscreened
from .template import FEWEST, Template, by_itself, facts_of, on_dates_of, templates_of

if TYPE_CHECKING:
    from .offers import Job


@dataclass(frozen=True, slots=True)
class Piece:
    """Some accounts of a kind, their contracts, and what is known of the candidates of each offer.

    An offer of whose candidates nothing is known has them all evaluated.
    """

    kind: Kind
    rows: Whole
    contract: Contract
    known: tuple[Known, ...]

    def sizes(self, job: Job) -> int:
        """Count the candidates that are to be rolled."""
        return sum(
            size_of([offer]) * self.rows.size
            if found is None
            else sum(int(np.count_nonzero(one.rolled)) for one in found)
            for offer, found in zip(job.menu, self.known, strict=True)
        )

    def parted(self, job: Job) -> Iterator[Piece]:
        """Part the accounts where their candidates are too many to be rolled at once."""
        most = ROLLED_APART if self.kind.dated else ROLLED
        pieces = min(-(-self.sizes(job) // most), self.rows.size)
        if pieces <= 1:
            yield self
            return
        ends = np.cumsum([part.size for part in np.array_split(self.rows, pieces)]).tolist()
        for begin, end in zip([0, *ends[:-1]], ends, strict=True):
            here = slice(begin, end)
            known = tuple(
                None if found is None else tuple(one.some(here) for one in found)
                for found in self.known
            )
            yield Piece(self.kind, self.rows[here], self.contract.some(here), known)


def space_of_accounts(found: Accounts, kind: Kind, rows: Whole, job: Job) -> Space:
    """Evaluate every candidate of a job's menu for some accounts of a kind.

    The columns are those of a space of one debt; `parts` tell the owner of each candidate, a place
    in *rows*. A waterfall is poured account by account.
    """
    contract = contract_of(found, kind, rows)
    known = [_unscreened((found, kind, rows), offer, contract, job) for offer in job.menu]
    return _spaces([Piece(kind, rows, contract, tuple(known))], job)[0]


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


def rolled_together(
    found: Accounts, some: Sequence[tuple[Kind, Whole]], job: Job, *, screened: bool = True
) -> Iterator[tuple[Kind, Rolled]]:
    """Evaluate the candidates of a job's menu that some accounts, by kind, may be offered.

    Those of all kinds are rolled as one batch; each comes with its kind. The columns are those of a
    space of one debt; `parts` tell the owner of each candidate, a place in the kind's rows. Without
    `screened` all candidates are evaluated. A waterfall is poured account by account.
    """
    pieces = [
        piece
        for (kind, rows), contract in zip(some, contracts_of(found, some), strict=True)
        for piece in _known(found, (kind, rows, contract), job, screened=screened).parted(job)
    ]
    for group in _grouped(pieces, job):
        for piece, space in zip(group, _spaces(group, job), strict=True):
            known = (one.ruled for found in piece.known for one in found or ())
            ruled = together([one for one in known if one is not None])
            yield piece.kind, Rolled(piece.rows, space, ruled)


def _grouped(pieces: Sequence[Piece], job: Job) -> Iterator[list[Piece]]:
    """Put pieces together while their candidates are few enough to be rolled at once."""
    group, size = list[Piece](), 0
    for piece in pieces:
        group.append(piece)
        size += piece.sizes(job)
        if size >= ROLLED_APART:
            yield group
            group, size = [], 0
    if group:
        yield group


def _known(found: Accounts, of: tuple[Kind, Whole, Contract], job: Job, *, screened: bool) -> Piece:
    """Find out which candidates must be rolled."""
    kind, rows, contract = of
    some = (found, kind, rows)
    known = [_screened(some, offer, contract, job) if screened else None for offer in job.menu]
    if kind.dated:
        known = [
            one or _unscreened(some, offer, contract, job)
            for offer, one in zip(job.menu, known, strict=True)
        ]
    return Piece(kind, rows, contract, tuple(known))


def _spaces(pieces: Sequence[Piece], job: Job) -> list[Space]:
    """Roll the candidates that screening has left, and all of those that are not screened."""
    made = [_frames_of(piece, job) for piece in pieces]
    rolled = iter(roll_frames([frame for frames, _ in made for _, frame, _ in frames]))
    return [
        _measured(piece, frames, [next(rolled) for _ in frames], refused)
        for piece, (frames, refused) in zip(pieces, made, strict=True)
    ]


def _frames_of(piece: Piece, job: Job) -> tuple[list[_Framed], list[Refused]]:
    kind, contract = piece.kind, piece.contract
    start = _start(kind, contract)
    frames: list[_Framed] = []
    refused: list[Refused] = []
    for offer, known in zip(job.menu, piece.known, strict=True):
        if known is None:
            made, fell = expand(offer, Expansion(start, pour_of(kind)))
            frames += [(offer, frame, None) for frame in made]
            refused += fell
            continue
        for one in known:
            if one.rolled.any():
                some = Frame(*terms_of(one, start(False)))  # noqa: FBT003
                frames.append((offer, some, one.dates))
    return frames, refused


def _measured(
    piece: Piece,
    frames: Sequence[_Framed],
    rolled: Sequence[RolledFrame],
    refused: Sequence[Refused],
) -> Space:
    kind, contract = piece.kind, piece.contract
    on = paid_on(kind.case, kind.debt)
    found = [
        measure_rolled(offer, known, on, several=True, dates=dates or own)[:2]
        for (offer, frame, dates), known in zip(frames, rolled, strict=True)
        for own in (_own_dates(offer, frame, contract) if kind.dated and not dates else None,)
    ]
    kept = [(part, figures) for part, figures in found if part.code.size]
    return _gathered(kind, contract, kept, tuple(refused))


def _screened(of: _Some, offer: Offer, contract: Contract, job: Job) -> Known:
    """Screen the candidates of an offer; None where they have to be rolled as they are."""
    if job.given_plan or not by_itself([offer]):
        return None
    found, _, rows = of
    surplus, known = found.amounts[SURPLUS][rows], found.given[SURPLUS][rows]
    most = np.where(known, np.maximum(surplus, 0), np.inf)
    path = found.words[SURPLUS][rows] > 0
    wanted = Wanted(job.policy, job.objectives, job.top, most, path)

    def screened(template: Template, start: Terms, dates: Dates) -> Screened | None:
        return screen(template, start, contract, dates, wanted)

    return _by_templates(of, offer, contract, job, screened)


def _unscreened(of: _Some, offer: Offer, contract: Contract, job: Job) -> Known:
    """Take all candidates of an offer by its templates, where accounts have dates of their own."""
    if not of[1].dated or not by_itself([offer]):
        return None
    return _by_templates(of, offer, contract, job, unscreened)


def _by_templates(
    of: _Some,
    offer: Offer,
    contract: Contract,
    job: Job,
    make: Callable[[Template, Terms, Dates], Screened | None],
) -> Known:
    """Go through the templates of an offer; None if an account does not fit one of them."""
    _, kind, _ = of
    start = _start(kind, contract)(False)  # noqa: FBT003
    found = list[Screened]()
    for template in _templates(of, offer, start, job) or (None,):
        own = template and on_dates_of(template, start)
        if own is None:
            return None
        dates = _dates(kind, replace(start, calendar=own.terms.calendar), own.periods)
        made = make(own, start, dates)
        if made is None:
            return None
        found.append(made)
    return tuple(found)


Known = tuple[Screened, ...] | None
"""What is known of the candidates of an offer, template by template; None: nothing."""
_Framed = tuple[Offer, Frame, Dates | None]
"""Candidates of an offer, with their due dates where these are laid out already."""
_Some = tuple[Accounts, Kind, Whole]
"""Some rows of accounts, all of one kind."""
_TEMPLATES: dict[Any, tuple[Template, ...] | None] = {}
_MOST_TEMPLATES = 1_000


def _templates(of: _Some, offer: Offer, start: Terms, job: Job) -> tuple[Template, ...] | None:
    """Give the templates of an offer for accounts of a kind, made once in each process."""
    found, kind, rows = of
    facts = (facts_of(start, dated=kind.dated), kind.debt.accelerated, kind.dated)
    key = (job.seed, job.menu.index(offer), facts)
    if key not in _TEMPLATES:
        if len(_TEMPLATES) >= _MOST_TEMPLATES:
            _TEMPLATES.clear()
        how = Expansion(_start(kind, contract_of(found, kind, rows[:1])), pour_of(kind))
        _TEMPLATES[key] = templates_of(offer, how, fewest=1 if kind.dated else FEWEST)
    return _TEMPLATES[key]


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
