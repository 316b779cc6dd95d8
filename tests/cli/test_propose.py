"""`replan propose`: the pack as files, for whom they are, and what they never hold."""

from __future__ import annotations

import csv
import json
import re
import stat
from decimal import Decimal
from pathlib import Path

import pytest
from icalendar import Calendar
from pypdf import PdfReader

from cli.proposals import CASE, HIDDEN, PLAN, SECRETS, propose, text_of
from cli.run import FAMILY, run


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a pack in each language, all formats."""
    root = tmp_path_factory.mktemp("propose")
    (root / "case.json").write_text(json.dumps(CASE), encoding="utf-8")
    for lang in ("en", "zh"):
        args = ["--plan", PLAN, "--lang", lang]
        done = run("propose", "case.json", *args, "-o", lang, "--formats", "md,html,pdf", cwd=root)
        assert 0 == done.returncode, done.stderr
        done = run("propose", "case.json", *args, "-o", f"{lang}-one", "--one", cwd=root)
        assert 0 == done.returncode, done.stderr
    return root


def lender_files(packs: Path, lang: str, debt: str = "card") -> list[Path]:
    """List what goes to the lender of a debt."""
    return sorted((packs / lang / debt / "lender").iterdir())


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_pack_is_complete(packs: Path, lang: str) -> None:
    """Each lender gets the same documents; an id with capitals makes no folder's name."""
    names = {path.name for path in lender_files(packs, lang)}
    documents = {f"{n}.{f}" for n in ("letter", "offer", "schedule", "budget") for f in FORMS}
    own = {path.name for path in (packs / lang / "counsellor").iterdir()}

    assert documents | {"chat.txt", "crm.txt", "schedule.csv"} == names
    assert names == {path.name for path in lender_files(packs, lang, "debt-2")}
    assert {"README.md", "calendar.ics", "evidence.md", "card-script.html"} <= own
    assert "debt-2-script.pdf" in own


FORMS = ("md", "html", "pdf")


@pytest.mark.parametrize("lang", ["en-one", "zh-one"])
def test_one_file_for_each_reader(packs: Path, lang: str) -> None:
    """Each has its documents as bookmarks, the end of the account on each page, pages counted."""
    pdfs = sorted(str(path.relative_to(packs / lang)) for path in (packs / lang).rglob("*.pdf"))
    bound = PdfReader(packs / lang / "card/lender/pack.pdf")
    titles = [str(entry["/Title"]) for entry in bound.outline if isinstance(entry, dict)]
    pages = [page.extract_text() for page in bound.pages]

    assert ["card/lender/pack.pdf", "counsellor/pack.pdf", "debt-2/lender/pack.pdf"] == pdfs
    assert 5 == len(titles)
    assert all("2345" in page and f"{n} / {len(pages)}" in page for n, page in enumerate(pages, 1))


@pytest.mark.parametrize("lang", ["en-one", "zh-one"])
def test_counsellors_file_has_what_lenders_never_read(packs: Path, lang: str) -> None:
    """The present value, every debt and every script stand in it, under a warning on each page."""
    pages = [page.extract_text() for page in PdfReader(packs / lang / "counsellor/pack.pdf").pages]
    said = "".join(pages)

    assert all(part in said for part in ("Qother", "card", "Qevidence"))
    assert re.search("NPV loss|现值损失", said)
    assert all(re.search("goes to no lender|不得交给债权人", page) for page in pages)


@pytest.mark.parametrize("lang", ["en", "zh", "en-one", "zh-one"])
def test_lender_never_reads_what_is_not_for_it(packs: Path, lang: str) -> None:
    """No planted secret, no account, no other debt in any file, its properties or its name."""
    for path in lender_files(packs, lang):
        said = f"{path.relative_to(packs / lang)} {text_of(path)}"
        hidden = re.findall(f"{HIDDEN}|622202|split 24|NPV|现值", said)
        assert [] == hidden, path


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_lender_reads_who_writes_and_which_account(packs: Path, lang: str) -> None:
    """The borrower's name, the creditor's, the end of the account number."""
    letter = (packs / lang / "card/lender/letter.md").read_text(encoding="utf-8")
    html = (packs / lang / "card/lender/letter.html").read_text(encoding="utf-8")

    assert all(part in letter for part in ("Ann Example", "2345", "2026"))
    assert "Harbour &lt;b&gt;Bank&lt;/b&gt; #1" in html
    assert "<script" not in html


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_figures_of_all_documents_are_those_of_the_plan(packs: Path, lang: str) -> None:
    """The total of the schedule's file stands in letter, offer, chat and note alike."""
    home = packs / lang / "card/lender"
    rows = list(csv.DictReader((home / "schedule.csv").read_text(encoding="utf-8").splitlines()))
    total = sum(Decimal(row["payment"]) for row in rows)

    assert total == sum(Decimal(row[p]) for row in rows for p in PARTS)
    for name in ("letter.md", "letter.pdf", "offer.html", "offer.pdf", "chat.txt", "crm.txt"):
        assert f"{total:,}" in text_of(home / name), name


