"""From a template and a language to an answer."""

from __future__ import annotations

from localcloud.managed_login.request import Answer, LoginRequest


def error(request: LoginRequest | None, reference: str, status: int) -> Answer:
    """The page of a request that goes nowhere: it says so, and under which reference the reason is found."""
    return Answer(status, f"Something went wrong. Reference: {reference}".encode())
