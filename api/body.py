"""The JSON object that a request carries."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from api.errors import ApiError

LARGEST = 10 * 1024
"""Bytes of a body."""


def read_object(event: Mapping[str, Any]) -> dict[str, Any]:
    """The body of an HTTP API event. Raises ApiError 413 if it is too large, 400 if it is no JSON object or empty."""
    body = event.get("body") or ""
    if len(body) > 2 * LARGEST:  # base64 makes a third more of it: larger than this needs no decoding
        raise _too_large()
    try:
        raw = base64.b64decode(body, validate=True) if event.get("isBase64Encoded") else body.encode()
        if len(raw) > LARGEST:
            raise _too_large()
        found = json.loads(raw.decode())
    # Attack: ten thousand opening brackets exhaust the parser's stack (RecursionError) and would be a 500.
    except (ValueError, RecursionError):
        raise ApiError(400, "invalid_json", "the body must be a JSON object") from None
    if not isinstance(found, dict):
        raise ApiError(400, "invalid_json", "the body must be a JSON object")
    if not found:
        raise ApiError(400, "empty_body", "the body names no field")
    return found


def _too_large() -> ApiError:
    return ApiError(413, "body_too_large", f"the body may have {LARGEST} bytes")
