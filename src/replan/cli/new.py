"""`replan new`: an interview that writes a case file."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from itertools import chain, count
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

import replan
from replan.cli.cases import has_errors
from replan.cli.check import law_of
from replan.cli.drafts import draft_path, read_draft, remove_draft, save_draft, to_text
from replan.cli.options import LanguageOption
from replan.cli.output import Page, choose_target, deliver, deliver_json, write_whole
from replan.cli.paste import accepted, candidates_in, read_paste, show_candidates
from replan.cli.prompts import Script, Stopped, ask_all, say, say_problems, unanswered
from replan.errors import UsageError
from replan.intake.finish import build_draft
from replan.intake.interview import Unanswered, check_answers, pending, take
from replan.intake.script import CURRENCIES, Question, interview
from replan.intake.script import quick as quick_script
from replan.model.issues import Refused
from replan.present.check import check_blocks, check_data, check_records
from replan.present.words import Words

_ENOUGH = ("payoff", "instalment", "left")
_FIRST = (".creditor", ".sort", ".lender", ".more")
_STDOUT = Path("-")
_COMMON = ("CN", "US", "GB")
_DEBT = ("creditor", *_ENOUGH, "overdue", "charges", "next_due", "rate")


def _option(name: str, metavar: str, text: str) -> Any:
    return typer.Option(name, metavar=metavar, help=text)


def new(
    file: Annotated[
        Path, typer.Argument(metavar="[FILE]", help="The case file to write; - prints it.")
    ] = Path("case.json"),
    *,
    quick: Annotated[
        bool, typer.Option("--quick", help="Ask only what a loan's page in an app shows.")
    ] = False,
    paste: Annotated[
        bool,
        typer.Option("--paste", help="Read a bill, message or statement from stdin, offline."),
    ] = False,
    accept: Annotated[
        str | None,
        _option("--accept", "all|1,3", "With --paste: take these of the values found."),
    ] = None,
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
    _check_use(file, quick=quick, paste=paste, accept=accept, values=values)
    job = _Job(file, words, "quick" if quick else "interview", _territory())
    known = {key: value for key, value in given.items() if value is not None}
    mode, saved = read_draft(file)
    job = replace(job, mode=mode or job.mode)
    try:
        answers = _pasted(job, known, accept, saved) if paste else _answers(job, known, saved)
    except Stopped as stopped:
        _leave(job, stopped)
        raise typer.Exit(1) from None
    _finish(job, answers)


def _check_use(
    file: Path, *, quick: bool, paste: bool, accept: str | None, values: Sequence[str | None]
) -> None:
    """Refuse options that do not belong together, and a file that is there."""
    if file.exists():
        raise UsageError(f"{file} is there already. Name another file, or remove it first.")
    if not file.parent.is_dir():
        raise UsageError(f"{file}: there is no folder {file.parent}. Make it, or name another.")
    if quick and paste:
        raise UsageError("--quick and --paste are two ways. Take one of them.")
    if not quick and any(value is not None for value in values):
        raise UsageError("--payoff, --instalment and the like belong to --quick. Add --quick.")
    if accept is not None and not paste:
        raise UsageError("--accept belongs to --paste. Add --paste.")


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


def _territory(currency: str | None = None) -> str:
    """Return the country of the environment's language, China where it names none.

    If it has another currency than the one known, the first country that has it.
    """
    for name in ("LC_ALL", "LC_MONETARY", "LANG"):
        territory = os.environ.get(name, "").partition(".")[0].partition("_")[2][:2]
        if territory in CURRENCIES and currency in (None, CURRENCIES[territory]):
            return territory
    return next((code for code in _COMMON if currency in (None, CURRENCIES[code])), "")


def _answers(job: _Job, known: dict[str, str], saved: dict[str, str]) -> dict[str, str]:
    """Gather the answers: from the options, from an earlier draft, and by asking."""
    if job.mode == "quick" and all(f"debts.0.{name}" in known for name in _ENOUGH):
        answers = _complete(job, known)
        if not {"jurisdiction", "currency"} & set(known):
            _say_assumed(job, answers)
        return answers
    say(job.words("intake.welcome"))
    say(job.words("intake.keys"))
    if saved:
        say(job.words("intake.resumed", count=len(saved)))
    return _ask_rest(job, {**saved, **known})


def _pasted(
    job: _Job, known: dict[str, str], accept: str | None, saved: dict[str, str]
) -> dict[str, str]:
    """Gather the answers from a pasted text, as far as they are accepted, and by asking."""
    candidates = candidates_in(read_paste(job.words), as_of=_today())
    if not candidates:
        say(job.words("paste.nothing", file=job.file))
        raise typer.Exit(1)
    show_candidates(candidates, job.words)
    taken = accepted(candidates, accept, job.words)
    if not taken:
        say(job.words("paste.none_taken"))
        raise typer.Exit(0 if accept is None else 1)
    ready = {**saved, **taken, **known}
    job = replace(job, mode="interview", jurisdiction=_territory(ready.get("currency")))
    try:
        check_answers(ready)
    except Refused as fault:
        say(job.words("paste.contradiction"))
        say_problems(fault, job.words)
        raise typer.Exit(1) from None
    if accept is None:
        return _ask_rest(job, ready)
    try:
        answers = _complete(job, ready)
    except (Unanswered, Refused) as fault:
        return _keep_for_later(job, ready, fault)
    if "jurisdiction" not in known:
        _say_assumed(job, answers)
    return answers


def _keep_for_later(job: _Job, ready: dict[str, str], fault: Unanswered | Refused) -> NoReturn:
    """Say what is missing or wrong, and keep what was accepted for the questions."""
    if isinstance(fault, Refused):
        say_problems(fault, job.words)
    else:
        say(unanswered(fault, job.words))
    if job.file == _STDOUT:
        raise UsageError("Name a file instead of -, to be asked for the rest.")
    save_draft(job.file, ready, job.mode)
    say(job.words("paste.rest", file=job.file))
    raise typer.Exit(1)


def _ask_rest(job: _Job, ready: dict[str, str]) -> dict[str, str]:
    answers = _given(job, ready)
    asked = {key: text for key, text in ready.items() if key not in answers}
    return ask_all(answers, asked, job.script, job.words, keep=partial(_keep, job))


def _keep(job: _Job, answers: dict[str, str]) -> None:
    if answers and job.file != _STDOUT:
        save_draft(job.file, answers, job.mode)


def _given(job: _Job, ready: dict[str, str]) -> dict[str, str]:
    """Return the values of debts that are there before anything is asked.

    They decide what is asked, wherever in the interview their own question stands.
    """
    if job.mode == "quick":
        return {}
    given = {k: v for k, v in ready.items() if k.startswith("debts.") and not k.endswith(_FIRST)}
    try:
        check_answers(given)
    except Refused:  # a draft that was changed by hand: each value is looked at in its turn
        return {}
    return given


def _complete(job: _Job, ready: dict[str, str]) -> dict[str, str]:
    """Answer every question from *ready*, the others by default or as not known.

    Raises Unanswered where there must be an answer, Refused where one does not hold.
    """
    answers = _given(job, ready)
    while (question := pending(answers, job.script(answers))) is not None:
        try:
            answers = take(answers, question, ready.get(question.key, ""))
        except (Unanswered, Refused) as fault:
            if job.mode != "quick":
                raise
            _refuse_option(job, question, fault)
    return answers


def _say_assumed(job: _Job, answers: dict[str, str]) -> None:
    place = {name: answers[name] for name in ("jurisdiction", "currency")}
    say(job.words("intake.assumed", **place, date=answers["as_of"]))


def _refuse_option(job: _Job, question: Question, fault: Unanswered | Refused) -> NoReturn:
    """Say what is wrong with an option, or that no rate fits the figures."""
    option = f"--{question.name.replace('_', '-')}"
    if isinstance(fault, Refused):
        problem = fault.problems[0]
        raise UsageError(f"{option}: {problem.message} {problem.hint}") from fault
    if fault.no_rate is None:
        raise UsageError(f"{option} is needed here. Write {option} and its value.") from fault
    say(unanswered(fault, job.words))
    raise typer.Exit(1)


def _leave(job: _Job, stopped: Stopped) -> None:
    if stopped.ended:
        say(job.words("intake.answers_ended"))
    _keep(job, stopped.answers)
    if stopped.answers and job.file != _STDOUT:
        case = f"{job.file} --quick" if job.mode == "quick" else str(job.file)
        say(job.words("intake.saved_draft", file=draft_path(job.file), case=case))


def _free(file: Path) -> Path:
    """Name a file that is not there: another interview may have written it meanwhile."""
    names = (file.with_name(f"{file.stem}-{n}{file.suffix}") for n in count(2))
    return next(name for name in chain([file], names) if not name.exists())


def _finish(job: _Job, answers: dict[str, str]) -> None:
    """Write the case, show what it says, and name what comes next; `-` prints the case alone."""
    raw = build_draft(answers).raw
    if job.file == _STDOUT:
        deliver_json(raw, None)
        raise typer.Exit(1 if has_errors(replan.load(raw).issues) else 0)
    taken, job = job.file, replace(job, file=_free(job.file))
    write_whole(job.file, to_text(raw))
    remove_draft(taken)
    loaded = replan.load(job.file)
    target = choose_target("table", None, job.words.language)
    data = check_data(loaded, [law_of(case) for case in loaded.cases])
    deliver(data, Page(check_blocks, check_records, kind="check"), target)
    say("")
    if job.file != taken:
        say(job.words("intake.taken", file=taken))
    say(job.words("intake.written", file=job.file))
    say(job.words("intake.next"))
    budgeted = any(key in raw for key in ("surplus", "budget"))
    solved = ("next_solve",) if budgeted and len(raw["debts"]) > 1 else ()
    for key in ("next_compare", *solved, "next_show"):
        say(job.words(f"intake.{key}", file=job.file), indent=2)
    raise typer.Exit(1 if has_errors(loaded.issues) else 0)
