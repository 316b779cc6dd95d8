"""`replan policies diff`: what one policy says otherwise, and what that changes for a portfolio."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Annotated, Any

import typer

import replan
from replan.cli.cases import parse_mapping
from replan.cli.options import (
    AsOfOption,
    CurrencyOption,
    EncodingOption,
    JurisdictionOption,
    MapOption,
    SurplusOption,
)
from replan.cli.output import Page, Target, deliver
from replan.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """The table on which two policies are compared: a group of options."""

    on: Annotated[
        str | None,
        typer.Option(
            "--on", metavar="FILE", help="With diff: count what changes for these accounts."
        ),
    ] = None
    objective: Annotated[
        list[str] | None,
        typer.Option(
            "--objective",
            metavar="NAME",
            help="With --on: by what the best offers are compared, as in batch. Repeatable.",
        ),
    ] = None
    group: Annotated[
        str,
        typer.Option(
            "--group", metavar="COLUMN", help="Who shares one surplus: rows side by side."
        ),
    ] = ""
    share: Annotated[
        str,
        typer.Option(
            "--share",
            metavar="joint|pro-rata",
            help="With --group: one plan per account chosen together, or each within its part.",
        ),
    ] = "joint"
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers",
            metavar="N",
            help="How many processes share the work; two, if there are two processors.",
        ),
    ] = None
    as_of: AsOfOption = None
    currency: CurrencyOption = None
    jurisdiction: JurisdictionOption = None
    surplus: SurplusOption = None
    map: MapOption = None
    encoding: EncodingOption = None


def check_on(accounts: Accounts) -> None:
    """Refuse options about a table where none is named."""
    usual = Accounts()
    for field in fields(Accounts):
        if accounts.on is None and getattr(accounts, field.name) != getattr(usual, field.name):
            option = field.name.replace("_", "-")
            raise UsageError(f"--{option} goes with replan policies diff OLD NEW --on FILE.")


def diff_policies(names: Sequence[str], accounts: Accounts, target: Target) -> bool:
    """Show how two policies differ; tell whether they do, or, with a table, whether it matters."""
    from replan.decide.candidates.policy_changes import (  # noqa: PLC0415 - few runs need it
        policy_changes,
    )
    from replan.present.policy_changes import change_blocks, change_records  # noqa: PLC0415

    if len(names) != 2:
        raise UsageError("Name the two policies: replan policies diff OLD NEW.")
    old, new = (replan.load_policy(name) for name in names)
    data = policy_changes(old, new)
    found = _on(old, new, accounts, target) if accounts.on is not None else None
    deliver({**data, "on": found}, Page(change_blocks, change_records), target)
    return bool(data["changes"]) if found is None else bool(found["differs"])


def _on(
    old: replan.Policy, new: replan.Policy, accounts: Accounts, target: Target
) -> dict[str, Any]:
    from pathlib import Path  # noqa: PLC0415 - only here

    from replan.cli.batch import Meter, check_installed  # noqa: PLC0415 - see above

    check_installed()
    from replan.batch.local import Pieces  # noqa: PLC0415 - an extra
    from replan.batch.policies import policy_effects  # noqa: PLC0415 - an extra
    from replan.batch.portfolio import Request  # noqa: PLC0415 - an extra

    if accounts.workers is not None and accounts.workers < 1:
        raise UsageError("--workers is a number from 1 on.")
    said = {key: getattr(accounts, key) for key in ("as_of", "currency", "jurisdiction", "surplus")}
    request = Request(
        source=str(accounts.on),
        policy=old,
        output=Path("-"),
        mapping=parse_mapping(accounts.map or ()),
        given={key: value for key, value in said.items() if value is not None},
        encoding=accounts.encoding,
        objectives=tuple(accounts.objective or ["smallest-ask"]),
        group=accounts.group,
        share=accounts.share,
        pieces=Pieces(workers=accounts.workers or Pieces.usual()),
    )
    with Meter(target.words) as meter:
        return policy_effects(request, new, progress=meter.add, begin=meter.begin)
