"""Published year fractions come out exactly."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from replan.engine.day_counts import year_fraction

DATA = json.loads((Path(__file__).parent / "data" / "day_counts.json").read_text("utf-8"))


def test_figures_are_all_here() -> None:
    """The table holds the number of figures that were published, each once."""
    identities = {figure["id"] for figure in DATA["figures"]}

    assert 536 == len(identities) == len(DATA["figures"])
    assert set() == set(DATA["exceptions"]) - identities


@pytest.mark.parametrize("figure", DATA["figures"], ids=lambda figure: figure["id"])
def test_published_year_fraction(figure: dict[str, Any]) -> None:
    """A year fraction equals the published one, or its rounding where that is printed rounded."""
    reference = figure.get("reference")

    got = year_fraction(
        figure["start"],
        figure["end"],
        figure["day_count"],
        maturity=figure.get("maturity"),
        reference=reference and tuple(reference),
    )

    expected = Fraction(figure.get("fraction") or figure["decimal"])
    agrees = abs(expected - got) <= Fraction(figure.get("within", "0"))
    assert (figure["id"] not in DATA["exceptions"]) == agrees
