"""The table of header names."""

from __future__ import annotations

import tomllib
from importlib import resources

import pytest

from replan.io.flat import NAMES
from replan.io.headers import Column, fold, nearest_header, read_header, read_mixed, read_word
from replan.io.mapping import target_keys
from replan.model.debt import Debt

TABLE = tomllib.loads(resources.files("replan.data").joinpath("headers.toml").read_text("utf-8"))


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Principal_Outstanding", Column("principal")),
        ("ｐｒｉｎｃｉｐａｌ", Column("principal")),
        ("剩余 本金（元）", Column("principal")),
        ("剩余本金(万元)", Column("principal", "万")),
        ("年利率(%)", Column("rate", "%")),
        ("日利率(‰)", Column("rate", "‰/day")),
        ("monthly rate", Column("rate", "/month")),
        ("利率(%/月)", Column("rate", "%/month")),
        ("利率（日）", Column("rate", "/day")),
        ("rate (% per month)", Column("rate", "%/month")),
        ("年利率（单利）", Column("rate")),
        ("APR %", Column("rate", "%")),
        ("Balance (USD)", Column("principal", currency="USD")),
        ("balance_gbp", Column("principal", currency="GBP")),
        ("Balance (USD '000)", Column("principal", "千", "USD")),
        ("principal in thousands", Column("principal", "千")),
        ("剩余本金 万元", Column("principal", "万")),
        ("本金/元", Column("principal")),
        ("out_prncp", Column("principal")),
        ("balance due", None),
        ("principal" + " " * 100, None),
        ("逾期天数(天)", Column("days_past_due")),
        ("逾期利息", Column("arrears.interest")),
        ("rate", Column("rate")),
        ("", None),
        ("colour", None),
    ],
)
def test_headers_are_matched_whatever_their_spelling(header: str, expected: Column | None) -> None:
    """Case, blanks, underscores, full-width forms and units in brackets do not matter."""
    assert expected == read_header(header)


def test_no_name_means_two_things() -> None:
    """A header in the table has one meaning."""
    groups = TABLE["column"] + TABLE["mixed"]
    names = [fold(name) for group in groups for name in group["names"]]

    assert [] == [name for name in set(names) if names.count(name) > 1]


def test_every_key_of_the_table_exists() -> None:
    """The table cannot drift from the model."""
    keys = {column["key"] for column in TABLE["column"]} | TABLE["values"].keys()

    assert set() == keys - target_keys()


def test_every_method_in_the_table_is_one() -> None:
    """等额本息 becomes a value that a debt takes."""
    debt = {"id": "a", "principal": 1, "rate": 0}
    custom = {"instalments": [{"due": "2027-01-01", "amount": 1}]}

    # flat instalments are written as equal parts with a fee when a case is read
    methods = TABLE["values"]["method"].keys() - NAMES
    assert methods == {Debt.model_validate({**debt, "method": method}).method for method in methods}
    assert "custom" == Debt.model_validate({**debt, **custom}).method


def test_words_are_read_per_key() -> None:
    """A word that is not known stays as it is."""
    assert "credit-card" == read_word("product", "信用卡")
    assert "信用卡" == read_word("note", "信用卡")


def test_a_misspelt_header_has_a_nearest() -> None:
    """The remedy names what was probably meant."""
    assert ("interest rate", "") == (nearest_header("interest rat"), nearest_header("colour"))


@pytest.mark.parametrize("header", ["欠款总额", "金额（万元）", "Total owed (GBP)", "本月应还款"])
def test_names_for_several_things_together_are_not_read_as_one(header: str) -> None:
    """All that is owed is no principal, and the user is told why it was not read."""
    assert read_header(header) is None
    assert read_mixed(header) is not None