def sums_of(text: str) -> list[tuple[str, Decimal, Decimal]]:
    """Add up each column of numbers in the Markdown tables that end with a total."""
    found = []
    for rows in re.findall(r"(?:^\|.*\|\n)+", text, re.MULTILINE):
        cells = [
            [cell.strip() for cell in row.strip("|\n").split("|")] for row in rows.splitlines()
        ]
        total = next((n for n, row in enumerate(cells) if row[0] in TOTALS or row[1] in TOTALS), 0)
        for column, printed in enumerate(cells[total]):
            if total and re.fullmatch(r"-?[\d,]+\.\d\d", printed):
                parts = [row[column] for row in cells[2:total]]
                listed = [amount_of(part) for part in parts if re.search(r"\d", part)]
                found.append((cells[0][column], amount_of(printed), sum(listed, Decimal(0))))
    return found


def amount_of(text: str) -> Decimal:
    """Read an amount with separators."""
    return Decimal(text.replace(",", ""))


TOTALS = {"Total", "合计"}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_tables_add_up_as_they_are_printed(packs: Path, lang: str) -> None:
    """Whoever re-adds a column with a pencil comes to the total beneath it."""
    checked = 0
    for path in (packs / lang).glob("*/lender/*.md"):
        for head, printed, added in sums_of(path.read_text(encoding="utf-8")):
            assert printed == added, (path, head)
            checked += 1

    assert 20 < checked


PARTS = ("principal", "interest", "penalty", "fees")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_letter_is_one_page_and_chat_is_short(packs: Path, lang: str) -> None:
    """A clerk reads one page; a form takes 300 characters."""
    assert 1 == len(PdfReader(packs / lang / "card/lender/letter.pdf").pages)
    assert 1 == len(PdfReader(packs / lang / "counsellor/card-script.pdf").pages)
    for debt in ("card", "debt-2"):
        chat = (packs / lang / debt / "lender/chat.txt").read_text(encoding="utf-8")
        assert 60 < len(chat) <= 300


def test_card_offer_checks_off_the_six_items_of_article_70(packs: Path) -> None:
    """Each of the six has its line with what this offer states; a loan's offer has none."""
    card, loan = (
        (packs / "zh" / debt / "lender/offer.md").read_text(encoding="utf-8")
        for debt in ("card", "debt-2")
    )

    assert 6 == card.count("☑")
    assert "不申请任何银行的信用卡" in card
    assert "第七十条" not in loan


def test_pdf_names_nobody_and_no_day_and_is_the_same_again(packs: Path, tmp_path: Path) -> None:
    """Its properties hold the title; another run gives the same bytes."""
    path = packs / "en" / "card/lender/letter.pdf"
    propose(tmp_path, "--formats", "pdf", "--lang", "en")

    assert {"/Title", "/Creator"} == set(PdfReader(path).metadata or {})
    assert path.read_bytes() == (tmp_path / "out/card/lender/letter.pdf").read_bytes()


def test_calendar_has_every_payment_with_alarms(packs: Path) -> None:
    """Payments, answers due, reviews and certificates, in the counsellor's folder only."""
    text = (packs / "en/counsellor/calendar.ics").read_text(encoding="utf-8")
    events = Calendar.from_ical(text).events
    titles = [str(event["SUMMARY"]) for event in events]

    assert 24 + 12 == sum(title.startswith("Pay ") for title in titles)
    assert len(events) == len({str(event["UID"]) for event in events})
    assert all(event.walk("VALARM") for event in events)
    assert [] == list((packs / "en").glob("*/lender/*.ics"))


def test_calendar_of_a_later_day_has_the_same_events(packs: Path, tmp_path: Path) -> None:
    """A pack made again a day later replaces its events in a calendar, and adds none."""
    later = {**CASE, "as_of": "2026-11-22"}
    (tmp_path / "case.json").write_text(json.dumps(later), encoding="utf-8")
    assert 0 == run("propose", "case.json", "--plan", PLAN, "-o", "out", cwd=tmp_path).returncode
    before, after = (
        {str(event["UID"]) for event in Calendar.from_ical(path.read_text("utf-8")).events}
        for path in (
            packs / "en/counsellor/calendar.ics",
            tmp_path / "out/counsellor/calendar.ics",
        )
    )

    assert before == after


def test_counsellor_reads_warnings_first(packs: Path) -> None:
    """The first part of the first page is what must be known; the lender's loss stands there."""
    page = (packs / "en/counsellor/README.md").read_text(encoding="utf-8")

    assert page.index("Before anything is sent") < page.index("Pay nothing before") < 2000
    assert "NPV loss" in page
    assert SECRETS["evidence"] in (packs / "en/counsellor/evidence.md").read_text(encoding="utf-8")


def test_only_the_owner_reads_the_pack(packs: Path) -> None:
    """Folders have mode 0700, files 0600, and nothing is left beside them."""
    modes = {
        (path.is_dir(), stat.S_IMODE(path.stat().st_mode))
        for path in [packs / "en", *(packs / "en").rglob("*")]
    }

    assert {(True, 0o700), (False, 0o600)} == modes
    made = {"en", "zh", "en-one", "zh-one"}
    assert {"case.json", *made} == {path.name for path in packs.iterdir()}


