"""What a pasted bill, message or statement says: candidates with the words they come from.

Nothing is chosen here: two values for one field are both returned.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any, NamedTuple

from replan.errors import UsageError
from replan.intake.flat import is_flat
from replan.io.decode import decode_text
from replan.model.issues import Refused
from replan.model.months import month_after, month_of
from replan.model.rates import parse_rate
from replan.model.text import clean_text
from replan.model.values import (
    AMOUNT_LIMIT,
    DateOrder,
    date_order,
    likely_amount,
    parse_amount,
    parse_date,
)

TEXT_SIZE = 20_000
"""Longer texts are no bill page."""
HIT_LIMIT = 400
_AROUND = 8
_BLANKS = re.compile(r"[ \t]{2,}")
_FILLER = (
    r"[ \t]*(?:\((?:元|人民币|£|\$)\))?[ \t]*[:\-–—=|.…·为是约共计合达]*"
    r"[ \t]*(?:\n[ \t]*)?(?:of|is)?[ \t]*"
)
_MONEY = r"(?:人民币|RMB|CNY|GBP|USD|US\$|[¥£$€])?[ \t]*"
_UNIT = r"[ \t]*(?:[万亿]?[元圆]?)"
_AMOUNT = re.compile(
    rf"{_MONEY}\d[\d,]*(?:\.\d+)?{_UNIT}(?![ \t]*(?:%|‰|期|天|\d|/)|[A-Za-z,.]+\d|[OolISBZ|])",
    re.IGNORECASE,
)
_DIRTY = re.compile(rf"{_MONEY}(?=[OolI|SBZ,.' ]*\d)[\dOolI|SBZ](?: ?[\dOolI|SBZ,.'’])*{_UNIT}")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*\.?"
_VALUES = {
    "rate": re.compile(
        r"(?:百分之|万分之|千分之)?[\d.零一二三四五六七八九十点]+[ \t]*[%‰]?"
        r"(?:[ \t]*(?:/|per |a |每)[ \t]*(?:day|month|year|annum|日|天|月|年))?"
    ),
    "day": re.compile(
        r"\d{4}[-/.年][ \t]*\d{1,2}[-/.月][ \t]*\d{1,2}[日号]?|每月[ \t]*\d{1,2}[日号]"
        r"|\d{1,2}月[ \t]*\d{1,2}[日号]|\d{1,2}[-/]\d{1,2}[-/]\d{4}"
        rf"|\d{{1,2}}(?:st|nd|rd|th)?[ \t]+{_MONTH}(?:,?[ \t]+\d{{4}})?"
        rf"|{_MONTH}[ \t]+\d{{1,2}}(?:st|nd|rd|th)?(?:,?[ \t]+\d{{4}})?",
        re.IGNORECASE,
    ),
    "days": re.compile(r"\d{1,4}(?=[ \t]*(?:天|日|days?))", re.IGNORECASE),
    "fee": re.compile(r"\d[\d,]*(?:\.\d+)?[ \t]*(?:%|元)?"),
    "count": re.compile(r"\d{1,3}(?![\d.,])"),
}
_LONG_NUMBER = re.compile(r"(?<!\d)(?!\d{4}-\d\d?-\d\d?(?!\d))\d(?:[ -]?\d){7,}(?![\d.,])")
_NAMED = re.compile(
    r"(尊敬的|亲爱的|dear |(?:客户)?姓名[: ]*|户名[: ]*|\bname: *)[^,:您!\n ]{1,30}"
    r"|()[\u4e00-\u9fff]{1,2}(?=先生|女士|小姐)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value found: which answer it fills, what is written there, and why it is in doubt.

    `doubt` is empty where label and value stand there plainly; else `repaired` (a misread number),
    `year` (the year is not written), `order` (day and month may be swapped), `counted` (from the
    number of an instalment), `agreed` (the number of all, of which some may be paid), `part` (less
    than the principal, so not all that is owed) or `word` (a word of the text, not a value).
    """

    name: str
    value: str
    snippet: str
    doubt: str = ""


class _Hit(NamedTuple):
    name: str
    kind: str
    span: tuple[int, int]
    label: int
    start: int
    values: tuple[tuple[str, str], ...]


class _Calendar(NamedTuple):
    """The day after which dates are looked for, and the order of day and month, if it is known."""

    as_of: date
    order: DateOrder | None


def find_values(text: str, patterns: Mapping[str, Any], *, as_of: date) -> list[Candidate]:
    """Return what *text* says, in its order, each value once; *patterns* are those of paste.toml.

    A date without a year is the next such day after *as_of*, in doubt. Account numbers come out
    as their last four digits; in snippets long numbers and the name after a greeting are masked.
    """
    folded = fold(text[:TEXT_SIZE])
    calendar = _Calendar(as_of, _order_in(folded))
    every = (hit for field in patterns["field"] for hit in _hits(folded, field, calendar))
    hits, hidden = list(islice(every, HIT_LIMIT)), _masked(folded)
    kept = [hit for hit in hits if not _is_taken(hit, hits)]
    found = [
        Candidate(hit.name, value, _snippet(hidden, hit.start, hit.span[1]), doubt)
        for hit in sorted(kept, key=lambda h: h.start)
        for value, doubt in hit.values
    ]
    found += _words(folded, hidden, patterns["word"])
    found = [_doubted(candidate, found) for candidate in found]
    return list({_meaning(c): c for c in reversed(found)}.values())[::-1]


