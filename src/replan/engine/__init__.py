"""Columns: money, dates, terms, the kernel and its metrics. The only arithmetic."""
