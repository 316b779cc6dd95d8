"""The sign of life."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

WORK = """
import time
from replan.cli.progress import working
with working("Working", after={after}):
    time.sleep({lasts})
print("done")
"""


def said(*, after: float, lasts: float, terminal: bool = True) -> str:
    """Return what stderr received from work of so many seconds."""
    code = WORK.format(after=after, lasts=lasts)
    ours, theirs = pty.openpty()
    subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", code],
        stdout=subprocess.DEVNULL,
        stderr=theirs if terminal else subprocess.DEVNULL,
        env={**os.environ, "TERM": "xterm"},
        check=True,
    )
    os.write(theirs, b"!")
    received = os.read(ours, 65536).decode()
    os.close(theirs)
    os.close(ours)
    return received


def test_long_work_shows_that_it_goes_on() -> None:
    """A spinner with what is done, on the terminal, wiped at the end."""
    assert "Working" in said(after=0.05, lasts=0.6)


def test_short_work_is_silent() -> None:
    """Nobody needs to know about half a second."""
    assert "!" == said(after=5, lasts=0)


def test_no_terminal_no_spinner() -> None:
    """Logs stay clean."""
    assert "!" == said(after=0, lasts=0.3, terminal=False)
