"""The command line's frame: which commands there are, and what happens when one fails.

A command's module is imported when the command runs, so that `replan --help` stays cheap.
"""

from __future__ import annotations

import atexit
import errno
import gc
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from importlib import import_module
from itertools import zip_longest
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException
from typer.main import get_command

import replan
from replan.errors import DataError, ReplanError
from replan.model.text import clean_text

COMMANDS = {
    "demo": "Compare plans for a shipped example.",
    "new": "Write a case file by answering questions.",
    "check": "Validate a case file and show its balances.",
    "compare": "Compare plans side by side: the main job.",
    "show": "Show one plan in full: steps, asks, every date, and why.",
    "solve": "One plan per debt, so that every month fits.",
    "stress": "Test plans: less income, a later return to work, higher rates.",
    "counter": "Judge a lender's counter-offer while the clerk waits.",
    "batch": "Offers for every account of a portfolio, in one file.",
    "explain": "Prove one offer of a portfolio, and say why this one.",
    "search": "Find the plans that a policy allows for one debt and that fit.",
    "propose": "Write each creditor's letter, offer, schedule and budget.",
    "templates": "Write the templates of letters and offers, to be changed.",
    "policies": "List the policies of lenders, or show one in full.",
    "strategies": "List the strategies, or show one in full.",
    "rules": "List the rule packs of law, or show one with its sources.",
    "track": "The casebook: agreements, payments, contacts, reminders.",
    "schema": "Print the JSON Schema of a case, a plan or a policy.",
}


VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
"""The environment's language, as gettext reads it."""


class LazyGroup(TyperGroup):
    """A group that knows each command's name and one line, and loads the command when it runs.

    `inside` is the group's own name with a blank, empty for the program itself.
    """

    lines: ClassVar[Mapping[str, str]] = COMMANDS
    inside: ClassVar[str] = ""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = {
            name: TyperCommand(name, help=line, rich_markup_mode=None)
            for name, line in self.lines.items()
        }
        _in_language(self)

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """Return the name, the loaded command and the arguments left for it."""
        name, known, rest = super().resolve_command(ctx, args)
        return name, load_command(f"{self.inside}{name}") if name and known else known, rest


def load_command(name: str) -> Any:
    """Import the module of a command and wrap its function, which bears the same name.

    A module with a GROUP is a group of commands; `track pay` is the command `pay` of one, in the
    module `track_pay`. Python's own words have an underscore at their end.
    """
    module = import_module(f"replan.cli.{name.replace(' ', '_')}")
    single = typer.Typer(add_completion=False, rich_markup_mode=None)
    last = name.rpartition(" ")[2]
    if hasattr(module, "GROUP"):
        single = module.GROUP
    else:
        single.command(last)(getattr(module, last, None) or getattr(module, f"{last}_"))
    return _in_language(_reading_minus_as_value(_converting_what_is_given(get_command(single))))


def _reading_minus_as_value(command: Any) -> Any:
    """Let -64.94 be an amount below zero, which is refused as one, and no unknown option."""
    parse = command.parse_args
    command.parse_args = lambda ctx, args: parse(ctx, list(_with_values(args)))
    return command


def _with_values(args: Sequence[str]) -> Iterator[str]:
    """Write the minus of a number as the sign, unless it is the value of an option."""
    before = ""
    for arg in args:
        is_number = arg[:1] == "-" and arg[1:2].isdecimal() and not before.startswith("-")
        yield f"−{arg[1:]}" if is_number else arg
        before = "" if is_number else arg


def _converting_what_is_given(command: Any) -> Any:
    """Spare options that are not given their converters, which take longer to build than to use."""
    for param in command.params:
        if not param.callback:
            param.process_value = partial(_process, param, param.process_value)
    return command


def _process(param: Any, convert: Callable[..., Any], ctx: Any, value: Any) -> Any:
    if value is None and not param.required:
        return () if param.multiple or param.nargs == -1 else None
    try:
        return convert(ctx, value)
    except typer.BadParameter as error:  # how the library that checks it says so is no help
        error.message = error.message.removeprefix("Value error, ")
        for kind, what in _KINDS.items():
            if error.message.startswith(kind):
                error.message = f"{value!r} is not {what}."
        raise


_KINDS = {
    "Input should be a valid integer": "a whole number",
    "Input should be a valid number": "a number",
}
"""What the library that checks values says, and what it means."""


def command_lines() -> dict[str, str]:
    """List every command with its one line, those of groups too: `track pay`."""
    from replan.cli.track import TRACK  # noqa: PLC0415 - only the documentation asks for all

    return {**COMMANDS, **{f"track {name}": line for name, line in TRACK.items()}}


