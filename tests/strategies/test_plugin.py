"""Strategies of other packages: found by entry point, checked after every step, never believed."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from cli.run import FAMILY, ROOT, run

PLUGIN = ROOT / "examples" / "plugin"
SHOW = ("show", FAMILY, "--debt", "xinyi", "--format", "json", "--plan")
HEAD = """
from dataclasses import replace
from replan.engine.terms import Terms
from replan.strategies.register import Ask, Params, strategy

def faulty(**options):
    return strategy(Params, name="faulty", notation="faulty", forbearance="other", **options)
"""


def install(folder: Path, name: str, module: str, points: dict[str, str]) -> None:
    """Lay a distribution out as pip does: a module, its name and its entry points."""
    info = folder / f"{name.replace('-', '_')}-1.0.dist-info"
    info.mkdir()
    lines = [f"{point} = {target}" for point, target in points.items()]
    (folder / f"{name.replace('-', '_')}.py").write_text(module, encoding="utf-8")
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("\n".join(["[replan.strategies]", *lines, ""]))


def install_example(folder: Path) -> None:
    """Install the example as its project file says."""
    project = tomllib.loads((PLUGIN / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module = (PLUGIN / "replan_skip_month.py").read_text(encoding="utf-8")
    install(folder, project["name"], module, project["entry-points"]["replan.strategies"])


def run_faulty(folder: Path, body: str, *args: str) -> CompletedProcess[str]:
    """Run replan beside a package whose strategy is *body*."""
    install(folder, "bad-pack", HEAD + body, {"faulty": "bad_pack:found"})
    return run(*args, PYTHONPATH=str(folder))


def test_the_example_skips_its_month(tmp_path: Path) -> None:
    """24 instalments from 12 December 2026 on, none in any December: 27 rows."""
    install_example(tmp_path)
    shown = run(*SHOW, "split 24 + skip-month 12", PYTHONPATH=str(tmp_path))
    found = json.loads(shown.stdout)["debts"][0]["schedule"][1:]
    decembers = [row for row in found if row["due"][5:7] == "12"]

    assert {"0.00"} == {row["payment"] for row in decembers}
    assert 24 == len(found) - len(decembers)
    assert "0.00" == found[-1]["balance"]


def test_the_example_describes_itself(tmp_path: Path) -> None:
    """Help, notation and the package that brought it."""
    install_example(tmp_path)
    told = run("strategies", "skip-month", PYTHONPATH=str(tmp_path))

    assert 0 == told.returncode
    assert "Ask for no instalment in a month of the year" in told.stdout
    assert "skip-month MONTH" in told.stdout
    assert "replan-skip-month" in told.stdout


def test_its_mistakes_are_reported_like_ours(tmp_path: Path) -> None:
    """Month 13 does not exist."""
    install_example(tmp_path)
    shown = run(*SHOW, "skip-month 13", PYTHONPATH=str(tmp_path))

    assert 2 == shown.returncode
    assert '"skip-month 13": month: write less than or equal to 12.' in shown.stderr


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("raise RuntimeError('no licence')", "no licence"),
        ("found = 7", "it is a int, not a replan Strategy"),
        ("other = 7", "has no attribute 'found'"),
        ("@faulty()\ndef found(terms, p): ...\nfound = replace(found, name='split')", "split is"),
        ("@faulty()\ndef found(terms, p): ...\nfound = replace(found, name='a b')", "'a b' is not"),
    ],
)
def test_what_cannot_be_loaded_is_named(tmp_path: Path, body: str, reason: str) -> None:
    """The list goes on working; using it says why it is not there."""
    listed = run_faulty(tmp_path, body, "strategies")
    used = run(*SHOW, "faulty", PYTHONPATH=str(tmp_path))

    assert "package bad-pack was not loaded" in " ".join(listed.stderr.split())
    assert reason in " ".join(listed.stderr.split())
    assert 2 == used.returncode
    assert reason in " ".join(used.stderr.split())


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("return terms.owed", "it did not return terms"),
        ("return 1 / 0", "division by zero"),
        (
            (
                "owed = replace(terms.owed, principal=terms.owed.principal * 0)\n"
                "    return replace(terms, owed=owed)"
            ),
            "amounts appear or vanish",
        ),
        (
            (
                "owed = replace(terms.owed, principal=0 - terms.owed.principal)\n"
                "    return replace(terms, owed=owed)"
            ),
            "it leaves a negative balance",
        ),
        ("return replace(terms, as_of=terms.as_of + 1)", "it changed the past"),
        (
            (
                "phases = tuple(replace(q, amount=q.amount - 10**9) for q in terms.phases)\n"
                "    return replace(terms, phases=phases)"
            ),
            "a negative number or amount",
        ),
        (
            (
                "due = terms.calendar.due[::-1]\n"
                "    return replace(terms, calendar=replace(terms.calendar, due=due))"
            ),
            "do not ascend",
        ),
    ],
)
def test_what_it_returns_is_checked(tmp_path: Path, body: str, reason: str) -> None:
    """A wrong result is refused with the name of the strategy and its package."""
    shown = run_faulty(
        tmp_path, f"@faulty()\ndef found(terms, p):\n    {body}\n", *SHOW, "split 9 + faulty"
    )

    assert 2 == shown.returncode
    assert "" == shown.stdout
    assert '"faulty" (bad-pack)' in shown.stderr
    assert reason in " ".join(shown.stderr.split())


@pytest.mark.parametrize(
    "options",
    [
        "asks=lambda p: 1 / 0",
        "asks=lambda p: ('nothing',)",
        "keeps=lambda p: 1 / 0",
        "ladder=lambda terms, p: 1 / 0",
        "ladder=lambda terms, p: [p]",
    ],
)
def test_what_it_says_of_itself_is_checked(tmp_path: Path, options: str) -> None:
    """Asks and weaker forms come from it as well."""
    body = f"@faulty({options})\ndef found(terms, p):\n    return terms\n"
    plan = "waterfall to=5 [faulty]" if "ladder" in options else "faulty"
    shown = run_faulty(tmp_path, body, *SHOW, plan)

    assert 2 == shown.returncode
    assert 'The strategy "faulty" (bad-pack) failed' in " ".join(shown.stderr.split())
