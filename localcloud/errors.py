"""The one kind of error that an AWS call may end in. `wire/protocol.py` renders it."""

from __future__ import annotations


class AwsError(Exception):
    """An AWS error: a code that the operation declares, a message for the caller, an HTTP status."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
