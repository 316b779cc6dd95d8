"""Rule packs applied to a case: which rules hold for a debt, what they find, what must be asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from replan.decide.evaluate import Evaluated
from replan.decide.figures import Figures
from replan.model.case import Case
from replan.model.debt import Debt
from replan.model.lenders import NAMED_KINDS, kind_by_name
from replan.model.rules import Dated, Rule, RulePack, Said, fraction_of

from .checks import (
    CHECKS,
    DEBT_CHECKS,
    PLAN_CHECKS,
    Result,
    Subject,
    has_arrears,
    last_event,
    still_runs,
    years_on,
)

Finding = dict[str, Any]

QUESTIONS = {
    "funder": "Who is the funder, that is, who lent the money? Which law applies depends on it.",
    "funder-differs": "The funder named and the lender type given are of different kinds. "
    "Who lent the money?",
    "creditor-differs": "The creditor's name and the lender type given are of different kinds. "
    "Who lent the money?",
    "lender-type": "What kind of lender is it: a bank, a consumer-finance or small-loan company, "
    "a private person? Which law applies depends on it.",
    "contract-date": "On which day was the contract made? Which law applies depends on it.",
    "daily-rate": "What does a day cost, in percent of what was borrowed? The limit is on that; "
    "a yearly rate may be an APR, which cannot be compared with it. Write it as 0.8%/day.",
    "product": "What kind of credit is it? Which law applies depends on it.",
    "region": "Which part of the country's law governs the contract?",
    "value-unknown": "The rule's value on the day of the contract is not in this pack. Look it up "
    "before anything is claimed.",
    "limitation-dates": "When was the last payment, when was the debt last acknowledged in "
    "writing, and has the creditor sued? A limitation period may have ended: find out before "
    "anything is sent, paid or promised.",
}
"""What to find out where a rule may hold, in English; the Chinese stands in words/zh.toml."""

RIGHTS = {"early-repayment", "right-when-late"}
_NOT_THE_LENDER = {"platform", "collector", "guarantor", "assignee"}
_BOUGHT = {"collector", "assignee"}
_PEOPLE = {"family", "friend", "individual", "person", "private-person",
           "个人", "亲友", "朋友", "民间", "民间借贷", "自然人"}  # fmt: skip
_LENDS = {"private", *NAMED_KINDS}
"""The kinds of lender of which a name can say that they are not meant."""
_PRODUCTS = {
    "benefit-overpayment": r"benefit|universal-credit|tax-credit",
    "bridging-loan": r"\bbridging\b",
    "car-loan": r"\b(car|auto|vehicle)\b|车贷|汽车贷款",
    "council-tax": r"\bcouncil-?tax\b|市政税",
    "credit-card": r"(?<!debit-)\bcards?\b|creditcard|信用卡|贷记卡",
    "fine": r"\bfines?\b|罚款",
    "hcstc": r"\bhcstc\b|high-cost-short-term",
    "judgment": r"\bjudge?ment|\bccj\b|\bdecree\b|判决",
    "maintenance": r"maintenance|child-support|抚养费|赡养费",
    "mortgage": r"mortgage|home-loan|房贷|按揭|住房贷款",
    "payday-loan": r"payday|发薪日",
    "rates": r"\brates\b",
    "small-amount-credit": r"small-amount|\bsacc\b",
    "student-loan": r"student-loan|助学贷款|学生贷款",
    "tax": r"\btax(es)?\b|\bvat\b|\bhmrc\b|税",
}
"""How people write the products that rules name, as far as they write them differently.

