"""The time that tokens, codes, sessions, credentials and devices follow. Tests and users may move it forward."""

from __future__ import annotations

import time
from collections.abc import Callable


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
        if seconds < 0:
            raise ValueError("the clock only moves forward")
        self.offset += seconds
