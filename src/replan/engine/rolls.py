"""Roll conventions: on which day of the month or week regular due dates fall."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from replan.engine.dates import Frequency
from replan.errors import UsageError

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY_NUMBERS = {name[:cut]: i for i, name in enumerate(_WEEKDAYS) for cut in (3, len(name))}
_WEDNESDAY, _FRIDAY = 2, 4
# a weekday on or after a day of the month: the third Wednesday, the second Friday
_NTH_WEEKDAY = {"imm": (15, _WEDNESDAY), "imm-nzd": (9, _WEDNESDAY), "sfe": (8, _FRIDAY)}


@dataclass(frozen=True, slots=True)
class Roll:
    """Where regular dates fall: a day of the month (31 is its end), a weekday, an IMM day."""

    kind: Literal["none", "month-day", "weekday", "imm", "imm-nzd", "sfe"]
    day: int = 0

    @property
    def is_month_end(self) -> bool:
        """Whether dates fall on the last day of the month."""
        return self == MONTH_END

    def on(self, day: date) -> date:
        """Give the roll date of the month of `day`; for weekdays, the first one from `day` on."""
        if self.kind == "month-day":
            return day.replace(day=min(self.day, monthrange(day.year, day.month)[1]))
        if self.kind == "weekday":
            return _on_or_after(day, self.day)
        if self.kind in _NTH_WEEKDAY:
            from_day, weekday = _NTH_WEEKDAY[self.kind]
            return _on_or_after(day.replace(day=from_day), weekday)
        return day

    def step(self, day: date, frequency: Frequency, sign: Literal[1, -1]) -> date:
        """Give the roll date one period after `day`, or before it with sign -1; never `day`."""
        moved = shift(day, frequency, sign)
        if self.kind == "weekday" and sign < 0:
            return moved - timedelta(days=(moved.weekday() - self.day) % 7)
        rolled = self.on(moved)
        if (rolled - day).days * sign > 0:
            return rolled
        return self.on(shift(day, Frequency("month", 1), sign))


MONTH_END = Roll("month-day", 31)

_ROLLS = {
    "eom": MONTH_END,
    "endofmonth": MONTH_END,
    "monthend": MONTH_END,
    "imm": Roll("imm"),
    "thirdwednesday": Roll("imm"),
    "immnzd": Roll("imm-nzd"),
    "sfe": Roll("sfe"),
    "none": Roll("none"),
}


def parse_roll(text: str | int | None) -> Roll | None:
    """Read a roll convention: 17, `day-17`, `eom`, `imm` (third Wednesday), `tuesday` or `none`.

    None stays None: the dates themselves imply the convention.
    """
    if text is None:
        return None
    key = re.sub(r"[^a-z0-9]", "", str(text).casefold())
    bare = key.removeprefix("day")
    if bare.isdecimal() and 1 <= int(bare) <= 31:
        return Roll("month-day", int(bare))
    if bare in _WEEKDAY_NUMBERS:
        return Roll("weekday", _WEEKDAY_NUMBERS[bare])
    if key not in _ROLLS:
        raise UsageError(
            f'"{text}" is no roll convention. '
            "Write a day of the month (17 or day-17), a weekday, eom, imm, imm-nzd, sfe or none."
        )
    return _ROLLS[key]


def shift(day: date, frequency: Frequency, times: int) -> date:
    """Move a date by so many periods; by months, a missing day becomes the month's last."""
    try:
        if frequency.unit == "day":
            return day + timedelta(days=frequency.every * times)
        year, month = divmod(day.year * 12 + day.month - 1 + frequency.every * times, 12)
        last = monthrange(year, month + 1)[1]
        return date(year, month + 1, min(day.day, last))
    except (OverflowError, ValueError):
        raise UsageError("Due dates must lie between the years 1 and 9999.") from None


def _on_or_after(day: date, weekday: int) -> date:
    return day + timedelta(days=(weekday - day.weekday()) % 7)
