"""Help in Chinese: the texts of commands and options from the table of words, laid out by width."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import typer
from rich.cells import cell_len
from typer._click import Context
from typer._click.exceptions import NoArgsIsHelpError
from typer._click.formatting import HelpFormatter

from replan.present.reword import reword
from replan.present.terminal import wrap
from replan.present.words import Words, load_catalogue

_WORDS = Words("zh")
_SPACING = 2
_VALUE = re.compile(r"Invalid value for ('[^:]+'): (.+)", re.DOTALL)
_NOTES = ("default", "required", "env var")


class ChineseFormatter(HelpFormatter):
    """Lays help out by display width, with the headings and notes of the frame in Chinese."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the usage line."""
        super().write_usage(prog, args, prefix or f"{say('Usage')}：")

    def write_heading(self, heading: str) -> None:
        """Write the heading of a part."""
        self.write(f"{'':>{self.current_indent}}{say(heading)}：\n")

    def write_text(self, text: str) -> None:
        """Write paragraphs."""
        for count, paragraph in enumerate(text.split("\n\n")):
            self.write("\n" if count else "")
            self._write_lines(say(" ".join(paragraph.split())), self.current_indent)

    def write_dl(
        self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = _SPACING
    ) -> None:
        """Write names and what they mean."""
        listed = list(rows)
        names = [cell_len(first) for first, _ in listed]
        column = min(max(names, default=0), col_max) + col_spacing
        for (first, second), width in zip(listed, names, strict=True):
            self.write(f"{'':>{self.current_indent}}{first}")
            if width > column - col_spacing:
                self.write("\n")
                width = -self.current_indent  # noqa: PLW2901 - the name has a line of its own
            lines = wrap(_meaning(second), self.width - self.current_indent - column)
            self.write(" " * (column - width) + lines[0] + "\n")
            for line in lines[1:]:
                self.write(" " * (self.current_indent + column) + line + "\n")

    def _write_lines(self, text: str, indent: int) -> None:
        for line in wrap(text, self.width - indent):
            self.write(" " * indent + line + "\n")


class ChineseContext(Context):
    """A context whose help is in Chinese."""

    formatter_class = ChineseFormatter


def say(text: str) -> str:
    """Return a text of the frame or of a command in Chinese; one without an entry stays."""
    return _WORDS.term("help", text)


def _meaning(text: str) -> str:
    """Translate what an option means, and the notes in brackets after it."""
    body, bracket, notes = text.partition("  [")
    if not bracket:
        return say(body)
    for note in _NOTES:
        notes = notes.replace(note, say(note))
    return f"{say(body)}  [{notes}"


def into_chinese(command: Any) -> Any:
    """Let a loaded command, or the group of them, speak Chinese in its help."""
    command.context_class = ChineseContext
    for stub in getattr(command, "commands", {}).values():
        stub.help = say(stub.help)
    return command


def complain(error: Any) -> None:
    """Print on stderr how a command is used, and what is wrong with its words."""
    said, context = error.format_message(), getattr(error, "ctx", None)
    if isinstance(error, NoArgsIsHelpError):
        typer.echo(said, err=True)
        return
    if context is not None:
        asked = f"{context.command_path} {context.help_option_names[0]}"
        typer.echo(f"{context.get_usage()}\n{say('Help')}：{asked}\n", err=True)
    typer.echo(f"{say('Error')}：{_told(said)}", err=True)


def _told(said: str) -> str:
    """Tell a message; what is wrong with a value is told by itself, behind the option's names."""
    found = _VALUE.fullmatch(said)
    about = reword(found[2], _WORDS) if found else None
    if found is None or about is None:
        return reword(said, _WORDS) or said
    template = load_catalogue("zh")["detail.Invalid value for '{a}': {b}"]
    return template.format(a=found[1].replace("'", ""), b=about)


def untold(command: Any) -> Mapping[str, str]:
    """Return the texts of a command that have no Chinese entry, by what they describe."""
    texts = {param.name: param.help for param in command.params}
    texts |= {f"paragraph {n}": t for n, t in enumerate(paragraphs(command.help or ""))}
    return {name: text for name, text in texts.items() if say(text or "") == text}


def paragraphs(text: str) -> list[str]:
    """Split a help text into its paragraphs, each as one line."""
    return [" ".join(paragraph.split()) for paragraph in text.split("\n\n")]
