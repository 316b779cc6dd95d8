"""Choosing among plans."""
