"""What a menu does to accounts of one kind: which steps change amounts, and when is paid what.

Waivers and cuts of the rate change what an account owes and bears, whatever it is; deferrals and
splits say when it pays. So the candidates of many accounts are a few columns of amounts, times the
same few shapes.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from fractions import Fraction
from functools import partial

import numpy as np

from replan.decide.candidates.grid import Expansion, Frame, Offer, decode, expand, size_of
from replan.decide.evaluate import apply_step
from replan.engine.phases import WEIGHT, Asks, Phase, Unpaid
from replan.engine.resolve import is_nothing
from replan.engine.terms import COMPONENTS, Calendar, Terms
from replan.errors import UsageError
from replan.strategies.notation import Step, Steps

from .cells import Whole

AMOUNTS = frozenset({"waive", "rate"})
"""Strategies that change amounts and rates alone, each account's by itself."""
SHAPES = frozenset({"defer", "split", "settle"})
"""Strategies that say when is paid what, the same for all accounts of a kind."""
SPREADING = frozenset({"split", "settle", "re-age"})
"""Strategies that replace the contract's instalments, if all that is owed is spread."""
BY_ITSELF = SPREADING | {
    "waive", "capitalise", "rate", "defer", "down", "freeze", "extend", "reamortise", "forbear",
    "balloon", "token", "date",
}  # fmt: skip
"""Strategies that treat accounts with different numbers of instalments each by itself."""
FEWEST = 8
"""Menus with fewer candidates are rolled as they are."""


@dataclass(frozen=True, slots=True)
class Template:
    """The candidates of an offer for any account of a kind, in the order of a search.

    `nodes` lists the steps that change amounts, `node` tells which of them a candidate has,
    `places` which candidates have each; `alike` gives nodes whose candidates pay at the same times
    the same number. A candidate takes `steps`, is silent for `lead` periods, then pays `count`
    level instalments. `corners` tell where the shortest and then the longest of a node's stand, by
    silence. `terms` are those of the longest candidate, on the calendar of all; `rhythm` are its
    steps if they set other dates.
    """

    offer: Offer
    code: Whole
    nodes: tuple[Steps, ...]
    node: Whole
    lead: Whole
    count: Whole
    terms: Terms
    steps: tuple[Steps, ...]
    places: tuple[Whole, ...]
    alike: tuple[int, ...]
    corners: tuple[Whole, ...]
    rhythm: Steps = ()

    @property
    def periods(self) -> int:
        """Count the periods of the longest candidate."""
        return int((self.lead + self.count).max())


def templates_of(
    offer: Offer, how: Expansion, *, fewest: int = FEWEST
) -> tuple[Template, ...] | None:
    """Find out what an offer does, by one account; None if not all of it has a plain shape.

    Candidates that set other dates, or another kind of rate, have a template of their own; all are
    in the order of a search.
    """
    if size_of([offer]) < fewest or not _only_known(offer):
        return None
    frames, refused = expand(offer, how)
    if refused or not frames or any(_plain_shape(frame.terms) is None for frame in frames):
        return None
    found: list[list[Frame]] = []
    for frame in frames:
        if found and _same_but_shape([found[-1][0].terms, frame.terms]):
            found[-1].append(frame)
        else:
            found.append([frame])
    start = how.start(False)  # noqa: FBT003
    made = tuple(_template(offer, some, start) for some in found)
    return made if all(map(partial(_holds, start), made, found)) else None


def _template(offer: Offer, frames: Sequence[Frame], start: Terms) -> Template:
    """Make the template of frames that differ in amounts, rates and shapes alone."""
    shapes = [shape for frame in frames if (shape := _plain_shape(frame.terms)) is not None]
    code = np.concatenate([frame.code for frame in frames])
    steps = tuple(decode(offer, int(one)) for one in code)
    amounts = [_amount_steps(taken) for taken in steps]
    nodes = tuple(dict.fromkeys(amounts))
    node = np.array([nodes.index(taken) for taken in amounts])
    places = tuple(np.flatnonzero(node == number) for number in range(len(nodes)))
    lead, count = (np.concatenate(column) for column in zip(*shapes, strict=True))
    shapes_of = [(tuple(lead[rows]), tuple(count[rows])) for rows in places]
    terms = max((frame.terms for frame in frames), key=lambda t: t.calendar.periods)
    same, longest = goes_on(terms.calendar, start.calendar), int((lead + count).argmax())
    return Template(
        offer,
        code,
        nodes,
        node,
        lead,
        count,
        terms,
        steps,
        places,
        tuple(map(shapes_of.index, shapes_of)),
        tuple(_corners(lead[rows], count[rows]) for rows in places),
        () if same else steps[longest],
    )


