"""The console's pages: the list, the queue, one referral, one run."""

from __future__ import annotations

from chalicelib.console import case, lists, run
from chalicelib.console.blueprint import bp

__all__ = ["bp", "case", "lists", "run"]
