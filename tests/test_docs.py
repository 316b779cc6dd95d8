"""The documentation is not stale and leaves nothing out."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from replan.cli.app import command_lines, load_command
from replan.model.issues import CODES
from replan.strategies import strategies

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
JSON_PYTHON = ("json", "python")
PAGES = sorted([*DOCS.glob("*.md"), *ROOT.glob("*.md")])


def test_generated_pages_are_not_stale() -> None:
    """What `make docs` writes is what stands there."""
    command = [sys.executable, str(DOCS / "generate.py"), "--check"]
    done = subprocess.run(command, capture_output=True, check=False, text=True)  # noqa: S603

    assert "" == done.stderr
    assert 0 == done.returncode


@pytest.mark.parametrize("name", command_lines())
def test_command_and_its_options_are_documented(name: str) -> None:
    """Each command has its section, and each of its options stands there but those of old."""
    page = (DOCS / "commands.md").read_text(encoding="utf-8")
    section = page.split(f"\n## replan {name}\n")[1].split("\n## ")[0]
    shown = [p for p in load_command(name).params if not getattr(p, "hidden", False)]
    options = [flag for param in shown for flag in param.opts]

    assert [] == [flag for flag in options if flag.startswith("-") and flag not in section]


@pytest.mark.parametrize("code", CODES)
def test_issue_is_documented(code: str) -> None:
    """Each code that loading can report is explained."""
    assert f"\n## {code}\n" in (DOCS / "errors.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", strategies())
def test_strategy_is_documented(name: str) -> None:
    """Each strategy has its section with its notation."""
    page = (DOCS / "strategies.md").read_text(encoding="utf-8")
    section = page.split(f"\n## {name}\n")[1].split("\n## ")[0]

    assert strategies()[name].notation in section


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    """A link to a file of the project names a file that exists."""
    links = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", page.read_text(encoding="utf-8"))

    assert [] == [link for link in links if not (page.parent / link).exists()]


def test_readme_has_the_two_commands_and_the_lines_without_make() -> None:
    """A newcomer finds both ways to start."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")

    assert [] == [word for word in ("make demo", "make test", "-m venv .venv") if word not in text]


def test_readme_example_in_python_prints_what_it_says(tmp_path: Path) -> None:
    """The README's case and its lines of Python, run as they stand."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    case, code = (re.findall(rf"```{kind}\n(.*?)```", text, re.DOTALL)[0] for kind in JSON_PYTHON)
    (tmp_path / "case.json").write_text(case, encoding="utf-8")
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True, text=True)  # noqa: S603

    assert text.split("it prints\n\n```text\n")[1].split("```")[0] == done.stdout


def test_readme_example_of_offers_prints_what_it_says() -> None:
    """The second example in Python, run as it stands."""
    pytest.importorskip("pyarrow", reason="offers for many accounts are an extra")
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    code = re.findall(r"```python\n(.*?)```", text, re.DOTALL)[1]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)  # noqa: S603

    assert text.split("why it has none:\n\n```text\n")[1].split("```")[0] == done.stdout


@pytest.mark.parametrize("page", ["CONTRIBUTING.md"])
def test_paths_named_in_the_table_exist(page: str) -> None:
    """The table of who opens what names files that are there."""
    text = (ROOT / page).read_text(encoding="utf-8")
    named = re.findall(r"`((?:src|tests|docs|bench)/[\w/.-]+)`", text)

    assert named
    assert [] == [path for path in named if not (ROOT / path).exists()]


def test_every_module_of_the_stages_is_in_the_table() -> None:
    """A newcomer finds the room for a change: kernel and plans are named file by file."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    decide = (ROOT / "src/replan/decide").glob("*.py")

    assert {"show.py"} == {p.name for p in decide if p.name[0] != "_" and p.name not in text}
