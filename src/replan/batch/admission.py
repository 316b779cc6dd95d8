"""What no account can be made of, whatever its figures: kinds of columns, names, currencies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from replan.errors import UsageError
from replan.model.currency import EXPONENTS
from replan.model.fields import ID_LIMIT
from replan.model.text import quote

from .cells import Flags
from .lines import fault_of
from .schema import ACCOUNT, FAULT, is_read

if TYPE_CHECKING:
    from .accounts import Accounts


def check_kinds(batch: Any) -> None:
    """Refuse a table with a column of lists or records where one value a row is read."""
    for item in batch.schema:
        if is_read(item.name):
            refuse_nested(item.type, item.name)


def refuse_nested(kind: Any, name: str) -> None:
    """Raise UsageError for a column that holds more than one value a row."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    if pa.types.is_nested(kind):
        raise UsageError(
            f"The column {quote(name)} holds {str(kind).partition('<')[0]}s, not one value a row. "
            "Write its values into columns of their own."
        )


NAMES = ("product", "lender_type", "jurisdiction", "currency", "method", "frequency", "day_count")
"""Columns of words: a number in one of them is a word, too, as in a table of texts."""


def as_plain(column: Any, name: str = "") -> Any:
    """Give a column as one of the kinds that are read, where it says the same.

    Texts of other layouts and bytes that are UTF-8 become texts, and so do decimals that are too
    wide for 128 bits, and numbers where names are expected.
    """
    import pyarrow as pa  # noqa: PLC0415 - an extra

    kind, types = column.type, pa.types
    texts = (types.is_string_view, types.is_binary, types.is_large_binary, types.is_binary_view,
             types.is_fixed_size_binary, types.is_decimal256)  # fmt: skip
    if not any(test(kind) for test in texts) and not (types.is_integer(kind) and name in NAMES):
        return column
    try:
        plain = column.cast(pa.binary()) if types.is_fixed_size_binary(kind) else column
        said = plain.cast(pa.string())
        return _without_zeros(said) if types.is_decimal256(kind) else said
    except pa.ArrowException:  # bytes that are no text: each row is told what is wrong with it
        return column


def _without_zeros(texts: Any) -> Any:
    """Drop the zeros that a wide decimal ends in: 1000.1000 is 1000.1."""
    import pyarrow.compute as pc  # noqa: PLC0415 - an extra

    return pc.replace_substring_regex(texts, r"(\.[0-9]*[1-9])0+$|\.0+$", r"\1")


def as_texts(column: Any, name: str) -> Any:
    """Give a column of names as texts; raises UsageError for bytes that are none, and for floats.

    A float has fewer digits than long account numbers have: two of them would become one.
    """
    import pyarrow as pa  # noqa: PLC0415 - an extra

    refuse_nested(column.type, name)
    message = (
        f"The column {quote(name)} holds {column.type}, which are no names. Export it as text."
    )
    if pa.types.is_floating(column.type):
        raise UsageError(message)
    try:
        return column.cast(pa.string())
    except pa.ArrowException as error:
        raise UsageError(message) from error


def names_in(column: Any, name: str) -> Any:
    """Give a column that names borrowers as texts, without blanks around them; "" for none.

    Raises UsageError for what are no names: see `as_texts`.
    """
    import pyarrow.compute as pc  # noqa: PLC0415 - an extra

    return pc.utf8_trim_whitespace(as_texts(column, name).fill_null(""))


def check_split(found: Accounts) -> None:
    """Reject rows that could not be split into cells."""
    faults = found.table.get(FAULT)
    for row in () if faults is None else np.flatnonzero(faults.is_valid()):
        code, said, _ = fault_of(faults[int(row)].as_py()) or ("", "", "")
        found.reject(int(row), code, "", said)


_ID_HINT = "Write 1 to 64 characters, no control characters, no blanks before or after."


def check_names(found: Accounts) -> None:
    """Reject rows without an account, and those whose account cannot be printed."""
    names = found.table[ACCOUNT]
    for row in np.flatnonzero(found.good & ~_can_be_ids(names)):
        given = names[int(row)].as_py()
        code, message = "id-invalid", "The account cannot be an id. " + _ID_HINT
        if not given:
            code, message = "key-missing", "The account is missing. Give each row its own."
        found.reject(int(row), code, ACCOUNT, message)


def _can_be_ids(names: Any) -> Flags:
    """Tell which texts may name an account; letters and digits need no second look."""
    import pyarrow as pa  # noqa: PLC0415 - an extra
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    def told(flags: Any) -> Flags:
        return np.array(flags.fill_null(False).to_numpy(zero_copy_only=False))  # noqa: FBT003

    short = pc.less_equal(pc.binary_length(names), ID_LIMIT)
    fine = told(pc.and_(pc.ascii_is_alnum(names), short))
    others = np.flatnonzero(~fine)
    fits = rf"^[^\pC\pZ]([^\pC]{{0,{ID_LIMIT - 2}}}[^\pC\pZ])?$"
    fine[others] = told(pc.match_substring_regex(names.take(pa.array(others)), fits))
    return fine


def currency_of(defaults: Mapping[str, Any]) -> str:
    """Give the one currency of a run."""
    return str(defaults["currency"]).strip().upper()


def check_currency(found: Accounts) -> None:
    """Reject rows in another currency: their amounts have other decimals and another worth."""
    usual = currency_of(found.defaults)
    for code, word in enumerate(found.means["currency"]):
        named = usual if word is None else str(word).strip().upper()
        if named == usual or named not in EXPONENTS:  # what is no currency is the model's to say
            continue
        message = f"{quote(named)} is not the currency of this run, {usual}."
        for row in np.flatnonzero(found.good & (found.words["currency"] == code)):
            hint = "Run the accounts of each currency by themselves."
            found.reject(int(row), "case-value-differs", "currency", f"{message} {hint}")
