"""What a typed answer means: a value, a value that is only about right, or that nobody knows."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from replan.model.issues import Problem, Refused
from replan.model.text import quote
from replan.model.values import is_unknown, normalise, parse_amount

UNKNOWN = "-"
"""How an answer that is not known is kept."""
_UNKNOWN = {"-", "–", "—", "dk", "don't know", "dont know", "don’t know", "不晓得"}
_ABOUT = re.compile(r"^(?:~|≈|about\b|roughly\b|approx\.?|大约|大概|约)\s*", re.IGNORECASE)
_YES = {"y", "yes", "是", "是的", "有", "还有", "对", "好"}
_NO = {"n", "no", "否", "没有", "没有了", "没了", "无", "不", "不是"}
_BACK = {"b", "back", "返回", "上一步"}
_QUIT = {"q", "quit", "exit", "退出"}
_HELP = {"?", "？", "help", "帮助"}
_EVERY = {
    **{name: name for name in ("week", "fortnight", "4-weeks", "month", "quarter", "year", "once")},
    "weekly": "week",
    "monthly": "month",
    "yearly": "year",
    "quarterly": "quarter",
    "每周": "week",
    "周": "week",
    "每两周": "fortnight",
    "两周": "fortnight",
    "每月": "month",
    "月": "month",
    "每季": "quarter",
    "季": "quarter",
    "每年": "year",
    "年": "year",
    "一次": "once",
    "一次性": "once",
}
_EXPECTED = {"expected", "预计"}
_FROM, _UNTIL = ("from", "从", "自"), ("until", "to", "到", "至", "截至")
_DAY = re.compile(
    r"(?P<before>从|自|到|至|截至)?(?P<day>\d[\d年月/.-]*[日号]?)(?P<after>起|开始|止|为止|底|末)?"
)
_MONTH = re.compile(r"(?P<year>\d{4})[年/.-](?P<month>0?[1-9]|1[0-2])月?")
_LINE = re.compile(r"(?P<label>\D*?)\s*(?P<amount>[¥$£€]?\d\S*)(?P<rest>.*)")
_PER = re.compile(r"(?P<amount>.+?)(?:/|每)(?P<every>\w+)")


class Answer(NamedTuple):
    """An answer as kept: its text, empty if skipped, and whether it is only about right."""

    text: str
    about: bool = False

    @property
    def unknown(self) -> bool:
        """Tell whether the answer is that nobody knows."""
        return self.text == UNKNOWN

    @property
    def known(self) -> bool:
        """Tell whether there is a value."""
        return self.text not in {"", UNKNOWN}


def command_in(text: str) -> str:
    """Return `back`, `quit` or `help` where that was asked for instead of an answer, else ""."""
    word = normalise(text).lower()
    commands = {"back": _BACK, "quit": _QUIT, "help": _HELP}
    return next((name for name, words in commands.items() if word in words), "")


def read_answer(text: str) -> Answer:
    """Read what was typed: `~18%` and 约18% are about 18 %, `-` and 不知道 are not known.

    >>> read_answer("~ 18%")
    Answer(text='18%', about=True)
    """
    plain = normalise(text)
    if plain.lower() in _UNKNOWN or is_unknown(plain):
        return Answer(UNKNOWN)
    bare = _ABOUT.sub("", plain)
    return Answer(bare, about=bare != plain)


def is_yes(text: str) -> bool:
    """Tell yes from no; all that is not yes is no."""
    return normalise(text).lower() in _YES


def read_choice(text: str, choices: tuple[str, ...], names: Mapping[str, str]) -> str:
    """Return the choice meant by its number, its code or its name; raise Refused if none is."""
    word = normalise(text).lower()
    if word.isdecimal() and 1 <= int(word) <= len(choices):
        return choices[int(word) - 1]
    is_simple = set(choices) == {"yes", "no"}
    if is_simple and word in _YES | _NO:
        return "yes" if word in _YES else "no"
    by_name = {choice: choice for choice in choices}
    by_name |= {normalise(name).lower(): choice for choice, name in names.items()}
    if word in by_name:
        return by_name[word]
    hint = "Write y or n." if is_simple else f"Write a number from 1 to {len(choices)}."
    raise Refused(Problem("value-unknown", f"{quote(text)} is not one of the choices.", hint))


def read_line(text: str) -> dict[str, Any]:
    """Read a budget line: what it is, the amount, and if need be how often and until when.

    >>> read_line("child benefit 120/week until 2027-02-28")["every"]
    'week'
    """
    found = _LINE.fullmatch(normalise(text))
    if not found:
        hint = "Write what it is and the amount, such as rent 1800."
        raise Refused(Problem("amount-unreadable", f"{quote(text)} has no amount.", hint))
    amount, entry = found["amount"], dict[str, Any]()
    per = _PER.fullmatch(amount)
    if per and per["every"] in _EVERY:
        amount, entry["every"] = per["amount"], _EVERY[per["every"]]
    parse_amount(amount)
    entry |= {"label": found["label"].strip(" :："), "amount": amount}
    return entry | _rest(found["rest"].split(), text)


def _rest(words: list[str], text: str) -> dict[str, Any]:
    entry: dict[str, Any] = {}
    while words:
        word = words.pop(0).lower()
        if word in _EVERY:
            entry["every"] = _EVERY[word]
        elif word in _EXPECTED:
            entry["status"] = "expected"
        elif word in _FROM and words:
            entry |= _dated(words.pop(0), "from")
        elif word in _UNTIL and words:
            entry |= _dated(words.pop(0), "until")
        elif dated := _dated(word):
            entry |= dated
        elif word not in {"per", "a", "every", "each"}:
            hint = "After the amount write week, month, year, from DATE, until DATE or expected."
            message = f"{quote(word)} in {quote(text)} is not understood."
            raise Refused(Problem("value-unknown", message, hint))
    return entry


def _dated(word: str, side: str = "") -> dict[str, str]:
    """Read from when or until when: 2027年3月起, 到2027-02-28; a month is meant whole.

    The *side* is that of the word before; without one only a word that tells it is read.
    """
    found = _DAY.fullmatch(word)
    if not found:
        return {side: word} if side else {}
    if not side and (found["before"] or found["after"]):
        starts = found["before"] in _FROM or found["after"] in {"起", "开始"}
        side = "from" if starts else "until"
    return {side: _day_of(found["day"], side)} if side else {}


def _day_of(text: str, side: str) -> str:
    month = _MONTH.fullmatch(text)
    if not month:
        return text
    first = date(int(month["year"]), int(month["month"]), 1)
    last = monthrange(first.year, first.month)[1]
    return (first if side == "from" else first.replace(day=last)).isoformat()
