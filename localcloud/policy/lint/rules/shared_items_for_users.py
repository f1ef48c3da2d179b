"""A role that all users get must say whose items it is about."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.dynamodb import WRITES, covers_table, is_guarded, table_of, tables
from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.stack import Stack

RULE = Rule(
    __name__,
    "warning",
    "users' roles that write to a table without `dynamodb:LeadingKeys` anywhere",
    "Every user may change and delete the items of every other.",
    'Add `ForAllValues:StringEquals: {"dynamodb:LeadingKeys": ["${cognito-identity.amazonaws.com:sub}"]}` and '
    '`"Null": {"dynamodb:LeadingKeys": "false"}` as Condition.',
)


def check(stack: Stack) -> Iterator[Finding]:
    """Find tables that are every user's own."""
    every = [statement for role in stack.user_roles for statement in role.statements if statement.allows]
    guarded = {table for statement in every if is_guarded(statement) for table in tables(statement)}
    for statement in every:
        if is_guarded(statement) or not statement.conditions_known or not statement.covering(WRITES):
            continue
        for node in statement.resources:
            table = table_of(node.text)
            if table and not any(covers_table(table, each) for each in guarded):
                yield RULE.found(node, statement.policy.owner)
