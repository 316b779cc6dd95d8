"""Mappings."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from replan.io import mapping
from replan.io.mapping import CONVERSIONS, convert, read_mapping

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/mapping.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("value", "conversion", "expected"),
    [
        ("12.5", "percent", "12.5%"),
        ("12.5%", "percent", "12.5%"),
        ("0.05", "percent-per-day", "0.05%/day"),
        ("1.5", "percent-per-month", "1.5%/month"),
        ("0.0005", "fraction-per-day", "0.0005/day"),
        ("0.015", "fraction-per-month", "0.015/month"),
        ("5", "per-mille", "5‰"),
        ("4.2", "thousands", "4.2千"),
        ("4.2", "ten-thousands", "4.2万"),
        ("1.234,50", "decimal-comma", "1,234.50"),
        ("10/12/2026", "day-month-year", "2026-12-10"),
        ("10/12/2026", "month-day-year", "2026-10-12"),
        ("2026-12-10", "month-day-year", "2026-12-10"),
    ],
)
def test_a_conversion_writes_a_bare_value_in_full(
    value: str, conversion: str, expected: str
) -> None:
    """What says its unit itself is left as it is."""
    assert expected == convert(value, conversion)


def test_every_conversion_is_documented() -> None:
    """The page lists each with an example."""
    assert set(CONVERSIONS) == set(re.findall(r"^\| `([a-z-]+)` \|", PAGE, re.MULTILINE))


def test_the_documented_mapping_files_can_be_read(tmp_path: Path) -> None:
    """The page's, the module's and the shipped one."""
    path = tmp_path / "map.toml"
    indented = (mapping.__doc__ or "").partition("\n\n")[2]
    for text in (PAGE.split("```toml\n")[1].split("```")[0], indented):
        path.write_text(text, "utf-8")
        assert "principal" in read_mapping(path).columns.values()
    assert "USD" == read_mapping(ROOT / "examples/lendingclub.toml").constants["currency"]


def test_no_mapping_is_an_empty_one() -> None:
    """Most tables need none."""
    assert {} == read_mapping(None).columns
