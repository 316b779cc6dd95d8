"""Bytes into text."""

from __future__ import annotations

import pytest

from replan.errors import UsageError
from replan.io.decode import decode_text

TEXT = "本金,利率\n100,5%\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-32"])
def test_usual_encodings_are_recognised(encoding: str) -> None:
    """The mark, the form of UTF-8, or else the encoding of Chinese spreadsheets."""
    assert (TEXT, []) == decode_text(TEXT.encode(encoding), name="x")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("債權機構,剩餘本金\n國泰銀行,26800\n", "big5"),
        ("creditor,principal (£)\nA,1\n", "cp1252"),
        ("Gläubiger;Restschuld\nBank für Straße — “Süd”;1\n", "cp1252"),
        ("name,principal\nSociété,1\n", "cp1252"),
    ],
)
def test_a_guess_is_said(text: str, encoding: str) -> None:
    """Big5 and Windows-1252 have no form of their own; their characters speak for them."""
    found, (issue,) = decode_text(text.encode(encoding), name="x")

    assert (text, "encoding-guessed", "note") == (found, issue.code, issue.severity)


@pytest.mark.parametrize("text", ["王喆,1\n李旼淇,2\n江城银行的信用卡,5\n", "本金,利率\n1,5%"])
def test_rare_names_do_not_turn_a_file_into_another_encoding(text: str) -> None:
    """Most of what stands around them is everyday Chinese."""
    assert (text, []) == decode_text(text.encode("gb18030"), name="x")


def test_a_long_file_is_judged_by_whole_lines() -> None:
    """A sample that ends in the middle of a character would be no text."""
    text = "a海川银行,1\n" * 30_000

    assert (text, []) == decode_text(text.encode("gb18030"), name="x")


def test_a_damaged_byte_does_not_lose_a_file() -> None:
    """The row that holds it is reported later."""
    text = "principal,rate\n" + "1,5%\n" * 20 + "1\x00,5%\n"

    assert (text, []) == decode_text(text.encode(), name="x")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_shows_in_its_zeros(encoding: str) -> None:
    """Every second byte of figures and Latin letters is zero."""
    text = "principal,rate\n100,5%\n"

    assert (text, []) == decode_text(text.encode(encoding), name="x")


def test_a_named_encoding_overrides() -> None:
    """Western tables in Latin-1 cannot be told from GB18030."""
    assert ("Société", []) == decode_text("Société".encode("latin-1"), name="x", encoding="latin-1")


@pytest.mark.parametrize("encoding", ["no-such", "base64", "a\0b"])
def test_an_unknown_encoding_is_wrong_use(encoding: str) -> None:
    """The option is the caller's, not the file's."""
    with pytest.raises(UsageError):
        decode_text(b"x", name="x", encoding=encoding)


@pytest.mark.parametrize(
    ("data", "where"),
    [
        ("一\n二\n".encode() + b"\xff", "x:3"),
        ("本金\n".encode("gb18030") + b"\x81", "x:2"),
        ("本金\n海川\n".encode("gb18030") + "江城\n".encode(), "x:3"),
        ("本金\n".encode() + "海川\n".encode("gb18030"), "x:2"),
        (b"\xff\xfea", "x:1"),
        (b"abc\x00", "x"),
        (b"PK\x03\x04rest", "x"),
    ],
)
def test_bytes_that_are_no_text_are_one_issue(data: bytes, where: str) -> None:
    """Mixed and truncated encodings are reported with the line where they break."""
    text, (issue,) = decode_text(data, name="x")

    assert ("", "encoding-unreadable", where) == (text, issue.code, issue.where)
