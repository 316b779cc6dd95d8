"""Reports for HTML: what each kind of result says first, and its drawings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from replan.present.html import Drawn, Report
from replan.present.words import Words

_REPORTS: dict[str, Report] = {}


def report_of(data: Mapping[str, Any], words: Words, *, kind: str) -> Sequence[Drawn]:
    """Return the report of a kind of result; empty where there is none."""
    maker = _REPORTS.get(kind)
    return maker(data, words) if maker else ()
