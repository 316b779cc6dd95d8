"""The pack of a proposal: which documents there are, for whom, and under which names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from typing import Any, Literal

from replan.model.text import clean_text
from replan.present.blocks import Block, Heading, Lines, table
from replan.present.counsel import evidence_values, readme_values, script_values
from replan.present.figures import is_zero
from replan.present.formats import to_csv, to_markdown
from replan.present.html import page
from replan.present.ics import Event, to_ics
from replan.present.offer import lender_values
from replan.present.templates import Template, Value, fill, fill_lines, join
from replan.present.wording import day_text, money_text
from replan.present.words import Words, read_data

Record = Mapping[str, Any]
Form = Literal["md", "html", "pdf"]
FORMS: tuple[Form, ...] = ("md", "html", "pdf")
_ONE_PAGE = ("/letter.pdf", "-script.pdf")
LONGEST_CHAT = 300
"""Characters that the forms and chats of lenders take."""
FOR_LENDER = ("letter", "offer", "schedule", "budget")
TEMPLATES = (*FOR_LENDER, "cover", "chat", "crm", "script", "evidence", "readme")
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
    data: Record,
    words: Words,
    *,
    forms: Sequence[Form],
    templates: Templates,
    bound: bool = False,
) -> Iterator[Paper]:
    """Yield every file of the pack on a proposal in its JSON form.

    *bound* makes one PDF for each reader, pack.pdf, in the place of one for each document: one in
    each lender's folder, one in the counsellor's, which shares nothing with them.
    """
    homes = folder_names([proposal["debt"] for proposal in data["proposals"]])
    single = tuple(form for form in forms if not (bound and form == "pdf"))
    maker = _Maker(words, single, templates, str(data["currency"]))
    yield from _for_counsellor(data, homes, maker, bound=bound)
    for proposal in data["proposals"]:
        home = f"{homes[proposal['debt']]}/lender"
        yield from _for_lender(proposal["lender"], home, maker, bound=bound)


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
    currency: str

    def blocks(self, name: str, values: Mapping[str, Value]) -> list[Block]:
        return fill(self.templates[name], values)

    def text(self, path: str, content: str) -> Paper:
        return Paper(path, content.encode("utf-8", "backslashreplace"))

    def documents(self, path: str, blocks: Sequence[Block], *, header: str = "") -> Iterator[Paper]:
        """Yield one document in every form."""
        for form in self.forms:
            if form == "pdf":
                yield self.pdf(f"{path}.pdf", blocks, header=header)
            else:
                text = to_markdown(blocks) if form == "md" else page(blocks, self.words)
                yield self.text(f"{path}.{form}", text)

    def pdf(
        self, path: str, blocks: Sequence[Block], *, header: str = "", contents: str = ""
    ) -> Paper:
        from replan.present.pdf import Sheet, paper_of, to_pdf  # noqa: PLC0415 - few runs need it

        one_page = path.endswith(_ONE_PAGE)
        sheet = Sheet(paper_of(self.currency), header, contents, one_page)
        return Paper(path, to_pdf(blocks, self.words, sheet=sheet))


def _for_counsellor(
    data: Record, homes: Mapping[str, str], maker: _Maker, *, bound: bool
) -> Iterator[Paper]:
    """Yield what no lender may read; the page to be read first is there as Markdown always."""
    words = maker.words
    readme = maker.blocks("readme", readme_values(data, homes, words))
    evidence = maker.blocks("evidence", evidence_values(data, words))
    scripts = {
        homes[proposal["debt"]]: maker.blocks("script", script_values(proposal, words))
        for proposal in data["proposals"]
    }
    yield maker.text(f"counsellor/{README}", to_markdown(readme))
    others = tuple(form for form in maker.forms if form != "md")
    yield from replace(maker, forms=others).documents("counsellor/README", readme)
    yield from maker.documents("counsellor/evidence", evidence)
    yield maker.text("counsellor/calendar.ics", calendar_of(data, words))
    for home, script in scripts.items():
        yield from maker.documents(f"counsellor/{home}-script", script)
    if bound:
        cover = (Heading(words("pack.own"), level=1), Lines((words("pack.counsellor"),)))
        all_scripts = chain.from_iterable(scripts.values())
        blocks: list[Block] = [*cover, *readme, *all_scripts, *evidence, *_days(data, words)]
        contents = words("pack.contents")
        header = words("pack.own_header")
        yield maker.pdf("counsellor/pack.pdf", blocks, header=header, contents=contents)


def _days(data: Record, words: Words) -> Iterator[Block]:
    """Lay out the calendar, with what the file for calendars has as notes."""
    yield Heading(words("pack.calendar"), level=1)
    heads = [words("offer.col_day_of"), words("pack.what")]
    rows = [
        [day_text(event.day.isoformat(), words), event.title] for event in events_of(data, words)
    ]
    yield table(heads, rows, keys=1)


def _for_lender(lender: Record, home: str, maker: _Maker, *, bound: bool) -> Iterator[Paper]:
    values = lender_values(lender, maker.words)
    kept = [name for name in FOR_LENDER if name != "budget" or values["budget_table"]]
    documents = {name: maker.blocks(name, values) for name in kept}
    header = maker.words("pack.header", account=values["account"], date=values["date"])
    for name, blocks in documents.items():
        yield from maker.documents(f"{home}/{name}", blocks, header=header)
    if bound:
        cover = maker.blocks("cover", values)
        blocks = [*cover, *chain.from_iterable(documents.values())]
        contents = maker.words("pack.contents")
        yield maker.pdf(f"{home}/pack.pdf", blocks, header=header, contents=contents)
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
    events = events_of(data, words)
    return to_ics(events, stamp=date.fromisoformat(data["as_of"]), name="replan")


def events_of(data: Record, words: Words) -> list[Event]:
    """List the days of all proposals in their order."""
    events = [event for one in data["proposals"] for event in _events(one, words)]
    return sorted(events, key=lambda event: (event.day, event.uid))


def _events(proposal: Record, words: Words) -> Iterator[Event]:
    """Yield the days of one debt; a telephone's locked screen may show a title to anybody."""
    debt, lender = str(proposal["debt"]), proposal["lender"]
    own = proposal["counsellor"]["calendar"]

    def event(kind: str, day: str, title: str, note: str = "") -> Event:
        return Event(date.fromisoformat(day), title, f"{own}-{kind}@replan.invalid", note)

    note = words("pack.answer_note")
    yield event("answer", lender["answer_by"], words("pack.answer", debt=debt), note)
    for row in lender["schedule"]:
        if not is_zero(row["payment"]):
            paid = money_text(row["payment"], lender["currency"], words)
            title = words("pack.pay", amount=paid, debt=debt)
            yield event(f"pay-{row['n']}", row["due"], title)
    yield event("review", lender["review"], words("pack.review", debt=debt))
    yield event("done", lender["final_due"], words("pack.done", debt=debt))
