"""How long a command takes to start, beside an empty Typer app."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROUNDS = 7
EMPTY = "import typer; app = typer.Typer(); app.command()(lambda: None); app()"
EXAMPLES = Path(__file__).parent.parent / "src" / "replan" / "data" / "examples"


def report(line: Callable[[str, str, str], None]) -> None:
    """Print medians of whole processes, run in turn."""
    replan = Path(sys.executable).with_name("replan")
    if not replan.exists():
        print("\nStart-up: the command replan is not installed here")
        return
    commands = {"an empty Typer app --help": [sys.executable, "-c", EMPTY, "--help"]}
    commands["replan --help"] = [str(replan), "--help"]
    case = EXAMPLES / "family.json"
    if case.exists():
        commands["replan compare, the family example"] = [str(replan), "compare", str(case)]
    taken: dict[str, list[float]] = {name: [] for name in commands}
    failed = set()
    for _ in range(ROUNDS):
        for name, command in commands.items():
            begin = time.perf_counter()
            done = subprocess.run(command, check=False, capture_output=True)  # noqa: S603 - our own
            taken[name].append(time.perf_counter() - begin)
            if done.returncode not in {0, 1} or b"Traceback" in done.stderr:
                failed.add(name)
    base = statistics.median(taken["an empty Typer app --help"])
    print("\nStart-up, whole processes")
    required = {"replan --help": "<= 1.5 x", "replan compare, the family example": "<= 3 x"}
    for name, seconds in taken.items():
        median = statistics.median(seconds)
        found = f"{median * 1e3:.0f} ms = {median / base:.1f} x"
        line(name, "does not run" if name in failed else found, required.get(name, ""))
