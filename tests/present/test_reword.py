"""Sentences in the reader's language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import replan
from errors.test_codes import ALL, data
from replan.io.load import load
from replan.present.issues import issue_line
from replan.present.reword import reword
from replan.present.words import Words, load_catalogue

ZH = Words("zh")
SOURCE = Path(replan.__file__).parent
PARTS = ("batch", "casebook", "cli", "decide", "intake", "io", "present", "strategies")
HINT = "Leave it out."
FILLED = (  # a gap for a sentence gets one, any other a word
    (r"(?<=[.?:] )«»(?=$| [A-Z«])|^«»(?= [A-Z])", HINT),
    (r"(?<=[.?])«»$", f" {HINT}"),
    (r"(?<=[.?] )«»(?=[A-Z])", f"{HINT} "),
    ("«»", "x"),
)
"""What stands for the gaps of a message, by where they stand."""
SENTENCES = {k[7:]: v for k, v in load_catalogue("zh").items() if k.startswith("detail.")}


@pytest.mark.parametrize("code", sorted(set(ALL) - {"file-too-large"}))
def test_every_problem_is_told_in_chinese(code: str) -> None:
    """What loading can report has its sentence and its remedy; values stay as in the file."""
    issues = load(data(ALL[code]), **ALL[code].get("options", {})).issues
    told = [part for issue in issues for part in (issue.message, issue.hint) if part]

    assert [] == [part for part in told if reword(part, ZH) is None]


@pytest.mark.parametrize("english", sorted(SENTENCES))
def test_sentence_keeps_every_value(english: str) -> None:
    """A value that is quoted in English is quoted in Chinese."""
    gaps = [sorted(set(re.findall(r"{\w}", text))) for text in (english, SENTENCES[english])]

    assert gaps[0] == gaps[1]
    assert re.search("[一-鿿]", SENTENCES[english])


def test_the_sentence_with_most_words_wins() -> None:
    """A remedy within a longer sentence is not cut out of it."""
    text = 'Did you mean balance? Then use --map "x=y".'

    assert '是否指 balance？如果是，请用 --map "x=y"。' == reword(text, ZH)


def test_a_gap_does_not_run_over_the_end_of_a_sentence() -> None:
    """What is wrong with an option, and what to write, are two sentences behind its name."""
    text = '--surplus: "abc" is not an amount in CNY. Write digits with a point for decimals.'
    told = reword(text + " Write 0 or more.", ZH)

    assert told is None or "Write" not in told
    assert '--surplus: "a. B" 不是 CNY 金额。请写 0 或更大的数。' == reword(
        '--surplus: "a. B" is not an amount in CNY. Write 0 or more.', ZH
    )


def test_text_from_a_file_is_never_a_template() -> None:
    """Braces and patterns in a value are copied."""
    assert '"{0.__class__} (.*)" 不是整数。' == reword(
        '"{0.__class__} (.*)" is not a whole number.', ZH
    )


def test_what_has_no_sentence_stays() -> None:
    """English stands rather than nothing."""
    assert reword("Something quite new.", ZH) is None
    assert reword("The file is empty.", Words("en")) is None


def test_issue_line_is_chinese_throughout() -> None:
    """Where, what and what to do."""
    (issue,) = load(b"").issues

    assert "错误：input：文件为空。请检查导出。" == issue_line(issue, ZH)


@pytest.mark.parametrize(
    "english",
    [
        "Write digits with a point for decimals, such as 1200.00.",
        "Add the year, such as 2026-12-10.",
        "The workbook is protected by a password.",
        "rules.toml is a folder. Name a file in it.",
        'The plan names "zz", but the case has the debts a, b.',
        "xx: there is no such pack in rules. Name a file, or one of: au, cn.",
        '"split": write either a number of instalments or to=AMOUNT. Write split N|to=AMOUNT',
        '"date 32": day: write less than or equal to 31. Write date DAY',
        '"move 2026": due: "2026" is not a date. Write year-month-day, such as 2026-12-10. Write x',
    ],
)
def test_no_half_of_a_sentence_stays_english(english: str) -> None:
    """A short template must not take the first words of a longer sentence."""
    told = reword(english, ZH) or english

    assert None is re.search(r"[A-Za-z]{2,}(?: [A-Za-z]{2,}){2,}", told)


def raised(path: Path) -> Iterator[str]:
    """Yield what a module says when it refuses wrong use, its gaps filled."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args):
            continue
        name, said = ast.unparse(node.exc.func), node.exc.args[0]
        if name in {"UsageError", "PackError"} and isinstance(said, ast.Constant):
            yield str(said.value)
        elif name in {"UsageError", "PackError"} and isinstance(said, ast.JoinedStr):
            parts = [v.value if isinstance(v, ast.Constant) else "«»" for v in said.values]
            text = "".join(map(str, parts))
            if not re.search("[a-z]{3}", text):
                continue  # it only says where; what it says was made elsewhere
            for gap, filling in FILLED:
                text = re.sub(gap, filling, text)
            yield text


@pytest.mark.parametrize("part", PARTS)
def test_wrong_use_is_told_in_chinese(part: str) -> None:
    """Every message that a command can stop with has a sentence in the table `detail`."""
    said = {text for path in (SOURCE / part).rglob("*.py") for text in raised(path)}

    assert [] == sorted(text for text in said if text and reword(text, ZH) is None)


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("This debt has no instalments. Leave it out.", "这笔债务没有分期。请删去。"),
        ("--as-of: Leave it out.", "--as-of：请删去。"),
        ("This debt has no instalments. Nobody says this.", None),
        ("Nobody: Leave it out. Nobody says this.", None),
    ],
)
def test_sentences_are_told_together_or_not_at_all(english: str, chinese: str | None) -> None:
    """One after the other, and behind the place they are about; never half of them."""
    assert chinese == reword(english, ZH)
