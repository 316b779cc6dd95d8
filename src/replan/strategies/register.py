"""The register of strategies: what a strategy is, and where strategies come from."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from types import ModuleType
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from replan.engine.terms import Terms
from replan.errors import Issue

GROUP = "replan.strategies"
Forbearance = Literal[
    "grace period/payment moratorium",
    "interest rate reduction",
    "extension of maturity/term",
    "rescheduled payments",
    "debt forgiveness",
    "other",
]
"""Forbearance measures as supervisors report them (FINREP, template F 26)."""


class Params(BaseModel):
    """Parameters of a strategy, read from plan notation or JSON.

    `positional` names the fields that are written without a key, in order. A positional tuple takes
    all remaining words.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, defer_build=True)
    positional: ClassVar[tuple[str, ...]] = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """A concession that a step presumes from the creditor.

    `code` finds the sentence in the table of words; `values` fill it; `text` is it in English.
    """

    code: str
    text: str
    values: Mapping[str, Any] = field(default_factory=dict)


Apply = Callable[[Terms, Any], Terms]
Asking = Callable[[Any], tuple[Ask, ...]]


@dataclass(frozen=True, slots=True)
class Strategy:
    """A registered strategy: its parameters, its function and how it is described.

    `forbearance` is the supervisory category. `asks` says what it presumes from the creditor.
    `ladder` gives weaker forms of the step, from the least to the step itself, for a waterfall.
    `keeps` tells whether the contract's instalments stay as they are; arrears then stay due now.
    `origin` is the distribution that brought it.
    """

    name: str
    params: type[Params]
    apply: Apply
    forbearance: Forbearance
    notation: str
    asks: Asking = field(default=lambda _: ())
    ladder: Callable[[Terms, Any], tuple[Any, ...]] | None = None
    keeps: Callable[[Any], bool] = field(default=lambda _: False)
    household: bool = False
    origin: str = "replan"

    @property
    def summary(self) -> str:
        """Give the first line of the docstring."""
        return (self.apply.__doc__ or "").strip().partition("\n")[0]


def strategy(
    params: type[Params],
    *,
    name: str,
    notation: str,
    forbearance: Forbearance,
    **options: Any,
) -> Callable[[Apply], Strategy]:
    """Make a function `Terms -> Terms` a strategy of this name."""

    def wrap(apply: Apply) -> Strategy:
        return Strategy(name, params, apply, forbearance, notation, **options)

    return wrap


def register_of(modules: Mapping[str, ModuleType]) -> dict[str, Strategy]:
    """Collect the strategies of modules; two of one name are an error."""
    found: dict[str, Strategy] = {}
    for module in modules.values():
        for value in vars(module).values():
            if isinstance(value, Strategy) and found.setdefault(value.name, value) is not value:
                raise ValueError(f"two strategies are named {value.name}")
    return found


@cache
def load_strategies() -> tuple[dict[str, Strategy], tuple[Issue, ...]]:
    """Load our strategies and those of other packages; a faulty one is an issue with its name."""
    package = import_module("replan.strategies")
    modules = {
        info.name: import_module(f"replan.strategies.{info.name}")
        for info in pkgutil.iter_modules(package.__path__)
    }
    found = register_of(modules)
    issues: list[Issue] = []
    for point in entry_points(group=GROUP):
        try:
            loaded = point.load()
            _check(loaded, point.name, found)
        except Exception as error:  # noqa: BLE001 - whatever another package does is an issue
            issues.append(_faulty(point.name, error))
        else:
            found[loaded.name] = loaded
    return found, tuple(issues)


def _check(loaded: object, name: str, found: Mapping[str, Strategy]) -> None:
    if not isinstance(loaded, Strategy):
        raise TypeError(f"{name} is not a replan Strategy")
    if loaded.name in found:
        raise ValueError(f"a strategy named {loaded.name} is there already")


def _faulty(name: str, error: Exception) -> Issue:
    return Issue(
        code="strategy-not-loaded",
        severity="warning",
        message=f"The strategy {name!r} was not loaded: {error}",
        hint="Update or remove the package that brings it.",
    )


def strategies() -> dict[str, Strategy]:
    """Give every strategy by name, sorted."""
    return dict(sorted(load_strategies()[0].items()))
