"""Phrases of an offer joined to steps, in the order in which steps apply; contradictions named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from replan.errors import UsageError
from replan.model.text import clean_text

from .notation import Step, Steps, step_from
from .spoken_said import Phrase, Said, check_beginning

ORDER = (
    "down", "waive", "rate", "freeze", "date", "defer", "token", "split", "balloon", "step-up",
    "extend", "settle",
)  # fmt: skip
"""In this order the steps of an offer apply, in whatever order they are said."""
REPAYING = ("split", "stage", "follow", "rest-end")


@dataclass(frozen=True, slots=True)
class Bound:
    """What instalments may be at most or at least, where their number or amount says the rest."""

    of: str
    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Heard:
    """An offer as it was understood.

    `steps` stand in their fixed order. What the rest comes to depends on the debt: `count` is how
    many instalments were said beside their amount, `settling` what settles all (`paid`, or a share
    of the `principal`) with in how many payments and by when, `rest_forgiven` whether what the
    instalments leave is forgiven, `units` in which units steps were counted that count
    instalments, `begins` after how many months or on which day payments begin, `left_over` the
    amount that is left for the end, `bound` what the instalments must keep within, `whole` the day
    by which all is paid at once.
    """

    steps: Steps
    phrases: tuple[Phrase, ...]
    count: int | None = None
    settling: Mapping[str, str] | None = None
    rest_forgiven: bool = False
    units: Mapping[str, str] = field(default_factory=dict)
    begins: Mapping[str, str] | None = None
    left_over: str | None = None
    bound: Bound | None = None
    whole: str | None = None


def together(found: Sequence[Said]) -> Heard:
    """Join what was said of the same step, in the fixed order.

    Raises UsageError for phrases that contradict each other, or that lack what they are of.
    """
    check_beginning(found)
    tokens, repaying, note = _repayment([said for said in found if said.step in REPAYING])
    bound = _bound(repaying)
    merged: dict[str, dict[str, str]] = {"split": repaying} if repaying else {}
    for said in found:
        if said.step and said.step not in REPAYING:
            _merge(merged.setdefault(said.step, {}), said)
    rest = merged.pop("rest", None) is not None
    whole = _whole(merged)
    _check_whole(merged)
    if "settle" in merged and ("split" in merged or tokens):
        _staged(merged, tokens)
    units = _units(merged, tokens)
    count = _count_beside(merged.get("split", {}))
    begins, left_over = merged.pop("begins", None), _left_over(merged)
    settle = merged.get("settle", {})
    settling = merged.pop("settle") if {"paid", "principal"} & settle.keys() else None
    steps = _steps(merged, tokens)
    phrases = _phrases(found, steps, note)
    return Heard(steps, phrases, count, settling, rest, units, begins, left_over, bound, whole)


Stage = dict[str, str]


def _bound(split: dict[str, str]) -> Bound | None:
    """Take out what was said to be at most or at least; of a number and an amount one is kept.

    An exact one is the plan, and the other must hold; of two bounds the amount is the plan.
    """
    of_amount, of_count = split.pop("to_is", ""), split.pop("count_is", "")
    if not {"to", "instalments"} <= split.keys() or not (of_amount or of_count):
        return None
    if of_count:
        return Bound("count", of_count, split.pop("instalments"))
    return Bound("amount", of_amount, split.pop("to"))


def _check_bounds(said: Sequence[Said]) -> None:
    """Refuse "at most" where the amounts change: what is paid when is not known then."""
    changing = {"stage", "follow", "rest-end"} & {one.step for one in said}
    for one in said:
        if changing and {"to_is", "count_is"} & one.params.keys():
            raise UsageError(
                f'The offer: "{clean_text(one.text)}" is a limit beside amounts that change. Say '
                "what is paid: 1000 a month for 6 months, then 1500."
            )


def _whole(merged: dict[str, dict[str, str]]) -> str | None:
    """Take out the day by which all is paid at once; beside a settlement it is that one's."""
    whole = merged.pop("whole", {}).get("by")
    if whole and "settle" in merged:
        merged["settle"].setdefault("by", whole)
        return None
    beside = {"split", "defer", "token", "extend", "balloon", "step-up", "begins"} & merged.keys()
    if whole and beside:
        raise UsageError(
            f"The offer: all at once by {whole} does not go with instalments or a deferral. Say "
            "either."
        )
    return whole


def _repayment(said: Sequence[Said]) -> tuple[list[Stage], Stage, str]:
    """Part what is paid in instalments into stages of an amount each, and what comes after.

    A note tells where the rest is read as due with the last of the instalments named.
    """
    stages, last = list[Stage](), dict[str, str]()
    at_end = False
    _check_bounds(said)
    for one in said:
        if one.step == "rest-end":
            at_end = True
        elif one.step == "stage":
            stages.append(_stage(one))
        elif one.step == "follow" or (one.follows and "to" in last):
            stages += _before(last, one, stages)
            last = _following(one, bool(stages))
        else:
            _merge(last, one)
    if at_end:
        return _closing(stages, last)
    if not last and any(not stage.pop("alone", "") for stage in stages):
        raise UsageError(
            "The offer: say what is paid after that: then 800 a month; then 24 instalments; "
            "or the rest at the end."
        )
    return stages, last, ""


def _stage(said: Said) -> Stage:
    given = said.params
    if not {"count", "amount"} <= given.keys():
        raise UsageError(f'The offer: "{clean_text(said.text)}": say for how many instalments.')
    stage = {"amount": given["amount"], "for": given["count"], "per": given.get("every", "")}
    return stage | {key: given[key] for key in ("alone",) if key in given}


