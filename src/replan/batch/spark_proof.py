"""Runs whose files only Spark reads (hdfs://…, s3a://…): verified, and offers of them explained."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from replan.errors import UsageError
from replan.model.text import quote

from .explain import explain_offer
from .manifest import Fault, file_faults, input_faults, manifest_for, parse_manifest
from .rerun import request_of
from .spark import named
from .spark_files import Store
from .spark_run import settled
from .spark_table import opened, read_table, said
from .staged import BAD

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession


def verify_on_spark(manifest: str) -> list[Fault]:
    """Compare the files of a run with its manifest, wherever Spark can read them."""
    with opened() as session:
        store = Store.of(session)
        return file_faults(parse_manifest(store.read(manifest), manifest), store.look)


def explain_on_spark(
    output: str, *, offer_id: str = "", account: str = "", manifest: str = "", source: str = "",
) -> dict[str, Any]:  # fmt: skip
    """Do as `explain_offer` where Spark reads: the rows of one account are fetched, no others."""
    record, asked = manifest or manifest_for(output), {"offer_id": offer_id, "account": account}
    with opened() as session:
        return _explained(session, output, record, asked=asked, source=source)


def _explained(
    session: SparkSession, output: str, record: str, *, asked: Mapping[str, str], source: str
) -> dict[str, Any]:
    """Fetch the record and the rows of one account, and explain from these."""
    store = Store.of(session)
    data = store.read(record)
    told = parse_manifest(data, record)
    with TemporaryDirectory(prefix="replan-") as folder:
        place = Path(folder)
        near = place / "offers.manifest.json"
        near.write_bytes(data)
        offers = _published(session, output or str(told["output"]["path"]), **asked)
        name = str(offers.column("account")[0])
        _put(offers, place / "offers" / "one.parquet")
        table = place / "accounts.parquet"
        _put(_rows_of(session, told, name, source), table)
        found = explain_offer(place / "offers", **asked, manifest=near, source=str(table))
    since = [] if source else input_faults(told, store.look)
    return found | {"changed": [*since, *found["changed"]]}


def _published(session: SparkSession, output: str, offer_id: str, account: str) -> pa.Table:
    """Fetch all rows of the account that an offer belongs to, in their order."""
    from pyspark.sql import functions as f  # noqa: PLC0415 - an extra

    table = said(lambda: session.read.parquet(output), output)
    key, wanted = ("offer_id", offer_id) if offer_id else ("account", account)
    stamp = f.regexp_replace(f.col("offer_id"), "-[0-9]+$", "")
    here = stamp == offer_id.rpartition("-")[0] if offer_id else f.col("account") == account
    found = said(table.where(here).toArrow, output)
    if not found.num_rows:
        raise UsageError(f"{quote(output)} has no {key} {quote(wanted)}. Check it.")
    return found


def _rows_of(session: SparkSession, told: Mapping[str, Any], name: str, source: str) -> pa.Table:
    """Fetch the row of an account from the table, with a group all rows of its borrower."""
    from pyspark.sql import functions as f  # noqa: PLC0415 - an extra

    path = source or str(told["options"]["source"])
    accounts = read_table(session, path, told["options"]["encoding"]).drop(BAD)
    request = request_of(told, Path("manifest"), Path("offers"), source=path)
    work = settled(request, accounts)

    def having(column: str, value: str) -> DataFrame:
        return accounts.where(f.col(named(column)).cast("string") == value)

    found = said(having(work.header.account, name).toArrow, path)
    borrower = found.column(work.group)[0].as_py() if work.group and found.num_rows else None
    if borrower:
        return said(having(work.group, str(borrower)).toArrow, path)
    # a table that has lost the account is not one without rows
    return found if found.num_rows else said(accounts.limit(1).toArrow, path)


def _put(table: pa.Table, path: Path) -> None:
    import pyarrow.parquet as pq  # noqa: PLC0415 - an extra

    path.parent.mkdir(exist_ok=True)
    pq.write_table(table, path)
