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
        (b"\xff\xfea", "x:1"),
        (b"abc\x00", "x"),
        (b"PK\x03\x04rest", "x"),
    ],
)
def test_bytes_that_are_no_text_are_one_issue(data: bytes, where: str) -> None:
    """Mixed and truncated encodings are reported with the line where they break."""
    text, (issue,) = decode_text(data, name="x")

    assert ("", "encoding-unreadable", where) == (text, issue.code, issue.where)
