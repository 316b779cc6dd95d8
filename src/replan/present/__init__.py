"""For people: tables, charts, words."""
