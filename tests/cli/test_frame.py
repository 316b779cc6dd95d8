"""The frame of the command line: help, exit codes, faults."""

from __future__ import annotations

import signal
import subprocess
import sys
from subprocess import PIPE

import pytest

from cli.run import FAMILY, run
from replan.cli.app import COMMANDS, load_command

PYTHON = sys.executable
HEAVY = ("numpy", "pydantic", "rich", "dateutil", "holidays", "replan.engine", "replan.model.case")
WRONG_USE = [
    ["no-such-command"],
    ["check"],
    ["check", FAMILY, "--no-such-option"],
    ["check", FAMILY, "--format", "xml"],
    ["check", "no-such-file.json"],
    ["check", "."],
    ["check", FAMILY, "-o", "no-such-folder/out.json"],
    ["schema", "no-such-kind"],
]


def test_help_loads_nothing_heavy() -> None:
    """`replan --help` imports neither numpy nor pydantic nor rich nor a command's module."""
    code = (
        "import sys; from replan.cli import main\n"
        "sys.argv = ['replan', '--help']\n"
        "try: main()\n"
        f"except SystemExit: print([m for m in {HEAVY} if m in sys.modules],"
        " [m for m in sys.modules if m.startswith('replan.cli.')], file=sys.stderr)"
    )
    found = subprocess.run([PYTHON, "-c", code], capture_output=True, check=True, text=True)  # noqa: S603

    assert "[] ['replan.cli.app']" == found.stderr.strip()


def test_help_lists_every_command_with_its_line() -> None:
    """Nothing is listed that does not exist, and nothing that exists is missing."""
    text = run("--help").stdout

    assert all(f"  {name} " in text and line in text for name, line in COMMANDS.items())


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_help(name: str) -> None:
    """A command's own help begins with what it does and describes each option."""
    command = load_command(name)

    assert command.help
    assert [] == [param.name for param in command.params if not param.help]


def test_without_arguments_help_is_shown() -> None:
    """`replan` alone is wrong use and says what there is."""
    done = run()

    assert 2 == done.returncode
    assert "Commands:" in done.stdout + done.stderr


def test_version() -> None:
    """`--version` prints name and version."""
    done = run("--version")

    assert 0 == done.returncode
    assert "replan 0." in done.stdout


@pytest.mark.parametrize("args", WRONG_USE, ids=" ".join)
def test_wrong_use_is_exit_code_2_and_no_traceback(args: list[str]) -> None:
    """A message on stderr says what is wrong; nothing stands on stdout."""
    done = run(*args)

    assert 2 == done.returncode
    assert "" == done.stdout
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_unknown_command_suggests_the_nearest() -> None:
    """A slip of the finger is answered with what was probably meant."""
    assert "Did you mean 'demo'" in run("demoo").stderr


FRAME = """
import sys, signal
import replan.cli.app as app
def run(name):
    {body}
app.load_command = run
sys.argv = ["replan", "check", "x.json"]
app.main()
"""
FAULT = FRAME.format(body="raise ZeroDivisionError('x')")
WAIT = FRAME.format(body="print(flush=True); signal.pause()")


def test_own_fault_is_one_line_that_asks_for_a_report() -> None:
    """Even a defect shows no traceback."""
    done = subprocess.run([PYTHON, "-c", FAULT], capture_output=True, text=True, check=False)  # noqa: S603

    assert 2 == done.returncode
    assert 1 == len(done.stderr.splitlines())
    assert "ZeroDivisionError" in done.stderr
    assert "report" in done.stderr


def test_closed_pipe_is_quiet() -> None:
    """`replan … | head` prints no complaint."""
    command = [PYTHON, "-m", "replan", "schema", "case"]
    with subprocess.Popen(command, stdout=PIPE, stderr=PIPE) as process:  # noqa: S603
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        complaint = process.stderr.read()

    assert b"" == complaint


@pytest.mark.parametrize("closed", ["<&-", ">&-"])
def test_closed_streams_are_wrong_use(closed: str) -> None:
    """Without stdin or stdout a sentence says so."""
    command = f"{PYTHON} -m replan check {'-' if '<' in closed else FAMILY} {closed}"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)  # noqa: S603, S607

    assert 2 == done.returncode
    assert "There is no standard" in done.stderr


def test_interrupt_is_quiet() -> None:
    """Ctrl-C ends with 130 and no traceback."""
    with subprocess.Popen([PYTHON, "-c", WAIT], stdout=PIPE, stderr=PIPE) as process:  # noqa: S603
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        complaint = process.stderr.read()

    assert b"" == complaint.strip()
    assert 130 == process.returncode
