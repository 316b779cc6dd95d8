"""The record of a run: what went in, what was asked, by which program, and what came out."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any

from replan.errors import UsageError
from replan.io.mapping import ColumnMap
from replan.io.packs import DATA, shipped
from replan.model.policy import Policy
from replan.model.rules import RulePack
from replan.model.text import clean_text, quote

from .parts import write_durably

STDIN = "-"


def manifest_of(output: Path) -> Path:
    """Name the manifest that belongs to an output."""
    return output.with_name(f"{output.name}.manifest.json")


def digest_of(path: Path) -> str:
    """Digest a file as a whole."""
    found = sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            found.update(block)
    return found.hexdigest()


def digest_facts(facts: Any) -> str:
    """Digest plain values, whatever the order of their keys."""
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, default=str)
    return sha256(text.encode()).hexdigest()


def policy_digest(policy: Policy) -> str:
    """Digest all that a policy says, as it was understood."""
    return digest_facts(policy.model_dump(mode="json"))


def mapping_digest(mapping: ColumnMap) -> str:
    """Digest what a mapping means."""
    sets = {name: sorted(words) for name, words in mapping.skip.items()}
    plain = (mapping.columns, mapping.conversions, mapping.constants, mapping.values, mapping.dates)
    return digest_facts([*plain, sorted(mapping.empty), sets])


def program() -> dict[str, Any]:
    """Give the versions of the program, of Python and of what it is built on."""
    return {
        "replan": version("replan"),
        "python": platform.python_version(),
        "dependencies": dict(_dependencies()),
    }


@cache
def _dependencies() -> tuple[tuple[str, str], ...]:
    """List the installed versions of all packages that the program may need here."""
    names = {line.split(";")[0].strip() for line in requires("replan") or ()}
    plain = {_name(line) for line in names} | {"pyarrow", "pydantic-core"}
    found = {}
    for name in sorted(plain):
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # an extra that is not installed took no part
            continue
    return tuple(found.items())


def _name(requirement: str) -> str:
    """Give the name of a requirement such as `typer>=0.15`."""
    end = next((i for i, c in enumerate(requirement) if not (c.isalnum() or c in "-_.")), None)
    return requirement[:end].lower()


def rule_packs() -> dict[str, str]:
    """Digest the shipped packs of law; a batch consults none, an agreement made from it may."""
    folder = DATA / RulePack.folder
    return {name: digest_of(folder / f"{name}.toml") for name in shipped(RulePack.folder)}


def file_facts(path: Path) -> dict[str, Any]:
    """Give a file's place, size and digest."""
    where = path.resolve()
    return {"path": str(where), "bytes": where.stat().st_size, "sha256": digest_of(where)}


def stdin_facts(size: int, digest: str) -> dict[str, Any]:
    """Give what is known of a table that came from stdin."""
    return {"path": STDIN, "bytes": size, "sha256": digest}


def amounts_told(sums: Mapping[str, int], exponent: int) -> dict[str, str]:
    """Print sums of minor units as exact decimals."""
    return {name: str(Decimal(sums[name]).scaleb(-exponent)) for name in sorted(sums)}


def write_manifest(path: Path, facts: Mapping[str, Any]) -> None:
    """Write the record of a run."""
    write_durably(path, manifest_text(facts).encode())


def manifest_text(facts: Mapping[str, Any]) -> str:
    """Print the record of a run, sorted."""
    return json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def read_manifest(path: Path) -> dict[str, Any]:
    """Read the record of a run; UsageError if it is none."""
    shown = quote(str(path))
    try:
        told: dict[str, Any] = json.loads(path.read_text("utf-8"))
        _ = [told["output"]["path"], told["options"], *(e["sha256"] for e in told["inputs"])]
    except FileNotFoundError as error:
        raise UsageError(f"{shown} does not exist. Check the name.") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{shown} is no manifest of a batch.") from error
    return told


def place_of(entry: Mapping[str, Any], manifest: Path) -> Path:
    """Find a file that a manifest names: where it was, else beside the manifest."""
    where = Path(entry["path"])
    beside = manifest.parent / where.name
    return where if where.exists() or not beside.exists() else beside


Fault = dict[str, str]
"""What is not as it was written down: `what` it is, its `name`, and what it was and is."""


def fault(what: str, name: object, was: object = "", now: object = "") -> Fault:
    """Name what is not as it was written down."""
    return {"what": what, "name": clean_text(str(name)), "was": str(was), "now": str(now)}


def file_faults(told: Mapping[str, Any], manifest: Path) -> list[Fault]:
    """Compare the files that a manifest names with their digests, and its sums with each other."""
    more = [told[name] for name in ("schedules", "previous") if name in told]
    files = [told["output"], *told["inputs"], *more]
    found = (_file_fault(entry, manifest) for entry in files)
    return [one for one in found if one] + list(_sums_that_differ(told))


def _file_fault(entry: Mapping[str, Any], manifest: Path) -> Fault | None:
    if entry["path"] == STDIN:
        return None  # nobody has it any more
    file = place_of(entry, manifest)
    if not file.exists():
        return fault("missing", entry["path"])
    now = digest_of(file)
    return None if now == entry["sha256"] else fault("file", entry["path"], entry["sha256"], now)


def input_faults(told: Mapping[str, Any], manifest: Path) -> list[Fault]:
    """Compare the inputs, and the earlier run, with their digests."""
    files = [*told["inputs"], *([told["previous"]] if "previous" in told else [])]
    return [one for entry in files if (one := _file_fault(entry, manifest))]


def program_faults(told: Mapping[str, Any]) -> list[Fault]:
    """Compare the program and what it is built on with what made the run."""
    was, now = told["program"], program()
    pairs = [("version", name, was[name], now[name]) for name in ("replan", "python")]
    before, here = was["dependencies"], now["dependencies"]
    names = sorted({*before, *here})
    pairs += [("version", name, before.get(name, "-"), here.get(name, "-")) for name in names]
    return [fault(*pair) for pair in pairs if pair[2] != pair[3]]


def _sums_that_differ(told: Mapping[str, Any]) -> Iterator[Fault]:
    """Check that the rows add up, and that every total read is the sum over all statuses."""
    rows = sum(told["accounts"].values()) + told["unreadable"] + told["skipped"]
    if told["rows"] != rows:
        yield fault("total", "rows", told["rows"], rows)
    for code, by_status in told["controls"]["inputs"]["by_currency"].items():
        for name, total in by_status["read"].items():
            parts = sum(Decimal(c.get(name, 0)) for s, c in by_status.items() if s != "read")
            if parts != Decimal(total):
                yield fault("total", f"{name} {code}", total, parts)
