"""HTML reports: escaped, self-contained, and rendered by a browser where one is installed."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

import replan
from cli.run import FAMILY
from present.samples import comparison, shown
from replan.present.blocks import Block, Heading, Lines, table
from replan.present.compare import compare_blocks
from replan.present.html import page, to_html
from replan.present.show import show_blocks
from replan.present.words import Words, read_data

EN, ZH = Words("en"), Words("zh")
EVIL = '"><script>alert(1)</script><img src=x onerror=alert(1)>&\x1b[31m'
BROWSER = next((path for name in ("chromium", "google-chrome") if (path := shutil.which(name))), "")
needs_browser = pytest.mark.skipif(not BROWSER, reason="no Chromium is installed")
PROBE = """<!DOCTYPE html><body style="margin:0"><pre id="found"></pre><script>
const frame = document.createElement("iframe"), faults = [];
frame.style.cssText = "border:0;width:390px;height:800px";
document.addEventListener("securitypolicyviolation", e => faults.push(e.violatedDirective));
frame.onload = () => {
  const d = frame.contentDocument, root = d.documentElement;
  const beyond = [...d.querySelectorAll("body *")].filter(
    e => !e.closest(".scroll") && e.getBoundingClientRect().right > 390.5);
  document.getElementById("found").textContent = JSON.stringify({
    width: root.scrollWidth, beyond: beyond.map(e => e.tagName), faults,
    scripts: d.scripts.length, tables: d.querySelectorAll("table").length,
    charts: d.querySelectorAll("svg[role=img]").length, language: root.lang,
    far: performance.getEntriesByType("resource").length});
};
frame.srcdoc = %s; document.body.append(frame);
</script>"""


def compare_page(words: Words) -> str:
    """Return the page of a comparison for the family."""
    data = replan.compare(replan.load_case(FAMILY), [], cause="job-loss").to_dict()
    return to_html(data, words, kind="compare", blocks=compare_blocks(data, words))


def show_page(words: Words) -> str:
    """Return the page of one plan for the family."""
    plan = "waive penalty=100% + defer 3 + split 24"
    data = replan.show(replan.load_case(FAMILY), plan, why=True).to_dict()
    return to_html(data, words, kind="show", blocks=show_blocks(data, words))


def planted(value: Any) -> Any:
    """Return JSON data in which each plan, name and text is hostile."""
    if isinstance(value, dict):
        texts = ("creditor", "plan", "step", "text", "dominated_by")
        return {k: EVIL if k in texts else planted(v) for k, v in value.items()}
    return [planted(v) for v in value] if isinstance(value, list) else value


@pytest.mark.parametrize("kind", ["compare", "show"])
def test_text_from_outside_is_text(kind: str) -> None:
    """No markup from a name becomes an element or an attribute, and no control character stays."""
    data = planted(comparison("split 24") if kind == "compare" else shown())
    blocks: list[Block] = [Heading(EVIL, 1), Lines((EVIL,)), table([EVIL], [[EVIL]], keys=1)]

    for written in (to_html(data, EN, kind=kind, blocks=blocks), page(blocks, EN)):
        assert "<script" not in written
        assert "<img" not in written
        assert "\x1b" not in written
        assert "&lt;script&gt;" in written


@pytest.mark.parametrize("make", [compare_page, show_page])
def test_page_needs_nothing_else(make: Any) -> None:
    """One policy that allows no source, no script, no address, no event."""
    written = make(ZH)

    assert "default-src 'none'; style-src 'unsafe-inline'" in written
    assert [] == re.findall(r"<script|<link|<img|@import|https?:|\bon\w+=|url\((?!#)", written)
    assert '<html lang="zh-CN">' in written


@pytest.mark.parametrize("make", [compare_page, show_page])
def test_page_is_accessible(make: Any) -> None:
    """Heads have a scope, each drawing a title and a description, ids stand once."""
    written = make(EN)
    ids = Counter(re.findall(r'\bid="([^"]+)"', written))

    assert [] == [key for key, times in ids.items() if times > 1]
    assert written.count("<th ") == written.count("scope=")
    drawings = re.findall(r'<svg [^>]*role="img".*?</svg>', written, re.DOTALL)
    assert drawings
    assert all("<title" in one and re.search("<desc[^>]*>[^<]", one) for one in drawings)


def test_verdicts_come_first_in_plain_words() -> None:
    """What can be kept stands before the figures."""
    written = compare_page(EN)

    assert written.index("Can be kept.") < written.index("Cannot be kept") < written.index("<table")


def test_many_plans_stand_in_several_tables() -> None:
    """A page of paper holds seven plans; each table names the figures again."""
    data = comparison(*(f"split {n}" for n in range(3, 20)))
    written = to_html(data, EN, kind="compare", blocks=compare_blocks(data, EN))

    assert 3 == len(re.findall(r'<th scope="row">Total paid</th>', written))


def test_every_row_of_a_schedule_is_there() -> None:
    """Also the three hundredth."""
    data = shown(rows=300)
    written = to_html(data, EN, kind="show", blocks=show_blocks(data, EN))

    assert 301 == len(re.findall(r'<tr><th class="number" scope="row">\d+</th>', written))


def test_drawings_are_well_formed() -> None:
    """A stricter reader than a browser takes them too."""
    drawings = re.findall(r"<svg .*?</svg>", show_page(EN), re.DOTALL)

    assert ["svg"] == sorted({ET.fromstring(one).tag for one in drawings})  # noqa: S314


@pytest.mark.parametrize("name", ["ground", "band"])
def test_colours_of_text_stand_out(name: str) -> None:
    """WCAG AA: 4.5 to 1 for each colour of text, on light and on dark ground."""
    for block in read_data("html/report.css").split("@media")[:2]:
        found = dict(re.findall(r"--(\w+): (#\w{6})", block))
        texts = [found[text] for text in ("text", "soft", "good", "bad", "warn")]
        assert all(_contrast(text, found[name]) >= 4.5 for text in texts)


def _contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (WCAG 2.2, relative luminance)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def browse(tmp_path: Path, *args: str) -> str:
    """Run a browser without a window and return what it prints."""
    fixed = [
        "--headless=new",
        "--no-sandbox",
        "--hide-scrollbars",
        f"--user-data-dir={tmp_path / 'b'}",
    ]
    command = [BROWSER, *fixed, "--enable-logging=stderr", *args]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)  # noqa: S603
    assert "CONSOLE" not in done.stderr
    return done.stdout


@needs_browser
@pytest.mark.parametrize("make", [compare_page, show_page])
def test_page_fits_a_phone(tmp_path: Path, make: Any) -> None:
    """At 390 px nothing but tables in their boxes is wider than the screen; nothing is loaded."""
    probe = tmp_path / "probe.html"
    source = json.dumps(make(ZH)).replace("</", "<\\/")
    probe.write_text(PROBE % source, encoding="utf-8")

    printed = browse(tmp_path, "--virtual-time-budget=5000", "--dump-dom", probe.as_uri())

    told = re.search(r'<pre id="found">(.*?)</pre>', printed, re.DOTALL)
    assert told
    found = json.loads(html.unescape(told[1]))
    expected = {"width": 390, "beyond": [], "faults": [], "scripts": 0, "far": 0}
    assert expected | {"language": "zh-CN"} == {k: found[k] for k in (*expected, "language")}
    assert found["tables"] >= 4
    assert found["charts"] >= 4


@needs_browser
@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not installed")
def test_long_schedule_prints_with_its_heads(tmp_path: Path) -> None:
    """Each page of 360 rows has the heads of the columns, and no row is lost."""
    data = shown(rows=360)
    source, target = tmp_path / "long.html", tmp_path / "long.pdf"
    source.write_text(to_html(data, EN, kind="show", blocks=show_blocks(data, EN)), "utf-8")
    browse(tmp_path, "--no-pdf-header-footer", f"--print-to-pdf={target}", source.as_uri())

    command = [shutil.which("pdftotext") or "", "-layout", str(target), "-"]
    pages = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\f")  # noqa: S603

    rows = [page for page in pages if len(re.findall(r"^ *\d+ +20\d\d-", page, re.MULTILINE)) > 3]
    assert len(rows) > 5
    assert all("Accrued" in page for page in rows)
    assert 361 == len(re.findall(r"^ *\d+ +20\d\d-\d\d-\d\d", "\n".join(pages), re.MULTILINE))
