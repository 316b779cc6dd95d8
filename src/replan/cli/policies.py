"""`replan policies`: what lenders are prepared to agree to, and which policy a debt falls under."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer

import replan
from replan.cli.groups import spread_options
from replan.cli.output import Page, Printing, deliver
from replan.cli.policies_diff import Accounts, check_on, diff_policies
from replan.errors import UsageError

DIFF = "diff"
"""Stands before two policies that are compared."""
AUTO = "auto"
"""Stands for the shipped policy that is meant for a debt."""


@spread_options
def policies(
    name: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME | diff OLD NEW]", help="One policy in full, by name or file; or two."
        ),
    ] = None,
    *,
    accounts: Accounts,
    printing: Printing,
) -> None:
    """List the policies of lenders that ship with replan, or show one with limits and sources.

    diff OLD NEW lists what two policies say otherwise; with --on FILE it also counts, for the
    accounts of a table, who would gain or lose an offer and for whom it would be better or worse.
    Exit code 1 if the policies differ; with --on, if some account would be answered otherwise.
    """
    from replan.decide.candidates.policies import policy_in_full  # noqa: PLC0415 - few runs need it
    from replan.present.policies import (  # noqa: PLC0415 - as above
        policies_blocks,
        policies_records,
        policy_blocks,
        policy_records,
    )

    target, named = printing.target(), list(name or ())
    check_on(accounts)
    if named[:1] == [DIFF]:
        raise typer.Exit(1 if diff_policies(named[1:], accounts, target) else 0)
    if len(named) > 1 or accounts.on is not None:
        raise UsageError("Name one policy, or two to compare: replan policies diff OLD NEW.")
    chosen = (replan.load_policy(named[0]),) if named else replan.policies()
    data = {"replan": 1, "policies": [policy_in_full(policy) for policy in chosen]}
    page = Page(policies_blocks, policies_records)
    deliver(data, Page(policy_blocks, policy_records) if named else page, target)


def choose_policy(given: Sequence[str], case: replan.Case, debt: str) -> replan.Policy:
    """Choose the policy for a debt: `ID=POLICY` or `LENDER_TYPE=POLICY`, `POLICY`, else its own.

    A value names a shipped policy or a file; `auto` is the shipped one that is meant for the debt.
    """
    owed = next((d for d in case.debts if d.id == debt), None)
    if owed is None:
        ids = ", ".join(d.id for d in case.debts)
        raise UsageError(f'The case has no debt "{debt}". It has {ids}.')
    named = dict(value.partition("=")[::2] for value in given if "=" in value)
    plain = [value for value in given if "=" not in value]
    _check_names(named, case)
    name = named.get(debt) or named.get(owed.lender_type) or (plain[-1] if plain else AUTO)
    return replan.policy_for(case, owed) if name == AUTO else replan.load_policy(name)


def policies_by_debt(given: Sequence[str] | None, case: replan.Case) -> dict[str, replan.Policy]:
    """Choose the policy of each debt for which one was named; a plain one goes where it is meant.

    Raises UsageError for a policy that is meant for no debt of the case.
    """
    found: dict[str, replan.Policy] = {}
    for value in given or ():
        name = value.partition("=")[2] or value
        chosen = {d.id: _loaded(name, case, d.id) for d in case.debts}
        if "=" in value:
            place = value.partition("=")[0]
            _check_names({place: name}, case)
            meant = [d.id for d in case.debts if place in (d.id, d.lender_type)]
        else:
            meant = [d.id for d in case.debts if name == AUTO or _is_meant(chosen[d.id], case, d)]
        if not meant:
            raise UsageError(
                f"--policy {value}: it is meant for no debt of this case. Write ID={value}."
            )
        found |= {debt: chosen[debt] for debt in meant}
    return found


def _loaded(name: str, case: replan.Case, debt: str) -> replan.Policy:
    return choose_policy([name], case, debt)


def _is_meant(policy: replan.Policy, case: replan.Case, debt: Any) -> bool:
    return policy.covers(case.jurisdiction, case.currency, debt.lender_type, debt.product)


def _check_names(named: dict[str, str], case: replan.Case) -> None:
    known = {d.id for d in case.debts} | {d.lender_type for d in case.debts}
    for name in named:
        if name not in known:
            ids = ", ".join(sorted(known - {""}))
            raise UsageError(f'--policy {name}=…: the case has no debt or lender type "{name}". '
                             f"It has {ids}.")  # fmt: skip
