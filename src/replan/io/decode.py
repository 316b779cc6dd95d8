"""Bytes into text: which encoding a file has, and what is not text at all."""

from __future__ import annotations

import codecs
import re
from contextlib import suppress

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
_WESTERN = frozenset(
    "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝßàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿŒœŠšŽž€£°§«»‘’“”–—…\xa0"
)
_UTF8_RUN = re.compile(rb"(?:[\xe4-\xe9][\x80-\xbf]{2}){2}")
_GUESSES = {"big5": "Big5", "cp1252": "Windows-1252"}
_SHOWN = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "gb18030": "UTF-8 or GB18030"}
SAMPLE = 2**18
USUAL = 0.95
_ENCODING_HINT = "Save it as UTF-8, or name its encoding with --encoding."


def decode_text(data: bytes, *, name: str, encoding: str | None = None) -> tuple[str, list[Issue]]:
    """Return the text of *data* and what is odd about it; the text is empty if that is an error.

    Recognises UTF-8 with or without mark, UTF-16 and UTF-32 with mark, UTF-16 without, GB18030;
    Big5 and Windows-1252 where the bytes look like nothing else, which a note says.
    """
    if len(data) > SIZE_LIMIT:
        size = f"The file is larger than {SIZE_LIMIT // 2**20} MiB."
        return "", [_issue("file-too-large", size, name, "Split it, or use replan batch.")]
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        return "", [_issue("file-empty", "The file is empty.", name, "Check the export.")]
    codec = codec_of(encoding) if encoding else detect_encoding(data)
    try:
        text = data.decode(codec).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"The bytes are not {encoding or _SHOWN.get(codec, codec)} text."
        return "", [_issue("encoding-unreadable", message, f"{name}:{line}", _ENCODING_HINT)]
    if not encoding and codec == "gb18030" and (line := _mixed_line(data)):
        message = "The line holds UTF-8 in a file that is GB18030."
        return "", [_issue("encoding-unreadable", message, f"{name}:{line}", _ENCODING_HINT)]
    if _is_binary(text):
        message = "The file is not text."
        return "", [_issue("encoding-unreadable", message, name, _ENCODING_HINT)]
    return text, [_guess(codec, name)] if not encoding and codec in _GUESSES else []


def _is_binary(text: str) -> bool:
    """Tell a file that is no text from one in which a byte or two got damaged."""
    if not any(control in text for control in _CONTROLS):
        return False
    count = sum(text.count(control) for control in _CONTROLS)
    return count > max(2, len(text) // 1000) or len(text) < 32


def _guess(codec: str, name: str) -> Issue:
    message = f"The encoding was taken for {_GUESSES[codec]}."
    hint = "If names look wrong, name the right one with --encoding."
    return Issue("encoding-guessed", "note", message, name, hint)


def codec_of(encoding: str) -> str:
    """Name the codec that an encoding means; raises UsageError if it is none."""
    try:
        info = codecs.lookup(encoding)
    except (LookupError, ValueError) as error:
        raise UsageError(
            f"{encoding!r} is not an encoding. Write utf-8, utf-16, gb18030."
        ) from error
    if not info._is_text_encoding:  # noqa: SLF001  # the only way to tell base64 from a charset
        raise UsageError(f"{encoding!r} is not a text encoding. Write utf-8, utf-16, gb18030.")
    return "utf-8-sig" if info.name == "utf-8" else info.name


def detect_encoding(data: bytes) -> str:
    """Name the encoding of *data*: by its mark, by the form of UTF-8, else by its characters."""
    for mark, codec in _MARKS.items():
        if data.startswith(mark):
            return codec
    head = data[:4096]
    if head[1::2].count(0) > len(head) // 4:
        return "utf-16-le"
    if head[::2].count(0) > len(head) // 4:
        return "utf-16-be"
    if _is_utf8(data):
        return "utf-8"
    whole_lines = data.rfind(b"\n", 0, SAMPLE) + 1 if len(data) > SAMPLE else len(data)
    return _by_characters(data[:whole_lines])


def _by_characters(sample: bytes) -> str:
    """Choose among encodings in which nearly any bytes are some text, by how usual it would be.

    Simplified Chinese is nearly all in GB 2312, traditional in the first half of Big5; Western
    text has letters, signs of currencies and quotes, mostly one at a time.
    """
    for codec, usual in (("gb18030", "gb2312"), ("big5", "")):
        with suppress(UnicodeDecodeError):
            text = sample.decode(codec)
            if _share(text, usual) >= USUAL:
                return codec
    alone = len(re.findall(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])", sample))
    high = sum(byte >= 0x80 for byte in sample)
    letters = sample.decode("cp1252", "replace")
    western = sum(char in _WESTERN for char in letters if ord(char) >= 0x80)
    return "cp1252" if western >= USUAL * high and alone >= high / 2 else "gb18030"


def _share(text: str, usual: str) -> float:
    """Return which share of the characters beyond ASCII is in everyday use."""
    beyond = [char for char in text if ord(char) >= 0x80]
    if not usual:
        common = sum(0xA4 <= char.encode("big5", "replace")[0] <= 0xC6 for char in beyond)
        common += sum(0xA1 <= char.encode("big5", "replace")[0] <= 0xA3 for char in beyond)
    else:
        common = sum(char.encode(usual, "ignore") != b"" for char in beyond)
    return common / len(beyond) if beyond else 0.0


def _mixed_line(data: bytes) -> int:
    """Return the first line that is whole UTF-8 with Chinese characters, 0 if there is none."""
    for number, line in enumerate(data.splitlines(), start=1):
        if line.isascii() or not _UTF8_RUN.search(line):
            continue
        with suppress(UnicodeDecodeError):
            if sum("\u4e00" <= char <= "\u9fff" for char in line.decode()) >= 2:
                return number
    return 0


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
