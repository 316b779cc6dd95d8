"""A sign of life for work that takes long: on a terminal, on stderr, after a second."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

PATIENCE = 1.0
"""Seconds of silence; most runs end before."""


@contextmanager
def working(message: str, *, after: float = PATIENCE) -> Iterator[None]:
    """Say *message* beside a spinner if the work inside goes on for longer than *after* seconds.

    Where stderr is no terminal nothing is said, so that logs and pipes stay clean.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        yield
        return
    shown: list[Any] = []
    timer = threading.Timer(after, lambda: shown.append(_start(message)))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        for status in shown:
            status.stop()


def _start(message: str) -> Any:
    from rich.console import Console  # noqa: PLC0415 - most runs end before it is needed

    status = Console(stderr=True, highlight=False, markup=False).status(
        message, spinner="line", spinner_style="none"
    )
    status.start()
    return status
