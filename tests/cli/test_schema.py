"""`replan schema`."""

from __future__ import annotations

import json

import pytest

from cli.run import run


@pytest.mark.parametrize("kind", ["case", "plan", "policy"])
def test_schema_is_json_schema(kind: str) -> None:
    """It says which draft it follows."""
    schema = json.loads(run("schema", kind).stdout)

    assert schema["$schema"].startswith("https://json-schema.org/")


def test_case_schema_names_what_is_required() -> None:
    """as_of, currency and debts; the rest has defaults."""
    schema = json.loads(run("schema", "case").stdout)

    assert {"as_of", "currency", "debts"} == set(schema["required"])
