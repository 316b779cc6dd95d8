"""The core is pure, and imports point one way."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import replan

SRC = Path(replan.__file__).parent
MODULES = sorted(SRC.rglob("*.py"))
CORE_FOLDERS = {"model", "engine", "strategies", "decide", "intake"}
CORE = [path for path in MODULES if path.relative_to(SRC).parts[0] in CORE_FOLDERS]
FORBIDDEN = {
    "asyncio",
    "csv",
    "glob",
    "io",
    "logging",
    "multiprocessing",
    "os",
    "pathlib",
    "random",
    "rich",
    "secrets",
    "shutil",
    "socket",
    "sqlite3",
    "subprocess",
    "sys",
    "tempfile",
    "threading",
    "time",
    "tomllib",
    "typer",
    "urllib",
}
CLOCK = frozenset({"today", "now", "utcnow"})
TERMINAL = frozenset({"print", "input", "open", "breakpoint"})
# who may import whom; the engine knows columns only, so a case may use its dates and money
LAYERS = {
    "errors": set(),
    "engine": {"errors"},
    "model": {"errors", "engine"},
    "strategies": {"errors", "model", "engine"},
    "decide": {"errors", "model", "engine", "strategies"},
    "io": {"errors", "engine", "model"},
    "intake": {"errors", "model", "engine", "io"},
    "batch": {"errors", "engine", "model", "strategies", "decide", "io"},
    "casebook": {"errors", "model", "engine", "strategies", "decide", "io"},
    "present": {"errors", "model"},
    "cli": {"errors", "model", "strategies", "decide", "intake", "present", "batch", "casebook"},
}


def name_of(path: Path) -> str:
    """Return a module's place below the package."""
    return path.relative_to(SRC).as_posix()


def imports(path: Path) -> Iterator[str]:
    """Yield what a module imports, as absolute dotted names."""
    package = ["replan", *path.relative_to(SRC).parts[:-1]]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) + 1 - node.level] if node.level else []
            start = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{start}.{alias.name}" for alias in node.names)


def calls(path: Path) -> Iterator[str]:
    """Yield the names of what a module calls."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                yield f".{node.func.attr}"
            elif isinstance(node.func, ast.Name):
                yield node.func.id


@pytest.mark.parametrize("path", CORE, ids=name_of)
def test_core_is_pure(path: Path) -> None:
    """The core reads no file, prints nothing, draws no lots and owns no clock."""
    used = {name.split(".")[0] for name in imports(path)}
    called = set(calls(path))

    assert set() == used & FORBIDDEN
    assert set() == called & {f".{name}" for name in CLOCK}
    assert set() == called & TERMINAL


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_one_way(path: Path) -> None:
    """A folder imports itself and the folders that stand before it, none after it."""
    layer = path.relative_to(SRC).parts[0].removesuffix(".py")
    if layer not in LAYERS:
        pytest.skip("the face of the package may import anything")
    parts = [name.split(".") for name in imports(path) if name.startswith("replan.")]
    used = {part[1] for part in parts if part[1] in LAYERS}

    assert set() == used - LAYERS[layer] - {layer}


def test_every_folder_has_its_layer() -> None:
    """A new folder gets its place in the order before it gets code."""
    folders = {path.name for path in SRC.iterdir() if (path / "__init__.py").exists()}

    assert set() == folders - set(LAYERS)


def test_core_is_looked_at() -> None:
    """The test above would pass on an empty list."""
    assert {"case.py", "kernel.py"} <= {path.name for path in CORE}
