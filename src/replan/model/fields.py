"""Field types of the models: each reads what people write and prints it back exactly."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, ValidationInfo, model_validator
from pydantic_core import core_schema

from .conventions import check_allocation, check_day_count, check_frequency
from .currency import EXPONENTS
from .issues import Problem, Refused, suggest
from .jurisdictions import jurisdiction_code
from .rates import Rate, parse_rate
from .text import TEXT_LIMIT, clean_text, quote
from .values import LENGTH_LIMIT, normalise, parse_amount, parse_date

VERSION = 1
ID_LIMIT = 64
COUNT_LIMIT = 1200
_TRUE = {"true", "yes", "y", "1", "是", "有", "√", "对"}
_FALSE = {"false", "no", "n", "0", "否", "无", "没有", "×", "不是"}


class Reads:
    """How a field is read, printed and described, told to the validation library in one piece.

    Its own annotations say the same, at three times the time to start: they also build the
    schema of the type that is never used. `write` prints JSON; a function `told` gets the context.
    """

    def __init__(
        self,
        read: Callable[..., Any],
        schema: dict[str, Any],
        *,
        write: Callable[[Any], str] | None = None,
        told: bool = False,
    ) -> None:
        self.read, self.schema, self.write, self.told = read, schema, write, told

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        """Give the schema by which a value is read and printed."""
        del source, handler
        printed = None
        if self.write is not None:
            printed = core_schema.plain_serializer_function_ser_schema(self.write, when_used="json")
        if self.told:
            return core_schema.with_info_plain_validator_function(self.read, serialization=printed)
        return core_schema.no_info_plain_validator_function(self.read, serialization=printed)

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        """Give the JSON Schema."""
        del schema, handler
        return dict(self.schema)


class Model(BaseModel):
    """What every model here has in common: frozen, no unknown keys, keys as in the files."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        populate_by_name=True,
        serialize_by_alias=True,
        defer_build=True,
    )

    @model_validator(mode="before")
    @classmethod
    def _drop_nulls(cls, value: Any) -> Any:
        """Read `"fees": null` as a key that is not given."""
        if not isinstance(value, Mapping):
            return value
        known = {name for key, f in cls.model_fields.items() for name in (key, f.alias)}
        return {key: v for key, v in value.items() if v is not None or key not in known}


def check_span(start: date | None, until: date | None) -> None:
    """Raise Refused if a span ends before it starts."""
    if start and until and until < start:
        message = f"until {until} is before from {start}."
        raise Refused(Problem("dates-out-of-order", message, "Swap or correct them.", ("until",)))


def _amount(value: object, info: ValidationInfo) -> Decimal:
    return parse_amount(value, currency=(info.context or {}).get("currency"))


def _day(value: object, info: ValidationInfo) -> date:
    return parse_date(value, order=(info.context or {}).get("dates"))


def _share(value: object) -> Decimal:
    """Read a share as a fraction: 2%, 0.02; 0 to 1."""
    try:
        share = parse_rate(value)
    except Refused as refused:
        raise _not_a_share(value) from refused
    if share.per != "year" or share.value > 1:
        raise _not_a_share(value)
    return share.value


def _not_a_share(value: object) -> Refused:
    message = f"{quote(value)} is not a share from 0 % to 100 %."
    return Refused(Problem("share-out-of-range", message, "Write 2% or 0.02."))


def _text(value: object) -> str:
    if not isinstance(value, str):
        hint = "Write it in quotation marks."
        raise Refused(Problem("text-unreadable", f"{quote(value)} is not a text.", hint))
    text = clean_text(value)
    if len(text) > TEXT_LIMIT:
        message = f"{quote(text)} is {len(text)} characters long."
        raise Refused(Problem("text-too-long", message, f"Write at most {TEXT_LIMIT}."))
    return text


def _identifier(value: object) -> str:
    text = value if isinstance(value, str) else str(value) if type(value) is int else ""
    if re.fullmatch(r"\w[\w.-]*", text) and len(text) <= ID_LIMIT:
        return text
    hint = f"Write letters, digits, - _ and . only, at most {ID_LIMIT}, a letter or digit first."
    raise Refused(Problem("id-invalid", f"{quote(value)} cannot be an id.", hint))


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    word = normalise(value).lower() if isinstance(value, str) else ""
    if word in _TRUE | _FALSE:
        return word in _TRUE
    message = f"{quote(value)} is neither true nor false."
    raise Refused(Problem("flag-unreadable", message, "Write true or false."))


