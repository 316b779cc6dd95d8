"""What a process of a run holds besides its work: no threads, packages or free memory in vain."""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Iterator
from ctypes import CDLL, c_size_t, c_void_p
from pathlib import Path
from threading import Thread
from typing import Any

MMAP_THRESHOLD, TRIM_THRESHOLD, ARENA_MAX = -3, -1, -8
"""The numbers of glibc's options for `mallopt`."""
NEVER = ("pandas", "pyarrow._azurefs", "pyarrow._gcsfs", "pyarrow._hdfs", "pyarrow._s3fs")
"""Modules that Arrow would load if they were there: some 45 MB."""
DONT_NEED = 4
"""The number of the advice to Linux's `madvise` that pages are not needed."""
MAPPING = re.compile(
    r"^([0-9a-f]+-[0-9a-f]+) (\S+) \S+ \S+ \S+ *(.*)\n((?:[A-Z]\w+:.*\n)*)", re.MULTILINE
)
WRITTEN = re.compile(r"^(?:Private_Dirty|Shared_Dirty|Anonymous): +[1-9]", re.MULTILINE)
DEATH_SIGNAL = 1
"""The number of the option of Linux's `prctl` that sends a signal when the parent has ended."""
KEPT = 1 << 25
"""Bytes of free memory that are kept for the next piece: to fault them in anew costs a tenth."""
SETTINGS = {
    "OPENBLAS_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
}
"""Threads that numpy and Arrow start as they are imported, and that no run needs; where Arrow takes
memory also for what it keeps to itself."""


def be_alone() -> None:
    """Keep numpy and Arrow from starting threads and loading what no run needs.

    A process of one thread can be forked safely, and the fork holds all that it has imported. It is
    too late where numpy is imported already: then others than this run use the process, too.
    """
    if "numpy" in sys.modules:
        return
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)
    sys.meta_path.insert(0, _Without())


def is_alone() -> bool:
    """Tell whether this process has one thread, as far as the system tells."""
    try:
        return len(os.listdir("/proc/self/task")) == 1  # noqa: PTH208 - names alone
    except OSError:
        return False


def be_lean() -> None:
    """Leave out what Arrow would load, and let memory be used again.

    Arrow takes memory from the system's allocator, whose free memory serves numpy, too.
    """
    import pyarrow as pa  # noqa: PLC0415 - an extra

    _leave_out_pandas()
    pa.set_memory_pool(pa.system_memory_pool())
    libc = _system()
    if hasattr(libc, "mallopt"):
        libc.mallopt(ARENA_MAX, 1)
        libc.mallopt(MMAP_THRESHOLD, KEPT)
        libc.mallopt(TRIM_THRESHOLD, KEPT)


def end_with(parent: int) -> None:
    """End this process as soon as its parent does.

    A process that is killed cannot tell the others, which would wait for their next piece for ever.
    """
    if sys.platform == "linux" and hasattr(libc := _system(), "prctl"):
        libc.prctl(DEATH_SIGNAL, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
        return
    Thread(target=_follow, daemon=True).start()


def _follow() -> None:
    from multiprocessing import parent_process  # noqa: PLC0415 - only here

    if (parent := parent_process()) is not None:
        parent.join()
        os._exit(1)


def forget_start() -> None:
    """Leave the code of libraries to the system's cache, from which what is needed comes back.

    What only their start needed is 25 MB that a process would hold to its end. Code is never
    written to; a mapping that was written to all the same is left as it is.
    """
    if sys.platform == "linux" and hasattr(libc := _system(), "madvise"):
        for begin, size in unwritten_code(Path("/proc/self/smaps")):
            libc.madvise(c_void_p(begin), c_size_t(size), DONT_NEED)


def unwritten_code(maps: Path) -> Iterator[tuple[int, int]]:
    """Yield place and size of the mappings of files that may be run, and were never written to."""
    told = maps.read_text("utf-8", "replace") if maps.exists() else ""
    for place, rights, file, more in MAPPING.findall(told):
        if rights == "r-xp" and file.startswith("/") and not WRITTEN.search(more):
            begin, end = (int(one, 16) for one in place.split("-"))
            yield begin, end - begin


def trim_memory() -> None:
    """Return to the system what work has left, where its allocator can."""
    if hasattr(libc := _system(), "malloc_trim"):
        libc.malloc_trim(0)


def _system() -> Any:
    """Give the system's own library, where it is that of the program."""
    return None if sys.platform == "win32" else CDLL(None)


class _Without:
    """Finds nothing of what no run needs."""

    def find_spec(self, fullname: str, _path: Any, _target: Any = None, /) -> None:
        """Refuse some modules, leave the others to those who can find them."""
        if fullname in NEVER:
            raise ModuleNotFoundError(fullname)


def _leave_out_pandas() -> None:
    """Let Arrow look for pandas in vain: it looks once, and would load 40 MB that nobody needs."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    if "pandas" in sys.modules:
        return
    finder = _Without()
    sys.meta_path.insert(0, finder)
    try:
        pa.scalar(0)
    finally:
        sys.meta_path.remove(finder)
