"""`replan explain`: prove one offer of a portfolio, and say why it is this one, or why none."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from replan.cli.groups import spread_options
from replan.cli.output import Page, Printing, deliver
from replan.errors import UsageError
from replan.present.offer_reason import reason_blocks, reason_records


@spread_options
def explain(
    offer_id: Annotated[
        str | None, typer.Argument(metavar="[OFFER_ID]", help="The offer, as its row names it.")
    ] = None,
    *,
    offers: Annotated[
        str | None,
        typer.Option("--offers", metavar="FILE", help="The file that replan batch wrote."),
    ] = None,
    manifest: Annotated[
        str | None,
        typer.Option(
            "--manifest", metavar="FILE", help="Its manifest; by default beside the offers."
        ),
    ] = None,
    account: Annotated[
        str | None,
        typer.Option(
            "--account", metavar="KEY", help="An account instead: also one without offer."
        ),
    ] = None,
    table: Annotated[
        str | None,
        typer.Option("--table", metavar="FILE", help="Where the accounts are now, if they moved."),
    ] = None,
    printing: Printing,
) -> None:
    """Make one offer of a portfolio again from what was recorded, and say why it is this one.

    The id and every figure are compared with what was published. Then: what the plan was chosen
    for, what ruled the others out, and the nearest plan that did not pass, with what would be
    enough. Exit code 1 if the offer does not come out the same.
    """
    from replan.cli.batch import check_installed  # noqa: PLC0415 - only here

    target = printing.target()
    check_installed()
    if (offer_id is None) == (account is None):
        raise UsageError("Name an offer by its id, or an account: --account KEY.")
    if offers is None and manifest is None:
        raise UsageError("Name the offers: --offers FILE, or their manifest: --manifest FILE.")
    data = _explained(offers or "", manifest or "", table or "", offer_id or "", account or "")
    deliver(data, Page(reason_blocks, reason_records), target)
    raise typer.Exit(0 if data["same"] else 1)


def _explained(
    offers: str, manifest: str, table: str, offer_id: str, account: str
) -> dict[str, Any]:
    """Explain an offer, by Spark where only Spark reads what it was made from."""
    from replan.batch import explain as by_files  # noqa: PLC0415 - an extra
    from replan.batch import manifest as record  # noqa: PLC0415 - as above

    asked = {"offer_id": offer_id, "account": account, "source": table}
    near = not any(map(record.is_remote, (offers, manifest, table)))
    place = Path(manifest) if manifest else record.manifest_of(Path(offers))
    if near and not record.is_far(told := record.read_manifest(place)):
        output = Path(offers) if offers else record.place_of(told["output"], place)
        return by_files.explain_offer(output, manifest=place, **asked)
    from replan.batch.spark_proof import explain_on_spark  # noqa: PLC0415 - an extra
    from replan.cli.batch_spark import check_spark  # noqa: PLC0415 - as above

    check_spark()
    return explain_on_spark(offers, manifest=manifest, **asked)
