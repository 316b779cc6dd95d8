"""A process that has loaded the commands and runs each request in a copy of itself.

Loading is most of what a short command costs; a copy (fork) has it behind it, and shares nothing
else with the runs before.
"""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module
from typing import Any, NoReturn

from replan.cli.app import COMMANDS, main

LATER = (
    "replan.decide.solver.choose",
    "replan.decide.redact",
    "replan.decide.candidates.space",
    "replan.present.answer",
    "replan.present.client",
    "replan.present.html",
    "replan.present.report",
    "replan.present.reword",
)
"""What commands load only when it is asked for."""


def serve() -> None:
    """Run a request a line, {args, env, cwd, stdin, stdout, stderr}, and answer with exit codes."""
    for name in COMMANDS:
        import_module(f"replan.cli.{name}")
    for module in LATER:
        import_module(module)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _run(json.loads(line))
        _, status = os.waitpid(child, 0)
        answers.write(f"{os.waitstatus_to_exitcode(status)}\n")
        answers.flush()


def _run(request: Any) -> NoReturn:
    """Become the command that was asked for."""
    code: object = 1
    try:
        _place(request)
        main()
    except SystemExit as stop:
        code = stop.code
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else int(code is not None))


def _place(request: Any) -> None:
    """Take the request's folder, environment, arguments and files as one's own."""
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"])
    sys.argv = ["replan", *request["args"]]
    modes = (os.O_RDONLY, os.O_WRONLY | os.O_APPEND, os.O_WRONLY | os.O_APPEND)
    for number, (name, mode) in enumerate(zip(("stdin", "stdout", "stderr"), modes, strict=True)):
        opened = os.open(request[name], mode)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin = os.fdopen(os.dup(0), encoding="utf-8")


if __name__ == "__main__":
    serve()
