"""One file per restructuring strategy, and the plan notation."""
