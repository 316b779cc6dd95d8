"""The client's view of a result, delivered: what `--view client` does in every command."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from replan.cli.output import Page, Target, deliver

Kind = Literal["check", "compare", "show"]


def deliver_client(kind: Kind, data: Mapping[str, Any], target: Target, *, explain: bool) -> None:
    """Reduce a result to what is the client's, and print it in the wanted form."""
    from replan.present import client, client_data  # noqa: PLC0415 - few runs are for a client

    match kind:
        case "check":
            shown = client_data.client_check(data)
            page = Page(client.check_client_blocks, client.check_client_records, explain=explain)
        case "compare":
            shown = client_data.client_comparison(data, target.words)
            page = Page(client.comparison_blocks, client.comparison_client_records, explain=explain)
        case "show":
            shown = client_data.client_plan(data, target.words)
            page = Page(client.plan_blocks, client.plan_client_records, explain=explain)
    deliver(shown, page, target)
