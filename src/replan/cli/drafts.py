"""Files that `replan new` keeps: answers half given, and the case at the end."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from replan.cli.output import write_whole
from replan.errors import UsageError
from replan.model.text import clean_text

VERSION = 1
_LIMIT = 2**20
_KEY = re.compile(r"[a-z_]+(\.\d{1,3}(\.[a-z_]+)?)?", re.ASCII)


def draft_path(file: Path) -> Path:
    """Return where the answers for a case are kept: `case.draft.json` beside `case.json`."""
    return file.with_name(f"{file.stem}.draft.json")


def save_draft(file: Path, answers: Mapping[str, str], mode: str) -> Path:
    """Keep *answers*, readable by their owner alone, and return where."""
    path = draft_path(file)
    content = {"replan_draft": VERSION, "mode": mode, "answers": dict(answers)}
    write_whole(path, to_text(content))
    return path


def read_draft(file: Path) -> tuple[str, dict[str, str]]:
    """Return mode and answers kept for a case; nothing where there are none."""
    path = draft_path(file)
    if not path.is_file():
        return "", {}
    try:
        content = json.loads(path.read_text(encoding="utf-8")[:_LIMIT])
        answers, mode = content["answers"], content["mode"]
        if content["replan_draft"] == VERSION and isinstance(answers, dict):
            kept = {k: v for k, v in answers.items() if _KEY.fullmatch(k) and isinstance(v, str)}
            return str(mode), {key: clean_text(text) for key, text in kept.items()}
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    raise UsageError(f"{path} is not a draft that this program reads. Remove it to start anew.")


def remove_draft(file: Path) -> None:
    """Remove the answers kept for a case."""
    draft_path(file).unlink(missing_ok=True)


def to_text(content: Mapping[str, Any]) -> str:
    """Write a file's content as people can read it."""
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
