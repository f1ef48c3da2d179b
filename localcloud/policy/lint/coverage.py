"""What a role allows on a user's own data, and whether another role allows it too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from localcloud.policy.lint.keys import LEADING_KEYS, PREFIX
from localcloud.policy.lint.policy import Statement, matches
from localcloud.policy.lint.stack import Role
from localcloud.policy.lint.text import arn_parts, covers, variables


@dataclass(frozen=True, slots=True)
class Grant:
    """One action on one resource; `key` and `value`: the variable that makes it the user's own, if a condition does."""

    action: str
    resource: str
    key: str = ""
    value: str = ""


def missing(role: Role, reference: Role) -> Grant | None:
    """The first thing that `reference` allows on own data and `role` does not; None too where that cannot be told."""
    if not role.complete or not role.policies or any(each.denies for each in role.statements):
        return None
    return next((grant for grant in own_grants(reference) if not _allows(role, grant)), None)


def own_grants(role: Role) -> Iterator[Grant]:
    """What a role allows by a policy variable."""
    for statement in role.statements:
        if statement.allows and statement.known:
            for action in statement.actions:
                for resource in statement.resources:
                    yield from _grants(statement, action.text, resource.text)


def _grants(statement: Statement, action: str, resource: str) -> Iterator[Grant]:
    if variables(resource):
        yield Grant(action, resource)
        return
    for condition in statement.on(PREFIX, *LEADING_KEYS):
        for node in condition.values:
            if variables(node.text) and not condition.negated:
                yield Grant(action, resource, condition.key, node.text)


def _allows(role: Role, grant: Grant) -> bool:
    return any(
        statement.allows
        and any(matches(node.text, grant.action) for node in statement.actions)
        and any(_includes(node.text, grant.resource) for node in statement.resources)
        and _lets_pass(statement, grant)
        for statement in role.statements
    )


def _lets_pass(statement: Statement, grant: Grant) -> bool:
    """Whether the statement's conditions on the same key let the own value pass; other conditions are not looked at."""
    limits = list(statement.on(grant.key)) if grant.key else []
    return all(any(covers(node.text, grant.value) for node in limit.values) for limit in limits if not limit.negated)


def _includes(pattern: str, resource: str) -> bool:
    """Compare without the partition, which one of the two may have left to the deploy."""
    parts, wanted = arn_parts(pattern), arn_parts(resource)
    if parts is None or wanted is None:
        return pattern == "*" or pattern == resource
    return covers(":".join(parts[2:]), ":".join(wanted[2:]))
