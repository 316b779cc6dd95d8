"""Offers as they are said, in English or Chinese: each phrase becomes a step, or is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from replan.errors import UsageError
from replan.model.numerals import read_chinese
from replan.model.text import clean_text, quote
from replan.model.values import normalise, parse_amount, parse_date

from .notation import Step, Steps, step_from
from .spoken_forms import (
    ALL,
    AND,
    COMPONENT,
    COMPONENTS,
    CONDITIONS,
    EVERY,
    FORMS,
    NUMBERS,
    Form,
    said_in,
)
from .values import parse_share, plain, print_share

ORDER = ("down", "waive", "rate", "freeze", "defer", "split", "settle")
"""In this order the steps of an offer apply, in whatever order they are said."""
EXAMPLES = (
    '"20% down, 30% of the penalty waived, 24 instalments"',
    '"defer 3 months, then 800 a month"',
    '"pay 60% in 3 instalments"',
    '"首付20%，罚息减免30%，24期"',
)
LONGEST = 400
_BREAK = re.compile(r"[;。、+]|(?<!\d),|,(?!\d{3}(?!\d))")
_LISTED = re.compile(rf"({COMPONENT})\s*[,、]\s*(?={COMPONENT})", re.IGNORECASE)
_AND = re.compile(r" and |并且?|然后| then | plus | with ")
_FILLER = re.compile(
    r"^(?:and|then|plus|with|but|(?:we|they)(?: can)? offer|offer(?:ed)?"
    r"|并且?|然后|再|且|可以?|但)\s*"
)
_NUMERAL = re.compile(r"[零〇一二两三四五六七八九十百]+")


@dataclass(frozen=True, slots=True)
class Phrase:
    """What was said and the step that it stands for, in notation; `note` where it has two readings.

    A phrase that only completes another one has that one's step.
    """

    said: str
    step: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """An offer as it was understood.

    `steps` stand in their fixed order. What the rest comes to depends on the debt: `count` is how
    many instalments were said beside their amount, `settling` the amount that settles all (`paid`)
    with in how many payments and by when, `rest_forgiven` whether what the instalments leave is
    forgiven, `months_deferred` whether a deferral was said in months.
    """

    steps: Steps
    phrases: tuple[Phrase, ...]
    count: int | None = None
    settling: Mapping[str, str] | None = None
    rest_forgiven: bool = False
    months_deferred: bool = False


@dataclass(frozen=True, slots=True)
class _Said:
    text: str
    step: str
    params: Mapping[str, str]
    note: str = ""


def read_offer(text: str, *, currency: str | None = None) -> Heard:
    """Read an offer as it is said; nothing is guessed.

    Amounts are in major units of `currency`. Raises UsageError that names the phrase which could
    not be read, with examples, or two phrases that contradict each other.

    >>> [str(step) for step in read_offer("24 instalments, 30% penalty waived, 20% down").steps]
    ['down 20%', 'waive penalty=30%', 'split 24']
    """
    if len(text) > LONGEST:
        raise UsageError(f"An offer has at most {LONGEST} characters; this one has {len(text)}.")
    found = [said for phrase in _phrases(text) for said in _read(phrase, currency)]
    if not found:
        raise UsageError(f"The offer is empty. Write one such as {EXAMPLES[0]}.")
    return _together(found)


def _phrases(text: str) -> Iterator[str]:
    for part in _BREAK.split(_LISTED.sub(r"\1 and ", normalise(text))):
        phrase = part.strip(" .")
        if phrase:
            yield phrase


def _read(phrase: str, currency: str | None) -> list[_Said]:
    """Read a phrase, or the parts of it that "and" joins."""
    whole = _one(phrase, currency)
    if whole is not None:
        return [whole]
    found: list[_Said] = []
    for part in _AND.split(phrase):
        said = _one(part, currency) if part.strip() else None
        if said is None:
            raise UsageError(_unread(part.strip() or phrase))
        found.append(said)
    return found


def _unread(phrase: str) -> str:
    short = clean_text(phrase if len(phrase) <= 60 else phrase[:57] + "…")
    return (
        f'The offer: "{short}" could not be read. Say it in other words, such as '
        f"{', '.join(EXAMPLES)}, or write a plan: down 20% + split 24."
    )


def _one(phrase: str, currency: str | None) -> _Said | None:
    """Read one phrase, with the condition of a waiver in it."""
    text = _FILLER.sub("", phrase.strip()).strip().lower()
    rest, when = _condition(text)
    if when and not rest:
        return _Said(phrase.strip(), "waive", {"when": when})
    for form in FORMS:
        matched = form.pattern.fullmatch(rest)
        if matched is None or (when and form.step != "waive"):
            continue
        params = _params(form, said_in(matched), currency)
        if params is not None:
            params |= {"when": when} if when else {}
            return _Said(phrase.strip(), form.step, params, _note(said_in(matched)))
    return None


def _note(said: Mapping[str, str]) -> str:
    """Note where "the interest" may be what is owed now, or what is charged from now on."""
    return "owed-or-rate" if said.get("part") in ("interest", "利息") else ""


def _condition(text: str) -> tuple[str, str]:
    """Take the condition of a waiver out of a phrase: the rest, and on-time:K or completion."""
    for pattern in CONDITIONS:
        found = pattern.search(text)
        if found is None:
            continue
        said = said_in(found)
        count = None if "completion" in said else _count(said["count"])
        rest = f"{text[: found.start()]}{text[found.end() :]}".strip()
        return rest, "completion" if count is None else f"on-time:{count}"
    return text, ""


def _params(form: Form, said: Mapping[str, str], currency: str | None) -> dict[str, str] | None:
    """Fill in a form's parameters; None where a number in it cannot be read."""
    try:
        values = _values(said, currency)
    except (ValueError, UsageError):
        return None
    if form.step == "waive":
        share = form.params["share"].format_map(values)
        return dict.fromkeys(_components(said["part"]), share)
    filled = {key: _filled(template, values) for key, template in form.params.items()}
    return {key: text for key, text in filled.items() if text}


