"""Speed and memory of a portfolio: Parquet to Parquet, every offer exact, beside its peers.

    python bench/portfolio.py [ROWS ...]        100,000 and 1,000,000 accounts by default

A run is the command itself in a process of its own, with reading, checking and writing; memory is
what all its processes hold together, looked at twenty times a second.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import mortgagemath
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from figures import processor

import replan
from replan.batch.accounts import read_accounts
from replan.batch.candidates import rolled_together
from replan.batch.kinds import kinds_of
from replan.batch.offers import Job, job_of, offers_of
from replan.io.policies import load_policy
from replan.model.policy import Policy

REQUIRED, MEMORY = 9e6, 300
"""The targets: candidate plans a second on two cores, and megabytes at any size."""
EXAMPLE = Path(__file__).parents[1] / "examples" / "cards-policy.toml"
AS_OF, CURRENCY, OFFERS = "2026-11-21", "CNY", 3
GIVEN = ("--as-of", AS_OF, "--currency", CURRENCY, "--offers", str(OFFERS))
BLOCK = 250_000
ROWS = 16_384
SIZES = (100_000, 1_000_000)


class Ran(NamedTuple):
    """How long a run took, in seconds, also of processors, and the most it held, in megabytes."""

    seconds: float
    busy: float
    memory: float


def accounts(rows: int, *, charges: bool, first: int = 0) -> pa.RecordBatch:
    """Draw accounts in whole cents; `charges`: with interest and penalty outstanding."""
    random = np.random.default_rng(1 + first)
    principal = random.integers(100_000, 5_000_000, rows)
    columns = {
        "account": pa.array([f"a{n:08}" for n in range(first, first + rows)]),
        "principal": pa.array(principal / 100.0),
        "rate": pa.array(random.integers(600, 3600, rows) / 10_000.0),
        "surplus": pa.array((principal // random.integers(12, 60, rows)) / 100.0),
    }
    if charges:
        columns |= {
            "interest": pa.array((principal // 20) / 100.0),
            "penalty": pa.array((principal // 30) / 100.0),
        }
    return pa.record_batch(columns)


def varied(rows: int) -> pa.RecordBatch:
    """Draw accounts that differ in due day, rhythm, instalments left, lateness and product."""
    random, batch = np.random.default_rng(2), accounts(rows, charges=False)
    rhythms = ("month", "week", "fortnight", "4-weeks")
    products = ("credit-card", "personal-loan", "car", "furniture")
    columns = {
        "next_due": pa.array([f"2026-12-{day:02}" for day in random.integers(1, 29, rows)]),
        "remaining_instalments": pa.array(random.integers(1, 61, rows)),
        "frequency": pa.array([rhythms[n] for n in random.integers(0, len(rhythms), rows)]),
        "days_past_due": pa.array(random.integers(0, 181, rows)),
        "product": pa.array([products[n] for n in random.integers(0, len(products), rows)]),
    }
    return pa.record_batch({n: batch.column(n) for n in batch.schema.names} | columns)


def apart(rows: int) -> pa.RecordBatch:
    """Draw accounts hardly two of which have the same due day and last accrual."""
    random, batch = np.random.default_rng(3), accounts(rows, charges=True)
    today = np.datetime64(AS_OF)
    due, accrued = (
        today + n for n in (random.integers(1, 60, rows), -random.integers(0, 60, rows))
    )
    columns = {
        "next_due": pa.array(due.astype(str)),
        "last_accrual": pa.array(accrued.astype(str)),
    }
    return pa.record_batch({n: batch.column(n) for n in batch.schema.names} | columns)


def with_steps(policy: Policy, *steps: tuple[str, dict[str, Any]]) -> Policy:
    """Give a policy with other steps on offer."""
    (offer,) = policy.offers
    like = offer.steps[0].model_copy
    made = tuple(like(update={"strategy": name, "params": params}) for name, params in steps)
    order = tuple(dict.fromkeys(name for name, _ in steps))
    changed = offer.model_copy(update={"steps": made})
    return policy.model_copy(update={"offers": (changed,), "order": order})


SPLIT = {"instalments": [12, 24, 36, 48, 60]}
OTHERS: dict[str, tuple[tuple[str, dict[str, Any]], ...]] = {
    "another rhythm": (("split", SPLIT | {"every": ["month", "2-weeks", "week"]}),),
    "settlements": (("settle", {"share": ["100%", "95%", "90%"], "in": [1, 2, 3]}),),
    "a freeze before a split": (("freeze", {"periods": ["none", 3, 6]}), ("split", SPLIT)),
    "an extension": (("extend", {"instalments": [6, 12, 24, 36, 48]}),),
}
"""Steps beside a waiver of the penalty that set other dates, or keep the contract's."""


def write(path: Path, rows: int) -> Path:
    """Write a portfolio, a block at a time."""
    schema = accounts(1, charges=True).schema
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for first in range(0, rows, BLOCK):
            size = min(BLOCK, rows - first)
            writer.write_batch(accounts(size, charges=True, first=first), row_group_size=65_536)
    return path


def run(source: Path, workers: int) -> Ran:
    """Run the command, and watch what its processes hold."""
    output = source.with_name(f"offers-{workers}.parquet")
    chosen = ("--policy", str(EXAMPLE), "-o", str(output), "--workers", str(workers), *GIVEN)
    begin, before, most = time.perf_counter(), _busy(), 0.0
    with subprocess.Popen(  # noqa: S603 - ours
        [sys.executable, "-m", "replan", "batch", str(source), *chosen], stderr=subprocess.DEVNULL
    ) as process:
        while process.poll() is None:
            most = max(most, sum(map(_resident, _family(process.pid))))
            time.sleep(0.05)
    if process.returncode:
        raise SystemExit(f"the run ended with {process.returncode}")
    return Ran(time.perf_counter() - begin, _busy() - before, most)


