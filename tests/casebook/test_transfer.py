"""A casebook as JSON and back: everything, and nothing twice."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from casebook.samples import NOW, book_with, paid
from replan.casebook.conduct import Contact
from replan.casebook.log import Offer, history_of, record_contact, record_offer
from replan.casebook.payments import remove_payment
from replan.casebook.store import open_book, writing
from replan.casebook.transfer import KINDS, export_book, import_book
from replan.errors import UsageError


@pytest.fixture
def exported(tmp_path: Path) -> dict[str, Any]:
    """Export a book with one of everything for Ana, and an agreement of Ben."""
    plan = "waive penalty=100% when=on-time:2 + split 4"
    with book_with(tmp_path, plan, client="Ana") as (book, [found]):
        paid(book, found, ("2026-12-10", 100), ("2026-12-10", 100))
        with writing(book):
            met = Contact(at=datetime(2026, 11, 20, 9, tzinfo=UTC), said="x")
            record_contact(book, "Ana", met, zone="UTC", now=NOW)
            offer = Offer(made_on=date(2026, 11, 19), side="ours", terms="split 4")
            record_offer(book, "Ana", offer, now=NOW)
    with book_with(tmp_path, "split 6", client="Ben") as (book, _):
        data = json.loads(json.dumps(export_book(book)))
    return dict(data)


def test_what_was_exported_is_imported_once(exported: dict[str, Any], tmp_path: Path) -> None:
    """All of it, then nothing more; an export of the copy is the same."""
    with open_book(tmp_path / "copy") as book, writing(book):
        first = import_book(book, exported)
        second = import_book(book, exported)
    with open_book(tmp_path / "copy") as book:
        again = export_book(book)

    assert {name: len(exported[name]) for name in KINDS} == first
    assert {0} == set(second.values())
    assert exported == again


def test_one_client_alone(exported: dict[str, Any], tmp_path: Path) -> None:
    """Nothing of another is in it."""
    with open_book(tmp_path / "book.sqlite3") as book:
        ben = export_book(book, "Ben")

    assert [1, 1, 0, 0] == [len(ben[n]) for n in ("clients", "agreements", "payments", "offers")]
    assert "Ana" not in json.dumps(ben)
    assert 2 == len(exported["clients"])


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data.pop("casebook"),
        lambda data: data.update(casebook=99),
        lambda data: data.update(payments="x"),
        lambda data: data["payments"][0].update(amount=1.5),
        lambda data: data["payments"][0].update(amount=-1),
        lambda data: data["payments"][0].update(amount="x"),
        lambda data: data["payments"][0].update(agreement="nobody"),
        lambda data: data["payments"][0].update(paid_on="2026-02-31"),
        lambda data: data["payments"][0].pop("reference"),
        lambda data: data["agreements"][0].update(evil="1"),
        lambda data: data["agreements"][0].update(asks="["),
        lambda data: data["agreements"][0].update(creditor="\x1b[31m"),
        lambda data: data["agreements"][0].update(creditor="x" * 501),
        lambda data: data["agreements"][0].update(allocation='["fees"]'),
        lambda data: data["agreements"][0].update(currency="JPY"),
        lambda data: data["agreements"][0].update(as_of="20261121"),
        lambda data: data["agreements"][0].update(debt="other"),
        lambda data: data["agreements"][0].update(client=data["clients"][1]["uid"]),
        lambda data: data["cases"][0].update(content='{"debts": []}'),
        lambda data: data["clients"][0].update(name=" x\n"),
        lambda data: data["instalments"][0].update(principal_left=2**62),
        lambda data: data["instalments"].pop(0),
        lambda data: data["instalments"][1].update(due="2030-01-01"),
        lambda data: data["instalments"].clear(),
        lambda data: data["contacts"][0].update(at="2026-11-20"),
    ],
)
def test_a_damaged_export_adds_nothing(
    spoil: Any, exported: dict[str, Any], tmp_path: Path
) -> None:
    """Whatever is wrong with it."""
    spoil(exported)
    with pytest.raises(UsageError), open_book(tmp_path / "copy") as book, writing(book):
        import_book(book, exported)
    with open_book(tmp_path / "copy") as book:
        assert {0} == {len(export_book(book)[name]) for name in KINDS}


def test_history_holds_everything_in_order(exported: dict[str, Any], tmp_path: Path) -> None:
    """Offer, contact, agreement, payments."""
    with open_book(tmp_path / "book.sqlite3") as book:
        found = history_of(book, "Ana")["entries"]

    assert exported
    kinds = ["offer", "contact", "agreement", "payment", "payment"]
    assert kinds == [entry["kind"] for entry in found]
    assert ["2026-11-19", "2026-12-10"] == [found[0]["date"], found[-1]["date"]]


def test_nothing_is_added_to_what_was_agreed(exported: dict[str, Any], tmp_path: Path) -> None:
    """Rows that a changed export holds beside the agreement's own are left out."""
    with open_book(tmp_path / "copy") as book, writing(book):
        import_book(book, exported)
        more = {**exported["instalments"][0], "n": 99}
        added = import_book(book, {**exported, "instalments": [*exported["instalments"], more]})
    with open_book(tmp_path / "copy") as book:
        assert exported == export_book(book)
    assert 0 == added["instalments"]


def test_an_export_of_an_earlier_version_is_read(exported: dict[str, Any], tmp_path: Path) -> None:
    """What came later is as it was then: no days of grace."""
    for agreement in exported["agreements"]:
        del agreement["grace"]
    with open_book(tmp_path / "copy") as book, writing(book):
        import_book(book, {**exported, "casebook": 1})
    with open_book(tmp_path / "copy") as book:
        assert [0, 0] == [one["grace"] for one in export_book(book)["agreements"]]


def test_a_payment_that_was_taken_back_is_not_imported(
    exported: dict[str, Any], tmp_path: Path
) -> None:
    """An export from before does not bring it back; one from after takes it along."""
    with open_book(tmp_path / "book.sqlite3") as book:
        with writing(book):
            remove_payment(book, 1, 1, now=NOW)
            added = import_book(book, exported)
        later = export_book(book)
    with open_book(tmp_path / "copy") as book, writing(book):
        import_book(book, later)
        import_book(book, exported)
    with open_book(tmp_path / "copy") as book:
        assert later == export_book(book)
    assert 0 == added["payments"]
    assert (1, 1) == (len(later["payments"]), len(later["removals"]))
