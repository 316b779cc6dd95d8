"""`replan new`: an interview that writes a case file."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

import replan
from replan.cli.cases import has_errors
from replan.cli.drafts import read_draft, remove_draft, save_draft, to_text
from replan.cli.options import LanguageOption
from replan.cli.output import Page, choose_target, deliver, write_whole
from replan.cli.prompts import Script, Stopped, ask_all, say, unanswered
from replan.errors import UsageError
from replan.intake.finish import build_draft
from replan.intake.interview import Unanswered, pending, resume, take
from replan.intake.script import CURRENCIES, interview
from replan.intake.script import quick as quick_script
from replan.model.issues import Refused
from replan.present.check import check_blocks, check_data, check_records
from replan.present.words import Words

_ENOUGH = ("payoff", "instalment", "left")
_DEBT = ("creditor", *_ENOUGH, "overdue", "charges", "next_due", "rate")


def _option(name: str, metavar: str, text: str) -> Any:
    return typer.Option(name, metavar=metavar, help=text)


def new(
    file: Annotated[Path, typer.Argument(metavar="[FILE]", help="The case file to write.")] = Path(
        "case.json"
    ),
    *,
    quick: Annotated[
        bool, typer.Option("--quick", help="Ask only what a loan's page in an app shows.")
    ] = False,
    payoff: Annotated[
        str | None, _option("--payoff", "AMOUNT", "With --quick: what clears the debt today.")
    ] = None,
    instalment: Annotated[
        str | None, _option("--instalment", "AMOUNT", "With --quick: what each instalment is.")
    ] = None,
    left: Annotated[
        str | None,
        _option("--left", "N", "With --quick: instalments not yet paid, overdue ones included."),
    ] = None,
    overdue: Annotated[
        str | None, _option("--overdue", "DAYS", "With --quick: days overdue; 0 if not given.")
    ] = None,
    charges: Annotated[
        str | None,
        _option("--charges", "AMOUNT", "With --quick: penalty and fees within the payoff amount."),
    ] = None,
    next_due: Annotated[
        str | None, _option("--next-due", "DATE", "With --quick: the next due date.")
    ] = None,
    rate: Annotated[
        str | None, _option("--rate", "RATE", "With --quick: the contract's rate, if known.")
    ] = None,
    creditor: Annotated[
        str | None, _option("--creditor", "NAME", "With --quick: who is owed.")
    ] = None,
    surplus: Annotated[
        str | None, _option("--surplus", "AMOUNT", "What is left for debts each month.")
    ] = None,
    cause: Annotated[
        str | None, _option("--cause", "CAUSE", "What made it hard to pay: job-loss, illness, …")
    ] = None,
    as_of: Annotated[
        str | None, _option("--as-of", "DATE", "The day on which the amounts hold; else today.")
    ] = None,
    currency: Annotated[
        str | None, _option("--currency", "CODE", "Else that of the jurisdiction.")
    ] = None,
    jurisdiction: Annotated[
        str | None, _option("--jurisdiction", "CODE", "Else that of the environment's language.")
    ] = None,
    lang: LanguageOption = None,
) -> None:
    """Write a case file by answering questions, one at a time.

    Answers may come from a pipe, one a line. Leaving (q) keeps what was said in FILE.draft.json;
    the same command goes on from there. With --quick and what an app shows, the rate is worked
    out from the instalments and marked as estimated. Exit code 1 if it was left half-way.
    """
    words = choose_target(None, None, lang).words
    given = {
        "jurisdiction": jurisdiction,
        "currency": currency,
        "as_of": as_of,
        "surplus": surplus,
        "cause": cause,
    }
    values = (creditor, payoff, instalment, left, overdue, charges, next_due, rate)
    about_debt = dict(zip(_DEBT, values, strict=True))
    given |= {f"debts.0.{name}": value for name, value in about_debt.items()}
    _refuse_overwriting(file)
    if not quick and any(value is not None for value in values):
        raise UsageError("--payoff, --instalment and the like belong to --quick. Add --quick.")
    job = _Job(file, words, "quick" if quick else "interview", _territory())
    known = {key: value for key, value in given.items() if value is not None}
    try:
        answers = _answers(job, known)
    except Stopped as stopped:
        _leave(job, stopped)
        raise typer.Exit(1) from None
    _finish(job, answers)


@dataclass(frozen=True, slots=True)
class _Job:
    """What is being written, for whom and how."""

    file: Path
    words: Words
    mode: str
    jurisdiction: str

    @property
    def script(self) -> Script:
        """The questions of the mode."""
        questions = quick_script if self.mode == "quick" else interview
        return partial(questions, today=_today(), jurisdiction=self.jurisdiction)


def _today() -> date:
    return datetime.now().astimezone().date()


def _territory() -> str:
    """Return the country of the environment's language, China where it names none."""
    for name in ("LC_ALL", "LC_MONETARY", "LANG"):
        territory = os.environ.get(name, "").partition(".")[0].partition("_")[2][:2]
        if territory in CURRENCIES:
            return territory
    return "CN"


