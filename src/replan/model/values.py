"""Amounts and dates as people write them, read exactly or refused with a remedy.

Nothing is guessed: a text with two readings is a problem that says what to write instead.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from contextlib import suppress
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Literal

from .currency import EXPONENTS, SIGNS, minor_unit
from .issues import Problem, Refused
from .numerals import CHARACTERS, read_chinese
from .text import quote

AMOUNT_LIMIT = Decimal(10**12)
LENGTH_LIMIT = 64
YEARS = range(1900, 2201)
DateOrder = Literal["day-first", "month-first"]
UNKNOWN = frozenset(
    {
        "?",
        "??",
        "unknown",
        "not known",
        "n/k",
        "tbc",
        "tbd",
        "未知",
        "不详",
        "不明",
        "待查",
        "待确认",
        "不清楚",
        "不知道",
    }
)
"""Words for what nobody knows yet, which is not the same as nothing."""

_USERS = {sign: SIGNS[sign] for sign in sorted(SIGNS, key=len, reverse=True)}
_USERS |= {code.lower(): frozenset({code}) for code in EXPONENTS}
_HAS_SIGN = re.compile(r"[^\d.,()\s'’万萬亿億千-]")
_UNITS = {"百": 10**2, "千": 10**3, "k": 10**3, "万": 10**4, "萬": 10**4, "w": 10**4}
_UNITS |= {"亿": 10**8, "億": 10**8}
_IN_UNITS = re.compile(
    r"([\d.,]+[亿億])?([\d.,]+[万萬])?([\d.,]+千)?([\d.,]+百)?|[\d.,]+[kw]", re.IGNORECASE
)
_YUAN = re.compile(
    rf"(?P<yuan>[\d.,' ]+|[{CHARACTERS}]+)[元圆块]零?(?:(?P<jiao>[\d{CHARACTERS}])角)?零?"
    rf"(?:(?P<fen>[\d{CHARACTERS}])分)?"
)
_PLAIN = re.compile(r"\d+(\.\d*)?|\.\d+")
_GROUPED = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?|\d{1,3}(['’]\d{3})+(\.\d+)?")
_LAKH = re.compile(r"\d{1,2}(,\d{2})*,\d{3}(\.\d+)?")
_SPACES = re.compile(r"\s+")
_SPACED_DIGITS = re.compile(r"\d \d{1,2}(?!\d)|\d \d{4}")
_TYPOS = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1", "S": "5", "B": "8", "Z": "2"})
_MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_abbr) if name}

_YEAR_FIRST = re.compile(r"(\d{4})\s*([-/.年])\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号號]?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_DAY_NAME_YEAR = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[\s.-]+([A-Za-z]{3,9})\.?,?[\s-]+(\d{4})")
_NAME_DAY_YEAR = re.compile(r"([A-Za-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_SHORT_YEAR = re.compile(r"(\d{1,2})[-/. ]([A-Za-z]{3,9}|\d{1,2})[-/. ]'?(\d{2})")
_NO_YEAR = re.compile(
    r"(\d{1,2})\s*[月/.-]\s*(\d{1,2})\s*[日号號]?|[A-Za-z]{3,9}\.? \d{1,2}|\d{1,2} [A-Za-z]{3,9}"
)
_NO_DAY = re.compile(r"\d{4}\s*[-/.年]\s*\d{1,2}\s*月?|[A-Za-z]{3,9}\.?[ -]\d{4}")
_MONTHLY = re.compile(r"(?:每月|每个月)?\s*\d{1,2}\s*[日号號]|(?:每月|每个月)\s*\d{1,2}")
_SERIAL = range(20_000, 73_416)  # 1954 to 2100 in the day numbers of spreadsheets
_TIME = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$")


def normalise(text: str) -> str:
    """Fold full-width forms and blanks: `１，２００．５` becomes `1,200.5`."""
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", text)).strip()


def is_unknown(value: object) -> bool:
    """Tell whether *value* is a word for what is not known, such as 未知 or unknown."""
    return isinstance(value, str) and normalise(value[:LENGTH_LIMIT]).casefold() in UNKNOWN


def parse_amount(value: object, *, currency: str | None = None) -> Decimal:
    """Read an amount in major units, exactly.

    Accepts Decimal and int, and text with thousands separators, currency signs, full-width digits,
    万 and 亿, 1234元5角6分, 壹万贰仟元整 and 5k. With a currency the decimals are checked and the
    result has exactly as many.
    A float is taken as it prints. Raises Refused for all else, with what to write instead.

    >>> parse_amount("¥1.2万", currency="CNY")
    Decimal('12000.00')
    """
    number = parse_number(value, currency=currency)
    return check_amount(number, value=value, currency=currency)


def check_amount(number: Decimal, *, value: object, currency: str | None) -> Decimal:
    """Check range and decimals of an amount; *value* is what was written, for the message."""
    if not number.is_finite():
        raise _not_an_amount(value, currency)
    if number < 0:
        raise Refused(
            Problem("amount-negative", f"{quote(value)} is below zero.", "Write 0 or more.")
        )
    if number > AMOUNT_LIMIT:
        raise Refused(
            Problem(
                "amount-out-of-range",
                f"{quote(value)} is above 1,000,000,000,000.",
                "Check the number; split the case if it is right.",
            )
        )
    if currency is None:
        _in_minor_units(number, value, "CLF")  # four decimals, the most that any currency has
        return number if number % 1 else Decimal(int(number))
    return _in_minor_units(number, value, currency)


def _in_minor_units(number: Decimal, value: object, currency: str) -> Decimal:
    exact = number.quantize(minor_unit(currency)).copy_abs()  # minus zero would print as -0.00
    if exact != number:
        message = f"{quote(value)} has more decimals than {currency} has ({EXPONENTS[currency]})."
        hint = f"Write {exact}."
        if isinstance(value, str) and re.fullmatch(r"\d{1,3}\.\d{3}", value):
            whole = (number * 1000).quantize(minor_unit(currency))
            hint = f"Write {exact}, or {whole} if the point separates thousands."
        raise Refused(Problem("amount-too-fine", message, hint))
    return exact


def parse_number(value: object, *, currency: str | None = None) -> Decimal:
    """Read the number in an amount without checking its range."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise _not_an_amount(value, currency)
    if not isinstance(value, str):
        return Decimal(str(value)) if isinstance(value, float) else Decimal(value)
    text = normalise(value) if len(value) <= LENGTH_LIMIT else ""
    text = re.sub(r"(?<=[元圆块角分])[整正]$", "", text).removeprefix("'")
    number, negative = _read_yuan(text, currency), False
    if number is None:
        for _end in ("front", "back"):
            text = _without_sign(text, value, currency)
        bare, negative = _without_minus(text)
        number = _read_number(bare, currency)
    if number is None:
        raise _not_an_amount(value, currency)
    return -number if negative else number


