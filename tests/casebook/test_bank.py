"""Bank statements: what left the account, and whose it is; nothing is guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from casebook.samples import book_with
from replan.casebook.bank import Line, is_outside, match_lines, read_statement
from replan.errors import UsageError

ENGLISH = """Date,Description,Debit,Credit
2026-12-10,RIVER BANK CARD 62220471,"1,250.00",
2026-12-11,Wage,,7800.00
"""
CHINESE = """中国某银行交易明细
户名：某某
交易日期,金额,对方户名,摘要
20261210,-1250.00,River Bank,还款
20261211,7800.00,某公司,工资
"""
WALLET = """交易时间,交易对方,收/支,金额(元)
2026-12-10 09:31:02,River Bank,支出,¥1250.00
2026-12-11 10:00:00,某公司,收入,¥7800.00
"""


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        (ENGLISH, "RIVER BANK CARD 62220471"),
        (CHINESE, "River Bank 还款"),
        (WALLET, "River Bank"),
    ],
)
def test_payments_out_are_read(text: str, reference: str) -> None:
    """By a column of their own, by their sign, or by a column that says in or out."""
    found = read_statement(text.encode(), name="bank.csv", currency="CNY")
    [line] = found.lines

    assert (date(2026, 12, 10), Decimal("1250.00")) == (line.paid_on, line.amount)
    assert reference == line.reference
    assert (1, ()) == (found.incoming, found.issues)


def test_gb18030_is_read_too() -> None:
    """As Chinese banks write it."""
    found = read_statement(CHINESE.encode("gb18030"), name="bank.csv", currency="CNY")

    assert ["River Bank 还款"] == [line.reference for line in found.lines]


def test_a_line_that_cannot_be_read_is_named_and_the_others_are_read() -> None:
    """Where, what, what to do; the text of the line is not repeated."""
    text = "date,amount,reference\n2026-13-45,10,secret\n2026-12-10,10,x\n"
    found = read_statement(text.encode(), name="bank.csv", currency="CNY")

    assert [3] == [line.number for line in found.lines]
    assert ["bank.csv:2"] == [issue.where for issue in found.issues]
    assert "secret" not in str(found.issues)


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "\x00\x01"])
def test_a_file_without_day_and_amount_is_refused(text: str) -> None:
    """It says which columns there must be."""
    with pytest.raises(UsageError, match="date, amount and reference"):
        read_statement(text.encode(), name="bank.csv", currency="CNY")


@pytest.mark.parametrize(
    ("expected", "reference"),
    [
        ([1], "Transfer 6222 0471"),
        ([1], "RIVER BANK 62220471"),
        ([2], "hill credit instalment"),
        ([], "River Bank, Hill Credit"),
        ([], "groceries 1250.00"),
        ([1], "6222 0471还款"),
        ([], "DRIVER BANKING"),
        ([], "ref 162220471"),
        ([], ""),
    ],
)
def test_a_payment_belongs_to_the_agreement_that_it_names(
    expected: list[int], reference: str, tmp_path: Path
) -> None:
    """By account, else by creditor; one that names two or none is left to people."""
    with book_with(tmp_path, "split 12", "split 6") as (_, [one, two]):
        other = replace(two, creditor="Hill Credit", account="")
        line = Line(2, date(2026, 12, 10), Decimal(1250), reference)
        matched, others = match_lines([line], [one, other])

    assert expected == [found.id for _, found in matched]
    assert len(expected) + len(others) == 1


def test_a_replaced_agreement_takes_no_later_payments(tmp_path: Path) -> None:
    """They belong to the one that took its place."""
    with book_with(tmp_path, "split 12", "split 6") as (_, [one, two]):
        old = replace(one, ended_on=date(2026, 12, 1))
        days = (date(2026, 11, 25), date(2026, 12, 10))
        lines = [Line(n, day, Decimal(1250), "River Bank") for n, day in enumerate(days)]
        matched, others = match_lines(lines, [old, two])

    assert [two.id] == [found.id for _, found in matched]
    assert [2] == [count for _, count in others]


def test_a_payment_from_before_the_balances_is_in_them_already(tmp_path: Path) -> None:
    """The day of the balances itself may be the first of the agreement."""
    with book_with(tmp_path, "split 12") as (_, [one]):
        days = (date(2026, 11, 20), date(2026, 11, 21))
        lines = [Line(n, day, Decimal(1250), "River Bank") for n, day in enumerate(days)]
        matched, others = match_lines(lines, [one])

    assert [date(2026, 11, 21)] == [line.paid_on for line, _ in matched]
    assert [True] == [is_outside(line, [one]) for line, _ in others]


def test_a_line_of_totals_is_no_payment() -> None:
    """It stands at the end of what banks export."""
    text = "交易日期,摘要,收入,支出\n2026-12-20,还款,,12.00\n合计,,0.00,12.00\n"
    found = read_statement(text.encode(), name="bank.csv", currency="CNY")

    assert ([2], ()) == ([line.number for line in found.lines], found.issues)


@pytest.mark.parametrize(
    ("expected", "name"),
    [(False, "42"), (True, "4242"), (True, "Very"), (True, "招行"), (False, "V")],
)
def test_what_is_too_short_to_be_telling_names_nothing(
    expected: object, name: str, tmp_path: Path
) -> None:
    """Two digits stand in any text; two characters of Chinese do not."""
    with book_with(tmp_path, "split 12") as (_, [one]):
        line = Line(2, date(2026, 12, 10), Decimal(10), "Very 42 4242 V 向招行还款")
        matched, _others = match_lines([line], [replace(one, creditor=name, account="")])

    assert expected == bool(matched)


@pytest.mark.parametrize(
    "text",
    [
        "Date,Description,Money Out,Money In\n2026-12-14,UNPAID River Bank,,1250.00\n",
        "Date,Description,Amount\n2026-12-10,shop,-5\n2026-12-14,UNPAID River Bank,1250.00\n",
    ],
)
def test_money_that_came_in_is_kept_apart(text: str) -> None:
    """A payment that came back must not go unseen."""
    [line] = read_statement(text.encode(), name="bank.csv", currency="GBP").back

    assert (Decimal("1250.00"), "UNPAID River Bank") == (line.amount, line.reference)


def test_decimals_may_be_set_off_by_commas() -> None:
    """As German banks write them, if no amount of the file has a point there."""
    text = "Buchungstag;Verwendungszweck;Betrag\n2026-12-10;Rate;-1.227,70\n2026-12-11;x;-5,00\n"
    found = read_statement(text.encode(), name="bank.csv", currency="EUR")

    assert [Decimal("1227.70"), Decimal("5.00")] == [line.amount for line in found.lines]
