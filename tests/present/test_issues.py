"""Problems in data, for people."""

from __future__ import annotations

from dataclasses import replace

from replan.errors import Issue
from replan.present.issues import finding_line, issue_line
from replan.present.words import Words

ISSUE = Issue("rate-unreadable", "error", '"much" is not a rate.', "a.json:3:rate", "Write 18%.")


def test_issue_says_where_what_and_what_to_do() -> None:
    """In English the issue speaks for itself."""
    expected = 'error: a.json:3:rate: "much" is not a rate. Write 18%.'
    assert expected == issue_line(ISSUE, Words("en"))


def test_issue_in_chinese_keeps_what_has_no_sentence() -> None:
    """The meaning of the code is Chinese, a detail nobody put into Chinese stands in brackets."""
    odd = replace(ISSUE, message='"much" is odd.')

    assert '错误：a.json:3:rate："much" 不是利率。请写 18%。' == issue_line(ISSUE, Words("zh"))
    expected = '错误：a.json:3:rate：无法识别利率。（"much" is odd. Write 18%.）'
    assert expected == issue_line(odd, Words("zh"))


def test_code_without_words_of_its_own_is_shown_as_it_is() -> None:
    """A plug-in's issue is not lost."""
    assert "警告：Odd." == issue_line(Issue("odd", "warning", "Odd."), Words("zh"))


def test_finding_names_its_source() -> None:
    """The reference stands in brackets, if there is one."""
    finding = {"severity": "warning", "message": "Too long.", "reference": "Article 70"}

    assert "warning: Too long. (Article 70)" == finding_line(finding, Words("en"))
    assert "note: Fine." == finding_line({"message": "Fine."}, Words("en"))
