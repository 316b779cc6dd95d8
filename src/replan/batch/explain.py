"""One offer of a published run made again from what was recorded, and why it is this one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from replan.decide.candidates.policies import policy_dict
from replan.io.mapping import read_mapping

from .accounts import Accounts
from .admission import currency_of
from .exclusions import NOT_MEANT, misses_of
from .formats import disarmed
from .kinds import Kind, kinds_of
from .manifest import Fault, manifest_of, place_of, read_manifest
from .offers import Job, offers_and_accounts
from .portfolio import Request, names_of, settle
from .reasons import Judged, Offered, judge, reasons_of
from .recorded import Row, anywhere, recorded, side_by_side
from .rerun import changes_since, request_of
from .share import JOINT
from .source import KINDS, Source, open_source
from .template import by_itself
from .together import mates_of, nearest_combination, room_beside

APART = ("row", "change", "worsening")
"""Columns of an output that say nothing of the account itself."""


@dataclass(frozen=True, slots=True)
class Again:
    """An account of a run, made again: the borrower's accounts, its place among them, its rows."""

    found: Accounts
    place: int
    rows: Sequence[Row]
    everyone: Sequence[Row]


def explain_offer(
    output: Path, *, offer_id: str = "", account: str = "", manifest: Path | None = None,
    source: str = "",
) -> dict[str, Any]:  # fmt: skip
    """Make one offer, or one account's answer, again from its run's manifest, and say why.

    Give the id of an offer, or the account. *source* is where the table stands now if it has moved.
    The result is plain values for JSON: `same` tells whether every figure and the id are what was
    published, `differences` where not, `changed` what is no longer as it was. Raises UsageError
    if there is no such offer, or the table is gone.
    """
    record = manifest or manifest_of(output)
    told = read_manifest(record)
    published = recorded(output, offer_id, account)
    request = request_of(told, record, output, source=source)
    opened = _opened(told, record, request, source)
    work = settle(request, read_mapping(request.mapping), names_of(opened))
    first = published[0]
    on_spark = told.get("engine") == "spark"
    find = anywhere if on_spark else side_by_side
    again = _again(find(opened, work, first), work.job)
    shown = next((row for row in published if row["offer_id"] == offer_id), first)
    differences = _differences(published, again.rows if again else [], output)
    return {
        "replan": 1,
        "offer_id": shown["offer_id"],
        "account": shown["account"],
        "offer": _plain({k: v for k, v in shown.items() if not (on_spark and k == "row")}),
        "same": not differences,
        "differences": differences,
        "changed": changes_since(told, record, source=source),
        "as_of": told["as_of"],
        "currency": currency_of(work.job.defaults),
        "policy": policy_dict(request.policy),
        "version": told["version"],
        "given_plan": request.plan or None,
        "condition": None if again is None else _condition(again, work.job, str(shown["reason"])),
        "why": None if again is None else _why(again, work.job, shown),
    }


def _opened(told: Mapping[str, Any], record: Path, request: Request, source: str) -> Source:
    """Open the table; of a run on Spark its files, which may stand in folders of folders."""
    paths = tuple(place_of(entry, record) for entry in told["inputs"])
    if source or told.get("engine") != "spark" or not all(path.is_file() for path in paths):
        return open_source(request.source, encoding=request.encoding)
    kind = KINDS.get(paths[0].suffix.lower(), "parquet")
    return Source(paths, kind, request.encoding)


def _again(piece: tuple[Any, int] | None, job: Job) -> Again | None:
    if piece is None:
        return None
    mapped, place = piece
    out, found = offers_and_accounts(mapped, job)
    everyone = out.to_pylist()
    return Again(found, place, [r for r in everyone if r["row"] == place], everyone)


