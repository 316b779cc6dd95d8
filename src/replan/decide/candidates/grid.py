"""A menu of steps expanded into all its candidate plans, as few columns of terms as possible.

A step is applied once per parameter value to the rows that earlier steps have made. Rows that
differ in amounts and rates alone stand in one column; rows that differ in phases and dates too,
only where the next step treats each row by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from math import prod

import numpy as np
from numpy.typing import NDArray

from replan.decide.evaluate import apply_step
from replan.engine.curves import Curve
from replan.engine.join import join, joinable, layout_of, take_rows
from replan.engine.terms import Terms
from replan.errors import ShapeError, UsageError
from replan.strategies.notation import Step, Steps

Choice = tuple[Step | None, ...]
"""The alternatives for one step of an offer; None: the step is left out."""
Offer = tuple[Choice, ...]
"""A step after the other; a candidate takes one alternative of each."""
Index = NDArray[np.int64]

LARGEST = 1_000_000
"""A menu with more candidates than this is refused: one takes about 400 bytes of memory."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Candidates that stand in one column of terms.

    `code` says which alternatives each row took (`decode`). `sizes` counts the rows of the pieces
    within which rows differ in amounts and rates alone.
    """

    terms: Terms
    code: Index
    sizes: tuple[int, ...] = (1,)


@dataclass(frozen=True, slots=True)
class Refused:
    """Candidates that do not apply to the debt: how many, up to which step, and why."""

    steps: Steps
    count: int
    reason: str


def size_of(menu: Iterable[Offer]) -> int:
    """Count the combinations of a menu, without the one that takes no step at all."""
    return sum(prod(len(choice) for choice in offer) - _has_nothing(offer) for offer in menu)


def _has_nothing(offer: Offer) -> bool:
    return all(None in choice for choice in offer)


def decode(offer: Offer, code: int) -> Steps:
    """Give the steps of a candidate."""
    steps: list[Step] = []
    for choice in reversed(offer):
        code, taken = divmod(code, len(choice))
        step = choice[taken]
        if step is not None:
            steps.append(step)
    return tuple(reversed(steps))


@dataclass(frozen=True, slots=True)
class Expansion:
    """How candidates are made: what they start from, and how one step is applied to terms.

    `start` gives the terms before the first step; its argument tells whether all steps keep the
    contract's instalments. `pour` replaces a waterfall by the steps that it comes to. Terms of
    several debts have a row each; then the code of a candidate is its debt's row times the number
    of combinations of the offer, plus the code of its alternatives.
    """

    start: Callable[[bool], Terms]
    pour: Callable[[Terms, Step], Steps]


def expand(offer: Offer, how: Expansion) -> tuple[list[Frame], list[Refused]]:
    """Give all candidates of an offer as columns of terms, and those that do not apply."""
    frames: list[Frame] = []
    refused: list[Refused] = []
    for block, keeps in _blocks(offer):
        found = _expanded(offer, block, how.start(keeps), how.pour, refused)
        frames += [_settled(frame) for frame in found]
    taken = [_without(frame, _nothing_taken(offer), offer) for frame in frames]
    return _joined([f for f in taken if f.code.size], alike=False), refused


Block = tuple[tuple[int, ...], ...]
"""For each choice, the numbers of the alternatives that are taken."""


def _blocks(offer: Offer) -> Iterator[tuple[Block, bool]]:
    """Part an offer where what candidates start from differs.

    If all steps keep the contract's instalments, arrears stay due now; else they are part of what
    the steps arrange.
    """
    every = tuple(tuple(range(len(choice))) for choice in offer)
    keep = tuple(tuple(i for i in range(len(c)) if _keeps(c[i])) for c in offer)
    if not all(keep):
        yield every, False
        return
    yield keep, True
    for at, (all_, kept) in enumerate(zip(every, keep, strict=True)):
        others = tuple(i for i in all_ if i not in kept)
        if others:
            yield (*keep[:at], others, *every[at + 1 :]), False


def _keeps(step: Step | None) -> bool:
    return step is None or step.strategy.keeps(step.params)


def _expanded(
    offer: Offer,
    block: Block,
    start: Terms,
    pour: Callable[[Terms, Step], Steps],
    refused: list[Refused],
) -> list[Frame]:
    frames = [Frame(start, np.arange(start.rows), (start.rows,))]
    many = start.rows > 1
    after = [prod(map(len, block[at + 1 :])) for at in range(len(block))]
    for at, (choice, taken) in enumerate(zip(offer, block, strict=True)):
        made: list[Frame] = []
        for frame in frames:
            for number in taken:
                code = frame.code * len(choice) + number
                work = _Work(offer[: at + 1], after[at], pour, refused, many=many)
                made += _applied(replace(frame, code=code), choice[number], work)
        following = offer[at + 1] if at + 1 < len(offer) else ()
        alike = not all(_by_row(step) for step in following)
        if alike:
            made = [piece for frame in made for piece in _pieces(frame)]
        frames = _joined(made, alike=alike)
    return frames


def _by_row(step: Step | None) -> bool:
    return step is None or step.strategy.by_row(step.params)


@dataclass(frozen=True, slots=True)
class _Work:
    """What applying a step needs to know to report a refusal; `many`: rows of several debts."""

    offer: Offer
    after: int
    pour: Callable[[Terms, Step], Steps]
    refused: list[Refused]
    many: bool = False


def _applied(frame: Frame, step: Step | None, work: _Work) -> list[Frame]:
    """Apply a step to a frame; where it is refused, piece by piece and at last row by row."""
    if step is None:
        return [frame]
    if step.strategy.name == "waterfall":
        return [made for row in _rows(frame) for made in _poured(row, step, work)]
    try:
        return [replace(frame, terms=apply_step(frame.terms, step))]
    except UsageError as error:
        pieces = list(_pieces(frame) if len(frame.sizes) > 1 else _halves(frame))
        if len(frame.sizes) == 1 and isinstance(error, ShapeError):
            alike = True
        else:
            alike = not work.many and _all_alike(frame, step, str(error))
        if len(pieces) > 1 and not alike:
            return [made for piece in pieces for made in _applied(piece, step, work)]
        steps = decode(work.offer, int(frame.code[0]))
        work.refused.append(Refused(steps, frame.code.size * work.after, str(error)))
        return []


def _all_alike(frame: Frame, step: Step, reason: str) -> bool:
    """Tell whether a column of one piece is refused for what its first and last row are, too."""
    if len(frame.sizes) > 1:
        return False
    return all(_reason(frame, at, step) == reason for at in (0, frame.code.size - 1))


def _reason(frame: Frame, at: int, step: Step) -> str:
    try:
        apply_step(take_rows(frame.terms, slice(at, at + 1)), step)
    except UsageError as error:
        return str(error)
    return ""


def _poured(frame: Frame, step: Step, work: _Work) -> list[Frame]:
    """Apply a waterfall to one row: the steps that it comes to."""
    found = [frame]
    try:
        used = work.pour(frame.terms, step)
    except UsageError as error:
        steps = decode(work.offer, int(frame.code[0]))
        work.refused.append(Refused(steps, work.after, str(error)))
        return []
    for one in used:
        found = [made for part in found for made in _applied(part, one, work)]
    return found


def _pieces(frame: Frame) -> Iterator[Frame]:
    if len(frame.sizes) == 1:
        yield frame
        return
    ends = list(accumulate(frame.sizes))
    for begin, end in zip([0, *ends[:-1]], ends, strict=True):
        yield _some(frame, slice(begin, end))


def _halves(frame: Frame) -> Iterator[Frame]:
    rows, middle = frame.code.size, frame.code.size // 2
    for part in (slice(0, middle), slice(middle, rows)):
        if part.stop > part.start:
            yield _some(frame, part)


def _rows(frame: Frame) -> Iterator[Frame]:
    for at in range(frame.code.size):
        yield _some(frame, slice(at, at + 1))


def _some(frame: Frame, rows: slice) -> Frame:
    code = frame.code[rows]
    return Frame(take_rows(frame.terms, rows), code, (code.size,))


def _nothing_taken(offer: Offer) -> int:
    """Give the code of the candidate that takes no step, −1 if there is none."""
    if not _has_nothing(offer):
        return -1
    code = 0
    for choice in offer:
        code = code * len(choice) + choice.index(None)
    return code


def _without(frame: Frame, code: int, offer: Offer) -> Frame:
    size = prod(len(choice) for choice in offer)
    if code < 0 or not (frame.code % size == code).any():
        return frame
    rows = np.flatnonzero(frame.code % size != code)
    return Frame(take_rows(frame.terms, rows), frame.code[rows], (rows.size,))


def _settled(frame: Frame) -> Frame:
    """Let what has no instalment fall due at once, and drop rates from before the first day."""
    terms = frame.terms
    never = terms.periods == 0
    if never.any():
        owed = {
            c: np.where(never, getattr(terms.owed, c), getattr(terms.demanded, c))
            for c in ("principal", "interest", "penalty", "fees")
        }
        terms = replace(terms, demanded=replace(terms.demanded, **owed))
    return replace(frame, terms=replace(terms, curve=live_curve(terms)))


def live_curve(terms: Terms) -> Curve:
    """Drop the segments of a curve that end before interest begins to run."""
    curve = terms.curve
    while len(curve) > 1 and (curve[1].start <= terms.calendar.start).all():
        first = replace(curve[1], start=np.zeros(1, dtype=np.int64))
        curve = (first, *curve[2:])
    return curve


def _joined(frames: Sequence[Frame], *, alike: bool) -> list[Frame]:
    """Join frames that can stand in one column; `alike`: differing in amounts and rates alone."""
    if not alike:
        frames = _joined(frames, alike=True) if all(len(f.sizes) == 1 for f in frames) else frames
    groups: list[list[Frame]] = []
    longest: list[Frame] = []
    places: dict[Hashable, list[int]] = defaultdict(list)
    for frame in frames:
        # alike are only those of one layout: no other group is looked at
        near = places[layout_of(frame.terms.phases) if alike else None]
        for at in reversed(near):
            if joinable(longest[at].terms, frame.terms, alike=alike):
                groups[at].append(frame)
                longest[at] = max(longest[at], frame, key=lambda f: len(f.terms.phases))
                break
        else:
            near.append(len(groups))
            groups.append([frame])
            longest.append(frame)
    return [joined for group in groups for joined in _join(group, alike=alike)]


def _join(group: list[Frame], *, alike: bool) -> list[Frame]:
    if len(group) == 1:
        return group
    try:
        terms = join([frame.terms for frame in group])
    except OverflowError:
        return group
    code = np.concatenate([frame.code for frame in group])
    sizes = (code.size,) if alike else tuple(n for frame in group for n in frame.sizes)
    return [Frame(terms, code, sizes)]