def _without_sign(text: str, value: object, currency: str | None) -> str:
    """Remove one currency sign or code at either end, if it can be *currency*."""
    if not _HAS_SIGN.search(text):
        return text
    lowered = text.lower().strip("()- ")
    for sign, users in _USERS.items():
        if lowered.startswith(sign) or lowered.endswith(sign):
            if currency is not None and currency not in users:
                raise Refused(
                    Problem(
                        "amount-currency",
                        f"{quote(value)} is not in {currency}.",
                        f"Convert it, or write the number alone if it is in {currency}.",
                    )
                )
            return re.sub(re.escape(sign), "", text, count=1, flags=re.IGNORECASE).strip()
    return text


def _without_minus(text: str) -> tuple[str, bool]:
    for dash in "-−–":  # spreadsheets write all three
        if text.startswith(dash) or (text.endswith(dash) and len(text) > 1):
            return text.strip(dash).strip(), True
    if text.startswith("(") and text.endswith(")"):
        return text[1:-1].strip(), True
    return text.removeprefix("+").strip(), False


def _read_number(text: str, currency: str | None) -> Decimal | None:
    if text and _IN_UNITS.fullmatch(text):
        return _read_units(text)
    if text and all(char in CHARACTERS for char in text):
        return read_chinese(text)
    return Decimal(text) if _PLAIN.fullmatch(text) else _read_grouped(text, currency)