def _in_language(command: Any) -> Any:
    """Let a command's help speak Chinese where that is asked for; English costs nothing."""
    if _language() == "en":
        return command
    from replan.cli.chinese import into_chinese  # noqa: PLC0415 - few environments need it

    return into_chinese(command)


def _language() -> str:
    """Return the language asked for; a plain environment costs nothing."""
    asked = _option(sys.argv, "--lang")
    if not (asked or any(os.getenv(name) for name in VARIABLES)):
        return "en"
    from replan.present.words import choose_language  # noqa: PLC0415 - as above

    return choose_language(asked, os.environ)


def _told(message: str) -> str:
    """Return a message in the language asked for, as far as it has a sentence for it."""
    if _language() == "en":
        return message
    from replan.present.reword import reword  # noqa: PLC0415 - as above
    from replan.present.words import Words  # noqa: PLC0415 - as above

    return reword(message, Words("zh")) or message


def _option(args: Sequence[str], name: str) -> str | None:
    """Return what an option is given among *args*, before they have been parsed."""
    for arg, after in zip_longest(args, args[1:]):
        if arg == name:
            return after
        if arg.startswith(f"{name}="):
            return arg.partition("=")[2]
    return None


def show_version(*, wanted: bool) -> None:
    """Print the version and stop, if that was asked for."""
    if wanted:
        typer.echo(f"replan {replan.__version__}")
        raise typer.Exit


app = typer.Typer(
    cls=LazyGroup,
    rich_markup_mode=None,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def frame(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            help="Print the version and exit.",
            is_eager=True,
            callback=lambda value: show_version(wanted=value),
        ),
    ] = False,
    lang: Annotated[
        Literal["en", "zh"] | None,
        typer.Option("--lang", help="Language of everything, help included."),
    ] = None,
) -> None:
    """Exact, explained repayment plans for people in financial hardship.

    Start with: replan demo
    """
    # the version is printed before this runs
    if lang is not None and not version:
        os.environ["LANGUAGE"] = lang


def main() -> NoReturn:
    """Run the command line; the exit code is 0 done, 1 problems in the data, 2 wrong use."""
    # a short process: collecting while modules load, and looking for plug-ins of the validation
    # library in every installed package, would only cost time
    gc.set_threshold(100_000, 50, 50)
    atexit.register(gc.freeze)  # what is left at the end need not be searched for rubbish: 60 ms
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    try:
        code = get_command(app)(prog_name="replan", standalone_mode=False)
    except TyperException as error:
        _misused(error)
    except typer.Abort:
        sys.exit(1)
    except DataError as error:
        for issue in error.issues:
            typer.echo(clean_text(str(issue)), err=True)
        fail("there is nothing to work with; correct the file.", code=error.exit_code)
    except ReplanError as error:
        fail(str(error), code=error.exit_code)
    except OSError as error:
        fail(_refused_by_system(error), code=2)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        if os.getenv("REPLAN_DEBUG"):
            raise
        fail(
            f"replan met a fault of its own ({type(error).__name__}). Please report it;"
            " REPLAN_DEBUG=1 shows where.",
            code=2,
        )
    sys.exit(code or 0)


def _refused_by_system(error: OSError) -> str:
    """Say what the system refuses, and what to do; a file in the making is named by its folder."""
    path = Path(str(error.filename or ""))
    name = path.parent if path.name.startswith(".") else path
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return (
                "There is no room left on the disk. Nothing was written; make room, or name a file"
                " elsewhere."
            )
        case errno.EROFS:
            return f"{name} cannot be written to. Name a file in another folder."
        case errno.EACCES | errno.EPERM:
            return f"{name}: no right to read or write it. Check its rights, or name another."
        case errno.ENOENT:
            return f'"{path}" does not exist. Check the name.'
        case errno.EISDIR:
            return f"{name} is a folder. Name a file."
    return f"{error.filename or 'the output'}: {error.strerror or error}"


def _misused(error: Any) -> NoReturn:
    """Say what the words of the command line lack, in the language asked for, and stop."""
    if _language() == "en":
        error.show()
    else:
        from replan.cli.chinese import complain  # noqa: PLC0415 - few environments need it

        complain(error)
    sys.exit(error.exit_code)


def fail(message: str, *, code: int) -> NoReturn:
    """Print a message on stderr and stop with the code."""
    typer.echo(f"replan: {clean_text(_told(message))}", err=True)
    sys.exit(code)
