"""`python -m replan` is `replan`."""

from replan.cli import main

main()