def _filled(template: str, values: Mapping[str, str]) -> str:
    """Fill a template; what was not said leaves it empty."""
    needed = re.findall(r"{(\w+)}", template)
    return template.format_map(values) if all(name in values for name in needed) else ""


def _values(said: Mapping[str, str], currency: str | None) -> dict[str, str]:
    """Turn what was said into values as notation has them."""
    values = dict(said)
    if "count" in said:
        values["count"] = str(_count(said["count"]))
    if "share" in said:
        share = _share(said["share"])
        values |= {"share": print_share(share), "rest": print_share(1 - share)}
    if "fold" in said:
        tenth = Decimal(said["fold"]) if said["fold"][0].isdecimal() else _chinese(said["fold"])
        values |= {"fold": print_share(tenth / 10), "fold_off": print_share(1 - tenth / 10)}
    if "amount" in said:
        values["amount"] = _amount(said["amount"], currency)
    if "size" in said:
        values["size"] = _size(said["size"], currency)
    if "every" in said:
        every = said["every"]
        values["every"] = next(k for k, v in EVERY.items() if re.fullmatch(v, every, re.IGNORECASE))
    if "day" in said:
        values["day"] = _day(said["day"]).isoformat()
    if "base" in said or "rate" in said:
        values["rate"] = said["rate"].replace("annum", "year")
    return values


def _count(text: str) -> int:
    if text.isdecimal():
        return int(text)
    return NUMBERS[text] if text in NUMBERS else int(_chinese(text))


def _chinese(text: str) -> Decimal:
    number = read_chinese(text)
    if number is None:
        raise ValueError(f"{quote(text)} is not one number")
    return number


