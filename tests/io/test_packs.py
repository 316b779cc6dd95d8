"""Packs are read whole and exactly, or not at all."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import ClassVar

import pytest

from replan.errors import PackError
from replan.io.packs import load_pack, shipped
from replan.model.pack import Entry, Pack


class Value(Entry):
    """A dated value."""

    since: date
    most: Decimal


class Sample(Pack):
    """A pack for these tests."""

    folder: ClassVar[str] = "samples"
    id: str
    source: str
    values: tuple[Value, ...] = ()


def written(folder: Path, text: str) -> Path:
    """Write a pack to a file."""
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_pack_is_read_exactly(tmp_path: Path) -> None:
    """Fractions are Decimals, dates are dates, lists are tuples."""
    text = 'id = "x"\nsource = "Act 1"\n[[values]]\nsince = 2025-10-01\nmost = 0.24'

    pack = load_pack(Sample, written(tmp_path, text))

    expected = (Value(since=date(2025, 10, 1), most=Decimal("0.24")),)
    assert expected == pack.values


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("mine.toml: source: source is missing. Add source.", 'id = "x"'),
        ('sauce: "sauce" is not a key here. Did you mean source?', 'id = "x"\nsauce = ""'),
        ("id: 7 stands here. Write a text in quotation marks.", "id = 7\nsource = ''"),
        ('values[0].since: "2025" stands here. Write a date', "[[values]]\nsince = '2025'"),
        ("this is not TOML", "id = "),
    ],
)
def test_fault_is_named(tmp_path: Path, expected: str, text: str) -> None:
    """File, key, what stands there and the remedy: a pack is never half followed."""
    with pytest.raises(PackError) as raised:
        load_pack(Sample, written(tmp_path, text))

    assert expected in str(raised.value)


def test_every_fault_is_told(tmp_path: Path) -> None:
    """One run names all that is wrong."""
    with pytest.raises(PackError) as raised:
        load_pack(Sample, written(tmp_path, "id = 7"))

    assert 2 == len(str(raised.value).splitlines())


def test_pack_that_is_not_there() -> None:
    """A name that is neither shipped nor a file says what there is."""
    with pytest.raises(PackError, match="there is no such pack in samples"):
        load_pack(Sample, "nowhere")


def test_huge_file_is_refused(tmp_path: Path) -> None:
    """A pack is small; a file of megabytes is none."""
    with pytest.raises(PackError, match="larger than any pack"):
        load_pack(Sample, written(tmp_path, "#" * (2**20 + 1)))


def test_shipped_folder_that_does_not_exist() -> None:
    """No folder, no packs."""
    assert () == shipped("samples")
