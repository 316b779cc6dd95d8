"""Portfolios: offers for many accounts at once, Arrow in and Arrow out."""
