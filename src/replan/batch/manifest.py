"""The record of a run: what went in, what was asked, by which program, and what came out."""

from __future__ import annotations

import json
import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path, PurePosixPath
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


def manifest_for(output: str) -> str:
    """Name the manifest that belongs to an output, wherever it is."""
    return f"{output.rstrip('/')}.manifest.json"


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
    """Give place, size and digest of a file, or of a folder and each of its files."""
    where = path.resolve()
    if where.is_dir():
        files = (file for file in sorted(where.iterdir()) if file.is_file() and is_data(file.name))
        return {"path": str(where), **folder_facts([file_facts(file) for file in files])}
    return {"path": str(where), "bytes": where.stat().st_size, "sha256": digest_of(where)}


def folder_facts(files: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Give size and digest of a folder: of the names of its files, with their digests."""
    named = [{**one, "path": PurePosixPath(str(one["path"])).name} for one in files]
    text = "\n".join(f"{one['sha256']}  {one['path']}" for one in named)
    size = sum(int(one["bytes"]) for one in named)
    return {"bytes": size, "sha256": sha256(text.encode()).hexdigest(), "files": named}


def is_data(name: str) -> bool:
    """Tell whether Spark reads a file of a folder: not one whose name begins with _ or a point."""
    return name[:1] not in ("_", ".")


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
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise UsageError(f"{shown} does not exist. Check the name.") from error
    except OSError as error:
        raise UsageError(f"{shown} is no manifest of a batch.") from error
    return parse_manifest(data, str(path))


def parse_manifest(data: bytes, name: str) -> dict[str, Any]:
    """Understand the record of a run; UsageError if it is none."""
    try:
        told: dict[str, Any] = json.loads(data.decode("utf-8"))
        _ = [told["output"]["path"], told["options"], *(e["sha256"] for e in told["inputs"])]
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{quote(name)} is no manifest of a batch.") from error
    return told


def is_remote(name: str) -> bool:
    """Tell whether a name is one that Spark reads, such as hdfs://… or s3a://…."""
    return "://" in name


def is_far(told: Mapping[str, Any]) -> bool:
    """Tell whether a run has its table, or an output, where only Spark reads."""
    return any(is_remote(str(entry["path"])) for entry in _entries(told))


def _entries(told: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """List all files that a manifest names."""
    more = [told[name] for name in ("schedules", "previous") if name in told]
    return [told["output"], *told["inputs"], *more]


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


Look = Callable[[Mapping[str, Any]], Mapping[str, Any] | None]
"""How the facts of a file or folder that a manifest names are found now; None if it is gone."""


def look_beside(manifest: Path) -> Look:
    """Look for files where they were, else beside a manifest."""

    def look(entry: Mapping[str, Any]) -> Mapping[str, Any] | None:
        place = place_of(entry, manifest)
        return file_facts(place) if place.exists() else None

    return look


def file_faults(told: Mapping[str, Any], look: Look) -> list[Fault]:
    """Compare the files that a manifest names with their digests, and its sums with each other."""
    return [*_faults_in(_entries(told), look), *_sums_that_differ(told)]


def input_faults(told: Mapping[str, Any], look: Look) -> list[Fault]:
    """Compare the inputs, and the earlier run, with their digests."""
    return _faults_in([*told["inputs"], *([told["previous"]] if "previous" in told else [])], look)


def _faults_in(entries: Sequence[Mapping[str, Any]], look: Look) -> list[Fault]:
    known = (entry for entry in entries if entry["path"] != STDIN)  # that nobody has any more
    return [one for entry in known for one in _file_faults(entry, look(entry))]


def _file_faults(was: Mapping[str, Any], now: Mapping[str, Any] | None) -> Iterator[Fault]:
    """Compare a file with its digest; of a folder, name each file that differs."""
    if now is None:
        yield fault("missing", was["path"])
    elif now["sha256"] != was["sha256"] and "files" in was:
        before, after = (
            {f["path"]: f["sha256"] for f in one.get("files", ())} for one in (was, now)
        )
        for name in sorted({*before, *after}):
            path = f"{was['path']}/{name}"
            if name not in after:
                yield fault("missing", path)
            elif before.get(name) != after[name]:
                yield fault("file", path, before.get(name, "-"), after[name])
    elif now["sha256"] != was["sha256"]:
        yield fault("file", was["path"], was["sha256"], now["sha256"])


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
