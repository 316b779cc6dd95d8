"""Offers as they are said, in English or Chinese: each phrase becomes a step, or is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import chain

from replan.errors import UsageError
from replan.model.numerals import CHARACTERS
from replan.model.text import clean_text
from replan.model.values import normalise

from .spoken_chinese import CHINESE, CHINESE_CONDITIONS, CHINESE_DOUBTS, CHINESE_INTEREST
from .spoken_dates import (
    CHINESE_DATE_DOUBTS,
    CHINESE_DATES,
    ENGLISH_DATE_DOUBTS,
    ENGLISH_DATES,
)
from .spoken_english import ENGLISH, ENGLISH_CONDITIONS, ENGLISH_DOUBTS, ENGLISH_INTEREST
from .spoken_forms import Doubt, Form, compiled, said_in
from .spoken_numbers import read_count
from .spoken_said import Said, which
from .spoken_steps import Heard, together
from .spoken_when import MONTH, read_days, this_month
from .spoken_words import BARE_INTEREST, COMPONENT, Known, components, values_of

EXAMPLES = (
    '"20% down, 30% of the penalty waived, 24 instalments"',
    '"defer 3 months, then 800 a month"',
    '"pay 60% in 3 instalments"',
    '"首付20%，罚息减免30%，24期"',
)
LONGEST = 400
_BREAK = re.compile(r"[;。、+()!?]|(?<!\d),|,(?!\d{3}(?!\d))|\.(?=\s|$)")
_LISTED = re.compile(rf"({COMPONENT})\s*[,、]\s*(?={COMPONENT})", re.IGNORECASE)
_AND = re.compile(
    r" and | plus | with | & |并且?|(?=然后)"
    r"|(?<=\s)(?=then|rising|increasing|going up|payable|due on|starting|beginning)"
    r"|(?<=\s)(?<!payable )(?<!due )(?<!paid )(?<!taken )(?<!payments )(?=on the \d)"
    r"|(?<=\s)(?=at [\d.]+ ?%)"
    rf"|(?<=\s)(?=from (?:{MONTH}|\d{{4}}-|\d{{1,2}} [a-z]{{3,9}} \d{{4}}))",
    re.IGNORECASE,
)
_THEN = re.compile(
    r"(?:and )?(?:then|after that|thereafter|afterwards)\b|然后|再|之后|以后|此后|其后"
)
_FILLER = re.compile(
    r"(?:(?:(?:we|they|you)'(?:ll|d)|and|then|plus|with|but|we|they|you|can|could|will|would"
    r"|offer(?:ed)?|accept|take|pay|agree to|after that|thereafter|afterwards)\b"
    r"|并且?|然后|再|且|可以?|但|先|申请|协商|我们|对方|银行|之后|以后|此后)\s*",
    re.IGNORECASE,
)
_CHINESE = re.compile(r"[㐀-鿿]")
_INSIDE = re.compile(rf"[\d.,%{CHARACTERS}]")
_LONGEST_CUT = 60
_RUNNING = r"(?<!\d)<M>(?=起|开始|底)"


def read_offer(text: str, *, currency: str | None = None, as_of: date | None = None) -> Heard:
    """Read an offer as it is said; nothing is guessed.

    Amounts are in major units of `currency`. Raises UsageError that names the phrases which could
    not be read, with what was; that asks which of several readings is meant; or that names two
    phrases which contradict each other.

    >>> [str(step) for step in read_offer("24 instalments, 30% penalty waived, 20% down").steps]
    ['down 20%', 'waive penalty=30%', 'split 24']
    """
    if len(text) > LONGEST:
        raise UsageError(f"An offer has at most {LONGEST} characters; this one has {len(text)}.")
    read = [_read(phrase, Known(currency, as_of)) for phrase in _phrases(text)]
    if not read:
        raise UsageError(f"The offer is empty. Write one such as {EXAMPLES[0]}.")
    unread = [phrase for one in read for phrase in one if isinstance(phrase, str)]
    found = [said for one in read for said in one if isinstance(said, Said)]
    if unread:
        raise UsageError(_unread(unread, found))
    return together(found)


def _phrases(text: str) -> Iterator[str]:
    lines = normalise(text.replace("\n", "; "))
    # 首付:20% is 首付20%
    plain = re.sub(r"(?<=[㐀-鿿])\s*:\s*", "", lines)
    plain = re.sub(r"(?<=\d)\s*/\s*(?=(?:month|week|fortnight)\b)", " a ", plain)
    for part in _BREAK.split(_LISTED.sub(r"\1 and ", plain)):
        phrase = part.strip(" .:")
        if phrase:
            yield phrase


def _read(phrase: str, known: Known) -> list[Said | str]:
    """Read a phrase, or the parts of it that "and" joins; what cannot be read stays text."""
    whole = _one(phrase, known)
    if whole:
        return list(whole)
    parts = [part.strip() for part in _AND.split(phrase) if part.strip()]
    found: list[Said | str] = []
    for part in parts:
        found += _one(part, known) or _cut(part, known) or [part]
    return found


def _cut(phrase: str, known: Known) -> list[Said]:
    """Read Chinese without commas, 首付20%分24期, if there is one way to cut it into phrases."""
    if not _CHINESE.search(phrase) or len(phrase) > _LONGEST_CUT:
        return []
    ways: dict[int, list[list[Said]]] = {len(phrase): [[]]}
    for begin in range(len(phrase) - 1, -1, -1):
        if begin and _INSIDE.match(phrase[begin - 1]) and _INSIDE.match(phrase[begin]):
            continue
        for end in sorted(ways):
            said = _piece(phrase[begin:end], known)
            if said and ways[end]:
                ways.setdefault(begin, []).extend([*said, *rest] for rest in ways[end])
    found = ways.get(0, [])
    distinct = {tuple((s.step, *sorted(s.params.items())) for s in way) for way in found}
    return min(found, key=len) if len(distinct) == 1 else []


def _one(phrase: str, known: Known, *, whole: bool = True) -> list[Said]:
    """Read one phrase, with the condition of a waiver in it; nothing if it is none.

    A `whole` phrase of several readings is asked about; a piece of one is not read.
    """
    raw = phrase.strip().lower()
    plain, follows = raw, bool(_THEN.match(raw))
    while (filler := _FILLER.match(plain)) and filler.end():
        plain = plain[filler.end() :].strip()
    for text in dict.fromkeys((raw, plain)):
        found = _said(phrase.strip(), text, "", known)
        if not found:
            rest, when = _condition(text)
            if when and not rest:
                found = [Said(phrase.strip(), "waive", {"when": when})]
            elif when:
                found = _said(phrase.strip(), rest, when, known)
        if found:
            return [replace(said, follows=follows) for said in found]
    if whole:
        _ask_which(phrase, plain, known)
    return []


def _piece(text: str, known: Known) -> list[Said]:
    try:
        return _one(text, known, whole=False)
    except UsageError:  # a piece of several readings is none
        return []


def _tables(text: str) -> tuple[Form, ...]:
    return CHINESE + CHINESE_DATES if _CHINESE.search(text) else ENGLISH + ENGLISH_DATES


def _said(phrase: str, text: str, when: str, known: Known) -> list[Said]:
    for form in _tables(text):
        if when and form.says[0][0] != "waive":
            continue
        said = form.matched(text)
        values = None if said is None else _values(said, known)
        if said is None or values is None:
            continue
        if said.get("part") in BARE_INTEREST:
            raise which(phrase, _of_interest(phrase))
        if "month" in said and this_month(said["month"], known.as_of):
            raise which(phrase, _of_years(text, said["month"], known))
        return [
            Said(phrase, step, _params(step, params, values, when)) for step, params in form.says
        ]
    return []


def _values(said: Mapping[str, str], known: Known) -> dict[str, str] | None:
    """Read the values of a phrase; None where a number in it cannot be read."""
    try:
        return values_of(said, known)
    except (ValueError, UsageError):
        return None


def _params(
    step: str, params: Mapping[str, str], values: Mapping[str, str], when: str
) -> dict[str, str]:
    """Fill in a step's parameters; what was not said is left out."""
    if step == "waive":
        share = params["share"].format_map(values)
        return dict.fromkeys(components(values["part"]), share) | ({"when": when} if when else {})
    filled = {key: _filled(template, values) for key, template in params.items()}
    return {key: text for key, text in filled.items() if text}


