"""Where results go: data to stdout or, whole or not at all, to a file; messages to stderr."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from replan.cli.files import write_whole
from replan.cli.options import Format, FormatOption, LanguageOption, OutputOption
from replan.errors import Issue, UsageError
from replan.model.text import clean_text
from replan.present.blocks import Block, Tone
from replan.present.formats import to_csv, to_json, to_markdown
from replan.present.issues import issue_line
from replan.present.terminal import paint, to_text
from replan.present.words import Words, choose_language

__all__ = [
    "Page",
    "Printing",
    "Target",
    "choose_target",
    "deliver",
    "deliver_json",
    "report",
    "terminal_width",
    "wants_colour",
    "write_whole",
]
_SUFFIXES: dict[str, Format] = {
    ".json": "json",
    ".csv": "csv",
    ".md": "md",
    ".txt": "text",
    ".xlsx": "xlsx",
    ".html": "html",
    ".htm": "html",
    ".pdf": "pdf",
}
_OTHERS = (".xls", ".ods", ".docx", ".doc", ".ics")
_FOR_FILES = ("xlsx", "html", "pdf")
_PIPE_WIDTH = 80
_LEAST_WIDTH = 40


@dataclass(frozen=True, slots=True)
class Target:
    """How and where a command's result is to appear."""

    words: Words
    format: Format
    output: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Printing:
    """How a result is asked for: a group of options that every command takes that prints data."""

    format: FormatOption = None
    output: OutputOption = None
    lang: LanguageOption = None

    def target(self, source: str | None = None) -> Target:
        """Settle format, file and language as `choose_target` does."""
        return choose_target(self.format, self.output, self.lang, source=source)


@dataclass(frozen=True, slots=True)
class Page:
    """The ways to lay out one kind of result, each from its JSON form.

    `kind` (compare, show or check) finds the report, the workbook and the answer made for it;
    `explain` says what terms mean, below where they first appear.
    """

    blocks: Callable[[Mapping[str, Any], Words, int], Sequence[Block]]
    records: Callable[[Mapping[str, Any]], Sequence[Mapping[str, object]]]
    kind: str = ""
    explain: bool = False


def choose_target(
    form: Format | None, output: Path | None, lang: str | None, *, source: str | None = None
) -> Target:
    """Settle format, file and language; a file that is also the input is refused."""
    if output is not None and source is not None and _is_same(output, Path(source)):
        raise UsageError(f"{output} is the input. Name another file after -o.")
    suffix = output.suffix.lower() if output else ""
    if form is None and suffix in _OTHERS:
        raise UsageError(
            f"-o does not write {suffix} files."
            " End the name in .html, .pdf, .xlsx, .csv, .md, .json or .txt."
        )
    if form in _FOR_FILES and output is None and sys.stdout is not None and sys.stdout.isatty():
        raise UsageError(f"{form} is not for a terminal. Name a file: -o plans.{form}")
    words = Words(choose_language(lang, os.environ))
    return Target(words, form or _SUFFIXES.get(suffix, "table"), output)


def _is_same(first: Path, second: Path) -> bool:
    return first.exists() and second.exists() and first.samefile(second)


def deliver(data: Mapping[str, Any], page: Page, target: Target) -> None:
    """Print *data* in the wanted form where it is wanted."""
    content = _render(data, page, target)
    if target.format == "html" and isinstance(content, str):
        content = content.encode("utf-8", "backslashreplace")  # as the page says of itself
    _put(content, target.output)


def deliver_json(data: Mapping[str, Any], output: Path | None) -> None:
    """Print *data* as JSON where it is wanted."""
    _put(to_json(data), output)


def _put(content: str | bytes, output: Path | None) -> None:
    if output is not None:
        write_whole(output, content)
    elif isinstance(content, str):
        _print(content)
    elif sys.stdout is not None:
        sys.stdout.buffer.write(content)
        sys.stdout.flush()


def _render(data: Mapping[str, Any], page: Page, target: Target) -> str | bytes:
    """Print *data* in its form; what few runs need is imported where it is used."""
    match target.format:
        case "json":
            return to_json(data)
        case "csv":
            return to_csv(page.records(data))
        case "xlsx":
            from replan.present.xlsx import to_xlsx  # noqa: PLC0415 - see above

            return to_xlsx(data, target.words, kind=page.kind, records=page.records(data))
        case "pdf":
            return _on_paper(data, page, target)
        case _:
            return _lay_out(data, page, target)


def _on_paper(data: Mapping[str, Any], page: Page, target: Target) -> bytes:
    """Print the report of a kind of result, else what the terminal has."""
    from replan.present.pdf import Sheet, paper_of, to_pdf  # noqa: PLC0415 - see _render
    from replan.present.report import report_of  # noqa: PLC0415 - see _render

    report = report_of(data, target.words, kind=page.kind)
    blocks = report or page.blocks(data, target.words, _PIPE_WIDTH)
    sheet = Sheet(paper=paper_of(str(data.get("currency") or "")))
    return to_pdf(blocks, target.words, sheet=sheet)


def _lay_out(data: Mapping[str, Any], page: Page, target: Target) -> str:
    """Print what people read, from the blocks of the page."""
    width = terminal_width() if target.output is None else _PIPE_WIDTH
    blocks = page.blocks(data, target.words, width)
    if page.explain:
        from replan.present.explain import with_explanations  # noqa: PLC0415 - see _render

        blocks = list(with_explanations(blocks, target.words))
    match target.format:
        case "md":
            return to_markdown(blocks)
        case "text":
            from replan.present.answer import to_answer  # noqa: PLC0415 - see _render

            return to_answer(data, target.words, kind=page.kind, blocks=blocks)
        case "html":
            from replan.present.html import to_html  # noqa: PLC0415 - see _render

            return to_html(data, target.words, kind=page.kind, blocks=blocks)
        case _:
            colour = target.output is None and wants_colour(sys.stdout)
            return to_text(blocks, width=width, colour=colour)


def terminal_width() -> int:
    """Return the columns of the terminal, or 80 where stdout is none."""
    if sys.stdout is None or not sys.stdout.isatty():
        return _PIPE_WIDTH
    return max(_LEAST_WIDTH, shutil.get_terminal_size((_PIPE_WIDTH, 24)).columns)


def wants_colour(stream: Any) -> bool:
    """Tell whether *stream* is a terminal and nobody asked for no colour (no-color.org)."""
    dumb = os.environ.get("TERM") == "dumb"
    return stream is not None and stream.isatty() and not os.environ.get("NO_COLOR") and not dumb


def _print(text: str) -> None:
    """Print on stdout at once; what its encoding lacks is escaped, never a fault."""
    if sys.stdout is None:
        raise UsageError("There is no standard output to print on. Name a file after -o.")
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(_fit(text, encoding).encode(encoding, "backslashreplace").decode(encoding))
    sys.stdout.flush()


def report(issues: Iterable[Issue], words: Words) -> None:
    """Print *issues* on stderr, one line each."""
    colour = wants_colour(sys.stderr)
    for issue in issues:
        tone: Tone = "bad" if issue.severity == "error" else "strong"
        line = clean_text(issue_line(issue, words))
        typer.echo(paint(line, tone, colour=colour), err=True)


def _fit(text: str, encoding: str) -> str:
    """Draw charts with plain signs where *encoding* has no blocks."""
    try:
        "█─–".encode(encoding)
    except UnicodeEncodeError:
        from replan.present.chart import to_ascii  # noqa: PLC0415 - few terminals need it

        return to_ascii(text)
    return text
