"""What names an offer: a digest of all that it rests on, the same wherever it is computed."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

import numpy as np

from .accounts import Accounts
from .cells import Whole, combinations


def offer_ids(found: Accounts, rows: Whole, seed: bytes) -> Any:
    """Name offers: a hash of the account, its figures and what the run was given; its place.

    *rows* holds the account of each offer, those of one account side by side.
    """
    import pyarrow as pa  # noqa: PLC0415 - an extra
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    begins = np.flatnonzero(np.append(True, rows[1:] != rows[:-1])) if rows.size else rows
    once, counts = rows[begins], np.diff(np.append(begins, rows.size))
    place = np.arange(rows.size) - np.repeat(begins, counts) + 1
    each = _stamps(found, once, seed).take(pa.array(np.repeat(np.arange(once.size), counts)))
    return pc.binary_join_element_wise(each, pa.array(place).cast(pa.string()), "-")


DIGEST = 10
"""Bytes of an offer's name."""


def _stamps(found: Accounts, rows: Whole, seed: bytes) -> Any:
    """Hash the name of each account with all that its offers rest on, as texts."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    names = found.table["account"].take(pa.array(rows)).cast(pa.binary()).to_pylist()
    keyed, digests = blake2b(digest_size=DIGEST, key=seed), list[bytes]()
    for parts in zip(names, _facts(found, rows), _told_words(found, rows), strict=True):
        digest = keyed.copy()
        digest.update(b"%b\0%b%b" % parts)
        digests.append(digest.digest())
    told = pa.py_buffer(b"".join(digests).hex().encode())
    ends = pa.py_buffer(np.arange(0, 2 * DIGEST * (rows.size + 1), 2 * DIGEST, dtype=np.int32))
    return pa.Array.from_buffers(pa.string(), rows.size, [None, ends, told])


def tell_apart(found: Accounts, groups: Sequence[Sequence[int]]) -> None:
    """Let the offers of each group of rows rest on what is known of all its accounts."""
    rows = np.arange(found.rows)
    names = found.table["account"].to_pylist()
    facts, words = _facts(found, rows), _told_words(found, rows)
    codes = np.zeros(found.rows, dtype=np.int64)
    means: list[Any] = [None]
    for group in groups:
        if len(group) > 1:
            parts = [f"{names[r]}\0".encode() + facts[r] + words[r] for r in group]
            means.append(blake2b(b"\0".join(sorted(parts)), digest_size=DIGEST).hexdigest())
            codes[[*group]] = len(means) - 1
    found.words["beside"], found.means["beside"] = codes, means


def _facts(found: Accounts, rows: Whole) -> list[bytes]:
    """Give the numbers on which each account's offers rest."""
    numbers = [*found.amounts.values(), *found.counts.values(), *found.days.values()]
    known = np.zeros(found.rows, dtype=np.int64)
    for bit, flags in enumerate(found.given.values()):
        known |= flags.astype(np.int64) << bit
    whole = np.empty((rows.size, len(numbers) + 1), dtype="<i8")
    for at, column in enumerate((*numbers, known)):
        whole[:, at] = column[rows]
    return list(whole.view(f"V{whole.shape[1] * whole.itemsize}").ravel().tolist())


def _told_words(found: Accounts, rows: Whole) -> list[bytes]:
    """Give the words and the rate on which an account's offers rest; alike for many accounts."""
    coded = [column[rows] for column in (*found.words.values(), found.rate)]
    means = [*found.means.values(), _Rates(found)]
    first, which = combinations(coded)
    texts = _texts([column[first] for column in coded], means)
    return [texts[w] for w in which.tolist()]


class _Rates:
    """Rates by their codes, as text."""

    def __init__(self, found: Accounts) -> None:
        self.rates, self.ratios = found.rates, found.ratios

    def __getitem__(self, code: int) -> Any:
        rate = self.rates[code]
        return rate and (*self.ratios[code], rate.per)


def _texts(coded: Sequence[Whole], means: Sequence[Any]) -> list[bytes]:
    """Join the words of each combination; a column in which all say the same is read once."""
    columns = []
    for code, values in zip(coded, means, strict=True):
        if (code == code[:1]).all():
            columns.append([str(values[int(code[0])])] * code.size if code.size else [])
            continue
        once, which = np.unique(code, return_inverse=True)
        words = [str(values[int(one)]) for one in once]
        columns.append([words[w] for w in which.tolist()])
    return ["\0".join(parts).encode() for parts in zip(*columns, strict=True)]
