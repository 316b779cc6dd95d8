"""What a pasted text says; the texts are invented."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from replan.errors import UsageError
from replan.intake.paste import Candidate, choose, find_values, read_text
from replan.present.words import read_data

TEXTS = Path(__file__).parent / "texts"
PATTERNS = tomllib.loads(read_data("paste.toml"))

EXPECTED: dict[str, dict[str, str]] = {
    "card_sms": {
        "creditor": "示例银行",
        "account": "1234",
        "owed": "12345.67",
        "minimum": "1234.56",
        "overdue": "92",
        "sort": "card",
        "currency": "CNY",
    },
    "app_loan_page": {
        "creditor": "借呗",
        "principal": "12345.67",
        "interest": "345.12",
        "penalty": "88.90",
        "left": "9",
        "instalment": "1100",
        "rate": "日利率0.05%",
        "sort": "app-loan",
        "currency": "CNY",
    },
    "wld_page": {
        "creditor": "微粒贷",
        "original_principal": "20000",
        "owed": "9876.54",
        "payoff": "9650",
        "rate": "日利率0.045%",
        "left": "7",
        "instalment": "1450.30",
        "next_due": "2026-12-05",
        "contract_date": "2025-06-05",
        "sort": "app-loan",
        "currency": "CNY",
    },
    "collector_sms": {
        "creditor": "某某法务",
        "arrears": "8765.43",
        "overdue": "128",
        "owed": "15432.10",
        "account": "8765",
        "currency": "CNY",
    },
    "jd_baitiao": {
        "creditor": "京东白条",
        "owed": "2310.55",
        "minimum": "231.06",
        "overdue": "0",
        "next_due": "2026-12-03",
        "sort": "app-loan",
        "currency": "CNY",
    },
    "consumer_finance_bill": {
        "account": "3445",
        "original_principal": "50000",
        "principal": "31250",
        "interest": "1020.33",
        "penalty": "412.08",
        "fees": "200",
        "rate": "23.9%",
        "penalty_rate": "35.85%",
        "instalment": "2643.21",
        "as_of": "2026-11-20",
        "next_due": "2026-12-20",
    },
    "uk_card": {
        "creditor": "Example Bank",
        "account": "3210",
        "as_of": "2026-11-14",
        "owed": "3456.78",
        "credit_limit": "4000",
        "minimum": "86.42",
        "next_due": "2026-12-09",
        "rate": "24.9%",
        "sort": "card",
        "currency": "GBP",
    },
    "uk_loan_arrears": {
        "arrears": "642.30",
        "owed": "7910.44",
        "instalment": "214.10",
        "overdue": "61",
        "rate": "12.4% per year",
        "next_due": "2026-11-30",
        "account": "7788",
        "currency": "GBP",
    },
    "us_card": {
        "creditor": "Sample Card",
        "account": "9012",
        "as_of": "2026-11-15",
        "owed": "5678.90",
        "minimum": "213",
        "arrears": "98",
        "rate": "27.99%",
        "next_due": "2026-12-10",
        "fees": "40",
        "currency": "USD",
    },
    "us_auto": {
        "creditor": "Sample Auto Finance Credit",
        "payoff": "14210.55",
        "instalment": "412.37",
        "left": "38",
        "next_due": "2026-12-05",
        "rate": "8.75%",
        "sort": "car-loan",
        "currency": "USD",
    },
    "ocr_scan": {"interest": "345.12", "overdue": "45", "currency": "CNY"},
    "two_loans": {"currency": "CNY"},
    "mixed_en_zh": {
        "creditor": "花呗",
        "owed": "6543.21",
        "instalment": "560",
        "left": "8",
        "next_due": "2026-12-10",
        "sort": "app-loan",
        "currency": "CNY",
    },
    "nothing": {},
    "hostile": {"principal": "12345.67", "currency": "CNY"},
}
"""What stands in each text once and plainly."""


def found_in(name: str) -> list[Candidate]:
    """Return what is found in one of the texts."""
    text = (TEXTS / f"{name}.txt").read_text(encoding="utf-8")
    return find_values(text, PATTERNS, as_of=date(2026, 11, 22))


def find(text: str) -> list[tuple[str, str, str]]:
    """Return field, value and doubt of what a text says, words aside."""
    found = find_values(text, PATTERNS, as_of=date(2026, 11, 22))
    return [(c.name, c.value, c.doubt) for c in found if c.doubt != "word"]


def test_every_text_is_expected() -> None:
    """None of the texts is forgotten."""
    assert {path.stem for path in TEXTS.glob("*.txt")} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_what_stands_there_plainly(name: str) -> None:
    """Bills, messages and statements of China, the UK and the US."""
    assert EXPECTED[name] == choose(found_in(name), "all")


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (("principal", "12345.67", "repaired"), "剩余本金：1 2,345.67元"),
        (("penalty", "120.50", "repaired"), "逾期罚息：l2O.5O元"),
        (("interest", "345.12", ""), "待还利息：３４５．１２元"),
        (("instalment", "1100.00", "repaired"), "每期应还：1.1OO,00"),
        (("next_due", "2026-12-10", "year"), "到期还款日12月10日"),
        (("next_due", "2027-01-05", "year"), "还款日：1月5日"),
        (("next_due", "2026-12-18", "year"), "还款日 每月18日"),
        (("left", "9", ""), "已还3/12期"),
        (("left", "16", "counted"), "第9/24期"),
        (("owed", "12000", ""), "欠款总额：1.2万元"),
        (("rate", "日利率万分之五", ""), "日利率：万分之五"),
    ],
)
def test_value_with_its_doubt(expected: tuple[str, str, str], text: str) -> None:
    """A misread number, a year that is not written, a count: suggested, not taken."""
    assert expected in find(text)


@pytest.mark.parametrize(
    "text",
    [
        "最低还款额10%",
        "已还本金 3,000元",
        "年利率 abc",
        "到期还款日 2026年13月45日",
        "The balance of nature is 3 trees.",
        "每期应还12期",
    ],
)
def test_nothing_is_made_up(text: str) -> None:
    """A share is no amount, what was repaid is not owed, an impossible date is none."""
    assert [] == find(text)


def test_day_and_month_that_can_be_swapped_are_alternatives() -> None:
    """12/10/2026 is the tenth of December to some and the twelfth of October to others."""
    found = find("Payment due date 12/10/2026")

    assert [("next_due", "2026-12-10", "order"), ("next_due", "2026-10-12", "order")] == found


def test_another_date_of_the_text_tells_the_order() -> None:
    """A statement of 15 November is written month first."""
    found = find("Statement date 11/15/2026. Payment due date 12/10/2026")

    assert ("next_due", "2026-12-10", "") in found


def test_two_values_of_one_field_are_both_shown() -> None:
    """Two loans in one text: nobody chooses but the reader."""
    found = [c.value for c in found_in("two_loans") if c.name == "principal"]

    assert ["3000", "4500"] == found


def test_names_and_account_numbers_do_not_come_out() -> None:
    """Only the last four digits do."""
    shown = " ".join(c.snippet + c.value for name in EXPECTED for c in found_in(name))

    assert [] == [
        text for text in ("张三", "李四", "A Smith", "6222020200", "1098") if text in shown
    ]


def test_terminal_sequences_do_not_come_out() -> None:
    """A pasted text is untrusted."""
    assert all(c.snippet.isprintable() for c in found_in("hostile"))


def test_chosen_by_number() -> None:
    """Doubtful values are taken by their number only."""
    found = found_in("ocr_scan")

    assert {"principal": "12345.67", "interest": "345.12"} == choose(found, "1, 2")


@pytest.mark.parametrize(
    ("expected", "wanted"), [("number", "99"), ("number", ""), ("number", "x"), ("twice", "1,3")]
)
def test_choice_that_cannot_be(expected: str, wanted: str) -> None:
    """A number that is not there, or two of one field."""
    with pytest.raises(ValueError, match=expected):
        choose(found_in("two_loans"), wanted)


def test_bytes_of_a_bill_are_read_in_the_usual_encodings() -> None:
    """UTF-8 and GB18030; what is no text is refused."""
    assert "剩余本金" == read_text("剩余本金".encode("gb18030"))
    assert "" == read_text(b"")
    with pytest.raises(UsageError, match="Copy the text"):
        read_text(b"x\xff\xfe\x00")


def test_what_is_due_this_month_is_not_taken_for_all_that_is_owed() -> None:
    """A reminder calls one instalment 本期应还; the principal shows that it is a part."""
    text = "您的借款本期应还1,038.66元，剩余未还本金8,624.05元，年利率23.9%。"
    found = find_values(text, PATTERNS, as_of=date(2026, 11, 20))

    assert "part" == next(c.doubt for c in found if c.name == "owed")
    assert {"principal", "rate", "currency"} == choose(found, "all").keys()


def test_short_words_of_reminders_are_read() -> None:
    """其中利息 is a part of what is owed, 每期 with an amount the instalment."""
    text = (
        "账单应还款额41,352.18元，其中利息1,291.68元。贷款剩余11期，每期1,190.00元，每期10日还款。"
    )
    found = find_values(text, PATTERNS, as_of=date(2026, 11, 20))
    told = {c.name: c.value for c in found}

    assert ("1291.68", "1190") == (told["interest"], told["instalment"])


def test_what_is_due_this_month_is_the_instalment_where_their_number_is_told() -> None:
    """Still in doubt: it may hold charges, too."""
    text = "本期应还1,866.50元，剩余本金32,000.00元，剩余18期，年化利率24%。"
    found = find_values(text, PATTERNS, as_of=date(2026, 11, 20))

    assert [("1866.50", "part")] == [(c.value, c.doubt) for c in found if c.name == "instalment"]
    assert "owed" not in {c.name for c in found}


def test_a_card_instalment_plan_as_the_app_shows_it() -> None:
    """A fee is one of each instalment; the number of all is not the number left."""
    text = "招商银行信用卡账单分期 12 期, 每期手续费 0.6%, 每期还款 ¥938.67，剩余本金 10507.50 元"
    found = {
        c.name: (c.value, c.doubt) for c in find_values(text, PATTERNS, as_of=date(2026, 11, 22))
    }

    assert ("手续费0.6%/期", "") == found["rate"]
    assert ("938.67", "") == found["instalment"]
    assert ("12", "agreed") == found["left"]
    assert ("card-plan", "word") == found["sort"]
