"""Problems in data, and findings, as one line each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from replan.errors import Issue
from replan.model.issues import CODES
from replan.present.reword import reword
from replan.present.words import Words


def issue_line(issue: Issue, words: Words) -> str:
    """Print an issue: how grave, where, what and what to do.

    In Chinese message and hint are reworded; where one has no sentence of its own, the meaning of
    the code stands before the English detail.
    """
    severity = words.term("severity", issue.severity)
    meaning = words.find(f"issue.{issue.code}")
    if meaning is None:
        return words("issues.line", severity=severity, message=str(issue))
    where = words("issues.where", where=issue.where) if issue.where else ""
    told = [reword(part, words) if part else "" for part in (issue.message, issue.hint)]
    if None not in told:
        return words("issues.line", severity=severity, message=where + "".join(map(str, told)))
    detail = f"{issue.message} {issue.hint}".rstrip()
    # an issue that tells no value says no more than its meaning
    form = "issues.meaning" if detail == CODES.get(issue.code) else "issues.translated"
    translated = words(form, where=where, meaning=meaning, detail=detail)
    return words("issues.line", severity=severity, message=translated)


def finding_line(finding: Mapping[str, Any], words: Words) -> str:
    """Print a finding: how grave, what, and the source if there is one."""
    severity = words.term("severity", str(finding.get("severity", "note")))
    text = words("issues.line", severity=severity, message=finding.get("message", ""))
    return f"{text} ({finding['reference']})" if finding.get("reference") else text
