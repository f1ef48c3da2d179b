"""The condition keys that follow from a request itself, whoever makes it (rule 53)."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from datetime import UTC, datetime

from localcloud.iam.request import ContextValue


def request_keys(source_ip: str, region: str, headers: Mapping[str, str], now: float) -> dict[str, ContextValue]:
    """The keys of a request that came at `now`, seconds since the epoch. Header names are lower case."""
    context: dict[str, ContextValue] = {
        **time_keys(now),
        "aws:SourceIp": source_ip,
        "aws:SecureTransport": "false",
        "aws:RequestedRegion": region,
    }
    for key, header in (("aws:UserAgent", "user-agent"), ("aws:Referer", "referer")):
        if header in headers:
            context[key] = headers[header]
    return context


def time_keys(now: float) -> Mapping[str, ContextValue]:
    """The keys of the time, of anything that happens at `now`."""
    return _of_second(int(now))


@functools.lru_cache(maxsize=2)
def _of_second(now: int) -> Mapping[str, ContextValue]:
    moment = datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"aws:CurrentTime": moment, "aws:EpochTime": str(now)}
