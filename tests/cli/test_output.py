"""Where results go."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from cli.run import FAMILY, run, run_in_terminal
from replan.cli.output import choose_target, write_whole
from replan.errors import UsageError


def test_file_is_whole_private_and_alone(tmp_path: Path) -> None:
    """The file is readable by its owner alone, and no temporary file stays behind."""
    path = tmp_path / "out.txt"

    write_whole(path, "方案\n")

    assert "方案\n" == path.read_text(encoding="utf-8")
    assert 0o600 == stat.S_IMODE(path.stat().st_mode)
    assert [path] == list(tmp_path.iterdir())


def test_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    """What stood there stays when the new content cannot be written."""
    path = tmp_path / "out.txt"
    path.write_text("old", encoding="utf-8")

    with pytest.raises(AttributeError):
        write_whole(path, None)  # type: ignore[arg-type]

    assert "old" == path.read_text(encoding="utf-8")
    assert [path] == list(tmp_path.iterdir())


def test_device_is_written_to_and_not_replaced() -> None:
    """`-o /dev/null` leaves the device what it is."""
    write_whole(Path("/dev/null"), "x")

    assert Path("/dev/null").is_char_device()


def test_input_is_never_overwritten(tmp_path: Path) -> None:
    """Neither under its own name nor through a link."""
    case = tmp_path / "case.json"
    case.write_text("{}", encoding="utf-8")
    (tmp_path / "link.json").symlink_to(case)

    with pytest.raises(UsageError, match="is the input"):
        choose_target(None, tmp_path / "link.json", None, source=str(case))


@pytest.mark.parametrize(
    ("expected", "name"), [("json", "a.json"), ("csv", "a.CSV"), ("md", "a.md"), ("table", "a")]
)
def test_file_name_chooses_the_format(expected: str, name: str) -> None:
    """Without --format the ending decides; with it, it does not matter."""
    assert expected == choose_target(None, Path(name), None).format
    assert "csv" == choose_target("csv", Path(name), None).format


def test_pipe_gets_a_table_without_colour() -> None:
    """There is no escape in what a pipe receives."""
    done = run("check", FAMILY, TERM="xterm-256color")

    assert 0 == done.returncode
    assert "Outstanding" in done.stdout
    assert "\x1b" not in done.stdout


def test_terminal_gets_colour_unless_it_is_not_wanted() -> None:
    """Bold heads in a terminal; none with NO_COLOR or in a terminal that is dumb."""
    assert "\x1b[1m" in run_in_terminal("check", FAMILY)
    assert "\x1b" not in run_in_terminal("check", FAMILY, NO_COLOR="1")
    assert "\x1b" not in run_in_terminal("check", FAMILY, TERM="dumb")


def test_same_data_in_a_file_as_on_stdout(tmp_path: Path) -> None:
    """-o writes what stdout would have shown, and stdout stays empty."""
    done = run("check", FAMILY, "-o", str(tmp_path / "out.json"))

    written = (tmp_path / "out.json").read_text(encoding="utf-8")
    assert "" == done.stdout
    assert run("check", FAMILY, "--format", "json").stdout == written
    assert 1 == json.loads(written)["replan"]


def test_terminal_that_lacks_characters_gets_escapes_not_a_fault() -> None:
    """A Latin-1 terminal shows what it can."""
    done = run("check", FAMILY, PYTHONUTF8="0", PYTHONIOENCODING="latin-1")

    assert 0 == done.returncode
    assert "\\u" in done.stdout


def test_language_of_the_environment_and_of_the_option() -> None:
    """LANG chooses Chinese, --lang overrides it."""
    assert "欠款总额" in run("check", FAMILY, LANG="zh_CN.UTF-8").stdout
    assert "Outstanding" in run("check", FAMILY, "--lang", "en", LANG="zh_CN.UTF-8").stdout


def test_files_of_other_programs_are_not_written(tmp_path: Path) -> None:
    """A text under the name of a spreadsheet would open as a fault."""
    done = run("demo", "-o", str(tmp_path / "plans.xlsx"))

    assert 2 == done.returncode
    assert ".csv" in done.stderr
    assert [] == list(tmp_path.iterdir())
