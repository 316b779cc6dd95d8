"""The casebook's commands, as a counsellor uses them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from icalendar import Calendar
from rich.cells import cell_len

from cli.run import FAMILY, ROOT, run
from replan.cli.track import TRACK

CARD = str(ROOT / "examples" / "card-92-days.json")
DAY = ("--today", "2027-03-01")
PLAN = "waive penalty=100% when=on-time:3 + split 24"


class Book:
    """A casebook of a test, told what to do on which day."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *args: str) -> subprocess.CompletedProcess[str]:
        """Run `replan track` with this casebook."""
        return run("track", *args, cwd=self.folder, REPLAN_BOOK=str(self.folder / "book"))

    def agree(self, case: str = CARD, plan: str = PLAN, client: str = "Ana", *more: str) -> str:
        """Record a plan and return what is printed."""
        return self("agree", case, "--plan", plan, "--client", client, *more).stdout


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """Return a casebook that does not exist yet."""
    return Book(tmp_path)


@pytest.fixture(scope="module")
def agreed(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """Return a casebook with one agreement that no test changes."""
    found = Book(tmp_path_factory.mktemp("agreed"))
    found.agree()
    return found


def test_a_story(book: Book, tmp_path: Path) -> None:
    """Agreed, three payments, one missed: status, reminder, and a new case to compare."""
    book.agree(CARD, PLAN, "Ana", "--confirmed", "letter", "--on", "2026-11-22")
    for day in ("2026-12-10", "2027-01-10", "2027-02-10"):
        book("pay", "1", "2252.71", "--on", day, "--today", day)
    status = book("status", "Ana", "--today", "2027-03-15").stdout
    reminded = book("remind", "Ana", "--today", "2027-03-15").stdout
    made = book("replan", "1", "--on", "2027-03-15", "-o", "new.json")
    compared = run("compare", str(tmp_path / "new.json"), "--plan", "split 36", "--format", "json")

    assert "2,310.21 after 3 payments on time: kept" in status
    assert "4  2027-03-10  2,252.71         –  2,252.71  –           missed" in status
    assert "Overdue: 2,252.71, since 2027-03-10." in status
    assert "has been due since 2027-03-10" in reminded
    assert "replan compare new.json" in made.stderr
    assert ["contract", "unpaid", "split 36"] == [
        plan["plan"] for plan in json.loads(compared.stdout)["plans"]
    ]
    new = json.loads((tmp_path / "new.json").read_text(encoding="utf-8"))["debts"][0]
    assert "0.00" == new["penalty"]
    assert 5 == new["days_past_due"]


def test_without_confirmation_there_is_a_warning(book: Book) -> None:
    """Do not pay before there is something in writing or on a recording."""
    assert "Do not pay before it is confirmed" in book.agree()
    assert "请勿付款" in book("status", "Ana", "--lang", "zh").stdout


def test_the_document_is_kept_by_its_digest(book: Book, tmp_path: Path) -> None:
    """SHA-256 of "abc", FIPS 180-2, appendix B.1."""
    (tmp_path / "letter.pdf").write_bytes(b"abc")
    book.agree(CARD, PLAN, "Ana", "--document", "letter.pdf", "--confirmed", "letter")
    [found] = json.loads(book("status", "Ana", "--format", "json").stdout)["agreements"]

    assert "letter.pdf" == found["document"]
    assert "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" == found["sha256"]


def test_a_statement_is_read_twice(book: Book, tmp_path: Path) -> None:
    """The second time nothing is new; what names no agreement is listed."""
    book.agree()
    lines = "date,amount,description\n2026-11-25,100,海川银行信用卡中心 还款\n2026-11-26,30,shop\n"
    (tmp_path / "bank.csv").write_text(lines, encoding="utf-8")
    first, second = (book("pay", "--bank", "bank.csv").stdout for _ in range(2))

    assert "New payments: 1; known already: 0" in first
    assert "New payments: 0; known already: 1" in second
    assert "names none" in second
    assert "shop" in second


def test_a_payment_that_came_back_is_pointed_out(book: Book, tmp_path: Path) -> None:
    """With what takes it back, because the statement alone does not say why money came in."""
    book.agree()
    lines = "date,description,debit,credit\n2026-11-25,海川银行信用卡中心,100.00,\n"
    lines += "2026-11-26,UNPAID 海川银行信用卡中心,,100.00\n"
    (tmp_path / "bank.csv").write_text(lines, encoding="utf-8")
    told = book("pay", "--bank", "bank.csv").stdout

    assert "did a payment come back?" in told
    assert "Line 3: if it did, take it back: replan track pay 1 --remove 1" in told


def test_the_only_zone_of_a_country_need_not_be_named(book: Book) -> None:
    """Half past ten at night in China is told as what it is; in the US it could be any hour."""
    book.agree()
    said = book("contact", "Ana", "--at", "2026-11-20 22:30").stdout
    abroad = book("contact", "Ana", "--at", "2026-11-20 22:30", "--jurisdiction", "US").stdout

    assert "22:30 is outside 08:00–22:00" in said
    assert "+08:00" in said
    assert "--zone" in abroad


def test_days_that_cannot_be_are_refused(book: Book) -> None:
    """Payments from before the balances are in them; nothing is agreed tomorrow."""
    book.agree()
    early = book("pay", "1", "100", "--on", "2026-11-20", *DAY)
    ahead = book("agree", CARD, "--plan", PLAN, "--client", "B", "--on", "2027-03-02", *DAY)

    assert (2, 2) == (early.returncode, ahead.returncode)
    assert "counts from 2026-11-21" in early.stderr
    assert "The agreement lies ahead." in ahead.stderr


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_screens_fit_80_columns(lang: str, book: Book) -> None:
    """Of a household with three creditors, in both languages."""
    book.agree(FAMILY, "defer 2 + split 12", "Family Li")
    book(
        "contact", "Family Li", "--at", "2026-11-20 22:30", "--zone", "+08:00", "--said", "x " * 60
    )
    book("offer", "Family Li", "split 36", "--side", "theirs", "--answer", "no " * 50)
    pages = [("status", *DAY), ("status", "Family Li", *DAY), ("due", *DAY)]
    pages += [("remind", *DAY), ("history", "Family Li")]
    for page in pages:
        shown = book(*page, "--lang", lang)
        assert [] == [line for line in shown.stdout.splitlines() if cell_len(line) > 80]
        assert 0 == shown.returncode


@pytest.mark.parametrize(
    ("page", "form"),
    [("status", "md"), ("status", "csv"), ("due", "csv"), ("remind", "json"), ("history", "csv")],
)
def test_pages_have_the_forms_of_the_other_commands(page: str, form: str, agreed: Book) -> None:
    """For other programs, for a report."""
    named = ["Ana"] if page == "history" else []

    assert "card-a" in agreed(page, *named, *(() if named else DAY), "--format", form).stdout


def test_the_calendar_is_of_one_client(book: Book, tmp_path: Path) -> None:
    """With several the name is asked for; it holds all dates to come."""
    book.agree()
    book.agree(client="Ben")
    refused = book("remind", "--calendar", "all.ics")
    book("remind", "Ben", "--calendar", "ben.ics", "--today", "2026-11-22")
    events = Calendar.from_ical((tmp_path / "ben.ics").read_bytes()).walk("VEVENT")

    assert 2 == refused.returncode
    assert "of one client" in refused.stderr
    assert 24 == len(events)


def test_the_counsellors_calendar_is_of_all_clients(book: Book, tmp_path: Path) -> None:
    """It names them, with uids apart from those in a client's calendar, which stay the same."""
    book.agree()
    book.agree(client="Ben")
    book("due", "--calendar", "all.ics", "--today", "2026-11-22")
    book("remind", "Ben", "--calendar", "ben.ics", "--today", "2026-11-23")
    every, own = (
        Calendar.from_ical((tmp_path / name).read_bytes()).walk("VEVENT")
        for name in ("all.ics", "ben.ics")
    )
    uids = {str(event["UID"]) for event in every}

    assert 48 == len(uids)
    assert {"Ana", "Ben"} == {str(event["SUMMARY"]).split(":")[0] for event in every}
    assert {f"all-{event['UID']}" for event in own} < uids


def test_a_client_made_by_an_entry_is_pointed_out(book: Book) -> None:
    """It may be a slip of the pen; the next entry finds the client."""
    told = [book("offer", name, "split 3", "--side", "ours") for name in ("Ana", "ana")]
    met = book("contact", "Anna", "--at", "2026-11-20 09:00")

    assert "Ana is a new client" in told[0].stderr
    assert "" == told[1].stderr
    assert "History of Ana" in told[1].stdout
    assert "Anna is a new client" in met.stderr


def test_no_calendar_is_written_where_nothing_is_to_come(book: Book, tmp_path: Path) -> None:
    """A calendar without an event is none by the standard; the page says why there is no file."""
    book.agree()
    done = book("due", "--calendar", "none.ics", "--today", "2035-01-01")

    assert 0 == done.returncode
    assert "no calendar was written" in done.stderr
    assert not (tmp_path / "none.ics").exists()


def test_a_client_is_forgotten(book: Book, tmp_path: Path) -> None:
    """Not without a word that it is meant; an export made before brings everything back."""
    book.agree()
    book("export", "-o", "all.json")
    book("backup", "copy")
    refused = book("forget", "Ana")
    done = book("forget", "Ana", "--yes")
    gone = book("status", "Ana")
    book("import", "all.json")

    assert [2, 0, 2] == [refused.returncode, done.returncode, gone.returncode]
    assert "yours to delete" in done.stderr
    assert "Agreement 2" in book("status", "Ana").stdout
    assert (tmp_path / "copy").exists()


@pytest.mark.parametrize(
    "args",
    [
        ("pay", "7", "100"),
        ("pay", "1", "1OO"),
        ("pay", "1", "100", "--on", "2199-01-01"),
        ("status", "Zed"),
        ("contact", "Ana", "--at", "2026-11-20"),
        ("contact", "Ana", "--at", "2026-11-20 22:30", "--zone", "Moon/Base"),
        ("due", "--within", "soon"),
        ("import", CARD),
        ("replan", "1", "--on", "2020-01-01"),
    ],
)
def test_wrong_use_is_said_without_names(args: tuple[str, ...], agreed: Book) -> None:
    """In one message, in the language asked for, with exit code 2 and no personal data."""
    done = agreed(*args, "--lang", "zh")

    assert 2 == done.returncode
    assert "Traceback" not in done.stderr
    assert not any(name in done.stderr for name in ("Ana", "Zed", "海川"))


@pytest.mark.parametrize("page", [("due", "--within", "40d", *DAY), ("export",)])
def test_a_client_is_named_in_one_way(page: tuple[str, ...], agreed: Book) -> None:
    """As an argument, as everywhere; the option of old still holds."""
    named = [agreed(page[0], *who, *page[1:]) for who in (["Ana"], ["--client", "Ana"])]
    two = agreed(page[0], "Ana", "--client", "Bo", *page[1:])

    assert (0, 0, 2) == (named[0].returncode, named[1].returncode, two.returncode)
    assert named[0].stdout == named[1].stdout != ""
    assert "Two clients are named" in two.stderr


def test_an_amount_below_zero_is_a_value_not_an_option(agreed: Book) -> None:
    """What came back is taken back; a minus is never an unknown option."""
    told = agreed("pay", "1", "-64.94").stderr
    translated = agreed("pay", "1", "-64.94", "--lang", "zh").stderr

    assert "AMOUNT: -64.94 is below zero. Write a payment as 64.94" in told
    assert "AMOUNT：-64.94 小于零。还款请写成 64.94" in translated


def test_help_lists_every_command() -> None:
    """The group's commands are loaded when they run."""
    shown = run("track", "--help").stdout

    assert all(f"  {name} " in shown and line in shown for name, line in TRACK.items())


@pytest.mark.parametrize("command", ["status --agreement", "replan"])
def test_a_number_beyond_all_is_no_fault(command: str, book: Book) -> None:
    """It is wrong use, and nothing has it."""
    told = book(*command.split(), "9" * 20)

    assert 2 == told.returncode
    assert "nothing of that number" in told.stderr
