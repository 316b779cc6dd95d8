"""The register of strategies: what a strategy is, and where strategies come from."""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any, ClassVar, Literal, get_args

from pydantic import BaseModel, ConfigDict

from replan.engine.terms import Terms
from replan.errors import Issue, ReplanError, UsageError

GROUP = "replan.strategies"
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
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
    `by_row` tells whether each row of terms is treated by itself even where rows differ in phases
    and dates; else rows that are treated together differ in amounts and rates alone.
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
    by_row: Callable[[Params], bool] = field(default=lambda _: False)
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
def own_strategies() -> Mapping[str, Strategy]:
    """Load the strategies of this package."""
    package = import_module("replan.strategies")
    modules = {
        info.name: import_module(f"replan.strategies.{info.name}")
        for info in pkgutil.iter_modules(package.__path__)
    }
    return register_of(modules)


@cache
def find_strategy(name: str) -> Strategy | None:
    """Find a strategy by name; its file is named like it, so that no other need be loaded.

    Other packages are only asked where ours has none.
    """
    module = f"replan.strategies.{name.replace('-', '_')}"
    if NAME.fullmatch(name) and find_spec(module) is not None:
        found = register_of({name: import_module(module)}).get(name)
        if found is not None:
            return found
    return load_strategies()[0].get(name)


@cache
def load_strategies() -> tuple[dict[str, Strategy], tuple[Issue, ...]]:
    """Load our strategies and those of other packages; a faulty one is an issue with its name."""
    from importlib.metadata import entry_points  # noqa: PLC0415 - it costs 30 ms, and few need it

    found = dict(own_strategies())
    issues: list[Issue] = []
    for point in entry_points(group=GROUP):
        origin = point.dist.name if point.dist else "another package"
        try:
            loaded = _checked(point.load(), found)
        except Exception as error:  # noqa: BLE001 - whatever another package does is an issue
            issues.append(_faulty(point.name, origin, error))
        else:
            found[loaded.name] = _guarded(loaded, origin)
    return found, tuple(issues)


def _checked(loaded: Any, found: Mapping[str, Strategy]) -> Strategy:
    """Refuse what is no strategy, or would take the place of another."""
    if not isinstance(loaded, Strategy):
        raise TypeError(f"it is a {type(loaded).__name__}, not a replan Strategy")
    if not NAME.fullmatch(loaded.name):
        raise ValueError(f"{loaded.name!r} is not a name of small letters, digits and hyphens")
    if loaded.name in found:
        raise ValueError(f"a strategy named {loaded.name} is there already")
    if loaded.forbearance not in get_args(Forbearance):
        raise ValueError(f"{loaded.forbearance!r} is not a forbearance measure")
    loaded.params.model_json_schema()  # help and documents are made from it
    return loaded


def _guarded(loaded: Strategy, origin: str) -> Strategy:
    """Let whatever fails in another package's strategy be reported by its name."""
    blame = f'The strategy "{loaded.name}" ({origin}) failed'
    return replace(
        loaded,
        origin=origin,
        asks=_blaming(loaded.asks, blame, Ask),
        ladder=loaded.ladder and _blaming(loaded.ladder, blame, loaded.params),
        keeps=lambda p: bool(_call(loaded.keeps, (p,), blame)),
        by_row=lambda p: bool(_call(loaded.by_row, (p,), blame)),
    )


def _blaming(call: Callable[..., Any], blame: str, kind: type) -> Callable[..., tuple[Any, ...]]:
    def checked(*args: Any) -> tuple[Any, ...]:
        given = _call(call, args, blame)
        if not isinstance(given, tuple) or not all(isinstance(one, kind) for one in given):
            raise UsageError(f"{blame}: it gave something else than a tuple of {kind.__name__}.")
        return given

    return checked


def _call(call: Callable[..., Any], args: tuple[Any, ...], blame: str) -> Any:
    try:
        return call(*args)
    except ReplanError:
        raise
    except Exception as error:
        raise UsageError(f"{blame}: {error}") from error


def _faulty(name: str, origin: str, error: Exception) -> Issue:
    reason = str(error) or type(error).__name__
    return Issue(
        code="strategy-not-loaded",
        severity="warning",
        where=name,
        message=f"This strategy of the package {origin} was not loaded: {reason}.",
        hint="Update or remove the package.",
    )


def strategies() -> dict[str, Strategy]:
    """Give every strategy by name, sorted."""
    return dict(sorted(load_strategies()[0].items()))