def _corners(lead: Whole, count: Whole) -> Whole:
    by_silence = [np.flatnonzero(lead == one) for one in np.unique(lead)]
    shortest = [at[np.argmin(count[at])] for at in by_silence]
    return np.array(shortest + [at[np.argmax(count[at])] for at in by_silence])


def by_itself(menu: Sequence[Offer]) -> bool:
    """Tell whether each step treats accounts by themselves however many instalments are left."""
    return all(_by_themselves(offer) for offer in menu)


def _by_themselves(offer: Offer) -> bool:
    steps = [step for choice in offer for step in choice if step is not None]
    known = all(s.strategy.name in BY_ITSELF and _recasts(s) for s in steps)
    # what is cut at a period that only some contracts reach must be spread anew
    spreads = any(_spreads_all(choice) for choice in offer)
    return known and (spreads or not any(getattr(s.params, "for_", None) for s in steps))


def names_no_day(menu: Sequence[Offer]) -> bool:
    """Tell whether each step treats accounts by their own dates: then they need not share them.

    Steps that name a day, a waterfall and strategies of other packages may not.
    """
    return all(
        step is None or _goes_by_row(step) for offer in menu for choice in offer for step in choice
    )


def _goes_by_row(step: Step) -> bool:
    own = step.strategy.origin == "replan" and step.strategy.name not in ("move", "waterfall")
    return own and not any(isinstance(value, date) for _, value in step.params)


def _recasts(step: Step) -> bool:
    given = step.params.model_dump(exclude_defaults=True)
    return not {"at", "from_", "term", "instalment", "by"} & set(given)


def _spreads_all(choice: Sequence[Step | None]) -> bool:
    """Tell whether every alternative of a step replaces the contract's instalments."""
    return all(
        step is not None
        and step.strategy.name in SPREADING
        and not step.strategy.keeps(step.params)
        for step in choice
    )


def _only_known(offer: Offer) -> bool:
    """Tell whether plans follow from what is known here, not from the contract's instalments."""
    steps = [step for choice in offer for step in choice if step is not None]
    known = AMOUNTS | SHAPES
    own = all(s.strategy.name in known and s.strategy.origin == "replan" for s in steps)
    return own and any(_spreads_all(choice) for choice in offer)


def _amount_steps(steps: Steps) -> Steps:
    return tuple(made for step in steps if (made := _on_amounts(step)) is not None)


def _on_amounts(step: Step) -> Step | None:
    """Give what a step does to amounts and rates, in however many instalments; None if nothing."""
    strategy, params = step.strategy, step.params
    if strategy.name == "settle":
        return Step(strategy, params.model_copy(update={"in_": None}))
    if getattr(params, "method", "") == "interest-free":
        return Step(strategy, params.model_copy(update={"instalments": 1, "every": None}))
    return step if strategy.name in AMOUNTS else None


def _plain_shape(terms: Terms) -> tuple[Whole, Whole] | None:
    """Give silent periods and level instalments of each row, if terms ask for nothing else."""
    nothing = (terms.down, terms.forborne, terms.balloon, terms.capitalised, terms.charged)
    extras = (terms.quote, terms.overdue, terms.catch_up)
    used = [p for p in terms.phases if p.count.any()]
    if (
        not all(is_nothing(column) for column in (*nothing, terms.demanded.total))
        or any(extra is not None for extra in extras)
        or terms.prepay or terms.charges or terms.fee
        or terms.even_shares or terms.inside or terms.trims or not terms.closes
        or terms.rounding.settle != "last" or terms.rounding.basis != "actual"
        or len(terms.curve) != 1 or not used
        or not all(_is_silent(p) for p in used[:-1]) or not _is_level(used[-1])
    ):  # fmt: skip
        return None
    rows = np.zeros(terms.rows, dtype=np.int64)
    lead = sum((p.count for p in used[:-1]), start=rows)
    return np.asarray(lead), np.asarray(rows + used[-1].count)


