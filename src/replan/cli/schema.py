"""`replan schema`: the JSON Schema of what replan reads."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

import replan
from replan.cli.options import OutputOption
from replan.cli.output import deliver_json


def schema(
    kind: Annotated[Literal["case", "plan", "policy"], typer.Argument(help="What to describe.")],
    *,
    output: OutputOption = None,
) -> None:
    """Print the JSON Schema of a case file, a plan or a policy, for editors and other programs."""
    schemas = {
        "case": replan.case_schema,
        "plan": replan.plan_schema,
        "policy": replan.policy_schema,
    }
    deliver_json(schemas[kind](), output)
