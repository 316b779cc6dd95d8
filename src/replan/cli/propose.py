"""`replan propose`: the documents with which a borrower asks each creditor for a plan."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, get_args

import typer

import replan
from replan.cli.cases import Reading
from replan.cli.groups import spread_options
from replan.cli.options import CaseArgument, DebtOption, LanguageOption, PlanOption
from replan.cli.packs import check_folder, write_pack
from replan.cli.scenarios import Scenario, open_scenario
from replan.cli.solutions import SolutionOption, with_solutions
from replan.cli.templates import read_templates
from replan.errors import UsageError
from replan.model.text import clean_text
from replan.present.blocks import Lines
from replan.present.counsel import caution_lines
from replan.present.law import alerts
from replan.present.pack import FORMS, README, Form, papers
from replan.present.reword import reword
from replan.present.template_checks import template_faults, template_gaps
from replan.present.templates import Template
from replan.present.words import Words, choose_language


def parse_forms(text: str) -> tuple[Form, ...]:
    """Read the formats of documents: md, html, pdf, joined by commas; each once, in this order."""
    asked = {part.strip().lower() for part in text.split(",") if part.strip()}
    unknown = sorted(asked - set(get_args(Form)))
    if unknown or not asked:
        raise typer.BadParameter(f"{', '.join(unknown) or 'nothing'}: write md, html or pdf.")
    return tuple(form for form in FORMS if form in asked)


@spread_options
def propose(
    case: CaseArgument,
    *,
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="DIR",
            help="The folder to write, whole or not at all, readable by you alone.",
        ),
    ],
    plan: PlanOption = None,
    solution: SolutionOption = None,
    debt: DebtOption = None,
    formats: Annotated[
        Any,
        typer.Option(
            "--formats",
            metavar="LIST",
            parser=parse_forms,
            help="Of the documents: md, html, pdf; joined by commas.",
        ),
    ] = "md,html",
    one: Annotated[
        bool,
        typer.Option(
            "--one",
            help="One PDF for each reader, pack.pdf with contents, instead of one per document.",
        ),
    ] = False,
    templates: Annotated[
        Path | None,
        typer.Option(
            "--templates",
            metavar="DIR",
            help="Templates of your own, such as letter.txt, in place of those that ship.",
        ),
    ] = None,
    limitation_checked: Annotated[
        str | None,
        typer.Option(
            "--limitation-checked",
            metavar="REASON",
            help="Why an old debt may be written about: what was found out on its limitation.",
        ),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put the new pack in the place of a former one.")
    ] = False,
    scenario: Scenario,
    reading: Reading,
    lang: LanguageOption = None,
) -> None:
    """Write letters, offers, schedules, a budget, call scripts, checklists and a calendar.

    One folder per creditor is for the lender, one for the counsellor alone. Warnings go to stderr.
    Exit code 1 if the data have errors or the plan does not fit the budget.
    """
    plans = with_solutions(plan, solution)
    if len(plans) != 1:
        raise UsageError('Name one plan: --plan "defer 3 + split 24", or --solution FILE')
    words = Words(choose_language(lang, os.environ))
    check_folder(output, replace=replace)
    used = read_templates(templates, words)
    opened, _ = open_scenario(case, reading, words, scenario)
    data = replan.propose(
        opened.case,
        opened.plan(plans[0]),
        debt=opened.debt(debt),
        rules=replan.rules_for(opened.case),
        limitation_checked=limitation_checked,
    ).to_dict()
    check_templates(data, words, used)
    for line in (*warnings(data, words), *template_gaps(data, words, used)):
        typer.echo(clean_text(words("pack.warning", text=line)), err=True)
    written = papers(data, words, forms=formats, templates=used, bound=one)
    write_pack(output, written, replace=replace)
    count = len(data["proposals"])
    done = words("pack.written", count=count, folder=output, readme=README)
    typer.echo(clean_text(done), err=True)
    raise typer.Exit(1 if opened.faulty or data["verdict"] == "short" else 0)


def check_templates(data: Mapping[str, Any], words: Words, used: Mapping[str, Template]) -> None:
    """Raise UsageError if templates of one's own have faults, after all of them were told."""
    faults = template_faults(data, words, used)
    for fault in faults[:-1]:
        typer.echo(f"replan: {clean_text(reword(fault, words) or fault)}", err=True)
    if faults:
        raise UsageError(faults[-1])


def warnings(data: Mapping[str, Any], words: Words) -> Iterator[str]:
    """Yield what must be known before anything is sent or paid, old debts first."""
    for block in alerts(data["old"], words):
        if isinstance(block, Lines):
            yield from block.texts
    yield from caution_lines(data, words)
