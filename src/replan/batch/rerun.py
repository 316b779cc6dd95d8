"""A run made again from its manifest: the same request, and whether it gives the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from replan.errors import PackError, UsageError
from replan.io.mapping import read_mapping
from replan.io.policies import load_policy
from replan.model.text import clean_text, quote

from .anyorder import differences
from .local import Pieces
from .manifest import (
    Fault,
    fault,
    input_faults,
    is_remote,
    look_beside,
    mapping_digest,
    place_of,
    policy_digest,
    program_faults,
    read_manifest,
)
from .portfolio import Request, run_portfolio
from .previous import batches_of

REPRODUCIBLE = ("rows", "accounts", "offers", "reasons", "sums", "controls", "segments", "changes",
                "shared")  # fmt: skip
"""What a manifest says that another run must say, too."""


def request_of(
    told: Mapping[str, Any], manifest: Path, output: Path, *, source: str = ""
) -> Request:
    """Give the request of a recorded run; *source* is where its input stands now, if it moved.

    Raises UsageError or PackError for what is no longer there.
    """
    options = told["options"]
    before = told.get("previous")
    return Request(
        source=source or _source(told, manifest),
        policy=load_policy(options["policy"]),
        policy_name=options["policy"],
        output=output,
        mapping=options["mapping"],
        given=told["given"],
        encoding=options["encoding"],
        top=options["top"],
        objectives=tuple(options["objectives"]),
        plan=options["plan"],
        valid_days=options["valid_days"],
        carry=tuple(options["carry"]),
        group=options["group"],
        share=options["share"],
        segments=tuple(options["segments"]),
        protected=tuple(options["protected"]),
        previous=place_of(before, manifest) if before else None,
        worsening=(told.get("worsening") or {}).get("reason") or "",
        schedules=_schedules(told, output),
    )


def _schedules(told: Mapping[str, Any], output: Path) -> Path | None:
    """Name the file for schedules beside an output, if the run wrote them."""
    if "schedules" not in told:
        return None
    name = Path(told["schedules"]["path"]).name
    end = ".parquet" if "files" in told["schedules"] else ""  # of Spark that is a folder
    return output.with_name(f"schedules-{name}{end}")


def _source(told: Mapping[str, Any], manifest: Path) -> str:
    name = str(told["options"]["source"])
    if is_remote(name):
        raise UsageError(
            f"That run read {quote(name)}, which only Spark reads. Copy it and name the copy."
        )
    if name == "-":
        raise UsageError("That run read its table from stdin. Give it again: name the file, or -.")
    if Path(name).exists() or len(told["inputs"]) != 1:
        return name
    return str(place_of(told["inputs"][0], manifest))


def changes_since(told: Mapping[str, Any], manifest: Path, *, source: str = "") -> list[Fault]:
    """List what is no longer as it was: inputs, policy, mapping, the program and what it uses.

    With *source* the input is another file anyway, and its digest is compared by what is made of
    it only.
    """
    faults = [] if source else input_faults(told, look_beside(manifest))
    return [*faults, *_settings(told), *program_faults(told)]


def _settings(told: Mapping[str, Any]) -> list[Fault]:
    """Compare policy and mapping with what was followed."""
    options = told["options"]
    try:
        now, mapped = policy_digest(load_policy(options["policy"])), options["mapping"]
        mapping = mapping_digest(read_mapping(mapped))
    except (PackError, UsageError) as error:
        return [fault("gone", str(error))]
    name = f"{told['policy']['id']} {told['policy']['version']}"
    pairs = (
        ("policy", name, told["policy"]["digest"], now),
        ("mapping", mapped if isinstance(mapped, str) else "--map", told["mapping"], mapping),
    )
    return [fault(*pair) for pair in pairs if pair[2] != pair[3]]


def rerun(
    manifest: Path,
    *,
    source: str = "",
    pieces: Pieces,
    progress: Callable[[int], None],
    begin: Callable[[int | None], None] = lambda _: None,
) -> list[Fault]:
    """Make a recorded run again, and list what differs; nothing if every byte is the same.

    A run on Spark is made again on this machine, and the rows are compared in any order.
    What made the run and is another now is listed first; then the output and each group of figures
    that is not the same. The new output is not kept.
    """
    told = read_manifest(manifest)
    changed = changes_since(told, manifest, source=source)
    recorded = place_of(told["output"], manifest)
    on_spark = told.get("engine") == "spark"
    with TemporaryDirectory(prefix="replan-") as folder:
        output = Path(folder) / (f"{recorded.name}.parquet" if on_spark else recorded.name)
        request = request_of(told, manifest, output, source=source)
        request = replace(request, pieces=pieces)
        report = run_portfolio(request, progress=progress, begin=begin)
        found = report.facts
        if on_spark:
            faults = differences(told, found, lambda entry: place_of(entry, manifest))
        else:
            same = found["output"]["sha256"] == told["output"]["sha256"]
            faults = [] if same else [_difference(recorded, output, told, found)]
            faults += _schedules_differ(told, found)
    faults += [
        fault("figures", name) for name in REPRODUCIBLE if _plain(told[name]) != _plain(found[name])
    ]
    return [*changed, *faults] if faults else []


def _schedules_differ(told: Mapping[str, Any], found: Mapping[str, Any]) -> list[Fault]:
    if "schedules" not in told:
        return []
    was, now = (facts["schedules"]["sha256"] for facts in (told, found))
    return [] if was == now else [fault("schedules", told["schedules"]["path"], was, now)]


def _plain(value: Any) -> Any:
    """Give a value as JSON gives it back: keys are texts, and their order does not matter."""
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    return value


def _difference(
    recorded: Path, output: Path, told: Mapping[str, Any], found: Mapping[str, Any]
) -> Fault:
    """Name the first row that differs; if none does, only the bytes do."""
    digests = told["output"]["sha256"], found["output"]["sha256"]
    if not recorded.exists():
        return fault("output", recorded.name, *digests)
    for old, new in zip_longest(_rows(recorded), _rows(output)):
        if old != new:
            one = new or old or {}
            return fault("row", f"{one.get('row')} {one.get('account')}", _shown(old), _shown(new))
    return fault("bytes", recorded.name, *digests)


def _rows(path: Path) -> Any:
    return (row for batch in batches_of(path) for row in batch.to_pylist())


def _shown(row: Mapping[str, Any] | None) -> str:
    return clean_text(", ".join(f"{v}" for v in (row or {}).values() if v is not None))[:300]