def _filled(template: str, values: Mapping[str, str]) -> str:
    needed = re.findall(r"{(\w+)}", template)
    return template.format_map(values) if all(name in values for name in needed) else ""


def _condition(text: str) -> tuple[str, str]:
    """Take the condition of a waiver out of a phrase: the rest, and on-time:K or completion."""
    for pattern in chain(ENGLISH_CONDITIONS, CHINESE_CONDITIONS):
        found = compiled(pattern).search(text)
        if found is None:
            continue
        said = said_in(found)
        count = None if "completion" in said else read_count(said["count"])
        rest = f"{text[: found.start()]}{text[found.end() :]}".strip()
        return rest, "completion" if count is None else f"on-time:{count}"
    return text, ""


def _ask_which(phrase: str, text: str, known: Known) -> None:
    """Raise a question where a phrase has several readings."""
    for found in compiled(_RUNNING).finditer(text):
        month = said_in(found)["month"]
        if this_month(month, known.as_of):
            raise which(phrase, _of_years(text, month, known))
    for doubt in _doubts(text):
        asked = compiled(doubt.pattern).fullmatch(text)
        if asked is not None:
            raise which(phrase, _readings(doubt, said_in(asked)))


def _doubts(text: str) -> tuple[Doubt, ...]:
    if _CHINESE.search(text):
        return CHINESE_DOUBTS + CHINESE_DATE_DOUBTS
    return ENGLISH_DOUBTS + ENGLISH_DATE_DOUBTS