def _doubted(candidate: Candidate, found: Sequence[Candidate]) -> Candidate:
    """Doubt a sum owed that is less than the principal: a bill calls one instalment so as well.

    Where it tells how many instalments are left and not what each is, that is what it is taken for.
    """
    principal = [Decimal(c.value) for c in found if c.name == "principal" and not c.doubt]
    if candidate.name not in {"owed", "payoff"} or candidate.doubt or not principal:
        return candidate
    if Decimal(candidate.value) >= min(principal):
        return candidate
    names = {c.name for c in found}
    is_one = candidate.name == "owed" and "left" in names and "instalment" not in names
    return replace(candidate, name="instalment" if is_one else candidate.name, doubt="part")


def _meaning(candidate: Candidate) -> tuple[str, object]:
    """Return what makes two candidates one: the field and the value, a rate's by the year."""
    if candidate.name in {"rate", "penalty_rate"} and not is_flat(candidate.value):
        rate = parse_rate(candidate.value)
        return candidate.name, rate.value * (365 if rate.per == "day" else 1)
    return candidate.name, candidate.value


def read_text(data: bytes) -> str:
    """Return the text of *data*, UTF-8 or GB18030; raise UsageError if it is none."""
    text, issues = decode_text(data, name="stdin")
    if issues and issues[0].code != "file-empty":
        raise UsageError(f"{issues[0].message} Copy the text, or save it as UTF-8.")
    return text


def choose(candidates: Sequence[Candidate], wanted: str) -> dict[str, str]:
    """Return the answers that *wanted* takes: `all`, or numbers such as 1,3,5.

    `all` takes what stands there once and plainly, and words that no other contradicts. Raises
    ValueError with a reason: `number` for one that is not there, `twice` for two of one field.
    """
    if wanted.strip().lower() in {"all", "全部"}:
        names = [candidate.name for candidate in candidates]
        clear = [c for c in candidates if names.count(c.name) == 1 and c.doubt in {"", "word"}]
        return {candidate.name: candidate.value for candidate in clear}
    numbers = re.findall(r"\w+", wanted)
    if not numbers or not all(n.isdecimal() and 1 <= int(n) <= len(candidates) for n in numbers):
        raise ValueError("number")
    taken = [candidates[int(number) - 1] for number in dict.fromkeys(numbers)]
    answers = {candidate.name: candidate.value for candidate in taken}
    if len(answers) < len(taken):
        raise ValueError("twice")
    return answers


def fold(text: str) -> str:
    """Fold full-width forms, and drop empty lines, long blanks and what no terminal must see."""
    lines = unicodedata.normalize("NFKC", text).replace("\r\n", "\n").split("\n")
    cleaned = (_BLANKS.sub("  ", clean_text(line)) for line in lines)
    return "\n".join(line for line in cleaned if line)


def _hits(text: str, field: Mapping[str, Any], calendar: _Calendar) -> Iterator[_Hit]:
    name, kind = field["name"], field["kind"]
    for label in field.get("labels", ()):
        for found in re.finditer(f"(?:{label}){_FILLER}", text, re.IGNORECASE):
            if "\n" in found[0] and not _stands_alone(text, found.start()):
                continue
            match = _match_value(kind, text, found.end())
            if match:
                values = tuple(_read(kind, field.get("prefix", "") + match[0].strip(), calendar))
                size = found.end() - found.start()
                yield _Hit(name, kind, match.span(), size, found.start(), values)
    for pattern in field.get("patterns", ()):
        for found in re.finditer(pattern, text, re.IGNORECASE | re.MULTILINE):
            values = tuple(_read_groups(kind, found, calendar))
            size = found.end() - found.start()
            yield _Hit(name, kind, found.span(), size, found.start(), values)


def _order_in(text: str) -> DateOrder | None:
    """Return the order of day and month that the dates of a text prove, if they agree."""
    written = re.findall(r"(?<!\d)\d{1,2}[-/]\d{1,2}[-/]\d{4}(?!\d)", text)
    proved = {order for day in written if (order := date_order(day))}
    return proved.pop() if len(proved) == 1 else None


def _stands_alone(text: str, start: int) -> bool:
    """Tell whether a label that is followed by a line break begins its line."""
    return not text[text.rfind("\n", 0, start) + 1 : start].strip(" \t-·•*")


