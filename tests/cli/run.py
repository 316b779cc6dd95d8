"""Running the command line as a user does: in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
FAMILY = str(ROOT / "examples" / "family.json")
QUIET = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR", "REPLAN_DEBUG", "COLUMNS")


def run(
    *args: str, stdin: str = "", cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run `replan` with *args* in English, unless *environment* says otherwise."""
    inherited = {name: value for name, value in os.environ.items() if name not in QUIET}
    return subprocess.run(  # noqa: S603  # our own program
        [sys.executable, "-m", "replan", *args],
        input=stdin,
        cwd=cwd,
        env={**inherited, "PYTHONUTF8": "1", **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
