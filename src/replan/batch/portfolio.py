"""A portfolio from file to file: settle, work, publish, and write down what was done."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from replan.errors import ReplanError, UsageError
from replan.io.mapping import ColumnMap, read_mapping
from replan.model.policy import Policy

from .local import Done, Pieces, run
from .mapped import BORROWER, read_header
from .offers import Job, job_of
from .parts import Parts
from .publish import (
    Previous,
    check_output,
    digest_of,
    publish,
    with_schedules,
    write_manifest,
    write_rejects,
)
from .schema import KNOWN
from .share import JOINT
from .source import Source, open_source, peek, read_batches
from .work import Counts, Work

SMALLEST_CELL = 10
"""Counts of a segment below this are not told: they would say something about single people."""


class TooManyRejectsError(ReplanError):
    """More rows were rejected than allowed: nothing is published."""

    exit_code = 3


@dataclass(frozen=True, slots=True)
class Request:
    """What one run is asked for; `max_rejects` is a number, or a share such as 5%."""

    source: str
    policy: Policy
    output: Path
    mapping: Mapping[str, str] | str | None
    given: Mapping[str, Any]
    encoding: str | None = None
    top: int = 3
    objectives: tuple[str, ...] = ("smallest-ask",)
    plan: str = ""
    valid_days: int = 30
    carry: tuple[str, ...] = ()
    group: str = ""
    share: str = JOINT
    segments: tuple[str, ...] = ()
    protected: tuple[str, ...] = ()
    schedules: Path | None = None
    rejects: Path | None = None
    max_rejects: str = ""
    previous: Path | None = None
    resume: bool = False
    pieces: Pieces = field(default_factory=Pieces)


@dataclass(frozen=True, slots=True)
class Report:
    """What a run came to."""

    job: Job
    done: Done
    lost: int
    changes: Mapping[str, int]
    manifest: Path

    @property
    def rejected(self) -> int:
        """Count the rows that are no accounts."""
        return self.done.counts.statuses["reject"] + self.lost


def run_portfolio(
    request: Request,
    *,
    progress: Callable[[int], None],
    begin: Callable[[int | None], None] = lambda _: None,
) -> Report:
    """Give every account of a portfolio its offers, in one file that appears whole or not at all.

    Raises UsageError for what cannot be done, PackError for a policy that cannot be followed, and
    TooManyRejectsError where more rows than allowed are no accounts.
    """
    check_output(request.output)
    _check_schedules(request)
    source = open_source(request.source, encoding=request.encoding)
    mapping = read_mapping(request.mapping)
    work = settle(request, mapping, _names(source))
    parts = Parts.beside(request.output)
    before = None if request.previous is None else Previous.read(request.previous)
    parts.begin(_digest(request, work), resume=request.resume)
    begin(source.rows)
    done = run(source, work, parts, request.pieces, progress)
    if request.rejects is not None:
        write_rejects(parts, done, source.lost, request.rejects)
    _check_rejects(request, done.counts, len(source.lost))
    with with_schedules(parts, done, request.schedules):
        changes = publish(parts, done, request.output, previous=before)
    report = Report(work.job, done, len(source.lost), changes, manifest_of(request.output))
    write_manifest(report.manifest, facts_of(request, source, report))
    parts.end()
    return report


def _check_schedules(request: Request) -> None:
    """Refuse a file for schedules that could not be written, or is that of the offers."""
    if request.schedules is None:
        return
    check_output(request.schedules)
    if request.schedules.resolve() == request.output.resolve():
        raise UsageError("--schedules and -o name the same file. Give each table its own.")


def manifest_of(output: Path) -> Path:
    """Name the manifest that belongs to an output."""
    return output.with_name(f"{output.name}.manifest.json")


def settle(request: Request, mapping: ColumnMap, names: list[str]) -> Work:
    """Understand a header, and settle what is offered."""
    header = read_header(names, mapping)
    constants = {k: v for k, v in mapping.constants.items() if k in KNOWN or k == "as_of"}
    defaults = constants | dict(request.given)
    for key, example in (("as_of", "2026-11-21"), ("currency", "CNY")):
        if key not in defaults:
            option = key.replace("_", "-")
            raise UsageError(f"The table does not say {key}. Give it: --{option} {example}.")
    job = job_of(
        request.policy,
        as_of=defaults.pop("as_of"),
        currency=str(defaults.pop("currency")),
        top=request.top,
        objectives=request.objectives,
        plan=request.plan,
        valid_days=request.valid_days,
        defaults=defaults,
        carry=request.carry,
        share_by=_group(request, mapping, names),
        share=request.share,
    )
    _check_protected(request, header.columns)
    counted, wanted = request.segments + request.protected, request.schedules is not None
    return Work(job, header, job.share_by, counted, schedules=wanted)


def _names(source: Source) -> list[str]:
    """Give the names of the columns; stdin is read once, so its first piece is kept."""
    if source.kind == "stdin":
        first = peek(source)
    else:
        again = Source(source.paths, source.kind, source.encoding)
        first = next(read_batches(again, 1), None)
    if first is None:
        raise UsageError("The table has no rows. Check the export.")
    return list(first.schema.names)


def _group(request: Request, mapping: ColumnMap, names: Sequence[str]) -> str:
    """Find the column that names the borrower."""
    wanted = request.group
    if wanted and wanted not in names:
        raise UsageError(f"The table has no column {wanted}. Check --group.")
    mapped = [name for name, key in mapping.columns.items() if key == BORROWER]
    return wanted or (mapped[0] if mapped and mapped[0] in names else "")


def _check_protected(request: Request, columns: Mapping[str, Any]) -> None:
    """Refuse a protected column that decides on offers; it may only be counted by."""
    used = {name for name, _ in columns.values()}
    for name in request.protected:
        if name in used or name == request.group:
            raise UsageError(
                f"The column {name} is protected, but is read to decide on offers. "
                f'Leave it out: --map "{name}=".'
            )


def _digest(request: Request, work: Work) -> str:
    """Digest what pieces depend on, so that only the same run is resumed."""
    facts = (
        work.job.seed.hex(),
        _mapping_digest(work.header.mapping),
        work.job.carry,
        work.group,
        work.segments,
        work.schedules,
        request.pieces.rows,
        version("replan"),
    )
    return sha256(json.dumps(facts, default=str).encode()).hexdigest()


def _check_rejects(request: Request, counts: Counts, lost: int) -> None:
    limit = request.max_rejects.strip()
    if not limit:
        return
    share, rejected = limit.endswith("%"), counts.statuses["reject"] + lost
    try:
        number = float(limit.rstrip("%"))
    except ValueError:
        raise UsageError(f"--max-rejects {limit}: write a number, or a share such as 5%.") from None
    rows = counts.rows + lost
    if rejected > (number / 100 * rows if share else number):
        raise TooManyRejectsError(
            f"{rejected:,} of {rows:,} rows are no accounts, more than {limit}. Nothing was "
            "published. --rejects FILE lists them."
        )


def facts_of(request: Request, source: Source, report: Report) -> dict[str, Any]:
    """Give what a manifest says: files with their digests, what was given, counts and sums."""
    counts = report.done.counts
    return {
        "replan": 1,
        "version": version("replan"),
        "as_of": report.job.as_of.isoformat(),
        "policy": {"id": request.policy.id, "version": request.policy.version},
        "run": report.job.seed.hex(),
        "given": {key: str(value) for key, value in sorted(request.given.items())},
        "mapping": _mapping_digest(read_mapping(request.mapping)),
        "inputs": [_file(path) for path in source.paths],
        "output": _file(request.output),
        **({} if request.schedules is None else {"schedules": _file(request.schedules)}),
        "rows": counts.rows + report.lost + report.done.skipped,
        "skipped": report.done.skipped,
        "unreadable": report.lost,
        "accounts": dict(sorted(counts.statuses.items())),
        "offers": counts.offers,
        "reasons": dict(sorted(counts.reasons.items())),
        "shared": dict(sorted(counts.shared.items())),
        "sums": dict(sorted(counts.sums.items())),
        "candidates": report.job.candidates,
        "changes": dict(sorted(report.changes.items())),
        "segments": segments_of(counts),
    }


def _mapping_digest(mapping: ColumnMap) -> str:
    sets = {name: sorted(words) for name, words in mapping.skip.items()}
    plain = (mapping.columns, mapping.conversions, mapping.constants, mapping.values, mapping.dates)
    told = json.dumps([*plain, sorted(mapping.empty), sets], sort_keys=True, default=str)
    return sha256(told.encode()).hexdigest()


def _file(path: Path) -> dict[str, Any]:
    where = path.resolve()
    return {"path": str(where), "bytes": where.stat().st_size, "sha256": digest_of(where)}


def segments_of(counts: Counts) -> dict[str, Any]:
    """Give accounts by segment and status; small cells are not told, nor what they would reveal."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for key, count in sorted(counts.cells.items()):
        name, value, status = key.split("\t")
        found.setdefault(name, {}).setdefault(value, {})[status] = count
    for values in found.values():
        for value, cells in values.items():
            small = any(count < SMALLEST_CELL for count in cells.values())
            # one small cell could be found by subtraction from its row's sum
            total = sum(cells.values())
            values[value] = {"accounts": total if total >= SMALLEST_CELL else "<10"}
            if not small:
                values[value] |= cells
    return found
