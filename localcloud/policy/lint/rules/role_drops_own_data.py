"""A role of a group or a rule comes instead of the authenticated role, and not on top of it."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.coverage import missing
from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.stack import Stack

RULE = Rule(
    __name__,
    "error",
    "roles of groups and mapping rules, against the role of users without one",
    "Who gets this role loses their own files and items: it comes instead of the authenticated role.",
    "Give the role the statements on own data of the authenticated role too.",
)


def check(stack: Stack) -> Iterator[Finding]:
    """Find roles that take away what every signed-in user has."""
    for default in stack.user_roles:
        if not default.serves("authenticated"):
            continue
        for role in stack.user_roles:
            instead = role.serves("mapped", "group") and not role.is_default
            if instead and (lost := missing(role, default)):
                danger = (
                    f"Who gets this role may no longer do `{lost.action}` on own data, as with "
                    f"{default.resource.name}: a role of a group or rule comes instead of that one."
                )
                mend = f"Allow `{lost.action}` on `{lost.resource}` as {default.resource.name} does."
                yield RULE.found(role.resource.place, role.resource.name, danger, mend)
