"""replan: exact, explained repayment plans for people in financial hardship.

A name is imported when it is first used, so that `import replan` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from replan.errors import DataError as DataError
    from replan.errors import Issue as Issue
    from replan.errors import PackError as PackError
    from replan.errors import ReplanError as ReplanError
    from replan.errors import UsageError as UsageError
    from replan.io.load import Loaded as Loaded
    from replan.io.load import load as load
    from replan.io.load import load_case as load_case
    from replan.model.case import Case as Case
    from replan.model.case import case_schema as case_schema

    __version__: str

_HOMES = {
    "Case": "replan.model.case",
    "DataError": "replan.errors",
    "Issue": "replan.errors",
    "Loaded": "replan.io.load",
    "PackError": "replan.errors",
    "ReplanError": "replan.errors",
    "UsageError": "replan.errors",
    "case_schema": "replan.model.case",
    "load": "replan.io.load",
    "load_case": "replan.io.load",
}
__all__ = sorted(_HOMES)  # noqa: PLE0605  # one list of names, with the homes


def __getattr__(name: str) -> Any:
    """Import a public name from its home when it is first used (PEP 562)."""
    if name == "__version__":
        return import_module("importlib.metadata").version("replan")
    if name not in _HOMES:
        raise AttributeError(f"module 'replan' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names."""
    return [*__all__, "__version__"]
