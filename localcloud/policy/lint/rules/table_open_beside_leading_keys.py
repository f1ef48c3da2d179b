"""Leading keys in one statement mean nothing when another one opens the same table, or its index (rules 62, 66)."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.dynamodb import (
    INDEX_READS,
    READS,
    WRITES,
    covers_table,
    index_of,
    is_guarded,
    table_of,
    tables,
)
from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.node import Node
from localcloud.policy.lint.policy import Statement
from localcloud.policy.lint.stack import Stack

RULE = Rule(
    __name__,
    "error",
    "an Allow without `dynamodb:LeadingKeys` on a table, or its index, that another Allow guards by them",
    "This statement opens everybody's items, whatever the other statement's leading keys say.",
    "Put the same conditions on `dynamodb:LeadingKeys` here, or take the actions out.",
)


def check(stack: Stack) -> Iterator[Finding]:
    """Find tables that are guarded in one place and open in another."""
    for role in stack.user_roles:
        others = stack.same_users(role)
        guarded = [(other, each) for other in others for each in other.statements if each.allows and is_guarded(each)]
        for statement in role.statements:
            if statement.allows and statement.conditions_known and not is_guarded(statement):
                for node in statement.resources:
                    if any(_opens(statement, node, guard, other is role) for other, guard in guarded):
                        yield RULE.found(node, statement.policy.owner)


def _opens(statement: Statement, node: Node, guard: Statement, same_role: bool) -> bool:
    table = table_of(node.text)
    if not any(covers_table(table, each) for each in tables(guard)):
        return False
    if index_of(node.text):
        return bool(statement.covering(INDEX_READS)) and same_role
    return statement.shares(guard, (*READS, *WRITES) if same_role else WRITES)
