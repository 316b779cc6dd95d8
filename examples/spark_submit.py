"""All of `replan` as a program for spark-submit; docs/engines.md says how it is submitted."""

from __future__ import annotations

from replan.cli import main

if __name__ == "__main__":
    main()
