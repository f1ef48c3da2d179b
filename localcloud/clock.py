"""The time that tokens, codes, sessions, credentials and devices follow. Tests and users may move it forward."""

from __future__ import annotations

import time
from collections.abc import Callable

_END = 221_845_392_000.0


class Clock:
    """Seconds since the epoch, plus an offset that only grows."""

    def __init__(self, offset: float = 0.0, source: Callable[[], float] = time.time) -> None:
        self.offset = offset
        self._source = source

    def now(self) -> float:
        """Seconds since the epoch, with fraction."""
        return self._source() + self.offset

    def advance(self, seconds: float) -> None:
        """Move the clock forward. Raises ValueError for a negative step: issued things would become young again."""
        # Written so that NaN is refused as well; beyond the year 9000, dates can no longer be written.
        if not (seconds >= 0 and self.now() + seconds < _END):
            raise ValueError("the clock only moves forward, and ends with the year 9000")
        self.offset += seconds
