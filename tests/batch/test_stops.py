"""What stops a run: too many rejects, as early as that is certain."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from batch.portfolios import table
from batch.test_portfolio import rows, run, told, write
from replan.batch.stops import parse_allowed


def bad(count: int, first: int) -> list[dict[str, str]]:
    """Make accounts of which the first have no rate."""
    return [row | ({"rate": "x"} if n < first else {}) for n, row in enumerate(rows(count))]


def test_a_run_stops_when_too_many_rejects_cannot_be_undone(tmp_path: Path) -> None:
    """After the first piece, with the rejects found so far."""
    args = [*write(tmp_path, bad(40, 4)), "-o", str(tmp_path / "o.csv"), "--chunk", "5"]
    ended = run(*args, "--max-rejects", "3", "--rejects", str(tmp_path / "r.csv"))

    assert 3 == ended.exit_code
    assert "4 of the first 5 rows are no accounts" in ended.stderr
    assert ["a0", "a1", "a2", "a3"] == [row["account"] for row in told(tmp_path / "r.csv")]
    assert not (tmp_path / ".o.csv.parts" / "000001.json").exists()


def test_a_share_stops_early_where_the_rows_are_counted(tmp_path: Path) -> None:
    """Parquet says how many rows there are; of a CSV only the end tells."""
    args = [*write(tmp_path, bad(40, 4)), "-o", str(tmp_path / "o.csv"), "--chunk", "5"]
    pq.write_table(pa.Table.from_batches([table(bad(40, 4))]), tmp_path / "in.parquet")
    share = ("--max-rejects", "9%")
    of_csv, of_parquet = (run(*a, *share) for a in (args, [args[0], str(tmp_path / "in.parquet"),
                                                           *args[2:]]))  # fmt: skip

    assert (3, 3) == (of_csv.exit_code, of_parquet.exit_code)
    assert "4 of 40 rows" in of_csv.stderr
    assert "4 of the first 5 rows" in of_parquet.stderr


@pytest.mark.parametrize("text", ["x", "-1", "nan", "inf", "5 %%", "1e99"])
def test_what_is_no_number_and_no_share_is_refused(tmp_path: Path, text: str) -> None:
    """Before any work is done."""
    ended = run(*write(tmp_path, rows(2)), "-o", str(tmp_path / "o.csv"), "--max-rejects", text)

    assert 2 == ended.exit_code
    assert "write a number, or a share such as 5%" in ended.stderr


def test_as_many_as_allowed_are_fine() -> None:
    """Two hundredths of 150 rows are three."""
    share, number = parse_allowed("2%", "--max-rejects"), parse_allowed(" 3 ", "--max-rejects")

    assert (3, 3) == (share and share.most(150), number and number.most(150))
    assert parse_allowed("", "--max-rejects") is None
