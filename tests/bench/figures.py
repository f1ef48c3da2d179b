"""What the bench prints: one line for each figure, with the goal that it is to reach."""

from __future__ import annotations

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


def at_most(name: str, ours: float, peer: float, goal: float) -> Figure:
    """A cost that may be so many times the peer's."""
    ratio = ours / peer
    return Figure(name, ours, peer, ratio, f"<= {goal} x", ratio <= goal)


def limit(name: str, value: float, goal: float) -> Figure:
    """A value that may be so large."""
    return Figure(name, value, None, value, f"<= {goal}", value <= goal)


def floor(name: str, value: float, goal: float) -> Figure:
    """A value that must be so large."""
    return Figure(name, value, None, value, f">= {goal}", value >= goal)
