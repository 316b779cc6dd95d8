"""`replan solve`: one plan per debt, chosen together, so that every month fits."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Annotated

import typer

import replan
from replan.cli.cases import Opened, Reading, open_file
from replan.cli.options import (
    AsOfOption,
    CaseArgument,
    CurrencyOption,
    DatesOption,
    EncodingOption,
    FormatOption,
    JurisdictionOption,
    LanguageOption,
    MapOption,
    OutputOption,
    RedactOption,
    SetOption,
    SheetOption,
    SurplusOption,
)
from replan.cli.output import Page, choose_target, deliver
from replan.cli.policies import choose_policy
from replan.cli.progress import working
from replan.decide.choose import Limits
from replan.decide.joint import OBJECTIVES
from replan.errors import UsageError
from replan.present.solve import solve_blocks, solve_records


def solve(
    case: CaseArgument,
    *,
    policy: Annotated[
        list[str] | None,
        typer.Option(
            "--policy",
            metavar="POLICY",
            help="A policy by name or file, ID=POLICY or LENDER_TYPE=POLICY; by default the shipped"
            " one that is meant for the debt. Repeatable.",
        ),
    ] = None,
    objective: Annotated[
        str,
        typer.Option("--objective", metavar="AIM", help=f"What is best: {', '.join(OBJECTIVES)}."),
    ] = "smallest-ask",
    time_limit: Annotated[
        float | None,
        typer.Option(
            "--time-limit",
            metavar="SECONDS",
            min=0.1,
            help="Stop after so long with the best plan found; another run may find another.",
        ),
    ] = None,
    set: SetOption = None,
    surplus: SurplusOption = None,
    as_of: AsOfOption = None,
    currency: CurrencyOption = None,
    jurisdiction: JurisdictionOption = None,
    encoding: EncodingOption = None,
    map: MapOption = None,
    sheet: SheetOption = None,
    dates: DatesOption = None,
    format: FormatOption = None,
    output: OutputOption = None,
    redact: RedactOption = False,
    lang: LanguageOption = None,
) -> None:
    """Choose one plan per debt, together: every month fits, proved the best of all candidates.

    Secured and priority debts keep their contract and are served first, unless --policy names
    them. Exit code 1 if the data have errors or nothing fits; then what is missing is shown.
    """
    target = choose_target(format, output, lang, source=case)
    reading = Reading(
        as_of,
        currency,
        jurisdiction,
        surplus,
        encoding,
        map or (),
        redact,
        sheet=sheet,
        dates=dates,
    )
    opened = open_file(case, reading, target.words, changes=set or ())
    if objective not in OBJECTIVES:
        raise UsageError(f'There is no objective "{objective}". Use {", ".join(OBJECTIVES)}.')
    with working(target.words("message.working")):
        found = replan.solve(
            opened.case,
            policies_of(opened, policy or ()),
            objective=objective,
            rules=replan.rules_for(opened.case),
            limits=None if time_limit is None else Limits(left=_until(time_limit)),
        )
        data = found.to_dict()
    deliver(data, Page(solve_blocks, solve_records), target)
    raise typer.Exit(1 if opened.faulty or not data["plan"] else 0)


def policies_of(opened: Opened, given: Sequence[str]) -> dict[str, replan.Policy]:
    """Choose a policy for every debt that plans touch, and for those that are named."""
    keyed = opened.keyed(given)
    named = {value.partition("=")[0] for value in keyed if "=" in value}
    return {
        debt.id: choose_policy(keyed, opened.case, debt.id)
        for debt in opened.case.debts
        if debt.id in named or not (debt.secured or debt.priority)
    }


def _until(seconds: float) -> Callable[[], float]:
    """Count down from a number of seconds."""
    end = time.monotonic() + seconds
    return lambda: end - time.monotonic()