def _busy() -> float:
    """Give the seconds that processors have worked for processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _family(process: int) -> Iterator[int]:
    """List a process and all that it has started."""
    yield process
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            children = task.read_text().split()
        except OSError:
            continue  # it has just ended
        for child in children:
            yield from _family(int(child))


def _resident(process: int) -> float:
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    except OSError:
        return 0.0
    return float(pages * os.sysconf("SC_PAGE_SIZE") / 1e6)


def timed(work: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """Time some work once."""
    begin = clock()
    work()
    return clock() - begin


def one_by_one(policy: Policy, batch: pa.RecordBatch) -> None:
    """Search for each account by itself, through the public interface."""
    for row in batch.to_pylist():
        debt = {"id": row["account"]} | {
            k: str(row[k]) for k in ("principal", "interest", "penalty", "rate")
        }
        case = {"as_of": AS_OF, "currency": CURRENCY, "surplus": str(row["surplus"])}
        replan.search(replan.load_case(case | {"debts": [debt]}), debt["id"], policy=policy)


def peer(batch: pa.RecordBatch) -> int:
    """Compute the same principal, rates and terms with mortgagemath; count the plans.

    It knows no charges beside principal and no deferral: those candidates cost it nothing here.
    """
    half_up, count = mortgagemath.PaymentRounding.ROUND_HALF_UP, 0
    for row in batch.to_pylist():
        for share in (1, 2):
            for months in (12, 24, 36, 48, 60):
                loan = mortgagemath.LoanParams(
                    principal=Decimal(str(row["principal"])),
                    annual_rate=Decimal(str(row["rate"])) * 100 / share,
                    term_months=months,
                    payment_rounding=half_up,
                    interest_rounding=half_up,
                )
                mortgagemath.loan_summary(loan)
                count += 1
    return count


def rolled_share(job: Job, batch: pa.RecordBatch) -> float:
    """Say which share of the candidates the bounds do not rule out, so that they are rolled."""
    found = read_accounts(batch, job.as_of, job.defaults)
    some = [(kind, kind.rows) for kind in kinds_of(found, by_count=False, by_dates=False)]
    rolled = sum(len(each.space) for _, each in rolled_together(found, some, job))
    return rolled / (batch.num_rows * job.candidates)


def kinds(job: Job) -> None:
    """Print what accounts of several kinds cost, in memory, on one core."""
    for what, batch in (
        ("principal only", accounts(ROWS, charges=False)),
        ("with interest and penalty", accounts(ROWS, charges=True)),
        ("dates, rhythms, products vary", varied(ROWS)),
        ("hardly two with the same dates", apart(ROWS // 4)),
    ):
        show_rate(what, batch, job)
    waive = ("waive", {"penalty": ["none", "50%", "100%"]})
    for what, steps in OTHERS.items():
        policy = with_steps(job.policy, waive, *steps)
        other = job_of(policy, as_of=AS_OF, currency=CURRENCY, top=OFFERS)
        show_rate(f"dates vary, {what}", varied(ROWS // 8), other)


def show_rate(what: str, batch: pa.RecordBatch, job: Job) -> None:
    """Print how many candidate plans a second of a processor are worked through."""
    rows = batch.num_rows
    each = min(timed(lambda: offers_of(batch, job), time.process_time) for _ in "12") / rows
    rate = job.candidates / each / 1e6
    print(f"{what + ', Arrow to Arrow, one core':<58} {rate:>7.2f} M plans/s {1e6 * each:>9.1f} us")


def peers(job: Job) -> None:
    """Print what the same accounts cost otherwise."""
    few = accounts(20, charges=True)
    alone = few.num_rows * job.candidates / timed(lambda: one_by_one(job.policy, few))
    begin = time.perf_counter()
    other = peer(few) / (time.perf_counter() - begin)
    print(f"{'replan.search, account by account':<58} {alone / 1e6:>7.4f} M plans/s")
    print(f"{'mortgagemath, exact, principal only':<58} {other / 1e6:>7.4f} M plans/s")


def report(job: Job, source: Path, rows: int, cores: tuple[int, ...]) -> None:
    """Print speed, cost and memory of one size."""
    for workers in cores:
        ran = run(source, workers)
        rate = rows * job.candidates / ran.seconds
        what = f"{rows:,} accounts, {workers} {'worker' if workers == 1 else 'workers'}"
        print(
            f"{what + ', Parquet to Parquet':<58} {rate / 1e6:>7.2f} M plans/s"
            f" {rows / ran.seconds:>9,.0f} accounts/s {1e6 * ran.seconds / rows:>6.1f} us each,"
            f" {1e6 * ran.busy / rows:>5.1f} us of a processor,"
            f" {ran.memory:>5.0f} MB"
        )


def main(*sizes: int) -> None:
    """Print all of it, beside what is required."""
    job = job_of(load_policy(EXAMPLE), as_of=AS_OF, currency=CURRENCY, top=OFFERS)
    share = rolled_share(job, accounts(4_096, charges=True))
    print(f"{processor()}; {job.candidates} candidates an account, the best {OFFERS} told")
    print(f"Ruled out by proven bounds: {1 - share:.1%}; all others are rolled exactly.")
    print("Parquet to Parquet, the whole process, start-up, checks and manifest included")
    peers(job)
    kinds(job)
    with tempfile.TemporaryDirectory() as folder:
        for rows in sizes or SIZES:
            source = write(Path(folder) / f"accounts-{rows}.parquet", rows)
            report(job, source, rows, (1, 2))
            source.unlink()
    print(f"required: {REQUIRED / 1e6:.0f} M plans/s on two cores, at most {MEMORY} MB in all")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
