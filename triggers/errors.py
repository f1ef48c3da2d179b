"""The one way in which a trigger says no."""

from __future__ import annotations

from typing import NoReturn


class DeniedError(Exception):
    """A refusal. Cognito shows its text to whoever called: "PreSignUp failed with error <text>."."""


def deny(reason: str) -> NoReturn:
    """Refuse the operation. `reason` reaches end users: no secret, no name of a resource, no final full stop."""
    raise DeniedError(reason)
