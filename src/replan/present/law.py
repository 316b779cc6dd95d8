"""What the law says, for people: warnings before all figures, findings, questions for the call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from replan.present.blocks import Block, Heading, Lines
from replan.present.words import Words

Record = Mapping[str, Any]
_TITLE_SAYS_IT = {"right-when-late", "early-repayment"}


def alerts(findings: Iterable[Record], words: Words) -> Iterator[Block]:
    """Warn before anything else of what a letter or a payment could make worse: old debts."""
    texts = tuple(words("law.alert", text=text) for text in _grouped(urgent(findings), words))
    if texts:
        yield Lines(texts, tone="bad", indent=2)


def urgent(findings: Iterable[Record]) -> list[Record]:
    """Choose what must be known before anything is sent or paid."""
    return [finding for finding in findings if finding.get("urgent") and finding["exceeded"]]


def law(findings: Iterable[Record], words: Words) -> Iterator[Block]:
    """List what the law says of the debts, then what must be asked first."""
    found = [f for f in findings if f["exceeded"] and not f.get("urgent")]
    claims = [f for f in found if not f.get("question")]
    questions = [f for f in found if f.get("question")]
    for key, listed in (("law.findings", claims), ("law.questions", questions)):
        if listed:
            yield Heading(words(key))
            yield Lines(tuple(_grouped(listed, words)), indent=3)


def unchecked(data: Record, words: Words) -> Iterator[str]:
    """Say so where no rule pack was applied: silence must not read as consent."""
    if not data.get("rules"):
        yield words("law.unchecked")


def _grouped(findings: Sequence[Record], words: Words) -> Iterator[str]:
    """Print each text once, with all debts that it is about."""
    debts: dict[str, list[str]] = {}
    for finding in findings:
        debts.setdefault(law_text(finding, words), []).append(str(finding["debt"]))
    for text, names in debts.items():
        yield words("compare.legend", mark=words("list.separator").join(names), meaning=text)


def law_text(finding: Record, words: Words) -> str:
    """Print a finding with its meaning and source, or a question."""
    if finding.get("question"):
        return question_text(finding, words)
    title, means = (str(finding[key][words.language]) for key in ("title", "means"))
    said = "" if finding["check"] in _TITLE_SAYS_IT else found_text(finding, words)
    facts = {"source": finding["source"], "since": finding["since"]}
    # where the title says it all the place of what was found stays empty
    return words("law.finding", title=title, found=said, means=means, **facts).replace("  ", " ")


def found_text(finding: Record, words: Words) -> str:
    """Say what was found and what the limit is."""
    template = words.find(f"found.{finding['check']}")
    if template is None:
        return str(finding["found"])
    return template.format(**{k: _parts(text, words) for k, text in finding["shown"].items()})


def _parts(text: str, words: Words) -> str:
    """Translate an order of components; any other text stays."""
    return " > ".join(words.term("component", part) for part in text.split(" > "))


def question_text(finding: Record, words: Words) -> str:
    """Print a question in the reader's language."""
    if finding.get("ask"):
        return str(finding["ask"][words.language])
    return words.find(f"law_question.{finding['code']}") or str(finding["message"])
