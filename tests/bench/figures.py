"""What the bench prints: one line for each figure, with the goal that it is to reach."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: our value, the peer's where there is one, and what must hold."""

    name: str
    ours: float
    peer: float | None
    value: float
    goal: str
    reached: bool


def at_most(name: str, ours: Sequence[float], peer: Sequence[float], goal: float) -> Figure:
    """A cost that may be so many times the peer's, by the median of the ratios of what was measured in turn."""
    ratio = statistics.median(mine / theirs for mine, theirs in zip(ours, peer, strict=True))
    return Figure(name, statistics.median(ours), statistics.median(peer), ratio, f"<= {goal} x", ratio <= goal)


def limit(name: str, value: float, goal: float) -> Figure:
    """A value that may be so large."""
    return Figure(name, value, None, value, f"<= {goal}", value <= goal)


def floor(name: str, value: float, goal: float) -> Figure:
    """A value that must be so large."""
    return Figure(name, value, None, value, f">= {goal}", value >= goal)
