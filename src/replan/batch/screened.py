"""The candidates of many accounts that are to be rolled, and their terms as columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import lcm

import numpy as np

from replan.decide.candidates.grid import live_curve
from replan.decide.candidates.parts import Dates
from replan.engine.curves import ALWAYS, RateColumn, Segment
from replan.engine.join import take_days, take_rows
from replan.engine.terms import COMPONENTS, Parts, Promise, Terms
from replan.errors import UsageError
from replan.strategies.notation import Steps

from .cells import Flags, Whole
from .choice import Ruled
from .template import Template, applied


@dataclass(frozen=True, slots=True)
class Screened:
    """Which candidates to roll, (candidates, accounts), and what is known of the others.

    `nodes` are the accounts' terms under each of the template's amount steps.
    """

    template: Template
    nodes: tuple[Terms, ...]
    dates: Dates
    rolled: Flags
    ruled: Ruled | None

    def some(self, accounts: slice) -> Screened:
        """Give the same for some of the accounts."""
        terms, ruled = self.template.terms, self.ruled
        calendar = take_days(terms.calendar, accounts)
        if ruled is not None:
            outside = [each[accounts] for each in ruled.outside]
            ruled = Ruled(ruled.some[accounts], ruled.inside[accounts], outside)
        return Screened(
            replace(self.template, terms=replace(terms, calendar=calendar)),
            tuple(take_rows(node, accounts) for node in self.nodes),
            self.dates.some(accounts),
            self.rolled[:, accounts],
            ruled,
        )


def unscreened(template: Template, start: Terms, dates: Dates) -> Screened | None:
    """Roll every candidate of a template; None if an account has no plain shape."""
    nodes = nodes_of(template, start)
    if nodes is None:
        return None
    rolled = np.ones((template.code.size, start.rows), dtype=np.bool_)
    return Screened(template, nodes, dates, rolled, None)


def nodes_of(template: Template, start: Terms) -> tuple[Terms, ...] | None:
    """Give the accounts' terms under each of a template's amount steps; None if not all are plain.

    `start` are the terms of the accounts before any step.
    """
    try:
        nodes = tuple(_noded(start, steps) for steps in template.nodes)
    except UsageError:  # of some account only: the others are expanded as usual
        return None
    return nodes if all(map(_is_plain, nodes)) else None


def _noded(start: Terms, steps: Steps) -> Terms:
    made = applied(start, steps)
    return replace(made, curve=live_curve(made))


def _is_plain(node: Terms) -> bool:
    """Tell whether interest runs at one rate, and none falls due before the plan begins."""
    early = (node.calendar.start < node.as_of).any()
    changed = early and (node.opening.principal != node.owed.principal).any()
    changed = changed and bool(node.curve[0].rate.num.any())
    return len(node.curve) == 1 and not changed


def terms_of(found: Screened, start: Terms) -> tuple[Terms, Whole]:
    """Give the terms of the candidates to roll, in the order of a search, and their codes.

    A code counts the candidates of an offer, account by account.
    """
    template, nodes = found.template, found.nodes
    candidate, account = np.nonzero(found.rolled)
    node = template.node[candidate]

    def picked(columns: Sequence[Whole]) -> Whole:
        if all(c is columns[0] for c in columns) and columns[0].size == 1:
            return columns[0]
        wide = [np.broadcast_to(c, (found.rolled.shape[1],)) for c in columns]
        return np.asarray(np.stack(wide)[node, account])

    def parts(of: Sequence[Parts]) -> Parts:
        return Parts(*(picked([getattr(p, c) for p in of]) for c in COMPONENTS))

    def count(whole: Whole) -> Whole:
        return np.ascontiguousarray(whole[candidate])

    none = np.zeros(1, dtype=np.int64)
    silent = [p for p in template.terms.phases if p.count.any()][:-1]
    level = template.terms.phases[-1]
    phases = (*silent[:1], level)
    counts = (*([count(template.lead)] if silent else []), count(template.count))
    terms = replace(
        template.terms,
        calendar=take_days(template.terms.calendar, account),
        owed=parts([n.owed for n in nodes]),
        opening=Parts(*(getattr(start.opening, c)[account] for c in COMPONENTS)),
        arrears=Parts.zero(),
        waived=parts([n.waived for n in nodes]),
        promises=tuple(
            Promise(parts([n.promises[at].amounts for n in nodes]), promise.after)
            for at, promise in enumerate(nodes[0].promises)
        ),
        capitalised=none,
        down=none,
        forborne=none,
        balloon=none,
        charged=none,
        to_come=none,
        demanded=Parts.zero(),
        base=start.base,
        curve=(Segment(np.array([ALWAYS]), _rates([n.curve[0].rate for n in nodes], picked)),),
        phases=tuple(replace(p, count=n) for p, n in zip(phases, counts, strict=True)),
    )
    size = int(np.prod([len(choice) for choice in template.offer]))
    return terms, account * size + template.code[candidate]


def _rates(rates: Sequence[RateColumn], picked: Callable[[Sequence[Whole]], Whole]) -> RateColumn:
    """Bring rates to a common denominator, exactly."""
    den = lcm(*(rate.den for rate in rates))
    return RateColumn(picked([r.num * (den // r.den) for r in rates]), den, rates[0].daily)
