"""How long a session may last. Source: AssumeRole, `DurationSeconds`."""

from __future__ import annotations

from localcloud.context import Role
from localcloud.errors import AwsError

DEFAULT_SECONDS = 3600
CHAINED_SECONDS = 3600
"""The longest session that one session may begin, whatever the role says."""


def session_seconds(role: Role, wanted: int | None, *, chained: bool = False) -> int:
    """The seconds of a session of the role. `chained`: it is begun by another role's. Raises ValidationError."""
    seconds = DEFAULT_SECONDS if wanted is None else wanted
    if chained and seconds > CHAINED_SECONDS:
        raise AwsError(
            "ValidationError",
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
        )
    if seconds > role.max_session_seconds:
        raise AwsError(
            "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
        )
    return seconds
