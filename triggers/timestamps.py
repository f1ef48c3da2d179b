"""Times as the triggers store them: ISO 8601 in UTC, to the second, `2026-11-22T03:07:00Z`."""

from __future__ import annotations

from datetime import UTC, datetime


def render_time(moment: datetime) -> str:
    """The text of a moment."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def render_epoch(seconds: int) -> str:
    """The text of a moment that is given in seconds since the epoch."""
    return render_time(datetime.fromtimestamp(seconds, UTC))


def read_epoch(text: str) -> int:
    """Seconds since the epoch. Raises ValueError for what is no time."""
    return int(datetime.fromisoformat(text).timestamp())
