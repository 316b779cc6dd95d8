"""The command line's frame: which commands there are, and what happens when one fails.

A command's module is imported when the command runs, so that `replan --help` stays cheap.
"""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup
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
    "stress": "Test plans: less income, a later return to work, higher rates.",
    "strategies": "List the strategies, or show one in full.",
    "schema": "Print the JSON Schema of a case or a plan.",
}


class LazyGroup(TyperGroup):
    """A group that knows each command's name and one line, and loads the command when it runs."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = {
            name: TyperCommand(name, help=line, rich_markup_mode=None)
            for name, line in COMMANDS.items()
        }

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """Return the name, the loaded command and the arguments left for it."""
        name, known, rest = super().resolve_command(ctx, args)
        return name, load_command(name) if name and known else known, rest


def load_command(name: str) -> Any:
    """Import the module of a command and wrap its function, which bears the same name."""
    module = import_module(f"replan.cli.{name}")
    single = typer.Typer(add_completion=False, rich_markup_mode=None)
    single.command(name)(getattr(module, name))
    return get_command(single)


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
) -> None:
    """Exact, explained repayment plans for people in financial hardship.

    Start with: replan demo
    """


def main() -> NoReturn:
    """Run the command line; the exit code is 0 done, 1 problems in the data, 2 wrong use."""
    # a short process: collecting while modules load, and looking for plug-ins of the validation
    # library in every installed package, would only cost time
    gc.set_threshold(100_000, 50, 50)
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    try:
        get_command(app)(prog_name="replan")
    except DataError as error:
        for issue in error.issues:
            typer.echo(clean_text(str(issue)), err=True)
        fail("there is nothing to work with; correct the file.", code=error.exit_code)
    except ReplanError as error:
        fail(str(error), code=error.exit_code)
    except OSError as error:
        fail(f"{error.filename or 'the output'}: {error.strerror or error}", code=2)
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
    sys.exit(0)


def fail(message: str, *, code: int) -> NoReturn:
    """Print a message on stderr and stop with the code."""
    typer.echo(f"replan: {clean_text(message)}", err=True)
    sys.exit(code)
