"""HTML and SVG as a tree: text can only ever be text, however it was written."""

from __future__ import annotations

from typing import Literal
from xml.etree.ElementTree import Element, tostring  # written, never parsed

from replan.model.text import clean_text

# tostring leaves < in an attribute's value as it is: harmless, and yet better not there
_LESS = "\ue03c"
Content = Element | str | None


def node(tag: str, *contents: Content, **attributes: object) -> Element:
    """Return an element; `None` among contents and attributes is left out.

    An attribute's underscores are hyphens and a trailing one goes: `class_`, `text_anchor`.

    >>> to_markup(node("p", "1 < 2", node("b", "&"), class_="note"))
    '<p class="note">1 &lt; 2<b>&amp;</b></p>'
    """
    shown = {
        name.rstrip("_").replace("_", "-"): clean_text(str(value)).replace("<", _LESS)
        for name, value in attributes.items()
        if value is not None
    }
    element = Element(tag, shown)
    for content in contents:
        if isinstance(content, str):
            _add_text(element, _clean(content))
        elif content is not None:
            element.append(content)
    return element


def _clean(text: str) -> str:
    """Clean a text that may be a part of a sentence: a blank at either end stays."""
    before, after = (" " if end in (" ", "\n", "\t") else "" for end in (text[:1], text[-1:]))
    cleaned = clean_text(text)
    return f"{before}{cleaned}{after}" if cleaned else before


def _add_text(element: Element, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def to_markup(element: Element, *, xml: bool = False) -> str:
    """Print a tree as HTML, or as XML for a drawing that stands alone."""
    method: Literal["xml", "html"] = "xml" if xml else "html"
    return tostring(element, encoding="unicode", method=method).replace(_LESS, "&lt;")
