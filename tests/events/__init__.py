"""Canonical events as AWS sends them: a JSON file for each trigger and one for the API; and a Lambda context."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Context:
    """The fields of a Lambda context that the logger reads."""

    function_name: str = "function"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:000000000000:function:function"
    aws_request_id: str = "11111111-2222-4333-8444-555555555555"


CONTEXT: Any = Context()


def load(name: str, source: str | None = None, /, **attributes: str) -> dict[str, Any]:
    """A fresh copy of an event, of another trigger source and with further user attributes if wished."""
    event: dict[str, Any] = json.loads((Path(__file__).parent / f"{name}.json").read_text())
    if source is not None:
        event["triggerSource"] = source
    if attributes:
        event["request"]["userAttributes"].update(attributes)
    return event
