"""Templates of documents: plain text with {places}, filled with values that can only be text.

A template is read with the standard library's parser of `{name}`; nothing in it is ever run, and a
value cannot become markup, because the template is taken apart before it is filled.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from string import Formatter

from replan.errors import UsageError
from replan.present.blocks import Block, Heading, Lines

Value = str | None | Sequence[Block]
"""A text, blocks such as a table, or nothing: then the line is left out."""
_BREAK = "\\"
_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]")
"""Characters between which no blank is written."""


@dataclass(frozen=True, slots=True)
class Template:
    """The text of a template, the name by which messages call it, and whether it is a user's."""

    name: str
    text: str
    own: bool = False


@dataclass(frozen=True, slots=True)
class _Line:
    kind: str
    text: str = ""
    blocks: tuple[Block, ...] = ()
    breaks: bool = False


def fill(template: Template, values: Mapping[str, Value]) -> list[Block]:
    """Return the template's blocks with every place filled.

    `# ` and `## ` begin a heading, `- ` an entry of a list, a blank line ends a paragraph; the
    lines of a paragraph are joined, and a line that ends in a backslash ends there. A line with a
    place for which there is no value is left out, and so is a heading with nothing beneath.
    A place that holds a table or a list stands alone on its line. `{{` is a brace.
    Raises UsageError that names an unknown place and what there is.
    """
    lines = [_filled(template, n, line, values) for n, line in _numbered(template.text)]
    return _without_empty(list(_blocks([line for line in lines if line is not None])))


def fill_lines(template: Template, values: Mapping[str, Value]) -> list[str]:
    """Return the template's lines as plain texts, those without a value left out."""
    texts = []
    for n, line in _numbered(template.text):
        filled = _filled(template, n, line, values)
        if filled is not None and filled.kind == "text":
            texts.append(filled.text)
    return texts


def faults_of(template: Template, values: Mapping[str, Value]) -> list[str]:
    """List the messages of all lines that cannot be filled; those that can are none."""
    faults = []
    for n, line in _numbered(template.text):
        try:
            _filled(template, n, line, values)
        except UsageError as error:
            faults.append(str(error))
    return faults


def places_of(template: Template) -> set[str]:
    """Return the names of the places that a template has, as far as its lines can be read."""
    found: set[str] = set()
    for n, line in _numbered(template.text):
        with suppress(UsageError):
            found |= {name for _, name in _parse(template, n, line) if name is not None}
    return found


def _numbered(text: str) -> Iterator[tuple[int, str]]:
    for n, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        yield n, line.strip()


def _filled(template: Template, n: int, line: str, values: Mapping[str, Value]) -> _Line | None:
    """Read and fill one line; None where a place of it has no value."""
    breaks = line.endswith(_BREAK)
    kind, rest = _kind(line.removesuffix(_BREAK).rstrip())
    parts = _parse(template, n, rest)
    found = [_value(template, n, name, values) for _, name in parts if name is not None]
    if any(value is None or len(value) == 0 for value in found):
        return None
    own = [value for value in found if not isinstance(value, str)]
    if own:
        if len(parts) > 1 or parts[0][0] or kind != "text":
            name = next(name for _, name in parts if name and not isinstance(values[name], str))
            raise UsageError(
                f"{template.name}:{n}: {{{name}}} stands for a table or a list."
                " Put it on a line of its own."
            )
        return _Line("blocks", blocks=tuple(own[0] or ()))
    texts = iter(str(value) for value in found)
    text = "".join(before + (next(texts) if name is not None else "") for before, name in parts)
    return _Line(kind, text, breaks=breaks)


def _kind(line: str) -> tuple[str, str]:
    for mark, kind in (("## ", "heading2"), ("# ", "heading1"), ("- ", "item")):
        if line.startswith(mark):
            return kind, line.removeprefix(mark).strip()
    return ("text", line) if line else ("blank", "")


def _parse(template: Template, n: int, line: str) -> list[tuple[str, str | None]]:
    """Take a line apart: the text before each place, and its name; no text after a place twice."""
    try:
        parsed = list(Formatter().parse(line))
    except ValueError as error:
        raise UsageError(
            f"{template.name}:{n}: a brace stands alone. Write {{name}}, or {{{{ for a brace."
        ) from error
    for _, name, form, conversion in parsed:
        if name is not None and (form or conversion or not re.fullmatch(r"[a-z0-9_]+", name)):
            raise UsageError(
                f"{template.name}:{n}: {{{name}…}} is no place. Write a name alone: {{first_date}}."
            )
    return [(before, name) for before, name, _, _ in parsed]


def _value(template: Template, n: int, name: str, values: Mapping[str, Value]) -> Value:
    if name not in values:
        meant = get_close_matches(name, values, n=1)
        if meant:
            raise UsageError(
                f"{template.name}:{n}: there is no {{{name}}}. Did you mean {{{meant[0]}}}?"
            )
        known = ", ".join(sorted(values))
        raise UsageError(f"{template.name}:{n}: there is no {{{name}}}. There is: {known}.")
    return values[name]


def _blocks(lines: Sequence[_Line]) -> Iterator[Block]:
    """Put lines of one kind together: paragraphs and lists."""
    run: list[_Line] = []
    for line in [*lines, _Line("blank")]:
        if run and (line.kind != run[0].kind or line.kind not in ("text", "item")):
            yield _joined(run)
            run = []
        match line.kind:
            case "heading1" | "heading2":
                yield Heading(line.text, level=int(line.kind[-1]))
            case "blocks":
                yield from line.blocks
            case "text" | "item":
                run.append(line)


def _joined(run: Sequence[_Line]) -> Lines:
    if run[0].kind == "item":
        return Lines(tuple(line.text for line in run), indent=2)
    texts = [""]
    for line in run:
        texts[-1] = join(texts[-1], line.text)
        if line.breaks:
            texts.append("")
    return Lines(tuple(text for text in texts if text), prose=True)


def join(first: str, rest: str) -> str:
    """Join two sentences: with a blank, unless Chinese meets Chinese.

    >>> join("One.", "Two."), join("其一。", "其二。")
    ('One. Two.', '其一。其二。')
    """
    if not first or not rest:
        return first or rest
    wide = _WIDE.fullmatch(first[-1]) or _WIDE.fullmatch(rest[0])
    return first + ("" if wide else " ") + rest


def _without_empty(blocks: Sequence[Block]) -> list[Block]:
    """Leave out headings beneath which nothing is left."""
    kept: list[Block] = []
    for block in reversed(blocks):
        below = kept[-1] if kept else None
        deep = isinstance(block, Heading) and block.level > 1
        if deep and (below is None or (isinstance(below, Heading))):
            continue
        kept.append(block)
    return kept[::-1]
