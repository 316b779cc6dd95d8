"""Every code has an example, and every example says what it should."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

import replan
from replan.io.load import load
from replan.model.issues import CODES
from workbooks import workbook

EXAMPLES = tomllib.loads(Path(__file__).with_name("codes.toml").read_text("utf-8"))
GENERATED: dict[str, dict[str, Any]] = {
    "file-too-large": {
        "bytes": "20" * (64 * 2**20 + 1),
        "says": "input: The file is larger than 64 MiB. Split it, or use replan batch.",
    },
    "table-too-wide": {
        "csv": "id,principal,rate" + "," * 1000,
        "says": "input:1: The row has more than 1,000 cells. Check quotes and separators.",
    },
    "text-too-long": {
        "debt": f'"creditor": "{"x" * 501}"',
        "says": f'input:1:debts[0].creditor: "{"x" * 60}…" is 501 characters long. '
        "Write at most 500.",
    },
}
ALL = EXAMPLES | GENERATED
CODE_IN_SOURCE = re.compile(r'\b(?:Problem|Issue|_issue|_warning)\(\s*"([a-z-]+)"')
SOURCE = Path(replan.__file__).parent


def data(example: dict[str, Any]) -> bytes:
    """Return the file of an example."""
    if "sheets" in example:
        return workbook(example["sheets"], hidden_row=example.get("hidden_row"))
    if "bytes" in example:
        return bytes.fromhex(example["bytes"])
    if whole := example.get("json") or example.get("csv"):
        return str(whole).lstrip("\n").encode()
    keys = {"id": '"a"', "principal": '"100"', "rate": '"5%"'}
    given = example.get("debt", "")
    rest = "".join(f', "{k}": {v}' for k, v in keys.items() if f'"{k}":' not in given)
    debt = f"{given}{rest}" if given else rest[2:]
    around = f", {example['case']}" if "case" in example else ""
    return f'{{"as_of": "2026-11-21", "currency": "EUR", "debts": [{{{debt}}}]{around}}}'.encode()


@pytest.mark.parametrize("code", sorted(ALL))
def test_each_code_says_where_what_and_what_to_do(code: str) -> None:
    """The message of a code is the one that the catalogue promises."""
    loaded = load(data(ALL[code]), **ALL[code].get("options", {}))

    assert ALL[code]["says"] in [str(issue) for issue in loaded.issues if issue.code == code]


def test_every_code_has_an_example() -> None:
    """A code that nobody can reproduce would not be documented."""
    assert set(CODES) == set(ALL)


@pytest.mark.parametrize("folder", ["model", "io"])
def test_every_code_in_use_is_in_the_table(folder: str) -> None:
    """The table of codes is complete."""
    texts = [path.read_text("utf-8") for path in (SOURCE / folder).glob("*.py")]
    used = {code for text in texts for code in CODE_IN_SOURCE.findall(text)}

    assert set() == used - set(CODES)
