"""Rolling several debts together, where what one is paid depends on what all of them owe."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from .accrue import accrue, charge
from .block import Block
from .instalments import Event, enter, events_of
from .keep import finish
from .kernel import TOTALS, open_block, row_zero, step
from .money import Column
from .resolve import Resolved
from .schedule import Schedule, Store, Totals, with_interest

Share = Callable[[int, Sequence[int]], Sequence[int]]
"""Period (from 0) and what each debt owes at its end ↦ what each is paid."""


def roll_together(debts: Sequence[Resolved], share: Share) -> list[Schedule]:
    """Roll debts of one row each side by side; `share` says what each is paid in a period.

    Every debt has one phase of stated payments; the amounts stated are replaced. The debts may
    differ in everything but the number of periods.
    """
    zeros, settled = zip(*(row_zero(r) for r in debts), strict=True)
    blocks, owed = [_open(r) for r in settled], [1] * len(settled)
    for period in range(int(debts[0].periods[0])):
        if not period:
            for block in blocks:
                _begin(block)
        owed = [
            _owed(block, period) if still else 0 for block, still in zip(blocks, owed, strict=True)
        ]
        if not any(owed):
            break
        paid = share(period, owed)
        for block, amount, still in zip(blocks, paid, owed, strict=True):
            if still:  # what is cleared accrues nothing: its rows stay empty
                block.state.amount[:] = amount
                step(block, period)
    return [
        Schedule(r.periods, zero, _totals(block), with_interest(_matrices(block)))
        for r, zero, block in zip(settled, zeros, blocks, strict=True)
    ]


def _open(r: Resolved) -> Block:
    block = open_block(r, wide=True)
    block.store = Store({}, (int(r.periods[0]), 1), np.dtype(object), slice(0, 1))
    return block


def _begin(block: Block) -> None:
    def never(event: Event, level: Column) -> Column:
        del event
        return level

    for event in events_of(block.r).get(0, ()):
        enter(block.r, block.state, event, never)
    block.settle_kinds(slice(0, 1))
    block.live.may_clear = True


def _owed(block: Block, period: int) -> int:
    """Give what would clear a debt at the end of a period: all owed, its interest and fees."""
    trial = replace(block, state=block.state.rows(np.array([0])), store=None, work={})
    now = accrue(trial, period)
    if trial.live.fees:
        charge(trial, now)
    return int(trial.state.owed(now.rows)[0] + now.accrued[0])


def _totals(block: Block) -> Totals:
    finish(block)
    for name in TOTALS:
        column = getattr(block.totals, name)
        setattr(block.totals, name, column.astype(np.int64))
    return block.totals


def _matrices(block: Block) -> dict[str, Column]:
    if block.store is None:
        return {}
    return {name: column.astype(np.int64) for name, column in block.store.matrices.items()}