def _read_grouped(text: str, currency: str | None) -> Decimal | None:
    if " " in text:
        if _SPACED_DIGITS.search(text):
            return None
        text = text.replace(" ", ",") if "," not in text else ""
    if _GROUPED.fullmatch(text) and not _has_two_readings(text, currency):
        return Decimal(re.sub(r"[,'’]", "", text))
    if currency == "INR" and _LAKH.fullmatch(text):
        return Decimal(text.replace(",", ""))
    return None


def _has_two_readings(text: str, currency: str | None) -> bool:
    """Tell whether `1,200` may be 1.200: only where a currency has three decimals or more."""
    return EXPONENTS.get(currency or "", 2) >= 3 and text.count(",") == 1 and "." not in text


def _read_units(text: str) -> Decimal | None:
    total = Decimal(0)
    for number, unit in re.findall(r"([\d.,]+)([^\d.,])", text.lower()):
        part = _read_number(number, None)
        if part is None:
            return None
        total += part * _UNITS[unit]
    return total


def _read_yuan(text: str, currency: str | None) -> Decimal | None:
    """Read 1234元5角6分; None for other forms, and for a currency that has no 角."""
    found = _YUAN.fullmatch(text)
    if not found or not (found["jiao"] or found["fen"]) or currency not in {None, "CNY"}:
        return None
    parts = (_read_number(found["yuan"].strip(), None), *map(_digit, found.group("jiao", "fen")))
    if any(part is None for part in parts) or (parts[0] or Decimal(0)) % 1:
        return None
    return sum((Decimal(p or 0).scaleb(-i) for i, p in enumerate(parts)), Decimal(0))


def _digit(text: str | None) -> Decimal | None:
    digit = Decimal(text) if text and text.isdecimal() else read_chinese(text or "零")
    return digit if digit is not None and digit < 10 else None


def _not_an_amount(value: object, currency: str | None) -> Refused:
    unit = f" in {currency}" if currency else ""
    message = f"{quote(value)} is not an amount{unit}."
    return Refused(Problem("amount-unreadable", message, _amount_hint(value, currency)))


def _amount_hint(value: object, currency: str | None) -> str:
    """Suggest what to write: the likely number of a misspelt text, or the form."""
    example = minor_unit(currency or "EUR") * 0 + 1200
    if is_unknown(value):
        return "Leave it out if nobody knows it, and ask the creditor."
    if isinstance(value, str) and len(value) <= LENGTH_LIMIT:
        likely = _likely_number(normalise(value).translate(_TYPOS))
        if likely is not None and likely <= AMOUNT_LIMIT:
            with suppress(InvalidOperation):
                return f"Write {likely.quantize(minor_unit(currency or 'EUR'))}."
    return f"Write digits with a point for decimals, such as {example}."


def _likely_number(text: str) -> Decimal | None:
    digits = re.sub(r"[\s'’]", "", text)
    if re.fullmatch(r"(\d+|\d{1,3}(\.\d{3})*),\d{1,2}", digits):
        digits = digits.replace(".", "").replace(",", ".")
    if re.search(r",\d(,|$)", digits):  # 1,2,3 is a list
        return None
    digits = digits.replace(",", "")
    return Decimal(digits) if _PLAIN.fullmatch(digits) else None


def parse_date(value: object, *, order: DateOrder | None = None) -> date:
    """Read a calendar day, written year first or with the month's name.

    Accepts ISO, `2026/12/10`, `2026.12.10`, `20261210`, `2026年12月10日`, `10 Dec 2026`; a midnight
    or other time after the date is dropped. Day and month in figures before the year are read in
    the *order* given; without one, only where one of them is above 12 or both are equal.

    >>> parse_date("2026年12月10日")
    datetime.date(2026, 12, 10)
    """
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        _check_year(value.year, value)
        return value
    if not isinstance(value, str) or len(value) > LENGTH_LIMIT:
        raise _not_a_date(value)
    parts = _date_parts(_TIME.sub("", normalise(value).removeprefix("'")), value, order)
    return _calendar_day(*parts, value=value)


