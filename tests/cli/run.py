"""Running the command line as a user does: in a process of its own."""

from __future__ import annotations

import os
import pty
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


def run_in_terminal(*args: str, **environment: str) -> str:
    """Run `replan` with *args* in a terminal of its own and return what the terminal received."""
    ours, theirs = pty.openpty()
    inherited = {name: value for name, value in os.environ.items() if name not in QUIET}
    settings = {"TERM": "xterm-256color", "PYTHONUTF8": "1", **environment}
    command = [sys.executable, "-m", "replan", *args]
    with subprocess.Popen(command, stdout=theirs, env={**inherited, **settings}):  # noqa: S603
        os.close(theirs)
        received = b"".join(iter(lambda: _read(ours), b""))
    os.close(ours)
    return received.decode()


def _read(terminal: int) -> bytes:
    """Read from a terminal; a closed one reads as its end, on Linux as an error."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""