A hyphen stands for any run of spaces, hyphens and low lines.
"""


@dataclass(frozen=True, slots=True)
class Lender:
    """Whose law applies: the kind of whoever lent the money, or what must be asked first."""

    kind: str | None
    question: str | None = None


def lender_of(debt: Debt) -> Lender:
    """Find the kind of lender: the funder's where one is named, never a platform's own.

    A collector, an assignee or a guarantor did not lend the money; without the name of a funder
    whose kind is in it, nobody knows; nor whether an owner of the claim is whose kind is stated,
    unless the creditor's own name agrees. Where the names and the lender type contradict each
    other, nothing is assumed.
    """
    stated, funder = stated_kind(debt), debt.parties.funder
    named = kind_by_name(funder or "")
    if stated in _NOT_THE_LENDER:
        return Lender(named) if named else Lender(None, "funder")
    if not stated:
        return Lender(None, "lender-type")
    if funder:
        return Lender(stated) if named in (None, stated) else Lender(None, "funder-differs")
    creditor = kind_by_name(debt.creditor)
    if (debt.parties.platform or debt.parties.owner) and creditor != stated:
        return Lender(None, "funder")
    differs = creditor not in (None, stated) and stated in _LENDS
    return Lender(None, "creditor-differs") if differs else Lender(stated)


def stated_kind(debt: Debt) -> str:
    """Read the lender type as people write it: spaces, capitals, Chinese; empty if none is."""
    return _kind_as_written(debt.lender_type)


@lru_cache(maxsize=4096)
def _kind_as_written(lender_type: str) -> str:
    written = re.sub(r"[\s_]+", "-", lender_type.strip().lower())
    return "private" if written in _PEOPLE else kind_by_name(written) or written


def findings(case: Case, rules: Iterable[RulePack]) -> list[Finding]:
    """Say what the rules find of a case's debts, and what must be asked before more can be said.

    Each has the keys code, severity, message, debt; a finding also value, limit, exceeded, source,
    since; a question has `question` true and claims nothing.
    """
    packs = tuple(rules)
    return [f for debt in case.debts for f in findings_on_debt(case, debt, packs)]


def findings_on_debt(case: Case, debt: Debt, packs: Iterable[RulePack]) -> list[Finding]:
    """Apply every rule about debts to one debt: findings first, then what must be asked."""
    return _findings(Subject(case, debt), packs, DEBT_CHECKS)


def findings_on_plan(
    case: Case, found: Evaluated, figures: Figures, packs: Iterable[RulePack]
) -> list[Finding]:
    """Apply every rule about plans to one debt under a plan."""
    return _findings(Subject(case, found.debt, found, figures), packs, PLAN_CHECKS)


def _findings(of: Subject, packs: Iterable[RulePack], checks: Mapping[str, Any]) -> list[Finding]:
    found: list[Finding] = []
    asked: dict[str, Finding] = {}
    for pack in packs:
        for rule in pack.rules:
            if rule.check not in checks:
                continue
            reasons = _doubts(of, rule, pack)
            if reasons == ():
                found.extend(_claim(of, rule))
            elif reasons:
                for question in _asked(of, rule, pack, reasons):
                    asked.setdefault(question["message"], question)["rules"].append(rule.id)
    if checks is DEBT_CHECKS:
        found.extend(_unknown_age(of, packs))
    return [*found, *asked.values()]


def _doubts(of: Subject, rule: Rule, pack: RulePack) -> tuple[str, ...] | None:
    """Say what is not known of whether a rule holds: () it holds, None it does not."""
    debt, doubts = of.debt, []
    for known, holds, doubt in _conditions(of, rule, pack):
        if not known:
            doubts.append(doubt)
        elif not holds:
            return None
    if stated_kind(debt) in rule.other_lender_types:
        return None
    late = debt.days_past_due
    if late < rule.past_due_from or late > (rule.past_due_until or late):
        return None
    if rule.secured not in (None, debt.secured):
        return None
    if rule.currency not in (None, of.case.currency):
        return None
    return (*doubts, *(["needs"] if rule.needs else []))


def _conditions(of: Subject, rule: Rule, pack: RulePack) -> Iterator[tuple[bool, bool, str]]:
    """Yield for each condition of a rule: is it known, does it hold, what to ask if not known."""
    debt = of.debt
    if rule.regions:
        region = region_of(of.case, pack)
        yield region is not None, region in rule.regions, "region"
    if rule.lender_types:
        lender = lender_of(debt)
        yield lender.kind is not None, lender.kind in rule.lender_types, lender.question or ""
    if rule.platform_only:
        named = debt.parties.platform is not None
        yield True, named or stated_kind(debt) == "platform", ""
    if rule.products or rule.other_products:
        yield bool(debt.product), _is_product(debt.product, rule), "product"
    if rule.check == "annual-rate-cap" and str(rule.values[0].value).endswith("/day"):
        # such credit is advertised by its APR, which compounds and says little of a day's cost
        yield debt.rate.per == "day", True, "daily-rate"
    day = debt.contract_date
    if rule.contract_from or rule.contract_until or rule.basis == "contract-date":
        yield day is not None, day is not None and _made_in(rule, debt), "contract-date"


def _made_in(rule: Rule, debt: Debt) -> bool:
    """Tell whether the contract was made while the rule takes in new contracts."""
    day = debt.contract_date
    assert day is not None  # noqa: S101 - the caller has looked
    starts = rule.contract_from is None or rule.contract_from <= day
    return starts and (rule.contract_until is None or day <= rule.contract_until)


def _is_product(product: str, rule: Rule) -> bool:
    """Tell whether a product is among those of a rule, or not among those left out."""
    if rule.products:
        return any(_is_kind(product, kind) for kind in rule.products)
    return not any(_is_kind(product, kind) for kind in rule.other_products)


@lru_cache(maxsize=4096)
def _is_kind(product: str, kind: str) -> bool:
    written = re.sub(r"[\s_-]+", "-", product.lower())
    return re.search(_PRODUCTS.get(kind, rf"^{re.escape(kind)}$"), written) is not None


def region_of(case: Case, pack: RulePack) -> str | None:
    """Name the part of a jurisdiction whose law governs a case; None if the case does not say."""
    return pack.regions.get((case.jurisdiction or "").upper())


def _claim(of: Subject, rule: Rule) -> Iterator[Finding]:
    """State what a rule that holds finds."""
    dated = _in_force(of, rule)
    if dated is None:
        yield from _outdated(of, rule)
        return
    result = CHECKS[str(rule.check)](of, dated, rule)
    if result is not None:
        yield _finding(of, rule, dated, result)


def _outdated(of: Subject, rule: Rule) -> Iterator[Finding]:
    """Ask for the value of a day later than the last that the pack knows, where it may matter."""
    last, day = rule.values[-1], of.debt.contract_date
    if rule.basis == "as-of" or day is None or last.until is None or day <= last.until:
        return
    result = CHECKS[str(rule.check)](of, last, rule)
    if result and result.exceeded:
        yield {**_question(of, "value-unknown"), "rules": [rule.id], "source": rule.source}


def _in_force(of: Subject, rule: Rule) -> Dated | None:
    """Choose the value by the day on which the contract was made, or by the as-of date."""
    day = of.debt.contract_date if rule.basis == "contract-date" else of.case.as_of
    return rule.at(day) if day else None


def _finding(of: Subject, rule: Rule, dated: Dated, result: Result) -> Finding:
    grave = result.exceeded and rule.kind == "hard" and rule.check not in RIGHTS
    return {
        "code": rule.id,
        "severity": "warning" if grave or result.urgent else "note",
        "message": f"{result.message.rstrip('.')} ({rule.source}).",
        "found": result.message,
        "value": result.value,
        "limit": result.limit,
        "exceeded": result.exceeded,
        "source": rule.source,
        "since": dated.since.isoformat(),
        "until": dated.until and dated.until.isoformat(),
        "url": rule.url,
        "confidence": rule.confidence,
        "kind": rule.kind,
        "check": rule.check,
        "debt": of.debt.id,
        "urgent": result.urgent,
        "title": {"en": rule.title.en, "zh": rule.title.zh},
        "means": {"en": rule.means.en, "zh": rule.means.zh},
        "shown": dict(result.shown),
    }


def _asked(of: Subject, rule: Rule, pack: RulePack, doubts: Sequence[str]) -> Iterator[Finding]:
    """Ask what decides whether a rule holds, if its check would find something.

    A right is told to whom it belongs and is no reason for questions.
    """
    if rule.check in RIGHTS:
        return
    known = of.debt.contract_date is not None or rule.basis == "as-of"
    days = [_in_force(of, rule)] if known else list(rule.values)
    results = [CHECKS[str(rule.check)](of, day, rule) for day in days if day]
    if not any(result and result.exceeded for result in results):
        return
    texts = {"needs": rule.needs, "region": pack.region_question}
    urgent = rule.check == "limitation"
    for doubt in doubts:
        yield _question(of, doubt, texts.get(doubt), urgent=urgent)
    if urgent and "needs" not in doubts:
        yield _question(of, "limitation-dates", urgent=True)


def _question(of: Subject, code: str, said: Said | None = None, *, urgent: bool = False) -> Finding:
    return {
        "code": f"question-{code}",
        "severity": "note",
        "message": said.en if said else QUESTIONS[code],
        "question": True,
        "ask": {"en": said.en, "zh": said.zh} if said else None,
        "exceeded": True,
        "urgent": urgent,
        "debt": of.debt.id,
        "rules": [],
    }


def _unknown_age(of: Subject, packs: Iterable[RulePack]) -> Iterator[Finding]:
    """Ask for the dates of a debt past due of which nobody can tell how old it is.

    A contract younger than the shortest limitation period cannot be too old. Instalments that
    still fall due do not keep those missed long ago alive, but where the law counts from the last.
    """
    pairs = [(pack, rule) for pack in packs for rule in pack.rules if rule.check == "limitation"]
    rules = [rule for pack, rule in pairs if _doubts(of, rule, pack) is not None]
    debt, made, last = of.debt, of.debt.contract_date, last_event(of)
    if last is not None:
        rules = [rule for rule in rules if still_runs(debt) and not rule.from_last_instalment]
    late = debt.accelerated or has_arrears(debt) or is_bought(debt)
    if not rules or not (late or last):
        return
    years = min(int(fraction_of(value.value)) for rule in rules for value in rule.values)
    since = last or made
    if since is None or years_on(since, years) <= of.case.as_of:
        asked = _question(of, "limitation-dates", urgent=True)
        yield {**asked, "rules": [rule.id for rule in rules]}


def is_bought(debt: Debt) -> bool:
    """Tell whether somebody else than the lender asks for a debt: then it may be old."""
    parties = debt.parties
    return stated_kind(debt) in _BOUGHT or bool(parties.owner or parties.collector)
