"""What was said, phrase by phrase, and a question where a phrase has several readings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from replan.errors import UsageError
from replan.model.text import clean_text

_PRICED = ("rate", "freeze", "waive")


@dataclass(frozen=True, slots=True)
class Said:
    """A phrase and the step that it says; `follows`: it began with "then"."""

    text: str
    step: str
    params: Mapping[str, str]
    follows: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """What was said and the step that it stands for, in notation; `note` where it needs a remark.

    A phrase that only completes another one has that one's step; one that changes nothing has none.
    """

    said: str
    step: str
    note: str = ""


def which(phrase: str, readings: Sequence[str]) -> UsageError:
    """Ask which of several readings is meant; each is written so that it has one."""
    said = clean_text(phrase.strip())
    options = " / ".join(f'"{reading}"' for reading in readings)
    return UsageError(
        f'The offer: "{said}" has several readings. Ask which is meant, then say it so: {options}.'
    )


def check_beginning(found: Sequence[Said]) -> None:
    """Ask what "from January" is of where it stands beside a rate or a waiver.

    It may be when that holds or when payments begin; after instalments it is when they begin.
    """
    for at, said in enumerate(found):
        beside = found[at - 1] if at else next(iter(found[1:]), None)
        if beside is None or not {"bare", "on"} <= said.params.keys():
            continue
        if beside.step in _PRICED:
            day = said.params["on"]
            raise which(f"{beside.text}, {said.text}", _meanings(beside, day))


def _meanings(beside: Said, day: str) -> tuple[str, ...]:
    """Write both readings of a rate beside a day; of a waiver, which has no day, there is one."""
    chinese = not beside.text.isascii()
    begins = f"{beside.text}，{day}开始还" if chinese else f"{beside.text}, first payment on {day}"
    if "rate" not in beside.params:
        return begins, beside.text
    rate = f"从{day}起{beside.text}" if chinese else f"at {beside.params['rate']} from {day}"
    return begins, rate
