"""The documentation is not stale and leaves nothing out."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from replan.cli.app import COMMANDS, load_command
from replan.model.issues import CODES
from replan.strategies import strategies

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.glob("*.md"), *ROOT.glob("*.md")])


def test_generated_pages_are_not_stale() -> None:
    """What `make docs` writes is what stands there."""
    command = [sys.executable, str(DOCS / "generate.py"), "--check"]
    done = subprocess.run(command, capture_output=True, check=False, text=True)  # noqa: S603

    assert "" == done.stderr
    assert 0 == done.returncode


@pytest.mark.parametrize("name", COMMANDS)
def test_command_and_its_options_are_documented(name: str) -> None:
    """Each command has its section, and each of its options stands there."""
    page = (DOCS / "commands.md").read_text(encoding="utf-8")
    section = page.split(f"\n## replan {name}\n")[1].split("\n## ")[0]
    options = [flag for param in load_command(name).params for flag in param.opts]

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