def _share(text: str) -> Decimal:
    """Read 30%, half, 一半, 三成半, 百分之二十."""
    if text in ("half", "一半"):
        return Decimal("0.5")
    if text in ("all", "全部", "全额"):
        return Decimal(1)
    if "成" in text:
        tenths = Decimal(text[0]) if text[0].isdecimal() else _chinese(text[0])
        return (tenths + (Decimal("0.5") if text.endswith("半") else 0)) / 10
    if text.startswith("百分之"):
        rest = text.removeprefix("百分之")
        return (_chinese(rest) if _NUMERAL.fullmatch(rest) else Decimal(rest)) / 100
    share = parse_share(re.sub(r"\s?(?:percent|per cent)", "%", text))
    if share > 1:
        raise ValueError(f"{quote(text)} is more than all")
    return share


def _amount(text: str, currency: str | None) -> str:
    return plain(parse_amount(text.strip(), currency=currency))


def _size(text: str, currency: str | None) -> str:
    try:
        return print_share(_share(text))
    except (ValueError, ArithmeticError):
        return _amount(text, currency)


def _day(text: str) -> date:
    return parse_date(text)


def _components(said: str) -> tuple[str, ...]:
    """Name the components that words stand for; 息费 is all but the principal."""
    if re.fullmatch(ALL, said, re.IGNORECASE):
        return ("penalty", "interest", "fees")
    return tuple(_component(word) for word in re.split(AND, said))


def _component(word: str) -> str:
    return next(k for k, v in COMPONENTS.items() if re.fullmatch(v, word, re.IGNORECASE))


def _together(found: list[_Said]) -> Heard:
    """Join what was said of the same step, in the fixed order."""
    merged: dict[str, dict[str, str]] = {}
    for said in found:
        _merge(merged.setdefault(said.step, {}), said)
    rest = merged.pop("rest", None) is not None
    _check_whole(merged)
    if "settle" in merged and "split" in merged:
        _staged(merged)
    months = merged.get("defer", {}).pop("per", "") == "month"
    count = _count_beside(merged.get("split", {}))
    settling = merged.pop("settle") if "paid" in merged.get("settle", {}) else None
    steps = {name: _step(name, merged[name]) for name in ORDER if merged.get(name)}
    names = {name: str(step) for name, step in steps.items()}
    if settling is not None:
        names["settle"] = f"settle {settling['paid']}"
    last = names.get("split") or names.get("settle", "")
    phrases = tuple(Phrase(s.text, names.get(s.step, last), s.note) for s in found)
    return Heard(tuple(steps.values()), phrases, count, settling, rest, months)


def _merge(into: dict[str, str], said: _Said) -> None:
    for key, value in said.params.items():
        if into.setdefault(key, value) != value:
            raise UsageError(
                f'The offer: "{clean_text(said.text)}" contradicts what was said before it '
                f"({into[key]}). Say each thing once."
            )


def _check_whole(merged: Mapping[str, Mapping[str, str]]) -> None:
    """Refuse a condition, a treatment or a day without what it is of."""
    if set(merged.get("waive", ())) == {"when"}:
        raise UsageError("The offer: say what is waived on that condition: 100% of the penalty.")
    if set(merged.get("defer", ())) == {"interest"}:
        raise UsageError("The offer: say for how many months nothing is paid: defer 3 months.")
    if set(merged.get("settle", ())) and not {"share", "paid"} & set(merged["settle"]):
        raise UsageError("The offer: say what settles the debt: pay 60% by 2026-12-31.")


def _staged(merged: dict[str, dict[str, str]]) -> None:
    """Read instalments said beside a settlement as those of the settlement."""
    split = merged.pop("split")
    if set(split) - {"instalments", "every"} or "in_" in merged["settle"]:
        raise UsageError(
            "The offer: a settlement and instalments of an amount do not go together. Say either."
        )
    merged["settle"]["in_"] = split["instalments"]


def _count_beside(split: dict[str, str]) -> int | None:
    """Take out how many instalments were said, where their amount was said as well."""
    return int(split.pop("instalments")) if {"to", "instalments"} <= set(split) else None


def _step(name: str, params: Mapping[str, str]) -> Step:
    """Make a step of parameters under the names that notation has for them."""
    given: dict[str, Any] = {key.rstrip("_"): value for key, value in params.items()}
    return step_from({"step": name, **given})
