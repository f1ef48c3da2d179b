"""Throttling by request rates, as the account's quotas and those of one user say.

Source: Cognito developer guide, "Quotas in Amazon Cognito", "API request rate quotas".
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool.accounts.subject import subject_of
from localcloud.userpool.limits import quotas

PER_USER = 10
"""Reads of one user in a second, and as many writes."""

_RESPONSES_TIMES = 3
_OF_ONE_USER = {"UserRead": "read", "UserResourceRead": "read", "UserUpdate": "write", "UserResourceUpdate": "write"}
_MOST_BUCKETS = 10_000


class RequestRates:
    """Counts requests in buckets that hold one second's worth and fill up all the time. Thread-safe."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """`now` is in seconds; rates are those of this machine's time, whatever the cloud's clock says."""
        self._now = now
        self._lock = threading.Lock()
        self._buckets: dict[tuple[str, str], tuple[float, float]] = {}

    def count(self, ctx: Context, operation: str, request: Mapping[str, Any]) -> None:
        """Count a request. Raises TooManyRequestsException."""
        category = quotas.category_of(operation)
        rate = quotas.rate(ctx, category)
        if operation in quotas.RESPONSES:
            self._take(("account", "responses"), rate * _RESPONSES_TIMES)
        else:
            self._take(("account", category), rate)
        kind = _OF_ONE_USER.get(category)
        if kind and (sub := subject_of(ctx, request)):
            self._take((kind, sub), PER_USER)

    def _take(self, bucket: tuple[str, str], rate: int) -> None:
        now = self._now()
        with self._lock:
            left, then = self._buckets.get(bucket, (float(rate), now))
            left = min(float(rate), left + (now - then) * rate)
            if left < 1:
                raise AwsError("TooManyRequestsException", "Rate exceeded")
            self._buckets[bucket] = (left - 1, now)
            if len(self._buckets) > _MOST_BUCKETS:
                # Whatever was not touched for a second is full, as if it had never been.
                self._buckets = {name: kept for name, kept in self._buckets.items() if now - kept[1] < 1}
