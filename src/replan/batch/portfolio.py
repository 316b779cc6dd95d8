"""A portfolio from file to file: settle, work, publish, and write down what was done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from replan.decide.opening import exponent_of
from replan.errors import ReplanError, UsageError
from replan.io.mapping import ColumnMap, read_mapping
from replan.io.packs import shipped
from replan.model.policy import Policy
from replan.model.text import quote

from .admission import currency_of
from .controls import totals_told
from .drift import Tally, check_drift, drift_told, parse_drift
from .fairness import check_protected, segments_told
from .local import Done, Pieces, piece_rows, run
from .manifest import (
    amounts_told,
    digest_facts,
    file_facts,
    manifest_of,
    mapping_digest,
    policy_digest,
    program,
    rule_packs,
    stdin_facts,
    write_manifest,
)
from .mapped import BORROWER, read_header
from .offers import Job, job_of
from .parts import Parts
from .places import check_places, claimed
from .previous import Previous
from .publish import check_output, publish, with_schedules, write_rejects
from .schema import KNOWN, RESERVED, offer_schema
from .share import JOINT
from .source import Source, column_names, open_source, peek
from .stops import CopiesError, TooManyRejectsError, Watch, check_reason, parse_allowed
from .work import SUMMED, Counts, Work, columns_of

Copies = Sequence[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Request:
    """What one run is asked for.

    `policy_name` is how the policy was named; `max_rejects` is a number, or a share such as 5%,
    `max_drift` a share; `worsening` is the reason for making open offers worse.
    """

    source: str
    policy: Policy
    output: Path
    mapping: Mapping[str, str] | str | None
    given: Mapping[str, Any]
    policy_name: str = ""
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
    raw: bool = False
    max_rejects: str = ""
    previous: Path | None = None
    worsening: str = ""
    max_drift: str = ""
    resume: bool = False
    pieces: Pieces = field(default_factory=Pieces)


@dataclass(frozen=True, slots=True)
class Report:
    """What a run came to: its manifest, and what it holds."""

    manifest: Path
    facts: Mapping[str, Any]

    @property
    def rejected(self) -> int:
        """Count the rows that are no accounts."""
        return int(self.facts["accounts"].get("reject", 0))


def run_portfolio(
    request: Request,
    *,
    progress: Callable[[int], None],
    begin: Callable[[int | None], None] = lambda _: None,
) -> Report:
    """Give every account of a portfolio its offers, in one file that appears whole or not at all.

    Raises UsageError for what cannot be done, PackError for a policy that cannot be followed, and
    what stands in `stops` where something forbids that the offers are published.
    """
    check_output(request.output)
    check_asked(request)
    source = open_source(request.source, encoding=request.encoding)
    _check_places(request, source)
    mapping = read_mapping(request.mapping)
    work = settle(request, mapping, names_of(source))
    source.columns = () if request.raw else columns_of(work)
    compared = request.previous is not None
    parts = Parts.beside(request.output, request.schedules, compared=compared)
    before = _previous(request, work.job)
    with claimed(parts.folder, request.output):
        parts.begin(_digest(request, work, parts), resume=request.resume)
        begin(source.rows)
        try:
            facts = _worked(request, source, work, (parts, before), progress)
        except ReplanError:
            if parts.is_empty:
                parts.end()
            raise
        parts.end()
    return Report(manifest_of(request.output), facts)


def _worked(
    request: Request,
    source: Source,
    work: Work,
    to: tuple[Parts, Previous | None],
    progress: Callable[[int], None],
) -> dict[str, Any]:
    """Work on all pieces, judge the whole, and publish it with its manifest."""
    parts, before = to
    watch = Watch(parse_allowed(request.max_rejects, "--max-rejects"), source, parts)
    try:
        done = run(source, work, parts, request.pieces, progress, watch=watch.piece)
        watch.end(done.counts)
    except (TooManyRejectsError, CopiesError) as error:
        copies = error.rows if isinstance(error, CopiesError) else ()
        _write_rejects(request, parts, sorted(watch.done), copies)
        raise
    _write_rejects(request, parts, range(done.pieces))
    drifted = drift_of(request, work.job, done.counts, None if before is None else before.tally)
    with with_schedules(parts, done, request.schedules):
        publish(parts, done, request.output, previous=before)
    facts = _facts(request, work, source, done) | _compared(request, before, drifted)
    write_manifest(manifest_of(request.output), facts)
    return facts


def _check_places(request: Request, source: Source) -> None:
    """Refuse files that could not be written, or that something is read from."""
    tables = {"--schedules": request.schedules, "--rejects": request.rejects}
    written = {option: path for option, path in tables.items() if path is not None}
    for option, path in written.items():
        check_output(path, option)
    written |= {"-o": request.output, "the manifest": manifest_of(request.output)}
    named = (request.policy_name, request.mapping)
    read = [Path(name) for name in named if isinstance(name, str) and Path(name).is_file()]
    folder = Path(request.source)
    read += [*source.paths, *([folder] if folder.is_dir() else [])]
    if request.previous is not None:
        read += [request.previous, manifest_of(request.previous)]
    check_places(read, written)


def check_asked(request: Request) -> None:
    """Refuse options that lean on an earlier run, where none is named."""
    for given, option in ((request.worsening, "--worsening"), (request.max_drift, "--max-drift")):
        if given and request.previous is None:
            raise UsageError(f"{option} compares with an earlier run. Name it: --previous FILE.")
    if request.raw and request.rejects is None:
        raise UsageError("--raw goes with --rejects FILE.")
    parse_allowed(request.max_rejects, "--max-rejects")
    parse_drift(request.max_drift)


def _previous(request: Request, job: Job) -> Previous | None:
    if request.previous is None:
        return None
    reason = check_reason(request.worsening) if request.worsening else ""
    return Previous.read(request.previous, job.as_of, reason)


def _write_rejects(
    request: Request, parts: Parts, pieces: Sequence[int], copies: Copies = ()
) -> None:
    if request.rejects is not None:
        write_rejects(parts, pieces, request.rejects, copies=copies, raw=request.raw)


def drift_of(request: Request, job: Job, counts: Counts, before: Tally | None) -> dict[str, Any]:
    """Compare the figures with those of an earlier run; raises DriftError where they moved."""
    if before is None:
        return {}
    unit = 10 ** (4 - exponent_of(currency_of(job.defaults)))
    sums = {name: unit * counts.sums[f"{name}, first offers"] for name in SUMMED}
    now = Tally(counts.rows, counts.statuses["offer"], counts.statuses["reject"], sums)
    allowed = parse_drift(request.max_drift)
    if allowed is not None:
        check_drift(before, now, allowed)
    return drift_told(before, now)


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
        carry=tuple(dict.fromkeys(request.carry)),
        share_by=_group(request, mapping, names),
        share=request.share,
    )
    if job.shares_out and request.schedules is not None:
        raise UsageError("--schedules cannot lay out a plan that shares one amount. Leave it out.")
    _check_carried(job.carry, names)
    check_protected(request.protected, header.columns, mapping, job.share_by)
    counted = tuple(dict.fromkeys(request.segments + request.protected))
    return Work(
        job, header, job.share_by, counted, schedules=request.schedules is not None, raw=request.raw
    )


def _check_carried(carried: Sequence[str], names: Sequence[str]) -> None:
    """Refuse to copy what is not there, or what would stand twice in the offers."""
    taken = {"row", *offer_schema(0).names, "change", "worsening"}
    for name in carried:
        if name not in names:
            raise UsageError(f"The table has no column {quote(name)}. Check --carry.")
        if name in taken:
            raise UsageError(
                f"The offers have a column {quote(name)} of their own. Leave it out of --carry."
            )


def names_of(source: Source) -> list[str]:
    """Give the names of the columns; stdin is read once, so its first piece is kept."""
    if source.kind == "stdin":
        first = peek(source)
        names = [] if first is None else first.schema.names
    else:
        names = column_names(source)
    if not names:
        raise UsageError("The table has no rows. Check the export.")
    return [name for name in names if name not in RESERVED]


def _group(request: Request, mapping: ColumnMap, names: Sequence[str]) -> str:
    """Find the column that names the borrower."""
    wanted = request.group
    if wanted and wanted not in names:
        raise UsageError(f"The table has no column {wanted}. Check --group.")
    mapped = [name for name, key in mapping.columns.items() if key == BORROWER]
    return wanted or (mapped[0] if mapped and mapped[0] in names else "")


def _digest(request: Request, work: Work, parts: Parts) -> str:
    """Digest what pieces depend on, so that only the same run is resumed."""
    facts = (
        work.job.seed.hex(),
        mapping_digest(work.header.mapping),
        work.job.carry,
        work.group,
        work.segments,
        work.schedules,
        work.raw,
        (parts.offers, parts.schedules),
        piece_rows(work.job, parts, request.pieces.rows),
        program(),
    )
    return digest_facts(facts)


def _facts(request: Request, work: Work, source: Source, done: Done) -> dict[str, Any]:
    """Give what a manifest says of a run on this machine."""
    files: dict[str, Any] = {"inputs": _inputs(source), "output": file_facts(request.output)}
    if request.schedules is not None:
        files["schedules"] = file_facts(request.schedules)
    return facts_of(request, work, done.counts, skipped=done.skipped) | files


def facts_of(request: Request, work: Work, counts: Counts, *, skipped: int) -> dict[str, Any]:
    """Give what a manifest says beside the files: what was given, counts and sums."""
    job = work.job
    statuses = {**counts.statuses, "reject": counts.statuses["reject"]}
    exponent = exponent_of(currency_of(job.defaults))
    sums = {name: counts.sums[f"{name}, first offers"] for name in SUMMED}
    return {
        "replan": 1,
        "version": program()["replan"],
        "program": program(),
        "as_of": job.as_of.isoformat(),
        "policy": {
            "id": request.policy.id,
            "version": request.policy.version,
            "digest": policy_digest(request.policy),
        },
        "rules": rule_packs(),
        "run": job.seed.hex(),
        "given": {key: str(value) for key, value in sorted(request.given.items())},
        "options": _options(request),
        "mapping": mapping_digest(work.header.mapping),
        "rows": counts.rows + skipped,
        "skipped": skipped,
        "unreadable": 0,  # such rows are rejects; manifests had them apart before
        "accounts": dict(sorted(counts.statuses.items())),
        "offers": counts.offers,
        "reasons": dict(sorted(counts.reasons.items())),
        "shared": dict(sorted(counts.shared.items())),
        "unread_columns": list(work.header.unread),
        "sums": dict(sorted(counts.sums.items())),
        "controls": {
            "inputs": totals_told(counts.controls, statuses),
            "outputs": {
                "accounts": counts.statuses["offer"],
                "first_offers": amounts_told(sums, exponent),
            },
        },
        "candidates": job.candidates,
        "segments": segments_told(counts.cells),
        "changes": {},
    }


def _inputs(source: Source) -> list[dict[str, Any]]:
    if source.kind == "stdin":
        return [stdin_facts(source.bytes, source.digest.hexdigest())]
    return [file_facts(path) for path in source.paths]


def _options(request: Request) -> dict[str, Any]:
    """Give what was asked for, in a form from which the run can be made again."""
    return {
        "source": _place(request.source) if request.source != "-" else "-",
        "policy": _place(request.policy_name) if request.policy_name else request.policy.id,
        "mapping": _place(request.mapping)
        if isinstance(request.mapping, str)
        else request.mapping and dict(request.mapping),
        "encoding": request.encoding,
        "top": request.top,
        "objectives": list(request.objectives),
        "plan": request.plan,
        "valid_days": request.valid_days,
        "carry": list(request.carry),
        "group": request.group,
        "share": request.share,
        "segments": list(request.segments),
        "protected": list(request.protected),
    }


def _place(name: str) -> str:
    """Give where a file stands, or the name of a policy that ships."""
    ships = name in shipped(Policy.folder)
    return name if ships or not Path(name).exists() else str(Path(name).resolve())


def _compared(
    request: Request, before: Previous | None, drifted: Mapping[str, Any]
) -> dict[str, Any]:
    """Give what a manifest says of an earlier run."""
    if before is None or request.previous is None:
        return {}
    return {
        "changes": dict(sorted(before.changes.items())),
        "previous": file_facts(request.previous),
        "worsening": {"reason": before.reason or None, **dict(sorted(before.worse.items()))},
        "drift": dict(drifted),
    }