def _before(last: Stage, said: Said, stages: Sequence[Stage]) -> list[Stage]:
    """Turn instalments of an amount into a stage, where another amount follows."""
    if not last and (stages or "every" in said.params):
        return []
    if not {"to", "instalments"} <= last.keys():
        raise UsageError(
            f'The offer: "{clean_text(said.text)}" follows something that has no end. Say for how '
            "long it is paid first: 1000 a month for 6 months, then 1500."
        )
    return [{"amount": last["to"], "for": last["instalments"], "per": last.get("every", "")}]


def _following(said: Said, staged: bool) -> Stage:
    given = dict(said.params)
    if said.step != "follow":
        return given
    found = {"to": given["amount"]}
    if "count" in given:
        found["instalments"] = given["count"]
    if "every" in given and not (staged and given["every"] == "month"):
        found["every"] = given["every"]
    return found


def _closing(stages: list[Stage], last: Stage) -> tuple[list[Stage], Stage, str]:
    """Let all that is left fall due at once after the instalments of an amount.

    Where their number was said as the number of all, the rest is due with the last of them.
    """
    if not last and stages:
        return stages, {"instalments": "1"}, ""
    if not {"to", "instalments"} <= last.keys() or int(last["instalments"]) < 2:
        raise UsageError(
            "The offer: say what is paid before the rest at the end: 24 months of 800 and the rest "
            "at the end."
        )
    several = str(int(last["instalments"]) - 1)
    stage = {"amount": last["to"], "for": several, "per": last.get("every", "")}
    return [*stages, stage], {"instalments": "1"}, "rest-with-last"


def _merge(into: dict[str, str], said: Said) -> None:
    for key, value in said.params.items():
        if into.setdefault(key, value) != value:
            raise UsageError(
                f'The offer: "{clean_text(said.text)}" contradicts what was said before it '
                f"({into[key]}). Say each thing once."
            )


def _check_whole(merged: Mapping[str, Mapping[str, str]]) -> None:
    """Refuse a condition, a treatment or a day without what it is of."""
    if set(merged.get("waive", ())) == {"when"}:
        raise UsageError("The offer: say what is waived on that condition: 100% of the penalty.")
    if set(merged.get("defer", ())) == {"interest"}:
        raise UsageError("The offer: say for how many months nothing is paid: defer 3 months.")
    given = set(merged.get("settle", ()))
    if given and not {"share", "paid", "principal"} & given:
        raise UsageError("The offer: say what settles the debt: pay 60% by 2026-12-31.")
    if len({"share", "paid", "principal"} & given) > 1:
        raise UsageError("The offer: two sums settle the debt. Say one.")
    if {"begins", "defer"} <= merged.keys():
        raise UsageError(
            "The offer: a deferral and a first payment later may say the same twice. Say one."
        )


def _staged(merged: dict[str, dict[str, str]], tokens: Sequence[Stage]) -> None:
    """Read instalments said beside a settlement as those of the settlement."""
    split = merged.pop("split", {})
    if tokens or set(split) - {"instalments", "every"} or "in_" in merged["settle"]:
        raise UsageError(
            "The offer: a settlement and instalments of an amount do not go together. Say either."
        )
    merged["settle"]["in_"] = split["instalments"]


def _units(merged: dict[str, dict[str, str]], tokens: Sequence[Stage]) -> dict[str, str]:
    """Take out in which unit steps were counted that count instalments."""
    units = {name: merged[name].pop("per", "") for name in merged if name != "begins"}
    units |= {"token": next((t["per"] for t in tokens if t["per"]), "")}
    return {name: unit for name, unit in units.items() if unit}


def _count_beside(split: dict[str, str]) -> int | None:
    """Take out how many instalments were said, where their amount was said as well."""
    return int(split.pop("instalments")) if {"to", "instalments"} <= set(split) else None


def _left_over(merged: dict[str, dict[str, str]]) -> str | None:
    """Take out what is left for the end, where it is an amount and no share."""
    size = merged.get("balloon", {}).pop("size", None)
    if size is None:
        return None
    if size.endswith("%"):
        merged["balloon"]["share"] = size
        return None
    del merged["balloon"]
    return size


def _steps(merged: Mapping[str, Mapping[str, str]], tokens: Sequence[Stage]) -> Steps:
    """Make the steps, in their order; of several stages the one that comes first stands last."""
    steps: list[Step] = []
    for name in ORDER:
        if name == "token":
            steps += [_step("token", {k: t[k] for k in ("amount", "for")}) for t in tokens[::-1]]
        elif merged.get(name):
            steps.append(_step(name, merged[name]))
    return tuple(steps)


def _step(name: str, params: Mapping[str, str]) -> Step:
    """Make a step of parameters under the names that notation has for them."""
    given: dict[str, Any] = {key.rstrip("_"): value for key, value in params.items()}
    return step_from({"step": name, **given})


def _phrases(found: Sequence[Said], steps: Steps, note: str) -> tuple[Phrase, ...]:
    """Pair each phrase with its step; what is said of instalments stands for all of them."""
    names = {step.strategy.name: str(step) for step in steps}
    paid = " + ".join(str(s) for s in steps if s.strategy.name in ("token", "split"))
    return tuple(
        Phrase(
            said.text,
            (paid if said.step in REPAYING else names.get(said.step, said.step)),
            note if said.step == "rest-end" else _limit_note(said, paid),
        )
        for said in found
    )


def _limit_note(said: Said, paid: str) -> str:
    """Name the remark on a limit that became the plan: most-amount, least-amount, most-count."""
    if "to=" in paid:
        return f"{said.params['to_is']}-amount" if "to_is" in said.params else ""
    return f"{said.params['count_is']}-count" if "count_is" in said.params else ""
