"""Credentials outlive the sign-in that bought them."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.stack import Stack

RULE = Rule(
    __name__,
    "info",
    "`MaxSessionDuration` of users' roles above an hour",
    "Credentials stay good until they expire: so long after sign-out, disabling or deletion a user may go on.",
    "Leave `MaxSessionDuration` out: an hour is the least, and all that the enhanced flow gives.",
)
_HOUR = 3600


def check(stack: Stack) -> Iterator[Finding]:
    """Find roles whose sessions last."""
    for role in stack.user_roles:
        duration = role.resource.properties.get("MaxSessionDuration")
        if duration.text.isdigit() and int(duration.text) > _HOUR:
            yield RULE.found(duration, role.resource.name)
