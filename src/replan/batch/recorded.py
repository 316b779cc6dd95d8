"""An account of a published run, found again: its rows in the offers, and in the table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from unicodedata import category

from replan.errors import UsageError
from replan.model.text import quote

from .admission import names_in
from .local import Done, tasks_of
from .mapped import map_batch, numbers_of, without_skipped
from .previous import batches_of
from .source import Source, read_batches
from .work import Work

Row = dict[str, Any]
PIECE = 4_096


def recorded(output: Path, offer_id: str, account: str) -> list[Row]:
    """Find all rows of the account that an offer belongs to."""
    if not output.exists():
        raise UsageError(f"{quote(str(output))} does not exist. Name the offers: --offers FILE.")
    key, wanted = ("offer_id", offer_id) if offer_id else ("account", account)
    held: list[Row] = []
    for row in _rows(output, key, wanted):
        if held and row["row"] != held[-1]["row"]:
            break
        held.append(row)
    if not held:
        raise UsageError(f"{quote(str(output))} has no {key} {quote(wanted)}. Check it.")
    return held


def _rows(output: Path, key: str, wanted: str) -> Iterator[Row]:
    """Yield the rows of every account that has a wanted value in one of its rows."""
    import pyarrow.compute as pc  # noqa: PLC0415 - an extra

    names = {wanted, f"'{wanted}"}  # a table for spreadsheets has an apostrophe before formulas
    found = False
    for batch in batches_of(output):
        if key == "offer_id":
            names = {wanted.rpartition("-")[0]}
            column = pc.replace_substring_regex(batch.column("offer_id"), "-[0-9]+$", "")
        else:
            column = batch.column("account")
        hit = pc.is_in(column, value_set=_texts(sorted(names))).fill_null(False)  # noqa: FBT003
        rows = batch.filter(hit).to_pylist()
        if found and not rows:
            return
        found = found or bool(rows)
        yield from rows


def _texts(values: Sequence[str]) -> Any:
    import pyarrow as pa  # noqa: PLC0415 - an extra

    return pa.array(values, pa.string())


def side_by_side(source: Source, work: Work, row: Row) -> tuple[Any, int] | None:
    """Give the borrower's rows of the input, mapped, and the account's place among them.

    The account is looked for by its number first, then by its name: the table may have changed.
    """
    name, number = str(row["account"]), int(row["row"])
    for _, batch in tasks_of(source, work, PIECE, Done()):
        elsewhere = number not in numbers_of(batch) and work.header.account
        if elsewhere and not _has(batch.column(work.header.account), name):
            continue
        mapped = map_batch(batch, work.header, as_of=work.job.as_of)
        names = [_printed(n) for n in mapped.column("account").to_pylist()]
        at = next((i for i, n in enumerate(names) if n in (name, name.removeprefix("'"))), None)
        if at is not None:
            begin, end = _together(mapped, work.group, at)
            return mapped.slice(begin, end - begin), at - begin
    return None


def _has(column: Any, name: str) -> bool:
    """Tell whether a column holds a name; a CSV has an apostrophe before formulas."""
    import pyarrow.compute as pc  # noqa: PLC0415 - an extra

    wanted = _texts([name, name.removeprefix("'")])
    return bool(pc.any(pc.is_in(column.cast("string"), value_set=wanted)).as_py())


def _printed(name: Any) -> str:
    """Give a name as the output has it: without control characters."""
    return "".join(c for c in str(name or "") if not category(c).startswith("C"))


def _together(mapped: Any, group: str, at: int) -> tuple[int, int]:
    """Give where the rows of one borrower begin and end."""
    if not group:
        return at, at + 1
    values = names_in(mapped.column(group), group).to_pylist()
    begin, end = at, at + 1
    while values[at] and begin and values[begin - 1] == values[at]:
        begin -= 1
    while values[at] and end < len(values) and values[end] == values[at]:
        end += 1
    return begin, end


def anywhere(source: Source, work: Work, row: Row) -> tuple[Any, int] | None:
    """Do as `side_by_side` where rows have no numbers and a borrower's may stand anywhere.

    They come sorted by account, as Spark sorts them.
    """
    import pyarrow as pa  # noqa: PLC0415 - an extra

    key, name = work.header.account, str(row["account"])
    held = list(_rows_with(source, work, key, [name]))
    if not held:
        return None
    borrower = held[0].column(work.group)[0].as_py() if work.group else None
    if borrower:
        held = list(_rows_with(source, work, work.group, [str(borrower)]))
    (rows,) = pa.Table.from_batches(held).sort_by(key).combine_chunks().to_batches()
    mapped = map_batch(rows, work.header, as_of=work.job.as_of)
    names = [_printed(n) for n in mapped.column("account").to_pylist()]
    return (mapped, names.index(name)) if name in names else None


def _rows_with(source: Source, work: Work, key: str, values: Sequence[str]) -> Iterator[Any]:
    """Yield the rows of a table that have one of some values in a column."""
    import pyarrow.compute as pc  # noqa: PLC0415 - an extra

    for batch in read_batches(source, PIECE):
        here = pc.is_in(batch.column(key).cast("string"), value_set=_texts(values))
        found = without_skipped(batch.filter(here), work.header.mapping)
        if found.num_rows:
            yield found
