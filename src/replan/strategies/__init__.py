"""Restructuring strategies: one file each; each rewrites terms and computes no cash flow.

Modules of this package register themselves; other packages add strategies through the entry-point
group `replan.strategies`.
"""

from .register import Strategy, load_strategies, register_of, strategies

__all__ = ["Strategy", "load_strategies", "register_of", "strategies"]
