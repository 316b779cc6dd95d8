"""The options that several commands share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal

import typer

from replan.cli.completion import (
    complete_cause,
    complete_currency,
    complete_debt,
    complete_path,
    complete_plan,
    complete_scenario,
)

Format = Literal["table", "json", "csv", "md", "text", "html", "pdf", "xlsx"]


def parse_output(name: str | Path) -> Path:
    """Read the name of an output file; a name that ends like a folder's is refused."""
    if str(name).endswith(("/", os.sep)):
        raise typer.BadParameter(f"{name} names a folder. Name a file in it: {name}plans.html")
    return Path(name)


CaseArgument = Annotated[
    str,
    typer.Argument(
        metavar="CASE",
        help="A .json case file, a .csv or .xlsx with one debt per row, or - for stdin.",
    ),
]
FormatOption = Annotated[
    Format | None,
    typer.Option(
        "--format", help="How to print; by default as the name after -o ends, else a table."
    ),
]
OutputOption = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        parser=parse_output,
        help="Write to FILE, whole or not at all, readable by you alone.",
    ),
]
LanguageOption = Annotated[
    Literal["en", "zh"] | None,
    typer.Option("--lang", help="Language; by default the environment's (LANG and the like)."),
]
View = Literal["full", "client"]
ViewOption = Annotated[
    View,
    typer.Option(
        "--view", help="full, or client: few columns in plain words, without lenders' figures."
    ),
]
DebtOption = Annotated[
    str | None,
    typer.Option(
        "--debt", metavar="ID", help="Only this debt of the case.", autocompletion=complete_debt
    ),
]
ExplainOption = Annotated[
    bool,
    typer.Option("--explain", help="Say what each term means, below where it first appears."),
]
NpvRateOption = Annotated[
    str | None,
    typer.Option(
        "--npv-rate",
        metavar="RATE",
        help="The rate at which the lender values money, if not the contract's: 6%, 0.02%/day.",
    ),
]
AsOfOption = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="For tables: the day on which balances stand."),
]
CurrencyOption = Annotated[
    str | None,
    typer.Option(
        "--currency",
        metavar="CODE",
        help="For tables: the currency, such as CNY.",
        autocompletion=complete_currency,
    ),
]
JurisdictionOption = Annotated[
    str | None,
    typer.Option("--jurisdiction", metavar="CODE", help="For tables: whose law applies: CN."),
]
SurplusOption = Annotated[
    str | None,
    typer.Option(
        "--surplus", metavar="AMOUNT", help="What is left for debts each month; replaces a budget."
    ),
]
EncodingOption = Annotated[
    str | None,
    typer.Option(
        "--encoding", metavar="NAME", help="For tables: the encoding, if it is not recognised."
    ),
]
SheetOption = Annotated[
    str | None,
    typer.Option(
        "--sheet", metavar="NAME", help="For workbooks: the sheet, if it is not the only one."
    ),
]
DatesOption = Annotated[
    Literal["day-first", "month-first"] | None,
    typer.Option("--dates", help="What 10/12/2026 means in the file; refused if not said."),
]
MapOption = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="THEIRS=OURS",
        help="For tables: what a column is called here; or a mapping file, FILE.toml. Repeatable.",
    ),
]
PolicyOption = Annotated[
    list[str] | None,
    typer.Option(
        "--policy",
        metavar="POLICY",
        help="A lender's policy, by name or file: POLICY, ID=POLICY or LENDER_TYPE=POLICY; auto is"
        " the shipped one that is meant for a debt. Repeatable.",
    ),
]
PlanOption = Annotated[
    list[str] | None,
    typer.Option(
        "--plan",
        metavar="PLAN",
        help='The plan: "defer 3 + split 24".',
        autocompletion=complete_plan,
    ),
]
PlansOption = Annotated[
    list[str] | None,
    typer.Option(
        "--plan",
        metavar="PLAN",
        help='A plan, such as "defer 3 + split 24". Repeatable.',
        autocompletion=complete_plan,
    ),
]
CauseOption = Annotated[
    str | None,
    typer.Option(
        "--cause",
        metavar="CAUSE",
        help="Suggest plans for this cause of hardship; without --plan, the case's own cause.",
        autocompletion=complete_cause,
    ),
]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        help="Change a value of the case first: budget.wage=5000, debts.card.rate=12%. Repeatable.",
        autocompletion=complete_path,
    ),
]
ScenarioOption = Annotated[
    str | None,
    typer.Option(
        "--scenario",
        metavar="NAME",
        help="Apply a saved scenario first.",
        autocompletion=complete_scenario,
    ),
]
SaveAsOption = Annotated[
    str | None,
    typer.Option(
        "--save-as",
        metavar="NAME",
        help="Keep what --set changes as a scenario, in CASE.scenarios.json beside the case.",
    ),
]
RedactOption = Annotated[
    bool,
    typer.Option(
        "--redact",
        help="Mask names, accounts, labels and free text; debts become debt-1, debt-2 …",
    ),
]