def test_folder_with_other_things_is_refused(tmp_path: Path) -> None:
    """A pack takes an empty folder or a former pack's place, and never another file's."""
    out = tmp_path / "out"
    out.mkdir()
    assert 0 == propose(tmp_path)[0]
    assert "--replace" in propose(tmp_path)[1]
    (out / "card/mine.txt").write_text("mine")
    code, said = propose(tmp_path, "--replace")
    (out / "card/mine.txt").unlink()

    assert 2 == code
    assert "card/mine.txt" in said
    assert 0 == propose(tmp_path, "--replace", "--debt", "card")[0]
    assert not (out / "debt-2").exists()
    assert {"case.json", "out"} == {path.name for path in tmp_path.iterdir()}


def test_changed_letter_is_never_replaced(tmp_path: Path) -> None:
    """What a counsellor has written into a letter outlives another run."""
    assert 0 == propose(tmp_path)[0]
    letter = tmp_path / "out/card/lender/letter.md"
    letter.write_text("by hand", encoding="utf-8")
    code, said = propose(tmp_path, "--replace")

    assert 2 == code
    assert "card/lender/letter.md, which replan did not write so" in said
    assert "by hand" == letter.read_text(encoding="utf-8")


def test_nothing_is_written_where_something_fails(tmp_path: Path) -> None:
    """A template with an unknown place is named with what there is, and no folder appears."""
    own = tmp_path / "own"
    own.mkdir()
    (own / "offer.txt").write_text("# Offer\n{x_y_z}", encoding="utf-8")
    code, said = propose(tmp_path, "--templates", str(own))

    assert 2 == code
    assert re.search(r"own/offer.txt:2: there is no {x_y_z}\. There is: .*total", said)
    assert {"case.json", "own"} == {path.name for path in tmp_path.iterdir()}


def test_old_debt_writes_nothing_until_it_was_checked(tmp_path: Path) -> None:
    """The message says what to do, the reason stands on the counsellor's first page."""
    old = {**CASE["debts"][0], "days_past_due": 0, "contract_date": "2010-01-01"}
    del old["last_payment"]
    case = {**CASE, "debts": [old, CASE["debts"][1]]}
    code, said = propose(tmp_path, case=case)
    assert 2 == code
    assert "--limitation-checked" in said
    assert not (tmp_path / "out").exists()

    code, said = propose(tmp_path, "--limitation-checked", "judgment of 2025", case=case)
    page = (tmp_path / "out/counsellor/README.md").read_text(encoding="utf-8")
    assert 0 == code
    assert "judgment of 2025" in page
    assert "limitation period may have ended" in said
    for name in ("letter.md", "offer.md", "schedule.md", "chat.txt", "crm.txt"):
        assert "acknowledg" in text_of(tmp_path / "out/card/lender" / name)


def test_redacted_pack_names_nobody(tmp_path: Path) -> None:
    """With --redact the borrower and the creditor go too, and folders are numbered."""
    assert 0 == propose(tmp_path, "--redact")[0]
    files = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    said = " ".join(f"{path} {text_of(path)}" for path in files)

    assert [] == re.findall(f"Ann Example|Harbour|{HIDDEN}", said.replace(str(tmp_path), ""))
    assert (tmp_path / "out/debt-1/lender/letter.md").exists()


def test_family_asks_with_the_plan_of_a_solution(tmp_path: Path) -> None:
    """What `solve` wrote becomes letters: the family's plan fits, and every creditor has a pack."""
    pytest.importorskip("highspy", reason="highspy is not installed")
    solved = tmp_path / "solution.json"
    run("solve", FAMILY, "-o", str(solved))
    out = tmp_path / "pack"
    done = run("propose", FAMILY, "--solution", str(solved), "-o", str(out), "--lang", "zh")
    letter = (out / "card/lender/letter.md").read_text(encoding="utf-8")

    assert 0 == done.returncode
    assert letter.startswith("# 协商还款申请函")
    assert "个性化分期还款协议" in letter
    assert "停息挂账" not in letter
    assert "滞纳金" not in letter


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--formats", "docx", "-o", "x"], "md, html or pdf"),
        (["-o", "no/where"], "there is no folder"),
        (["-o", "case.json"], "is a file"),
        (["--templates", "none", "-o", "x"], "is no folder"),
        (["--debt", "nobody", "-o", "x"], "has no debt"),
    ],
)
def test_wrong_use_is_told(tmp_path: Path, args: list[str], said: str) -> None:
    """What is wrong and what there is; nothing is written."""
    places = [str(tmp_path / arg) if arg in PLACES else arg for arg in args]
    code, found = propose(tmp_path, *places)

    assert 2 == code
    assert said in found
    assert ["case.json"] == [path.name for path in tmp_path.iterdir()]


PLACES = {"no/where", "case.json", "x", "none"}
