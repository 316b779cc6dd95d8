"""Questions and answers on a terminal or through a pipe: one answer a line."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import typer

from replan.cli.output import wants_colour
from replan.intake.answers import UNKNOWN, command_in
from replan.intake.interview import Unanswered, back, pending, take
from replan.intake.script import Answers, Question
from replan.model.issues import Refused, issue_at
from replan.model.text import clean_text
from replan.present.issues import issue_line
from replan.present.terminal import paint, wrap
from replan.present.words import Words

Script = Callable[[Answers], Iterator[Question]]
Keep = Callable[[dict[str, str]], object]
_WIDTH = 78


class Stopped(Exception):  # noqa: N818 - it reads as what happened
    """The person left, or the answers ended; what was answered so far goes along."""

    def __init__(self, answers: dict[str, str], *, ended: bool) -> None:
        super().__init__()
        self.answers, self.ended = answers, ended


def ask_all(
    answers: dict[str, str], ready: dict[str, str], script: Script, words: Words, *, keep: Keep
) -> dict[str, str]:
    """Ask what is still to be asked; raise Stopped with the answers so far if it is left.

    What stands in *ready* is not asked for, unless it does not hold. *keep* gets all answers
    before each question, so that a closed window or a fault loses none.
    """
    shown: int | None = None
    while (question := pending(answers, script(answers))) is not None:
        if question.key in ready:
            answers = answer(answers, question, ready.pop(question.key), words)
            continue
        if question.debt is not None and question.debt != shown:
            say("")
            say(_heading(question.debt, answers, words), strong=True)
            shown = question.debt
        keep({**ready, **answers})
        text = ask(_prompt(question, words), {**ready, **answers})
        match command_in(text):
            case "quit":
                raise Stopped({**ready, **answers}, ended=False)
            case "back":
                answers = back(answers, script(answers))
            case "help":
                say(words(f"hint.{question.name}"))
            case _:
                answers = answer(answers, question, text, words)
    return answers


def _heading(debt: int, answers: Answers, words: Words) -> str:
    """Name the debt that is asked about, by its creditor once that is known."""
    creditor = answers.get(f"debts.{debt}.creditor", UNKNOWN)
    if creditor == UNKNOWN:
        return words("intake.debt", number=debt + 1)
    return words("intake.debt_of", number=debt + 1, creditor=clean_text(creditor))


def answer(answers: dict[str, str], question: Question, text: str, words: Words) -> dict[str, str]:
    """Return the answers with this one; if it is wrong, say why and leave them as they are."""
    try:
        return take(answers, question, text, names_of(question, words))
    except Unanswered as fault:
        say(unanswered(fault, words))
    except Refused as refused:
        say_problems(refused, words)
    return answers


def say_problems(refused: Refused, words: Words) -> None:
    """Say what is wrong with a value."""
    for problem in refused.problems:
        say(issue_line(issue_at(problem, ""), words))


def unanswered(fault: Unanswered, words: Words) -> str:
    """Say why an answer is needed."""
    bounds = fault.no_rate
    low, high = (bounds.low, bounds.high) if bounds else (0, 0)
    return words(f"intake.{fault.reason}", low=f"{low:,}", high=f"{high:,}")


def names_of(question: Question, words: Words) -> dict[str, str]:
    """Return what the choices of a question are called."""
    return {choice: words.term(question.name, choice) for choice in question.choices}


def ask(prompt: str, answers: dict[str, str]) -> str:
    """Ask one question and return the line typed; raise Stopped at the end of the input."""
    *lines, last = prompt.split("\n")
    for line in lines:
        say(line, indent=len(line) - len(line.lstrip()))
    try:
        return _read(f"{last} ")
    except EOFError:
        typer.echo(err=True)
        raise Stopped(answers, ended=True) from None
    except KeyboardInterrupt:
        typer.echo(err=True)
        raise Stopped(answers, ended=False) from None


def say(text: str, *, strong: bool = False, indent: int = 0) -> None:
    """Print a line for the person on stderr; stdout is for results."""
    colour = strong and wants_colour(sys.stderr)
    for line in wrap(clean_text(text), _WIDTH - indent):
        typer.echo(" " * indent + paint(line, "strong", colour=colour), err=True)


def _read(prompt: str) -> str:
    if sys.stdin is None:
        raise EOFError
    if sys.stdin.isatty() and sys.stdout is not None and sys.stdout.isatty():
        import readline  # noqa: F401, PLC0415 - it gives input() a line that can be edited

        return input(prompt)
    typer.echo(prompt, nl=False, err=True)
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    if not sys.stdin.isatty():
        typer.echo(clean_text(line), err=True)
    return line


def _prompt(question: Question, words: Words) -> str:
    text = words(f"prompt.{question.name}")
    lines = [
        "   " + words("intake.choice", number=number, name=name)
        for number, name in enumerate(names_of(question, words).values(), start=1)
        if set(question.choices) != {"yes", "no"}
    ]
    default = question.default or (UNKNOWN if question.unknown else "")
    if default:
        default = names_of(question, words).get(default, default)
        text = words("intake.default", question=text, default=default)
    return "\n".join([*(["", text, *lines] if lines else ["", text]), ">"])