def _readings(doubt: Doubt, said: Mapping[str, str]) -> tuple[str, ...]:
    """Fill in the days that were said; months where the days are whole months of 30."""
    if "days" not in said:
        return doubt.readings
    months, part = divmod(read_days(said["days"]), 30)
    given = {"count": str(read_days(said["days"]))} | ({} if part else {"months": str(months)})
    return tuple(filter(None, (_filled(reading, given) for reading in doubt.readings)))


def _of_years(text: str, month: str, known: Known) -> tuple[str, ...]:
    """Write a month of the name of the running one with its year: this one, or the next."""
    year = known.as_of.year if known.as_of else 0
    form = "{year}年{month}" if _CHINESE.search(month) else "{month} {year}"
    return tuple(
        text.replace(month, form.format(month=month, year=one)) for one in (year, year + 1)
    )


def _of_interest(phrase: str) -> tuple[str, ...]:
    """Write a phrase on "the interest" so that it is what is owed now, and what is to come."""
    if _CHINESE.search(phrase):
        return phrase.strip().replace("利息", "欠息"), *CHINESE_INTEREST
    owed = re.sub("interest", "accrued interest", phrase.strip(), flags=re.IGNORECASE)
    return owed, *ENGLISH_INTEREST


def _unread(phrases: list[str], found: list[Said]) -> str:
    names = ", ".join(f'"{clean_text(p if len(p) <= 60 else p[:57] + "…")}"' for p in phrases)
    read = ", ".join(f'"{clean_text(said.text)}"' for said in found)
    so_far = f" Read so far: {read}." if read else ""
    return (
        f"The offer: {names} could not be read.{so_far} Say it in other words, such as "
        f"{', '.join(EXAMPLES)}, or write a plan: down 20% + split 24."
    )
