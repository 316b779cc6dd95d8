"""The benchmark: ratios from one interleaved run, so that a busy machine moves both sides."""

from __future__ import annotations

import platform
import statistics
import time
from collections.abc import Callable
from importlib.metadata import version

import figures
import joint
import numpy as np
import startup
from peers import c_totals, mortgagemath_rows, mortgagemath_totals, pyxirr_rates

from replan.decide.candidates.pareto import front
from replan.decide.candidates.room import judge, room_for
from replan.decide.candidates.search import axes_of
from replan.decide.candidates.space import space_of
from replan.engine.irr import irr_columns, irr_level
from replan.engine.kernel import roll
from replan.engine.resolve import resolve
from replan.strategies.notation import parse_plan

Work = Callable[[], object]
ROUNDS = 7


def interleave(work: dict[str, Work], rounds: int = ROUNDS) -> dict[str, float]:
    """Run every piece of work in turn, several rounds; give each one's median seconds."""
    taken: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(rounds):
        for name, do in work.items():
            begin = time.perf_counter()
            do()
            taken[name].append(time.perf_counter() - begin)
    return {name: statistics.median(seconds) for name, seconds in taken.items()}


def line(what: str, found: str, required: str = "") -> None:
    """Print a row of the table."""
    print(f"{what:<52} {found:>26}  {required}")


def schedules() -> None:
    """Exact schedules of 36 monthly rows, principal only, half-up, on one core."""
    rows, sample = 131_072, 40
    plain = resolve(figures.level_loans(rows))
    actual = resolve(figures.level_loans(rows, day_count="actual/365"))
    live = resolve(figures.everything_live(rows // 8))
    principal = figures.principals(sample)
    work: dict[str, Work] = {
        "mortgagemath totals": lambda: mortgagemath_totals(principal),
        "mortgagemath rows": lambda: mortgagemath_rows(principal),
        "totals": lambda: roll(plain, rows=False),
        "rows": lambda: roll(plain),
        "actual/365 totals": lambda: roll(actual, rows=False),
        "actual/365 rows": lambda: roll(actual),
        "every feature live, totals": lambda: roll(live, rows=False),
        "every feature live, rows": lambda: roll(live),
    }
    loop = c_totals(figures.principals(rows), roll(plain, rows=False).totals)
    if loop is not None:
        work["C loop"] = loop
    seconds = interleave(work)
    peers = {kind: sample / seconds[f"mortgagemath {kind}"] for kind in ("totals", "rows")}
    print(f"\nSchedules of 36 rows, {rows:,} loans at a time (all live: {rows // 8:,})")
    for kind, rate in peers.items():
        line(f"mortgagemath, {kind}", f"{rate:,.0f}/s")
    required = {"totals": ">= 500 x mortgagemath", "rows": ">= 300 x mortgagemath"}
    for name in list(work)[2:]:
        rate = (rows // 8 if "live" in name else rows) / seconds[name]
        peer = peers["rows" if name.endswith("rows") else "totals"]
        found = f"{rate / 1e6:.2f} M/s = {rate / peer:,.0f} x"
        line(name, found, required.get(name, ""))


def plan_space() -> None:
    """All candidate plans of one debt: deferral x instalments x waiver x rate cut."""
    terms = figures.plan_space()
    resolved = resolve(terms)
    seconds = interleave(
        {"resolve": lambda: resolve(terms), "roll": lambda: roll(resolved, rows=False)}
    )
    print(f"\nThe plan space of one debt: {terms.rows:,} exact candidates, totals")
    line("terms to factors", f"{seconds['resolve'] * 1e3:.0f} ms")
    line("schedules", f"{seconds['roll'] * 1e3:.0f} ms", "<= 100 ms (of 250 ms with NPV and front)")


def search() -> None:
    """Search the same space as a menu of steps: candidates with NPV, the four-objective front."""
    bench, menu = figures.menu()
    debt = bench.case.debts[0]
    space = space_of(bench, debt, menu)
    every = np.arange(len(space))
    room = room_for(bench, debt, parse_plan("contract"), space.horizon)
    found = front(axes_of(space, every))
    seconds = interleave(
        {
            "space": lambda: space_of(bench, debt, menu),
            "front": lambda: front(axes_of(space, every)),
            "judge": lambda: judge(space, room),
        }
    )
    print(f"\nA menu of one debt searched: {len(space):,} candidates, {found.size:,} on the front")
    line("menu to candidates with NPV", f"{seconds['space'] * 1e3:.0f} ms")
    line("front (peak payment, total, months, NPV loss)", f"{seconds['front'] * 1e3:.0f} ms")
    both = seconds["space"] + seconds["front"]
    line("together", f"{both * 1e3:.0f} ms", "<= 250 ms")
    line("verdicts against the surplus", f"{seconds['judge'] * 1e3:.0f} ms")


def rates() -> None:
    """Time internal rates of return on one core; tell how far they are from pyxirr's."""
    flows = figures.flows(20_000)
    level = figures.level_flows(20_000)
    seconds = interleave(
        {
            "pyxirr": lambda: pyxirr_rates(flows[:, :2_000]),
            "irr_columns": lambda: irr_columns(flows),
            "irr_level": lambda: irr_level(*level),
        }
    )
    peer = 2_000 / seconds["pyxirr"]
    error = abs(irr_columns(flows[:, :2_000]) - pyxirr_rates(flows[:, :2_000])).max()
    print("\nIRR of 20,000 columns of 37 flows")
    line("pyxirr.irr", f"{peer:,.0f}/s")
    for name in ("irr_columns", "irr_level"):
        rate = 20_000 / seconds[name]
        line(name, f"{rate / 1e6:.2f} M/s = {rate / peer:,.0f} x", ">= 10 x pyxirr")
    line("largest difference from pyxirr", f"{error:.1e}", "<= 1e-12")


def main() -> None:
    """Print the table."""
    versions = " ".join(f"{name} {version(name)}" for name in ("numpy", "mortgagemath", "pyxirr"))
    print(f"Python {platform.python_version()}, {versions}; {figures.processor()}")
    print(f"Medians of {ROUNDS} interleaved rounds; required figures stand on the right.")
    schedules()
    plan_space()
    search()
    joint.report(line)
    rates()
    startup.report(line)


if __name__ == "__main__":
    main()
