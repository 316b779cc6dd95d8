"""What a portfolio costs by engine: processor time, time, memory and bytes; for docs/scale.md."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from figures import processor
from portfolio import EXAMPLE, accounts

ROWS = 262_144
ON = ("--as-of", "2026-11-21", "--currency", "CNY", "--offers", "1")
TICK = os.sysconf("SC_CLK_TCK")


def tree(pid: int) -> list[int]:
    """List a process and all that it has started."""
    found = [pid]
    for told in Path(f"/proc/{pid}/task").glob("*/children"):  # any thread may start processes
        with suppress(OSError):
            found += [each for child in told.read_text().split() for each in tree(int(child))]
    return found


def spent(pid: int) -> float:
    """Give the processor seconds of a process; 0 if it has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICK


def held(pid: int) -> int:
    """Add up memory in MB, pages that are shared counted once."""
    total = 0
    for each in tree(pid):
        try:
            lines = Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total // 1024


@dataclass
class Used:
    """What a process and all that it has started use: seconds, processor seconds, most memory."""

    seconds: float = 0.0
    processor: float = 0.0
    most: int = 0


@contextmanager
def watched(pid: int) -> Iterator[Used]:
    """Look four times a second at a process and all that it has started."""
    used, done, begin = Used(), threading.Event(), time.perf_counter()
    before = {each: spent(each) for each in tree(pid)}
    last: dict[int, float] = {}

    def look() -> None:
        while not done.wait(0.25):
            last.update({each: found for each in tree(pid) if (found := spent(each))})
            used.most = max(used.most, held(pid))

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield used
    finally:
        done.set()
        looking.join()
        used.seconds = time.perf_counter() - begin
        used.processor = sum(found - before.get(each, 0.0) for each, found in last.items())


def local(folder: Path, workers: int, *, schedules: bool = False) -> None:
    """Measure the engine of one machine."""
    out, rows = folder / f"offers-{workers}.parquet", folder / "rows.parquet"
    command = [sys.executable, "-m", "replan", "batch", str(folder / "in"), "--policy", EXAMPLE]
    command += [*ON, "-o", str(out), "--workers", str(workers)]
    command += ["--schedules", str(rows)] if schedules else []
    with (
        subprocess.Popen(list(map(str, command)), stderr=subprocess.DEVNULL) as process,  # noqa: S603
        watched(process.pid) as used,
    ):
        process.wait()
    name = f"one machine, {workers} workers" + (", --schedules" if schedules else "")
    size = out.stat().st_size + (rows.stat().st_size if schedules else 0)
    told = f"{size / ROWS:.0f} bytes an account" + (f", {_count(rows)} rows" if schedules else "")
    print(f"{name:<32}{_line(used)}  {told}", flush=True)


def _count(path: Path) -> int:
    return int(pq.ParquetFile(path).metadata.num_rows)


def _line(used: Used) -> str:
    rate, each = ROWS / used.seconds, used.processor * 1e6 / ROWS
    return f"{used.seconds:>6.1f} s {rate:>8,.0f} accounts/s {each:>6.0f} µs {used.most:>5} MB"


def on_spark(folder: Path) -> None:
    """Measure Spark on this machine: the first run of a session, and the second."""
    from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra

    import replan  # noqa: PLC0415 - as above
    from replan.batch import spark  # noqa: PLC0415 - as above
    from replan.batch.offers import job_of  # noqa: PLC0415 - as above

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    begin = time.perf_counter()
    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    session = builder.config("spark.log.level", "ERROR").getOrCreate()
    print(f"Spark starts in {time.perf_counter() - begin:.1f} s", flush=True)
    policy = replan.load_policy(EXAMPLE)
    job = job_of(policy, as_of="2026-11-21", currency="CNY", top=1)
    for name in ("Spark, 2 cores, cold", "Spark, 2 cores, warm"):
        with watched(os.getpid()) as used:
            table = session.read.parquet(str(folder / "in"))
            spark.offers(table, job).write.mode("overwrite").parquet(str(folder / "spark"))
        print(f"{name:<32}{_line(used)}", flush=True)
    _command_on_spark(folder, session)
    session.stop()


def _command_on_spark(folder: Path, session: Any) -> None:
    """Measure whole runs: offers kept, judged, written and checked, with their manifest."""
    import replan  # noqa: PLC0415 - as above
    from replan.batch.portfolio import Request  # noqa: PLC0415 - as above
    from replan.batch.spark_run import Places, run_on_spark  # noqa: PLC0415 - as above

    request = Request(
        str(folder / "in"), replan.load_policy(EXAMPLE), folder / "run", None,
        {"as_of": "2026-11-21", "currency": "CNY"}, top=1,
    )  # fmt: skip
    for schedules in ("", str(folder / "spark-rows")):
        asked = replace(request, schedules=Path(schedules) if schedules else None)
        places = Places(str(folder / f"run{len(schedules)}"), schedules)
        with watched(os.getpid()) as used:
            facts = run_on_spark(asked, places, session=session)
        name = "Spark, command" + (", --schedules" if schedules else "")
        size = facts["output"]["bytes"] + (facts["schedules"]["bytes"] if schedules else 0)
        print(f"{name:<32}{_line(used)}  {size / ROWS:.0f} bytes an account", flush=True)


def main() -> None:
    """Print a line for each engine: time, accounts a second, processor time an account, memory."""
    if len(sys.argv) > 1:
        on_spark(Path(sys.argv[1]))
        return
    print(f"{processor()}; {ROWS:,} accounts with interest and penalty, 90 candidates each")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "in").mkdir()
        batch = accounts(ROWS, charges=True)
        for at in range(32):
            some = batch.slice(at * ROWS // 32, ROWS // 32)
            with pq.ParquetWriter(folder / "in" / f"{at}.parquet", batch.schema) as writer:
                writer.write_batch(some)
        local(folder, 1)
        local(folder, 2)
        local(folder, 2, schedules=True)
        if find_spec("pyspark") is not None:
            subprocess.run([sys.executable, __file__, str(folder)], check=True)  # noqa: S603


if __name__ == "__main__":
    main()
