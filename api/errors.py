"""The one way in which the API says no, and the one shape: `{"error": {"code": "…", "message": "…"}}`."""

from __future__ import annotations

import json
from collections.abc import Mapping

from aws_lambda_powertools.event_handler import Response


class ApiError(Exception):
    """A refusal: HTTP status, a code for programs in snake_case, a message for people (no secret, no resource).

    `headers` go with the answer.
    """

    def __init__(self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers or {}


def render(error: ApiError) -> Response[str]:
    """The HTTP answer of an error."""
    body = json.dumps({"error": {"code": error.code, "message": error.message}})
    return Response(error.status, content_type="application/json", body=body, headers={**error.headers})
