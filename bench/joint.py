"""How long a joint choice takes, beside the solver alone on every candidate at once."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import product

import numpy as np

from replan.decide.solver.choose import Space, choose
from replan.decide.solver.highs import Floats, Programme, solve_whole

DEBTS, MONTHS = 10, 60
AIMS = {"cheapest": "<= 2 s", "NPV": "<= 10 s"}
SEED = 3


def report(line: Callable[[str, str, str], None]) -> None:
    """Print a row per aim and per room: tight is 10 % above what must be paid at least."""
    print(f"\nOne plan for {DEBTS} debts of 200 candidates each over {MONTHS} months, proved")
    for (aim, limit), (name, room) in product(AIMS.items(), (("tight", 0.1), ("loose", 0.4))):
        spaces, capacity = household(aim, room)
        begin = time.perf_counter()
        found = choose(spaces, capacity)
        ours = time.perf_counter() - begin
        begin = time.perf_counter()
        whole = solve_whole(_everything(spaces, capacity), below=1e15, nodes=200_000, seconds=60.0)
        alone = time.perf_counter() - begin
        same = found.proved and found.cost == round(whole.cost)
        agree = "same cost" if same else f"{found.cost} against {whole.cost:.0f}"
        text = f"{ours:.2f} s, the solver alone {alone:.2f} s"
        line(f"{aim}, {name}: {found.considered} of {found.total}, {agree}", text, limit)


def household(aim: str, room: float) -> tuple[list[Space], Floats]:
    """Draw debts with deferral x instalments x waiver x rate cut, and what is left each month."""
    rng, spaces, light = np.random.default_rng(SEED), [], np.zeros(MONTHS)
    for _ in range(DEBTS):
        principal, rate = rng.integers(500_000, 6_000_000), rng.uniform(0.08, 0.36) / 12
        payments, loss = _candidates(float(principal), rate)
        cost = payments.sum(axis=1) if aim == "cheapest" else loss
        spaces.append(Space(payments, cost))
        light += payments[np.argmin(payments.max(axis=1))]
    return spaces, np.full(MONTHS, np.rint(light.max() * (1 + room)))


def _candidates(principal: float, rate: float) -> tuple[Floats, Floats]:
    """Give payments (200, months) in whole cents, and the loss of present value."""
    axes = (np.linspace(0, 12, 4), np.linspace(6, 48, 10), np.linspace(0, 0.4, 5))
    grid = np.meshgrid(*(np.rint(axes[0]), np.rint(axes[1]), axes[2]), indexing="ij")
    deferred, count, waived = (axis.ravel() for axis in grid)
    owed = principal * (1 - 0.3 * waived) * (1 + rate * deferred)
    amount = np.rint(owed * rate / (1 - (1 + rate) ** -count))
    months = np.arange(MONTHS)
    paying = (months >= deferred[:, None]) & (months < (deferred + count)[:, None])
    payments = np.where(paying, amount[:, None], 0.0)
    return payments, np.rint(principal - payments @ (1 + rate) ** -(months + 1.0))


def _everything(spaces: list[Space], capacity: Floats) -> Programme:
    """Write the programme over every candidate."""
    owner = np.repeat(np.arange(len(spaces)), [s.size for s in spaces])
    one = (owner == np.arange(len(spaces))[:, None]).astype(np.float64)
    matrix = np.vstack([one, np.hstack([s.payments.T for s in spaces])])
    free = np.full(len(capacity), -np.inf)
    return Programme(
        cost=np.concatenate([s.cost for s in spaces]),
        matrix=matrix,
        lower=np.concatenate([np.ones(len(spaces)), free]),
        upper=np.concatenate([np.ones(len(spaces)), capacity]),
        bound=np.ones(len(owner)),
        whole=len(owner),
    )
