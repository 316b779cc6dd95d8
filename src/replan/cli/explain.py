"""`replan explain`: prove one offer of a portfolio, and say why it is this one, or why none."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

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
        Path | None,
        typer.Option("--offers", metavar="FILE", help="The file that replan batch wrote."),
    ] = None,
    manifest: Annotated[
        Path | None,
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
    from replan.batch.explain import explain_offer, output_of  # noqa: PLC0415 - an extra
    from replan.cli.batch import check_installed  # noqa: PLC0415 - as above

    target = printing.target()
    check_installed()
    if (offer_id is None) == (account is None):
        raise UsageError("Name an offer by its id, or an account: --account KEY.")
    if offers is None and manifest is None:
        raise UsageError("Name the offers: --offers FILE, or their manifest: --manifest FILE.")
    named = offers or output_of(manifest)  # type: ignore[arg-type] # one of both is there
    data = explain_offer(
        named, offer_id=offer_id or "", account=account or "", manifest=manifest, source=table or ""
    )
    deliver(data, Page(reason_blocks, reason_records), target)
    raise typer.Exit(0 if data["same"] else 1)
