"""Published schedules of due dates come out date by date."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from replan.engine.due_dates import due_dates

DATA = json.loads((Path(__file__).parent / "data" / "due_dates.json").read_text("utf-8"))


def test_schedules_are_all_here() -> None:
    """The table holds the number of schedules that were published, each once."""
    identities = {figure["id"] for figure in DATA["figures"]}

    assert 96 == len(identities) == len(DATA["figures"])
    assert {} == DATA["exceptions"]


@pytest.mark.parametrize("figure", DATA["figures"], ids=lambda figure: figure["id"])
def test_published_due_dates(figure: dict[str, Any]) -> None:
    """A schedule has the published dates, before and after moving to business days."""
    start, end, terms = figure["start"], figure["end"], figure["terms"]

    unmoved = [str(day) for day in due_dates(start, end, adjusted=False, **terms)]
    moved = [str(day) for day in due_dates(start, end, **terms)]

    assert figure["unmoved"] == unmoved
    assert figure.get("moved", figure["unmoved"]) == moved
