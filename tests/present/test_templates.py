"""Templates of documents: what is filled in, what is left out, and what is refused."""

from __future__ import annotations

import pytest

from replan.errors import UsageError
from replan.present.blocks import Heading, Lines, table
from replan.present.formats import to_markdown
from replan.present.html import page
from replan.present.templates import Template, Value, fill, fill_lines
from replan.present.words import Words

TABLE = [table(["a"], [["1"]], keys=1)]
VALUES: dict[str, Value] = {"name": "Ann", "sum": "1,020.00", "none": None, "rows": TABLE, "no": []}


def filled(text: str, **more: Value) -> list[object]:
    """Fill a template of *text*."""
    return list(fill(Template("own.txt", text), VALUES | more))


def test_paragraphs_lists_and_tables() -> None:
    """Lines of a paragraph are joined, a backslash breaks them, a table takes its own line."""
    blocks = filled("# Dear {name}\nOne {sum}.\nTwo.\\\nThree.\n\n- a\n- b\n\n{rows}\n")

    assert Heading("Dear Ann", level=1) == blocks[0]
    assert Lines(("One 1,020.00. Two.", "Three."), prose=True) == blocks[1]
    assert Lines(("a", "b"), indent=2) == blocks[2]
    assert TABLE == blocks[3:]


def test_chinese_sentences_are_joined_without_blank() -> None:
    """A blank between Chinese sentences would be a fault of typesetting."""
    assert [Lines(("其一。其二。",), prose=True)] == filled("其一。\n其二。")


def test_lines_without_value_and_empty_parts_are_left_out() -> None:
    """What the case does not say is not said, nor the heading above it."""
    blocks = filled("# T\n\n## Early\n\n{none}\n{no}\n\n## Rest\nText {none}.\nKept.")

    assert [Heading("T", 1), Heading("Rest"), Lines(("Kept.",), prose=True)] == blocks


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a\n{nmae}", r"own.txt:2: there is no {nmae}\. Did you mean {name}\?"),
        ("a\n{xyz}", r"own.txt:2: there is no {xyz}\. There is: .*name, no, none, rows, sum"),
        ("{name.__class__}", r"own.txt:1: .*is no place"),
        ("{name!r}", r"is no place"),
        ("{sum:>9}", r"is no place"),
        ("{}", r"is no place"),
        ("{name", r"a brace stands alone"),
        ("see {rows}", r"own.txt:1: {rows} stands for a table"),
        ("- {rows}", r"stands for a table"),
    ],
)
def test_faulty_template_is_named_with_its_line(text: str, said: str) -> None:
    """Where, what, and what there is; nothing of a value can be reached but its text."""
    with pytest.raises(UsageError, match=said):
        filled(text)


def test_value_cannot_become_markup() -> None:
    """A name with marks of every format is shown as it is written."""
    name = "# <b>A</b> {sum} - [x](y) \\"
    blocks = fill(Template("own.txt", "{name}\n{{kept}}"), {"name": name})

    assert [Lines((f"{name} {{kept}}",), prose=True)] == blocks
    assert "<b>" not in page(blocks, Words("en"))
    assert r"\# &lt;b&gt;A&lt;/b&gt;" in to_markdown(blocks)


def test_lines_of_a_note() -> None:
    """A note for a form keeps its lines, without those that have nothing to say."""
    assert ["A Ann", "B"] == fill_lines(Template("t", "A {name}\n\nC {none}\nB"), VALUES)