def whole_number(value: object) -> int:
    """Read a whole number from a number or a text such as 24, 24.0 or 24期."""
    if isinstance(value, str) and len(value) <= LENGTH_LIMIT:
        found = re.fullmatch(
            r"(\d{1,9})(\.0*)?\s*(期|天|日|个月|月|days?|months?)?", normalise(value)
        )
        if found:
            return int(found[1])
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        in_reach = -(10**9) < value < 10**9 if Decimal(value).is_finite() else False
        if in_reach and value == int(value):
            return int(value)
    message = f"{quote(value)} is not a whole number."
    raise Refused(Problem("count-unreadable", message, "Write digits, such as 24."))


def _between(low: int, high: int) -> Reads:
    def check(value: object) -> int:
        number = whole_number(value)
        if not low <= number <= high:
            message = f"{quote(value)} is outside {low:,} to {high:,}."
            raise Refused(Problem("count-out-of-range", message, "Check the number."))
        return number

    return Reads(check, {"type": "integer", "minimum": low, "maximum": high})


def _currency(value: object) -> str:
    code = normalise(value).upper() if isinstance(value, str) else ""
    code = {"RMB": "CNY", "人民币": "CNY"}.get(code, code)
    if code in EXPONENTS:
        return code
    hint = suggest(code.lower(), [c.lower() for c in EXPONENTS]).upper() if code else ""
    hint = hint.replace("DID YOU MEAN", "Did you mean") or "Write CNY, USD, EUR, GBP …"
    raise Refused(Problem("currency-unknown", f"{quote(value)} is not a currency.", hint))


def _jurisdiction(value: object) -> str:
    text = _text(value)
    return jurisdiction_code(normalise(text)) or text.upper()


def _version(value: object) -> int:
    if value == VERSION and not isinstance(value, bool):
        return VERSION
    message = f"{quote(value)} is not a version that this program reads."
    raise Refused(Problem("version-unknown", message, f"Use version {VERSION}."))


def _name_checked_by(check: Any) -> Reads:
    return Reads(lambda value: check(_text(value)), {"type": "string"})


def _allocation(value: object) -> tuple[str, ...]:
    parts = re.split(r"\s*[>,→]\s*", value) if isinstance(value, str) else value
    if not isinstance(parts, list | tuple) or not all(isinstance(p, str) for p in parts):
        hint = 'Write ["fees", "penalty", "interest", "principal"].'
        raise Refused(Problem("allocation-unknown", f"{quote(value)} is not an order.", hint))
    return check_allocation(tuple(parts))


def _described(kind: str | list[str], description: str, *examples: object) -> dict[str, Any]:
    return {"type": kind, "description": description, "examples": list(examples)}


_NUMBER = ["string", "number"]
Amount = Annotated[
    Decimal,
    Reads(
        _amount,
        _described(_NUMBER, "An amount in major units, read exactly.", "42000.00", 42000, "4.2万"),
        write=str,
        told=True,
    ),
]
RateField = Annotated[
    Rate,
    Reads(
        parse_rate,
        _described(
            _NUMBER, "A rate; a number is a fraction a year.", "18.25%", "0.05%/day", 0.1825
        ),
        write=str,
    ),
]
Share = Annotated[
    Decimal,
    Reads(_share, _described(_NUMBER, "A share from 0 to 100 %.", "2%", 0.02), write=str),
]
Day = Annotated[
    date,
    Reads(
        _day,
        {"type": "string", "format": "date", "examples": ["2026-12-10"]},
        write=date.isoformat,
        told=True,
    ),
]
Text = Annotated[str, Reads(_text, {"type": "string", "maxLength": TEXT_LIMIT})]
Jurisdiction = Annotated[
    str,
    Reads(_jurisdiction, {"type": "string", "examples": ["CN", "US-NY"]}),
]
Identifier = Annotated[
    str,
    Reads(_identifier, {"type": "string", "maxLength": ID_LIMIT, "pattern": r"^\w[\w.-]*$"}),
]
Version = Annotated[int, Reads(_version, {"const": VERSION})]
Flag = Annotated[bool, Reads(_flag, {"type": "boolean"})]
Count = Annotated[int, _between(1, COUNT_LIMIT)]
DaysCount = Annotated[int, _between(0, 36525)]
People = Annotated[int, _between(0, 99)]
DayOfMonth = Annotated[int, _between(1, 31)]
Currency = Annotated[str, Reads(_currency, {"type": "string", "pattern": "^[A-Z]{3}$"})]
DayCount = Annotated[str, _name_checked_by(check_day_count)]
Frequency = Annotated[str, _name_checked_by(check_frequency)]
Allocation = Annotated[
    tuple[str, ...],
    Reads(
        _allocation,
        {"type": "array", "items": {"type": "string"}, "minItems": 4, "maxItems": 4},
    ),
]
