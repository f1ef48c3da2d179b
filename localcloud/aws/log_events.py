"""Log events into the engine's CloudWatch Logs."""

from __future__ import annotations

from typing import Any

_KEPT_EVENTS = 10_000


def append(logs: Any, group: str, stream: str, lines: list[str], now_ms: int) -> None:
    """Append events with the engine's module, inside its scope: group and stream are made when they are missing."""
    if group not in logs._log_groups:
        logs._create_log_group({"logGroupName": group})
    streams = logs._log_groups[group]["streams"]
    if stream not in streams:
        logs._create_log_stream({"logGroupName": group, "logStreamName": stream})
    events = [{"timestamp": now_ms, "message": line, "ingestionTime": now_ms} for line in lines]
    logs._append_log_events(streams[stream], events)
    # A server that runs for weeks must not keep every line in memory.
    del streams[stream]["events"][:-_KEPT_EVENTS]
