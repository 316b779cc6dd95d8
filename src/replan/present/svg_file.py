"""Drawings as files of their own, for paper: the style sheet's rules with the colours of print."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from copy import copy
from functools import cache
from xml.etree.ElementTree import Element  # written, never parsed

from replan.present.markup import node, to_markup
from replan.present.svg import hatching
from replan.present.words import read_data

_COLOUR = re.compile(r"--(\w+): (#\w+)")
_NAMED = re.compile(r"var\(--(\w+)\)")


def to_svg(drawing: Element, *, fonts: Sequence[str]) -> str:
    """Return a drawing as a document that needs no page: its rules, hatching and fonts inside."""
    named = ", ".join(f'"{font}"' for font in fonts)
    alone = copy(drawing)
    alone.set("xmlns", "http://www.w3.org/2000/svg")
    alone.insert(0, hatching())
    alone.insert(0, node("style", f"svg text {{ font-family: {named}; }} {_rules()}"))
    return to_markup(alone, xml=True)


@cache
def _rules() -> str:
    """Return the rules of drawings with each colour in the place of its name."""
    colours = _print_colours()
    return _NAMED.sub(lambda found: colours[found[1]], read_data("html/chart.css"))


def _print_colours() -> Mapping[str, str]:
    _, _, rules = read_data("html/report.css").partition("@media print")
    return dict(_COLOUR.findall(rules))
