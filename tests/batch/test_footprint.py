"""A process of a run holds no more than its work needs."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from batch.test_portfolio import rows, write
from replan.batch.footprint import unwritten_code

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
SCRIPT = """
import sys
from replan.batch.footprint import be_alone, be_lean, forget_start, is_alone
be_alone()
import numpy as np, pyarrow as pa, pyarrow.parquet
be_lean()
pa.array(np.zeros(3))
forget_start()
print(is_alone(), "pandas" in sys.modules, pa.default_memory_pool().backend_name)
"""


@LINUX
def test_what_is_imported_starts_no_thread_and_no_pandas() -> None:
    """So that the process can be forked, and does not hold what it never uses."""
    code = [sys.executable, "-c", SCRIPT]
    ended = subprocess.run(code, check=True, capture_output=True, text=True)  # noqa: S603 - ours

    assert "True False system\n" == ended.stdout


SMAPS = """\
1000-3000 r-xp 00000000 08:01 7 /usr/lib/libone.so
Rss:                   8 kB
Private_Dirty:         0 kB
VmFlags: rd ex
3000-4000 rw-p 00002000 08:01 7 /usr/lib/libone.so
Private_Dirty:         4 kB
5000-6000 r-xp 00000000 08:01 8 /usr/lib/lib two.so
Private_Dirty:         4 kB
7000-9000 r-xp 00000000 00:00 0 [vdso]
Private_Dirty:         0 kB
a000-e000 r-xp 00000000 08:01 9 /usr/lib/lib three.so
Anonymous:             0 kB
"""


def test_only_code_that_nobody_wrote_to_is_left_to_the_system(tmp_path: Path) -> None:
    """What was changed in memory would be lost."""
    maps = tmp_path / "smaps"
    maps.write_text(SMAPS, "utf-8")

    assert [(0x1000, 0x2000), (0xA000, 0x4000)] == list(unwritten_code(maps))


def children_of(process: int) -> list[int]:
    """List what a process has started."""
    tasks = Path(f"/proc/{process}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


@LINUX
def test_no_process_outlives_a_run_that_is_killed(tmp_path: Path) -> None:
    """One that went on would write beside the run that takes up where this one was killed."""
    args = [*write(tmp_path, rows(40_000)), "-o", str(tmp_path / "o.parquet"), "--workers", "2"]
    with subprocess.Popen([sys.executable, "-m", "replan", *args]) as process:  # noqa: S603 - ours
        while not (children := children_of(process.pid)):
            assert process.poll() is None
            time.sleep(0.01)
        process.kill()
    ends = time.monotonic() + 5
    while any(Path(f"/proc/{child}/exe").exists() for child in children):
        assert time.monotonic() < ends
        time.sleep(0.01)

    assert 1 == len(children)
