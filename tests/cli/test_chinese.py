"""Help in Chinese."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from cli.run import run
from replan.cli.app import command_lines, load_command
from replan.cli.chinese import paragraphs, untold
from replan.present.words import load_catalogue
from replan.strategies import strategies

FRAME = {
    *(
        "Usage",
        "Arguments",
        "Options",
        "Commands",
        "Help",
        "Error",
        "default",
        "required",
        "env var",
    ),
    *("Show this message and exit.", "Print the version and exit.", "Start with: replan demo"),
    *("Install completion for the current shell.", "Language of everything, help included."),
    "Show completion for the current shell, to copy it or customize the installation.",
    "Exact, explained repayment plans for people in financial hardship.",
}


LINES = command_lines()


@pytest.mark.parametrize("name", LINES)
def test_every_text_of_a_command_has_its_chinese(name: str) -> None:
    """A new option or command gets its line in [help] of zh.toml before it lands."""
    assert {} == untold(load_command(name))
    assert f"help.{LINES[name]}" in load_catalogue("zh")


def test_no_chinese_help_is_left_over() -> None:
    """A text that was changed in English leaves no entry behind."""
    commands = [load_command(name) for name in LINES]
    used = {str(param.help) for command in commands for param in command.params}
    used |= {text for command in commands for text in paragraphs(command.help)}
    known = {key.partition(".")[2] for key in load_catalogue("zh") if key.startswith("help.")}

    assert set() == known - used - FRAME - set(LINES.values())


def test_every_strategy_is_described_in_chinese() -> None:
    """Its line, and what its documentation says beyond it."""
    words, known = load_catalogue("zh"), strategies().values()
    more = [s.name for s in known if "\n\n" in (s.apply.__doc__ or "").strip()]

    assert [] == [s.name for s in known if f"strategy.{s.name}" not in words]
    assert [] == [name for name in more if f"description.{name}" not in words]


@pytest.mark.parametrize("args", [["--lang", "zh", "--help"], ["compare", "--lang", "zh", "-h"]])
def test_help_in_chinese_fits_80_columns(args: list[str]) -> None:
    """Lines break between characters, and no heading stays English."""
    shown = run(*args).stdout

    assert [] == [line for line in shown.splitlines() if cell_len(line) > 80]
    assert "用法：replan" in shown
    assert "选项：" in shown
    assert "Usage" not in shown


def test_environment_or_option_choose_the_language_of_help() -> None:
    """A Chinese environment has Chinese help; --lang en takes it back."""
    assert "并列比较" in run("--help", LANG="zh_CN.UTF-8").stdout
    assert "side by side" in run("--lang", "en", "compare", "--help", LANG="en_GB.UTF-8").stdout
    assert "退出码" in run("check", "--help", LC_ALL="zh_CN.UTF-8").stdout
    assert "Exit code" in run("check", "--lang", "en", "--help", LC_ALL="zh_CN.UTF-8").stdout


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["compare", "--fooo"], "错误：没有选项 --fooo"),
        (["search", "case.json", "--top", "abc"], "错误：--top 的值无效：'abc' 不是整数。"),
        (["compare"], "错误：缺少参数 CASE。"),
        (["compar"], "错误：没有命令 compar。是否指 compare？"),
        (["schema", "--top"], "错误：没有选项 --top"),
    ],
)
def test_wrong_words_are_told_in_chinese(args: list[str], expected: str) -> None:
    """The parser's own messages, with how the command is used; exit code 2."""
    done = run(*args, LANGUAGE="zh")
    assert 2 == done.returncode
    assert expected == done.stderr.splitlines()[-1].partition("。是否指：")[0]
    assert done.stderr.startswith("用法：replan")
