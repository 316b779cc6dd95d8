"""The command line: each command parses, calls one public function of replan, and renders."""

from replan.cli.app import main

__all__ = ["main"]
