"""The pack of a proposal: which documents there are, for whom, and under which names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from replan.model.text import clean_text
from replan.present.blocks import Block
from replan.present.counsel import evidence_values, readme_values, script_values
from replan.present.figures import is_zero
from replan.present.formats import to_csv, to_markdown
from replan.present.html import page
from replan.present.ics import Event, to_ics
from replan.present.offer import lender_values
from replan.present.templates import Template, Value, fill, fill_lines, join
from replan.present.wording import money_text
from replan.present.words import Words, read_data

Record = Mapping[str, Any]
Form = Literal["md", "html", "pdf"]
FORMS: tuple[Form, ...] = ("md", "html", "pdf")
LONGEST_CHAT = 300
"""Characters that the forms and chats of lenders take."""
FOR_LENDER = ("letter", "offer", "schedule", "budget")
TEMPLATES = (*FOR_LENDER, "chat", "crm", "script", "evidence", "readme")
README = "README.md"
_SAFE = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
_TAKEN = frozenset({"counsellor", "con", "prn", "aux", "nul"})
_PORTS = re.compile(r"(com|lpt)[0-9]")
Templates = Mapping[str, Template]


@dataclass(frozen=True, slots=True)
class Paper:
    """One file of a pack: its place below the pack's folder, and its bytes."""

    path: str
    content: bytes


def shipped_templates(words: Words) -> dict[str, Template]:
    """Return the templates of a language that come with the program, by name."""
    return {
        name: Template(f"{name}.txt", read_data(f"templates/{words.language}/{name}.txt"))
        for name in TEMPLATES
    }


def papers(
    data: Record, words: Words, *, forms: Sequence[Form], templates: Templates
) -> Iterator[Paper]:
    """Yield every file of the pack on a proposal in its JSON form."""
    homes = folder_names([proposal["debt"] for proposal in data["proposals"]])
    maker = _Maker(words, tuple(forms), templates)
    yield maker.text(f"counsellor/{README}", _readme(data, homes, maker))
    yield from maker.documents("counsellor/evidence", "evidence", evidence_values(data, words))
    yield maker.text("counsellor/calendar.ics", calendar_of(data, words))
    for proposal in data["proposals"]:
        home = homes[proposal["debt"]]
        script = script_values(proposal, words)
        yield from maker.documents(f"counsellor/{home}-script", "script", script)
        yield from _for_lender(proposal["lender"], f"{home}/lender", maker)


def folder_names(debts: Sequence[str]) -> dict[str, str]:
    """Name each debt's folder: its id where that is plain, else debt-1, debt-2 by its place.

    >>> folder_names(["card", "Müller & Söhne", "con", "debt-4"])
    {'card': 'card', 'Müller & Söhne': 'debt-2', 'con': 'debt-3', 'debt-4': 'debt-4'}
    """
    return {debt: debt if _is_plain(debt, n) else f"debt-{n}" for n, debt in enumerate(debts, 1)}


def _is_plain(name: str, place: int) -> bool:
    """Tell whether an id is a folder's name on any system, and not the number of another debt."""
    numbered = re.fullmatch(r"debt-\d+", name) and name != f"debt-{place}"
    known = name in _TAKEN or _PORTS.fullmatch(name)
    return bool(_SAFE.fullmatch(name)) and not known and not numbered


@dataclass(frozen=True, slots=True)
class _Maker:
    """How documents of this pack are made."""

    words: Words
    forms: tuple[Form, ...]
    templates: Templates

    def blocks(self, name: str, values: Mapping[str, Value]) -> list[Block]:
        return fill(self.templates[name], values)

    def text(self, path: str, content: str) -> Paper:
        return Paper(path, content.encode("utf-8", "backslashreplace"))

    def documents(self, path: str, name: str, values: Mapping[str, Value]) -> Iterator[Paper]:
        """Yield one document in every form."""
        blocks = self.blocks(name, values)
        for form in self.forms:
            yield Paper(f"{path}.{form}", self._printed(blocks, form))

    def _printed(self, blocks: Sequence[Block], form: Form) -> bytes:
        if form == "pdf":
            from replan.present.pdf import to_pdf  # noqa: PLC0415 - few runs need it

            return to_pdf(blocks, self.words)
        text = to_markdown(blocks) if form == "md" else page(blocks, self.words)
        return text.encode("utf-8", "backslashreplace")


def _readme(data: Record, homes: Mapping[str, str], maker: _Maker) -> str:
    return to_markdown(maker.blocks("readme", readme_values(data, homes, maker.words)))


def _for_lender(lender: Record, home: str, maker: _Maker) -> Iterator[Paper]:
    values = lender_values(lender, maker.words)
    for name in FOR_LENDER:
        if name != "budget" or values["budget_table"]:
            yield from maker.documents(f"{home}/{name}", name, values)
    yield maker.text(f"{home}/chat.txt", chat_text(fill_lines(maker.templates["chat"], values)))
    note = fill_lines(maker.templates["crm"], values)
    yield maker.text(f"{home}/crm.txt", "".join(f"{clean_text(line)}\n" for line in note))
    yield maker.text(f"{home}/schedule.csv", to_csv(_schedule_records(lender)))


def chat_text(lines: Sequence[str]) -> str:
    """Join lines in their order as long as they fit 300 characters; none is ever cut.

    >>> chat_text(["One.", "x" * 300, "Two."])
    'One. Two.'
    """
    text = ""
    for line in lines:
        longer = join(text, clean_text(line))
        text = longer if len(longer) <= LONGEST_CHAT else text
    return text


def _schedule_records(lender: Record) -> list[dict[str, object]]:
    parts = ("payment", "principal", "interest", "penalty", "fees", "balance")
    kept = ("n", "due", "opening", *parts)
    return [{name: row[name] for name in kept} for row in lender["schedule"]]


def calendar_of(data: Record, words: Words) -> str:
    """Return the calendar of all proposals: answers due, payments, reviews, certificates."""
    events = [event for one in data["proposals"] for event in _events(one, words)]
    events.sort(key=lambda event: (event.day, event.uid))
    return to_ics(events, stamp=date.fromisoformat(data["as_of"]), name="replan")


def _events(proposal: Record, words: Words) -> Iterator[Event]:
    """Yield the days of one debt; a telephone's locked screen may show a title to anybody."""
    debt, lender = str(proposal["debt"]), proposal["lender"]

    def event(kind: str, day: str, title: str, note: str = "") -> Event:
        stamp = f"{lender['as_of']}-{debt}-{kind}-{day}@replan"
        return Event(date.fromisoformat(day), title, stamp, note)

    note = words("pack.answer_note")
    yield event("answer", lender["answer_by"], words("pack.answer", debt=debt), note)
    for row in lender["schedule"]:
        if not is_zero(row["payment"]):
            paid = money_text(row["payment"], lender["currency"], words)
            yield event("pay", row["due"], words("pack.pay", amount=paid, debt=debt))
    yield event("review", lender["review"], words("pack.review", debt=debt))
    yield event("done", lender["final_due"], words("pack.done", debt=debt))
