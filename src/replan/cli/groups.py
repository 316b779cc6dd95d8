"""Options in groups: a command takes one dataclass, its users see each of its options."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from functools import wraps
from inspect import Parameter
from typing import Any, get_type_hints


def spread_options(command: Callable[..., None]) -> Callable[..., None]:
    """Let the options of each group stand in a command's signature, where Typer reads them.

    A parameter whose type is a dataclass is a group; its fields are options and have defaults. The
    command is called with its groups. Raises ValueError if two options bear one name.
    """
    own = inspect.signature(command, eval_str=True).parameters.values()
    groups: dict[str, Any] = {p.name: p.annotation for p in own if is_dataclass(p.annotation)}

    @wraps(command)
    def called(**given: Any) -> None:
        for name, group in groups.items():
            given[name] = group(**{field.name: given.pop(field.name) for field in fields(group)})
        command(**given)

    shown = [one for param in own for one in _options(param)]
    called.__signature__ = inspect.Signature(shown)  # type: ignore[attr-defined] # see inspect
    return called


def _options(param: Parameter) -> Iterator[Parameter]:
    """Yield the options that a parameter stands for: itself, or those of its group."""
    group = param.annotation
    if not is_dataclass(group):
        yield param
        return
    hints = get_type_hints(group, include_extras=True)
    for field in fields(group):
        yield Parameter(
            field.name,
            Parameter.KEYWORD_ONLY,
            default=field.default,
            annotation=hints[field.name],
        )
