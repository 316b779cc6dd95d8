"""The casebook: what was agreed, what was paid, who called, in one private SQLite file."""
