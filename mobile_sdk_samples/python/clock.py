"""The time that codes follow: this machine's on AWS, the local cloud's own where there is one."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from urllib.request import Request, urlopen


@dataclass(frozen=True, slots=True)
class Clock:
    """The backend's clock. The local cloud's may run ahead of the real one, and is moved on instead of waited for."""

    endpoint_url: str | None

    def now(self) -> float:
        """Seconds since the epoch."""
        return self._advance(0) if self.endpoint_url else time.time()

    def wait(self, seconds: float) -> None:
        """Let so many seconds go by."""
        if self.endpoint_url:
            self._advance(seconds)
        else:
            time.sleep(seconds)

    def _advance(self, seconds: float) -> float:
        body = json.dumps({"advance_seconds": seconds}).encode()
        with urlopen(Request(f"{self.endpoint_url}/_localcloud/clock", body), timeout=10) as response:  # noqa: S310
            return float(json.load(response)["now"])
