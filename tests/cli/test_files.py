"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from replan.cli import files
from replan.cli.files import write_whole

SIZE = 3_000_000
WRITER = """
import sys
from pathlib import Path
from replan.cli.files import write_whole
print("go", flush=True)
while True:
    for letter in "ab":
        write_whole(Path(sys.argv[1]), letter * {size})
"""


def test_file_is_whole_private_and_alone(tmp_path: Path) -> None:
    """The file is readable by its owner alone, and no temporary file stays behind."""
    path = tmp_path / "out.txt"

    for content in ("方案\n", b"\x00\xff"):
        write_whole(path, content)

        wanted = content.encode() if isinstance(content, str) else content
        assert wanted == path.read_bytes()
        assert 0o600 == stat.S_IMODE(path.stat().st_mode)
        assert [path] == list(tmp_path.iterdir())


def test_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    """What stood there stays when the new content cannot be written."""
    path = tmp_path / "out.txt"
    path.write_text("old", encoding="utf-8")

    with pytest.raises(TypeError):
        write_whole(path, 7)  # type: ignore[arg-type]

    assert "old" == path.read_text(encoding="utf-8")
    assert [path] == list(tmp_path.iterdir())


def test_system_without_unnamed_files(tmp_path: Path) -> None:
    """Elsewhere a file of another name is renamed; the result is the same."""
    path = tmp_path / "out.txt"

    for content in ("old", "new"):
        files._write_beside(path, content.encode())  # noqa: SLF001  # the way of other systems

    assert "new" == path.read_text(encoding="utf-8")
    assert 0o600 == stat.S_IMODE(path.stat().st_mode)
    assert [path] == list(tmp_path.iterdir())


def test_device_is_written_to_and_not_replaced() -> None:
    """`-o /dev/null` leaves the device what it is."""
    write_whole(Path("/dev/null"), "x")

    assert Path("/dev/null").is_char_device()


@pytest.mark.skipif(not hasattr(os, "O_TMPFILE"), reason="this system has no unnamed files")
@pytest.mark.parametrize("after", [0.0, 0.007, 0.02, 0.041, 0.09])
def test_killed_writer_leaves_no_part_of_a_file(tmp_path: Path, after: float) -> None:
    """Whenever the program is killed, each file in the folder is one whole content."""
    code = WRITER.format(size=SIZE)
    command = [sys.executable, "-c", code, str(tmp_path / "out.txt")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:  # noqa: S603
        assert writer.stdout
        writer.stdout.readline()
        time.sleep(after)
        writer.kill()
    for path in tmp_path.iterdir():
        content = path.read_text(encoding="utf-8")
        assert content in {"a" * SIZE, "b" * SIZE}
