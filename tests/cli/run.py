"""Running the command line as a user does: in a process of its own, with all modules loaded."""

from __future__ import annotations

import atexit
import json
import os
import pty
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]
FAMILY = str(ROOT / "examples" / "family.json")
QUIET = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR", "REPLAN_DEBUG", "COLUMNS")


def run(
    *args: str, stdin: str = "", cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run `replan` with *args* in English, unless *environment* says otherwise."""
    inherited = {name: value for name, value in os.environ.items() if name not in QUIET}
    env = {**inherited, "PYTHONUTF8": "1", **environment}
    if any(name.startswith("PYTHON") for name in environment):
        return _run_anew(args, stdin, cwd, env)  # the interpreter reads these as it starts
    with TemporaryDirectory() as folder:
        files = {name: str(Path(folder, name)) for name in ("stdin", "stdout", "stderr")}
        for name, path in files.items():
            Path(path).write_text(stdin if name == "stdin" else "", "utf-8", newline="")
        request = {"args": args, "env": env, "cwd": str(cwd or Path.cwd()), **files}
        code = _ask(json.dumps(request))
        out, err = (Path(files[name]).read_text("utf-8") for name in ("stdout", "stderr"))
    return subprocess.CompletedProcess(args, code, out, err)


def _run_anew(
    args: tuple[str, ...], stdin: str, cwd: Path | None, env: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  # our own program
        [sys.executable, "-m", "replan", *args],
        input=stdin,
        cwd=cwd,
        env=env,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@cache
def _server() -> subprocess.Popen[str]:
    """Start the process that runs commands; it ends with its input, and so with the tests."""
    server = subprocess.Popen(  # noqa: S603  # our own program
        [sys.executable, "-X", "utf8", str(Path(__file__).with_name("warm.py"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    atexit.register(server.communicate)
    return server


def _ask(request: str) -> int:
    """Have a request run and return its exit code."""
    server = _server()
    if server.stdin is None or server.stdout is None:
        raise RuntimeError("the server has no pipes")
    server.stdin.write(f"{request}\n")
    server.stdin.flush()
    return int(server.stdout.readline())


def run_in_terminal(*args: str, **environment: str) -> str:
    """Run `replan` with *args* in a terminal of its own and return what the terminal received."""
    ours, theirs = pty.openpty()
    inherited = {name: value for name, value in os.environ.items() if name not in QUIET}
    settings = {"TERM": "xterm-256color", "PYTHONUTF8": "1", **environment}
    command = [sys.executable, "-m", "replan", *args]
    with subprocess.Popen(command, stdout=theirs, env={**inherited, **settings}):  # noqa: S603
        os.close(theirs)
        received = b"".join(iter(lambda: _read(ours), b""))
    os.close(ours)
    return received.decode()


def _read(terminal: int) -> bytes:
    """Read from a terminal; a closed one reads as its end, on Linux as an error."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""