def date_order(value: object) -> DateOrder | None:
    """Tell which order a date such as 25/12/2026 proves, if it does."""
    found = _YEAR_LAST.fullmatch(normalise(value)) if isinstance(value, str) else None
    first, second = (int(found[1]), int(found[2])) if found else (0, 0)
    if max(first, second) > 31 or (first > 12) == (second > 12):
        return None
    return "day-first" if first > 12 else "month-first"


def _date_parts(text: str, value: str, order: DateOrder | None) -> tuple[int, int, int]:
    if found := _YEAR_FIRST.fullmatch(text):
        return int(found[1]), int(found[3]), int(found[4])
    if found := _COMPACT.fullmatch(text):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _DAY_NAME_YEAR.fullmatch(text):
        return int(found[3]), _month_number(found[2], value), int(found[1])
    if found := _NAME_DAY_YEAR.fullmatch(text):
        return int(found[3]), _month_number(found[1], value), int(found[2])
    if found := _YEAR_LAST.fullmatch(text):
        return _year_last(int(found[1]), int(found[2]), int(found[3]), value, order)
    raise _not_a_date(value, _date_hint(text))


def _date_hint(text: str) -> str:
    """Say what a text lacks to be a day."""
    if _SHORT_YEAR.fullmatch(text):
        return "Write the year with four digits, such as 2026-12-10."
    if _NO_DAY.fullmatch(text):
        return "Add the day, such as 2026-12-10."
    if _MONTHLY.fullmatch(text):
        return "Write the next one in full, such as 2026-12-10."
    if _NO_YEAR.fullmatch(text):
        return "Add the year, such as 2026-12-10."
    if text.isdecimal() and int(text) in _SERIAL:
        day = date(1899, 12, 30) + timedelta(int(text))
        return f"Write {day} if it is a spreadsheet's day number."
    return ""


def _month_number(name: str, value: str) -> int:
    number = _MONTHS.get(name[:3].lower())
    if number is None or not calendar.month_name[number].lower().startswith(name.lower()[:9]):
        if name.lower() == "sept":
            return 9
        raise _not_a_date(value)
    return number


def _year_last(
    first: int, second: int, year: int, value: str, order: DateOrder | None
) -> tuple[int, int, int]:
    if order:
        return (year, second, first) if order == "day-first" else (year, first, second)
    if first == second or second > 12:
        return year, first, second
    if first > 12:
        return year, second, first
    hint = f"Write {year}-{second:02}-{first:02} or {year}-{first:02}-{second:02}."
    raise Refused(Problem("date-ambiguous", f"{quote(value)} has two readings.", hint))


def _calendar_day(year: int, month: int, day: int, *, value: str) -> date:
    _check_year(year, value)
    if not 1 <= month <= 12:
        raise Refused(
            Problem("date-impossible", f"{quote(value)} has no month {month}.", "Write 1 to 12.")
        )
    last = calendar.monthrange(year, month)[1]
    if not 1 <= day <= last:
        message = f"{quote(value)} is not in the calendar."
        hint = f"{year}-{month:02d} has {last} days."
        raise Refused(Problem("date-impossible", message, hint))
    return date(year, month, day)


def _check_year(year: int, value: object) -> None:
    if year not in YEARS:
        message = f"{quote(value)} is outside {YEARS[0]} to {YEARS[-1]}."
        raise Refused(Problem("date-out-of-range", message, "Check the year."))


def _not_a_date(value: object, hint: str = "") -> Refused:
    hint = hint or "Write year-month-day, such as 2026-12-10."
    return Refused(Problem("date-unreadable", f"{quote(value)} is not a date.", hint))


def likely_amount(text: str) -> Decimal | None:
    """Return the amount that a misread text probably means (1 2,345.6O), None if there is none.

    A suggestion for a person to confirm, never a reading: letters that look like digits are read
    as those, and blanks within the number are dropped.
    """
    return _likely_number(normalise(text[:LENGTH_LIMIT]).translate(_TYPOS))