def _differences(recorded: Sequence[Row], again: Sequence[Row], output: Path) -> list[Fault]:
    """Compare an account's rows, column by column."""
    found = []
    if len(recorded) != len(again):
        found.append({"field": "offers", "was": str(len(recorded)), "now": str(len(again))})
    for was, now in zip(recorded, again, strict=False):
        shown = _as_written(now, output)
        for name in (n for n in was if n not in APART):
            if _text(was[name]) != _text(shown.get(name)):
                pair = {"was": _text(was[name]), "now": _text(shown.get(name))}
                found.append({"field": name, "rank": _text(was.get("rank")), **pair})
    return found


def _as_written(row: Row, output: Path) -> Row:
    """Give a row as the output writes it: a CSV disarms what a spreadsheet would compute."""
    if output.suffix.lower() != ".csv":
        return row
    import pyarrow as pa  # noqa: PLC0415 - an extra

    texts = {k: v for k, v in row.items() if isinstance(v, str)}
    if not texts:
        return row
    safe = disarmed(pa.table({k: pa.array([v], pa.string()) for k, v in texts.items()}))
    return {**row, **safe.to_pylist()[0]}


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _plain(row: Row) -> dict[str, Any]:
    return {
        name: value if isinstance(value, int | float) else _text(value) or None
        for name, value in row.items()
    }


def _why(again: Again, job: Job, shown: Row) -> dict[str, Any] | None:
    """Say why an account is offered this, or nothing, where its candidates tell."""
    found, row = again.found, again.place
    ruled = shown["status"] == "no-offer" and not _by_candidates(str(shown["reason"]))
    if shown["status"] not in ("offer", "no-offer") or ruled or not found.good[row]:
        return None
    if job.given_plan:  # nothing was chosen
        return None
    kinds = kinds_of(found, by_count=not by_itself(job.menu))
    together = str(found.shared[row]) == JOINT
    aim = str(shown["objective"] or job.objectives[0])
    mates = mates_of(found, kinds, job, again.everyone, (row, aim)) if together else []
    offered = _offered(shown, found) if shown["status"] == "offer" else None
    beside = mates if offered is not None else []
    room = room_beside(found, job, beside) if together else None
    judged = _judged(again, job, kinds, row, room)
    if judged is None:
        return None
    told = reasons_of(judged, job, offered)
    if together and mates and offered is None:  # no plan of its own could have helped alone
        told |= {"nearest": nearest_combination(found, kinds, job, again.everyone)}
    names = [mate.account for mate in mates]
    return {**told, "together": names, "mates": [mate.told() for mate in mates]}


def _condition(again: Again, job: Job, reason: str) -> dict[str, Any] | None:
    """Say what the policy asks for and what was found, where that ruled the account out."""
    if reason == NOT_MEANT:
        misses = misses_of(again.found, job.policy, again.place)
        return {"code": reason, "misses": [asdict(miss) for miss in misses]}
    asked = {"past-due-from": job.policy.conditions.past_due_from,
             "past-due-until": job.policy.conditions.past_due_until}  # fmt: skip
    if reason not in asked:
        return None
    late = int(again.found.counts["days_past_due"][again.place])
    return {"code": reason, "days": asked[reason], "found": late}


def _by_candidates(reason: str) -> bool:
    """Tell whether a reason is about the candidates, not about the account."""
    return reason.startswith("limit-") or reason in ("over-surplus", "outside-policy", "refused")


def _offered(row: Row, found: Accounts) -> Offered:
    def minor(*names: str) -> int:
        return sum(int(row[name].scaleb(found.exponent)) for name in names)

    axes = (minor("peak_payment"), minor("total_paid", "residual"), int(row["months"]),
            minor("npv_loss"))  # fmt: skip
    return Offered(str(row["objective"]), str(row["plan"]), minor("total_paid"), axes)


def _judged(
    again: Again, job: Job, kinds: Sequence[Kind], row: int, room: Any = None
) -> Judged | None:
    kind = next((k for k in kinds if row in k.rows), None)
    return None if kind is None else judge(again.found, kind, row, job, room)