def _refuse_overwriting(file: Path) -> None:
    if file.exists():
        raise UsageError(f"{file} is there already. Name another file, or remove it first.")


def _answers(job: _Job, known: dict[str, str]) -> dict[str, str]:
    """Gather the answers: from the options, from an earlier draft, and by asking."""
    if job.mode == "quick" and all(f"debts.0.{name}" in known for name in _ENOUGH):
        answers = _fill(job, known, {}, every=True)
        if not {"jurisdiction", "currency"} & set(known):
            place = {name: answers[name] for name in ("jurisdiction", "currency")}
            say(job.words("intake.assumed", **place, date=answers["as_of"]))
        return answers
    mode, saved = read_draft(job.file)
    kept = resume(saved, job.script) if mode == job.mode else {}
    answers = _fill(job, known, kept, every=False)
    say(job.words("intake.welcome"))
    say(job.words("intake.keys"))
    if kept:
        say(job.words("intake.resumed", count=len(kept)))
    return ask_all(answers, job.script, job.words)


def _fill(
    job: _Job, known: dict[str, str], answers: dict[str, str], *, every: bool
) -> dict[str, str]:
    """Answer from options, in the order of the questions; with *every* the rest by default."""
    options = dict(known)
    while (question := pending(answers, job.script(answers))) is not None:
        if question.key not in options and not every:
            break
        text = options.pop(question.key, "")
        answers = _take_option(job, answers, question, text)
    return answers


def _take_option(job: _Job, answers: dict[str, str], question: Any, text: str) -> dict[str, str]:
    option = f"--{question.name.replace('_', '-')}"
    try:
        return take(answers, question, text)
    except Unanswered as fault:
        if fault.no_rate is None:
            raise UsageError(f"{option} is needed here. Write {option} and its value.") from fault
        say(unanswered(fault, job.words))
        raise typer.Exit(1) from fault
    except Refused as refused:
        problem = refused.problems[0]
        raise UsageError(f"{option}: {problem.message} {problem.hint}") from refused


def _leave(job: _Job, stopped: Stopped) -> None:
    if stopped.ended:
        say(job.words("intake.answers_ended"))
    if stopped.answers:
        path = save_draft(job.file, stopped.answers, job.mode)
        case = f"{job.file} --quick" if job.mode == "quick" else str(job.file)
        say(job.words("intake.saved_draft", file=path, case=case))


def _finish(job: _Job, answers: dict[str, str]) -> None:
    """Write the case, show what it says, and name what comes next."""
    raw = build_draft(answers).raw
    write_whole(job.file, to_text(raw))
    remove_draft(job.file)
    loaded = replan.load(job.file)
    target = choose_target("table", None, job.words.language)
    deliver(check_data(loaded), Page(check_blocks, check_records), target)
    say("")
    say(job.words("intake.written", file=job.file))
    say(job.words("intake.next"))
    for key in ("next_compare", "next_show"):
        say(job.words(f"intake.{key}", file=job.file), indent=2)
    raise typer.Exit(1 if has_errors(loaded.issues) else 0)
