"""The catalogue of words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import replan
from replan.model.issues import CODES
from replan.present.words import Words, choose_language, load_catalogue

EN, ZH = load_catalogue("en"), load_catalogue("zh")
ENGLISH_IN_CODE = {
    *("issue", "strategy", "forbearance", "ask", "when", "reason", "convention"),
    *("help", "description", "detail"),
    *("found", "law_question"),
}
SOURCES = "\n".join(p.read_text("utf-8") for p in Path(replan.__file__).parent.rglob("*.py"))
SYMBOLS_ONLY = {
    "heard.rate",
    "remind.of_client",
    "offer.comma",
    "pack.header",
    "report.and_share",
    "report.path",
    "report.unit",
    "proved.reason",
    "budget.each",
    "answer.debt",
    "answer.pair",
    "compare.legend",
    "counter.from_to",
    "counter.read",
    "reconcile.how",
    "solve.policy",
    "reconcile.off",
    "intake.choice",
    "compare.suggestion",
    "departure.limit",
    "list.separator",
    "search.labelled",
    "track.condition",
    "search.room_line",
    "month.part",
    "month.separator",
    "issues.line",
    "limit.rate",
    "limit.amount",
    "issues.meaning",
    "issues.where",
    "issues.translated",
    "rules.values",
    "routes.source",
    "offer.money",
    "offer.nobody",
    "offer.numbered",
    "offer.run_once",
    "offer.separator",
    "pack.at_hand",
    "pack.to_get",
}


def test_both_languages_have_the_same_entries() -> None:
    """What one language can say the other can say, but for what has its English in the code."""
    assert set(EN) == {key for key in ZH if key.split(".")[0] not in ENGLISH_IN_CODE}
    assert {f"issue.{code}" for code in CODES} == {key for key in ZH if key.startswith("issue.")}


@pytest.mark.parametrize("key", sorted(EN))
def test_entry_is_complete_in_both_languages(key: str) -> None:
    """No entry is empty, and both languages fill in the same values."""
    places = [sorted(re.findall(r"{\w+}", words[key])) for words in (EN, ZH)]

    assert places[0] == places[1]
    assert all(words[key].strip() for words in (EN, ZH))


def test_chinese_entries_are_chinese() -> None:
    """An entry that was forgotten in English shows: it has no Chinese character."""
    words = {key: re.sub(r"{\w+}", "", entry) for key, entry in ZH.items()}

    assert SYMBOLS_ONLY == {key for key, text in words.items() if not re.search("[一-鿿]", text)}


def test_every_word_is_used() -> None:
    """An entry stands in the code, or its group is an open list; what no screen shows goes."""
    opened = set(re.findall(r'f"([a-z]+)\.{|(?:term|find)\(\s*"([a-z]+)"', SOURCES))
    groups = {name for pair in opened for name in pair}
    groups |= {"why", "guard", "asked"}  # of suggestions, and of asks
    groups |= {
        "sort",
        "lender",
        "cause",
        "way",
        "more",
        "authority",
        "shared",
    }  # answers of the interview

    assert [] == [k for k in EN if f'"{k}"' not in SOURCES and k.split(".")[0] not in groups]


def test_every_word_in_the_code_is_in_the_catalogue() -> None:
    """A key that the code asks for and nobody wrote would be a fault in front of a client."""
    asked = set(re.findall(r'words\(\s*"([a-z-]+\.[a-z_-]+)"', SOURCES))

    assert asked
    assert {"group.key"} == asked - set(EN) - set(ZH)  # an example in a docstring


def test_term_without_an_entry_stands_for_itself() -> None:
    """A verdict that a later version adds is still shown."""
    assert "perhaps" == Words("zh").term("verdict", "perhaps")
    assert "偏紧" == Words("zh").term("verdict", "tight")


@pytest.mark.parametrize(
    ("expected", "asked", "environment"),
    [
        ("zh", "zh", {"LANG": "en_GB.UTF-8"}),
        ("en", "en", {"LANG": "zh_CN.UTF-8"}),
        ("zh", None, {"LANG": "zh_CN.UTF-8"}),
        ("zh", None, {"LANGUAGE": "zh_TW:en", "LANG": "en_US.UTF-8"}),
        ("en", None, {"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}),
        ("zh", None, {"LC_ALL": "", "LC_MESSAGES": "zh_SG", "LANG": "C"}),
        ("en", None, {"LANG": "de_DE.UTF-8"}),
        ("en", None, {}),
    ],
)
def test_language_is_chosen_as_gettext_does(
    expected: str, asked: str | None, environment: dict[str, str]
) -> None:
    """The option wins, then LANGUAGE, LC_ALL, LC_MESSAGES and LANG, the first that is not empty."""
    assert expected == choose_language(asked, environment)
