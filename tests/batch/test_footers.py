"""Parquet files are joined to what the same tables written as one file hold."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from replan.batch.footers import join_parquet


def table(rows: int, first: int = 0) -> pa.Table:
    """Make a table of several kinds, with nothing in some cells."""
    places = range(first, first + rows)
    return pa.table(
        {
            "row": pa.array(places, pa.int64()),
            "name": pa.array([f"a{n}" if n % 3 else None for n in places], pa.string()),
            "amount": pa.array([Decimal(n) / 100 for n in places], pa.decimal128(18, 2)),
            "rate": pa.array([n / 7 for n in places]),
            "fine": pa.array([n % 2 == 0 for n in places]),
            "tags": pa.array([["x"] * (n % 3) for n in places], pa.list_(pa.string())),
        }
    )


def joined(folder: Path, tables: Sequence[pa.Table], **options: object) -> Path:
    """Write each table by itself, then join them."""
    paths = [folder / f"{n}.parquet" for n in range(len(tables))]
    for path, one in zip(paths, tables, strict=True):
        pq.write_table(one, path, **options)
    with (folder / "all.parquet").open("wb") as file:
        join_parquet(paths, file)
    return folder / "all.parquet"


@pytest.mark.parametrize("sizes", [[5], [1, 300, 7], [40] * 20])
@pytest.mark.parametrize("compression", ["zstd", "none"])
def test_joined_files_hold_the_rows_of_all(
    tmp_path: Path, sizes: list[int], compression: str
) -> None:
    """In their order, with every column and its kind."""
    begins = [sum(sizes[:n]) for n in range(len(sizes))]
    tables = [table(size, first) for size, first in zip(sizes, begins, strict=True)]
    path = joined(tmp_path, tables, compression=compression, row_group_size=64)

    assert pa.concat_tables(tables) == pq.read_table(path)


def test_every_row_group_stands_where_the_footer_says(tmp_path: Path) -> None:
    """Each is read by itself, with its statistics, page index and number."""
    path = joined(tmp_path, [table(70), table(70, 70)], row_group_size=50, write_page_index=True)
    file = pq.ParquetFile(path)
    groups = [file.read_row_group(n)["row"].to_pylist() for n in range(file.num_row_groups)]

    assert [list(range(50)), list(range(50, 70)), list(range(70, 120)), list(range(120, 140))] == (
        groups
    )
    assert [0, 50, 70, 120] == [
        file.metadata.row_group(n).column(0).statistics.min for n in range(4)
    ]
    assert 140 == file.metadata.num_rows


def test_what_one_file_holds_stays_byte_for_byte(tmp_path: Path) -> None:
    """But for the head of the list of row groups nothing of it is written anew."""
    path = joined(tmp_path, [table(9)])
    alone = (tmp_path / "0.parquet").read_bytes()
    metadata = pq.ParquetFile(path).metadata

    assert abs(len(alone) - path.stat().st_size) <= 1
    assert pq.ParquetFile(tmp_path / "0.parquet").metadata.to_dict() | {"serialized_size": 0} == (
        metadata.to_dict() | {"serialized_size": 0}
    )


def test_only_files_with_the_same_columns_are_joined(tmp_path: Path) -> None:
    """A column of another kind would be read as rubbish."""
    other = table(3).set_column(0, "row", pa.array([1, 2, 3], pa.int32()))

    with pytest.raises(ValueError, match=r"1\.parquet has other columns"):
        joined(tmp_path, [table(3), other])