def _match_value(kind: str, text: str, start: int) -> re.Match[str] | None:
    if kind != "amount":
        return _VALUES[kind].match(text, start)
    clean, dirty = _AMOUNT.match(text, start), _DIRTY.match(text, start)
    if clean is None or dirty is None:
        return clean or (dirty if not _followed_by_unit(text, dirty) else None)
    whole = "." in clean[0] or clean.end() >= dirty.end() or not dirty[0][len(clean[0]) :].strip()
    return clean if whole else dirty


def _followed_by_unit(text: str, match: re.Match[str] | None) -> bool:
    return match is None or bool(re.match(r"[ \t]*(?:%|‰|期|天|/)", text[match.end() :]))


def _read(kind: str, text: str, calendar: _Calendar) -> Iterator[tuple[str, str]]:
    """Yield the value of a text with its doubt; nothing where it cannot be read."""
    if kind == "amount":
        yield from _read_amount(text)
    elif kind == "day":
        yield from _read_day(text, calendar)
    elif kind == "fee":
        yield f"手续费{text.strip(' ,.')}/期", ""
    elif kind == "rate":
        try:
            yield str(parse_rate(text)), ""
        except Refused:
            return
    else:
        yield text, ""


def _read_amount(text: str) -> Iterator[tuple[str, str]]:
    bare = text.strip(" ,.'’")
    try:
        yield str(parse_amount(bare)), ""
    except Refused:
        likely = likely_amount(re.sub(rf"^{_MONEY}|[元圆]$", "", bare, flags=re.IGNORECASE))
        if likely is not None and likely <= AMOUNT_LIMIT:
            yield str(likely), "repaired"


def _read_day(text: str, calendar: _Calendar) -> Iterator[tuple[str, str]]:
    if found := re.fullmatch(r"(\d{1,2})[-/](\d{1,2})[-/](\d{4})", text):
        first, second, year = (int(part) for part in found.groups())
        if max(first, second) <= 12 and first != second and calendar.order is None:
            for month, day in ((first, second), (second, first)):
                yield date(year, month, day).isoformat(), "order"
            return
    try:
        yield parse_date(text, order=calendar.order).isoformat(), ""
    except Refused:
        yield from _next_such_day(text, calendar.as_of)


def _next_such_day(text: str, as_of: date) -> Iterator[tuple[str, str]]:
    """Yield the next day after *as_of* that a text without a year may mean."""
    for months in range(13):
        year, month = month_after(month_of(as_of), months)
        for whole in (_with_year(text, year, month), f"{text} {year}", f"{text}, {year}"):
            try:
                day = parse_date(whole)
            except Refused:
                continue
            if day > as_of:
                yield day.isoformat(), "year"
                return


def _with_year(text: str, year: int, month: int) -> str:
    if found := re.fullmatch(r"每月\s*(\d{1,2})[日号]", text):
        return f"{year}-{month}-{found[1]}"
    return f"{year}年{text}"


def _read_groups(kind: str, found: re.Match[str], calendar: _Calendar) -> Iterator[tuple[str, str]]:
    groups = found.groupdict()
    if groups.get("value"):
        yield from _read(kind, groups["value"].strip(), calendar)
    elif groups.get("paid"):
        left = int(groups["total"]) - int(groups["paid"])
        if left > 0:
            yield str(left), ""
    elif groups.get("agreed"):
        yield groups["agreed"], "agreed"
    elif groups.get("current"):
        left = int(groups["total"]) - int(groups["current"]) + 1
        if left > 0:
            yield str(left), "counted"


def _is_taken(hit: _Hit, hits: Iterable[_Hit]) -> bool:
    """Tell whether a longer label claims a value that this one claims too, or there is none."""
    if not hit.values:
        return True
    return any(
        other.label > hit.label and _overlap(other.span, hit.span) and other is not hit
        for other in hits
    )


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _words(text: str, hidden: str, words: Iterable[Mapping[str, str]]) -> Iterator[Candidate]:
    for word in words:
        if found := re.search(word["pattern"], text, re.IGNORECASE):
            before = re.search(rf".{{0,{_AROUND}}}$", hidden[: found.start()])
            after = re.match(rf".{{0,{_AROUND}}}", hidden[found.end() :])
            sizes = [len(part[0]) if part else 0 for part in (before, after)]
            snippet = _snippet(hidden, found.start() - sizes[0], found.end() + sizes[1])
            yield Candidate(word["name"], word["value"], snippet, "word")


def _snippet(hidden: str, start: int, end: int) -> str:
    """Return the place of a value with its label, on one line; *hidden* has no names."""
    shown = " ".join(clean_text(hidden[start:end]).split())
    return re.sub(r"\*{4,}(?=\d)", "…", shown)


def _masked(text: str) -> str:
    """Return *text*, as long as before, with the name after a greeting and long numbers hidden."""
    hidden = _NAMED.sub(lambda m: (m[1] or "") + "*" * (len(m[0]) - len(m[1] or "")), text)
    return _LONG_NUMBER.sub(lambda m: "*" * (len(m[0]) - 4) + m[0][-4:], hidden)
