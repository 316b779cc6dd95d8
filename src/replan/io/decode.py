"""Bytes into text: which encoding a file has, and what is not text at all."""

from __future__ import annotations

import codecs

from replan.errors import Issue, UsageError

SIZE_LIMIT = 64 * 2**20

_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_CONTROLS = frozenset(map(chr, range(32))) - set("\t\n\r\f\v\x1b")
_ENCODING_HINT = "Save it as UTF-8, or name its encoding with --encoding."


def decode_text(data: bytes, *, name: str, encoding: str | None = None) -> tuple[str, list[Issue]]:
    """Return the text of *data* and what is wrong with it; the text is empty if anything is.

    Recognises UTF-8 with or without mark, UTF-16 and UTF-32 with mark, UTF-16 without, GB18030.
    """
    if len(data) > SIZE_LIMIT:
        size = f"The file is larger than {SIZE_LIMIT // 2**20} MiB."
        return "", [_issue("file-too-large", size, name, "Split it, or use replan batch.")]
    if data.startswith(b"PK\x03\x04"):
        message = "The file is a workbook or an archive, not text."
        return "", [_issue("encoding-unreadable", message, name, "Save the table as CSV (UTF-8).")]
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        return "", [_issue("file-empty", "The file is empty.", name, "Check the export.")]
    codec = _codec(encoding) if encoding else _detect(data)
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"The bytes are not {encoding or 'UTF-8 or GB18030'} text."
        return "", [_issue("encoding-unreadable", message, f"{name}:{line}", _ENCODING_HINT)]
    if not _CONTROLS.isdisjoint(text):
        message = "The file is not text."
        return "", [_issue("encoding-unreadable", message, name, _ENCODING_HINT)]
    return text.removeprefix("\ufeff"), []


def _codec(encoding: str) -> str:
    try:
        info = codecs.lookup(encoding)
    except (LookupError, ValueError) as error:
        raise UsageError(
            f"{encoding!r} is not an encoding. Write utf-8, utf-16, gb18030."
        ) from error
    if not info._is_text_encoding:  # noqa: SLF001  # the only way to tell base64 from a charset
        raise UsageError(f"{encoding!r} is not a text encoding. Write utf-8, utf-16, gb18030.")
    return "utf-8-sig" if info.name == "utf-8" else info.name


def _detect(data: bytes) -> str:
    for mark, codec in _MARKS.items():
        if data.startswith(mark):
            return codec
    head = data[:4096]
    if head[1::2].count(0) > len(head) // 4:
        return "utf-16-le"
    if head[::2].count(0) > len(head) // 4:
        return "utf-16-be"
    return "utf-8" if _is_utf8(data) else "gb18030"


def _is_utf8(data: bytes) -> bool:
    """Tell UTF-8 from GB18030, even if it breaks off or holds a stray byte.

    A character of three bytes or more before the fault shows that UTF-8 was meant: in GB18030
    common characters do not start as those do. Reading on would give wrong characters in silence.
    """
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return any(char >= "\u0800" for char in data[: error.start].decode())
    return True


def _issue(code: str, message: str, where: str, hint: str) -> Issue:
    return Issue(code, "error", message, where, hint)
