"""Where users' roles write to files, and whether a policy variable says whose files those are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from localcloud.policy.lint.node import Node
from localcloud.policy.lint.policy import Statement
from localcloud.policy.lint.s3 import WRITES, bucket_of, is_whole_bucket
from localcloud.policy.lint.stack import Role, Stack
from localcloud.policy.lint.text import covers, variables


@dataclass(frozen=True, slots=True)
class SharedWrite:
    """A place that everybody with the role writes to. `beside_own`: another statement makes it each user's own."""

    statement: Statement
    node: Node
    beside_own: bool


def shared_writes(stack: Stack) -> Iterator[SharedWrite]:
    """Where users write without a variable. A group's role may have a place of its group, but no whole bucket."""
    for role in stack.user_roles:
        own = [pair for other in stack.same_users(role) for pair in _own(other)]
        for statement, node in _writes(role):
            if not bucket_of(node.text) or not node.known or variables(node.text):
                continue
            whole = is_whole_bucket(node.text)
            beside = not whole and any(covers(node.text, place) and statement.shares(one, WRITES) for one, place in own)
            if whole or beside or role.is_default:
                yield SharedWrite(statement, node, beside)


def _writes(role: Role) -> Iterator[tuple[Statement, Node]]:
    for statement in role.statements:
        if statement.allows and statement.covering(WRITES):
            yield from ((statement, node) for node in statement.resources if "/" in node.text)


def _own(role: Role) -> Iterator[tuple[Statement, str]]:
    return ((statement, node.text) for statement, node in _writes(role) if variables(node.text))