def _is_silent(p: Phase) -> bool:
    return p.asks is Asks.NOTHING and p.unpaid is Unpaid.SPREAD


def _is_level(p: Phase) -> bool:
    fresh = p.anew and p.weight == WEIGHT and is_nothing(p.amount)
    return p.asks is Asks.LEVEL and p.unpaid is Unpaid.HOLD and fresh and bool(p.count.all())


VARIES = (
    "phases", "calendar", "curve", "owed", "opening", "arrears", "waived", "promises", "to_come",
    "base", "demanded",
)  # fmt: skip
"""What may differ between the candidates of a template."""


def _same_but_shape(terms: Sequence[Terms]) -> bool:
    """Tell whether definitions differ in nothing but amounts, rates and phases."""
    first = terms[0]
    names = [f.name for f in fields(first) if f.name not in VARIES]
    return all(
        np.array_equal(getattr(t, name), getattr(first, name)) for t in terms for name in names
    ) and all(
        [p.after for p in t.promises] == [p.after for p in first.promises]
        and t.curve[0].rate.daily == first.curve[0].rate.daily
        and goes_on(t.calendar, first.calendar)
        for t in terms
    )


def goes_on(a: Calendar, b: Calendar) -> bool:
    """Tell whether one calendar goes on where the other ends."""
    common = min(a.periods, b.periods)
    facts = [(c.frequency, c.moved, c.earlier, c.custom) for c in (a, b)]
    return (
        facts[0] == facts[1]
        and np.array_equal(a.start, b.start)
        and np.array_equal(a.due[:common], b.due[:common])
    )


def on_dates_of(template: Template, start: Terms) -> Template | None:
    """Put a template on the dates and conventions of accounts; None if not all fit.

    `start` are the terms of the accounts before any step. A step that sets other dates sets them
    for each account from its own.
    """
    calendar = start.calendar
    if template.rhythm:
        try:
            calendar = applied(start, template.rhythm).calendar
        except UsageError:
            return None
    terms = replace(
        template.terms,
        as_of=start.as_of,
        calendar=calendar.reaching(template.periods),
        day_count=start.day_count,
        order=start.order,
        exponent=start.exponent,
    )
    return replace(template, terms=terms)


def facts_of(start: Terms, *, dated: bool = False) -> Hashable:
    """Give all that a template depends on, beside the offer: the dates and shape of terms.

    Conventions that change no shape are put in where it is used. `dated`: no dates and no rhythm,
    because accounts have their own.
    """
    calendar, seed = start.calendar, start.calendar.seed_day
    rhythm = (calendar.frequency, calendar.moved, calendar.earlier, calendar.custom)
    days = (calendar.start.tobytes(), calendar.due[0].tobytes(), seed.tobytes())
    given = (
        start.rounding, start.fee, start.charges, start.minimum, start.inside, start.stated,
        start.closes, start.trims, len(start.curve), start.curve[0].rate.daily,
        is_nothing(start.balloon),
    )  # fmt: skip
    asked = tuple(
        (p.asks, p.unpaid, p.weight, p.anew, p.leads, bool(p.count.any())) for p in start.phases
    )
    return (*given, asked, () if dated else (*rhythm, *days))


def applied(start: Terms, steps: Steps) -> Terms:
    """Apply steps that change amounts and rates."""
    for step in steps:
        start = apply_step(start, step)
    return start


def _holds(start: Terms, template: Template, frames: Sequence[Frame]) -> bool:
    """Make sure, by the one account, that amounts and rates follow from their steps alone."""
    by_node = [_amounts(applied(start, steps))[0] for steps in template.nodes]
    made = (by_node[node] for node in template.node)
    return all(
        found == expected
        for frame in frames
        for found, expected in zip(_amounts(frame.terms), made, strict=False)
    )


def _amounts(terms: Terms) -> list[tuple[Hashable, ...]]:
    """Give amounts and rate of each row."""
    parts = (terms.owed, terms.waived, *(p.amounts for p in terms.promises))
    rate = terms.curve[-1].rate
    columns = (*(getattr(p, c) for p in parts for c in COMPONENTS), rate.num)
    rows = np.broadcast_arrays(*columns, np.zeros(terms.rows))[:-1]
    return [
        (*map(int, amounts), Fraction(int(num), rate.den), rate.daily)
        for *amounts, num in zip(*rows, strict=True)
    ]
