"""Where results go."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from pypdf import PdfReader

from cli.run import FAMILY, run, run_in_terminal
from replan.cli.output import choose_target
from replan.errors import UsageError


def test_input_is_never_overwritten(tmp_path: Path) -> None:
    """Neither under its own name nor through a link."""
    case = tmp_path / "case.json"
    case.write_text("{}", encoding="utf-8")
    (tmp_path / "link.json").symlink_to(case)

    with pytest.raises(UsageError, match="is the input"):
        choose_target(None, tmp_path / "link.json", None, source=str(case))


@pytest.mark.parametrize(
    ("expected", "name"),
    [
        *(("json", "a.json"), ("csv", "a.CSV"), ("md", "a.md"), ("table", "a")),
        *(("text", "a.txt"), ("html", "a.html"), ("html", "a.htm"), ("xlsx", "a.xlsx")),
    ],
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
    """A text under the name of another program's file would open as a fault."""
    done = run("demo", "-o", str(tmp_path / "plans.ods"))

    assert 2 == done.returncode
    assert ".xlsx" in done.stderr
    assert [] == list(tmp_path.iterdir())


def test_folder_is_no_file(tmp_path: Path) -> None:
    """`-o reports/` means a folder, so no file called reports is written."""
    done = run("demo", "-o", "reports/", cwd=tmp_path)

    assert 2 == done.returncode
    assert "names a folder" in done.stderr
    assert [] == list(tmp_path.iterdir())


def test_unknown_format_names_those_there_are() -> None:
    """In the words of a person, not of the library that checks the option."""
    done = run("demo", "--format", "docx")

    assert 2 == done.returncode
    assert "'docx' is not one of 'table'" in done.stderr
    assert "Value error" not in done.stderr


@pytest.mark.parametrize("name", ["compare", "check", "search"])
def test_every_result_can_be_a_pdf(tmp_path: Path, name: str) -> None:
    """A report where there is one, else what the terminal shows; its title stands in both."""
    more = ["--debt", "card"] if name == "search" else []
    done = run(name, FAMILY, *more, "-o", str(tmp_path / "result.pdf"))
    shown = run(name, FAMILY, *more).stdout.splitlines()[0]

    assert done.returncode in (0, 1), done.stderr
    properties = PdfReader(tmp_path / "result.pdf").metadata

    assert properties
    assert shown == properties.title


@pytest.mark.parametrize("form", ["xlsx", "html", "pdf"])
def test_files_for_other_programs_need_a_name_or_a_pipe(form: str) -> None:
    """A terminal is spared a workbook: it receives nothing but the message on stderr."""
    assert "" == run_in_terminal("demo", "--format", form)


def test_workbook_goes_down_a_pipe(tmp_path: Path) -> None:
    """Bytes on stdout are those of the file."""
    pytest.importorskip("xlsxwriter", reason="XlsxWriter is not installed")
    name = str(tmp_path / "demo.xlsx")
    run("demo", "-o", name)
    command = f"{sys.executable} -m replan demo --format xlsx --lang en"

    piped = subprocess.run(command.split(), capture_output=True, check=True).stdout  # noqa: S603

    assert Path(name).read_bytes() == piped


def test_page_is_utf_8_whatever_the_terminal_is() -> None:
    """A page says of itself that it is UTF-8, so it is, in a Latin-1 pipe as well."""
    done = run(
        "demo", "--format", "html", "--lang", "zh", PYTHONUTF8="0", PYTHONIOENCODING="latin-1"
    )

    assert "<title>还款方案对比</title>" in done.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
@pytest.mark.parametrize(
    ("expected", "language"), [("Nothing was written; make room", "en"), ("磁盘空间不足", "zh")]
)
def test_what_the_system_refuses_is_told_with_a_remedy(expected: str, language: str) -> None:
    """A full disk, in the reader's language."""
    done = run("check", FAMILY, "--format", "json", "-o", "/dev/full", "--lang", language)

    assert 2 == done.returncode
    assert expected in done.stderr
