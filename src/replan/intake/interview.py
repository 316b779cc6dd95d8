"""Where an interview stands: the next question, and what is wrong with an answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from replan.intake.answers import UNKNOWN, read_answer, read_choice, read_line
from replan.intake.finish import Draft, build_draft
from replan.intake.flat import flat_answer
from replan.intake.quick import NoRate
from replan.intake.script import Answers, Question
from replan.io.build import build_case
from replan.io.flat import with_flat
from replan.model.budget import BudgetLine
from replan.model.debt import MinimumPayment
from replan.model.fields import Amount, Count, Currency, Day, DaysCount, Jurisdiction, RateField
from replan.model.fields import Text as TextField
from replan.model.issues import Problem, Refused, problems_of
from replan.model.jurisdictions import jurisdiction_code
from replan.model.text import quote

_TYPES: dict[str, Any] = {
    "text": TextField,
    "amount": Amount,
    "rate": RateField,
    "day": Day,
    "count": Count,
    "days": DaysCount,
}
_CODES: dict[str, Any] = {"jurisdiction": Jurisdiction, "currency": Currency}
_PLACEHOLDER = "0%"
_LATER = {"key-missing", "debts-missing"}
"""Problems that further answers remove."""


class Unanswered(ValueError):  # noqa: N818 - it reads as what happened
    """An answer is needed here: none was given, or not knowing is not enough."""

    def __init__(self, *, reason: str, no_rate: NoRate | None = None) -> None:
        super().__init__(reason)
        self.reason, self.no_rate = reason, no_rate


def pending(answers: Answers, script: Iterable[Question]) -> Question | None:
    """Return the first question of *script* without an answer, None at the end."""
    return next((question for question in script if question.key not in answers), None)


def take(
    answers: Answers, question: Question, text: str, names: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return the answers with that of *question*, checked as a case file is.

    An empty text is the default, or not knowing where that is allowed. Raises Refused with the
    problems of a value, and Unanswered where there must be one.
    """
    kept = _kept(question, text, names or {})
    grown = {**answers, question.key: kept}
    if question.name == "rate" and read_answer(kept).unknown:
        _check_derivable(question, grown)
    before = set(_errors(answers))
    new = [problem for problem in _errors(grown) if problem not in before]
    if new:
        raise Refused(*new)
    return grown


def back(answers: Answers, script: Iterable[Question]) -> dict[str, str]:
    """Return the answers without the last one that *script* asks for."""
    last = [question.key for question in script if question.key in answers][-1:]
    return {key: text for key, text in answers.items() if key not in last}


def check_answers(answers: Answers) -> None:
    """Raise Refused with what a file with these answers would be told."""
    if problems := _errors(answers):
        raise Refused(*problems)


def _kept(question: Question, text: str, names: Mapping[str, str]) -> str:
    """Return what is kept of a typed answer, after a check of its own type."""
    answer = read_answer(text)
    if not answer.text:
        if question.default or not (question.required or question.unknown):
            return question.default
        answer = read_answer(UNKNOWN)
    if answer.unknown:
        if question.unknown:
            return UNKNOWN
        raise Unanswered(reason="needed" if not text.strip() else "cannot_skip")
    if question.kind == "choice":
        return read_choice(answer.text, question.choices, names)
    value = _check_value(question, answer.text)
    if question.name == "jurisdiction" and jurisdiction_code(value) is None:
        message = f"{quote(answer.text)} is not a country, nor a part of one."
        raise Refused(Problem("value-unknown", message, "Write CN, US, GB-SCT …"))
    if question.kind == "code":  # what follows is asked by the code, not by the name typed
        return str(value)
    return f"~{answer.text}" if answer.about else answer.text


def _check_value(question: Question, text: str) -> Any:
    if question.kind == "line":
        return _validate(BudgetLine, read_line(text))
    if question.kind == "rate" and (flat := flat_answer(text)) is not None:
        return flat
    if question.kind == "least":
        return _validate(MinimumPayment, {"share" if text.endswith("%") else "amount": text})
    return _validate(_CODES.get(question.name) or _TYPES[question.kind], text)


def _validate(kind: Any, value: Any) -> Any:
    try:
        return TypeAdapter(kind).validate_python(value)
    except ValidationError as error:
        raise Refused(*problems_of(error, BudgetLine)) from error


def _check_derivable(question: Question, answers: Answers) -> None:
    """Refuse an unknown rate where it does not follow from the other answers."""
    draft = build_draft(answers)
    if question.debt in draft.no_rate:
        no_rate = draft.no_rate[question.debt]
        reason = f"no_rate_{no_rate.reason}" if no_rate else "no_rate"
        raise Unanswered(reason=reason.replace("-", "_"), no_rate=no_rate)


def _errors(answers: Answers) -> list[Problem]:
    """Return what a file with these answers would be told, of what the answers have reached."""
    try:
        draft = build_draft(answers)
    except Refused as refused:
        return list(refused.problems)
    _fill(draft)
    plain, unclear = with_flat(draft.raw)
    found = build_case(plain, unclear).problems
    return [p for p in found if p.severity == "error" and p.code not in _LATER]


def _fill(draft: Draft) -> None:
    for debt in draft.raw["debts"]:
        if "instalment_fee" not in debt:
            debt.setdefault("rate", _PLACEHOLDER)
