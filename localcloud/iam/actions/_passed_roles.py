"""`iam:PassRole` for each role that a request hands to a service, which will then act with it.

Attack: whoever may configure a service gives it a role that is stronger than their own.
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.iam.actions import Check

_ROLE_NAMES = frozenset({"CloudWatchLogsRoleArn", "RoleARN", "RoleArn", "SnsCallerArn"})


def pass_role_checks(params: Mapping[str, Any], service: str) -> list[Check]:
    """One check for each role named anywhere in `params`. `service` is the host name of who will act with it."""
    found: dict[str, None] = {}
    # A stack of our own: nesting must not exhaust the interpreter's.
    waiting: list[tuple[str, Any]] = list(params.items())
    while waiting:
        name, value = waiting.pop()
        if isinstance(value, dict):
            inherited = name if name == "Roles" else ""
            waiting += [(inherited or inner, item) for inner, item in value.items()]
        elif isinstance(value, list):
            waiting += [(name, item) for item in value]
        elif isinstance(value, str) and value and (name in _ROLE_NAMES or name == "Roles"):
            found[value] = None
    return [Check("iam:PassRole", role, {"iam:PassedToService": service}) for role in sorted(found)]
