"""Scenarios: changes to a case under a name, kept in a file beside the case.

The case file itself is never written, so nothing in it can be lost; a table has scenarios as well.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import typer

from replan.cli.cases import Opened, Reading, open_file
from replan.cli.options import SaveAsOption, ScenarioOption, SetOption
from replan.cli.output import write_whole
from replan.errors import UsageError
from replan.present.words import Words

BASE = "base"
"""The name of the case as it stands in its file."""
_NAME = re.compile(r"\w[\w.-]{0,63}")
_VERSION = 1


def scenario_file(source: str) -> Path:
    """Return where the scenarios of a case stand: family.json has family.scenarios.json."""
    if source == "-":
        raise UsageError("A case from stdin has no scenarios. Name a file.")
    return Path(source).with_suffix(".scenarios.json")


def read_scenarios(source: str) -> dict[str, list[str]]:
    """Return the changes of each scenario of a case by name; none where there is no file.

    Raises UsageError if the file holds anything else.
    """
    path = scenario_file(source)
    if not path.exists():
        return {}
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise UsageError(f"{path} is not valid JSON ({error}). Correct or remove it.") from error
    if not _is_sound(raw):
        hint = '{"replan": 1, "scenarios": {"NAME": ["PATH=VALUE"]}}'
        raise UsageError(f"{path} does not hold scenarios. Write {hint}, or rename it.")
    return {str(name): list(changes) for name, changes in raw["scenarios"].items()}


def _is_sound(raw: Any) -> bool:
    if not isinstance(raw, dict) or set(raw) != {"replan", "scenarios"}:
        return False
    lists = raw["scenarios"].values() if isinstance(raw["scenarios"], dict) else [None]
    texts = all(isinstance(one, list) and all(isinstance(c, str) for c in one) for one in lists)
    return raw["replan"] == _VERSION and texts


def changes_of(source: str, name: str | None) -> list[str]:
    """Return the changes of a scenario; none for the case as it stands.

    Raises UsageError if there is no such scenario.
    """
    if name is None or name == BASE:
        return []
    known = read_scenarios(source)
    if name not in known:
        near = get_close_matches(name, known, n=1)
        hint = f"Did you mean {near[0]}? " if near else ""
        there = ", ".join(known) or "none yet; --set PATH=VALUE --save-as NAME makes one"
        raise UsageError(f"There is no scenario {name}. {hint}There is: {there}.")
    return known[name]


def check_name(source: str, name: str, changes: Sequence[str]) -> None:
    """Refuse a name that cannot be saved, or that stands for other changes already."""
    if not _NAME.fullmatch(name) or name == BASE:
        text = f"{name!r} cannot name a scenario. Write letters, digits, - _ and ., but not {BASE}."
        raise UsageError(text)
    if not changes:
        raise UsageError("There is nothing to save. Add --set PATH=VALUE.")
    known: Mapping[str, Sequence[str]] = read_scenarios(source)
    if name in known and list(known[name]) != list(changes):
        stands = " ".join(f"--set {change}" for change in known[name])
        raise UsageError(f"There is a scenario {name} already: {stands}. Choose another name.")


def save_scenario(source: str, name: str, changes: Iterable[str]) -> Path:
    """Keep *changes* under *name*, whole or not at all, readable by the owner alone."""
    path = scenario_file(source)
    scenarios = {**read_scenarios(source), name: list(changes)}
    whole = {"replan": _VERSION, "scenarios": scenarios}
    write_whole(path, json.dumps(whole, ensure_ascii=False, indent=1) + "\n")
    return path


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What was asked for: a saved scenario, changes after it, and a name to save both under.

    A group of options: every command takes it that works on one case.
    """

    changes: SetOption = None
    name: ScenarioOption = None
    save_as: SaveAsOption = None


def open_scenario(
    source: str, reading: Reading, words: Words, wanted: Scenario
) -> tuple[Opened, dict[str, Any]]:
    """Open a case with the changes of a scenario, save them if that was asked for.

    Returns the case, and what the JSON of a result says about the changes; redacted, nothing.
    """
    changes = [*changes_of(source, wanted.name), *(wanted.changes or ())]
    if wanted.save_as is not None:
        check_name(source, wanted.save_as, changes)
    opened = open_file(source, reading, words, changes=changes)
    if wanted.save_as is not None:
        path = save_scenario(source, wanted.save_as, changes)
        typer.echo(words("scenario.saved", name=wanted.save_as, file=path), err=True)
    if not changes or reading.redact:
        return opened, {}
    name = wanted.save_as or (wanted.name if not wanted.changes else None)
    return opened, {"scenario": name, "set": changes}
