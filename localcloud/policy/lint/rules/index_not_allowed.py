"""An index is a resource of its own (rule 62)."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.dynamodb import covers_table, index_of, is_guarded, table_of
from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.policy import Statement
from localcloud.policy.lint.stack import Resource, Role, Stack

RULE = Rule(
    __name__,
    "warning",
    "`dynamodb:Query` under leading keys on a table with indexes, and no index allowed",
    "A query on an index asks for the index's own ARN, which this role does not have: it is refused.",
    'Add `!Sub "${Table.Arn}/index/NAME"` to the resources, where the index has the user\'s id as partition key.',
)


def check(stack: Stack) -> Iterator[Finding]:
    """Find indexes that users cannot query."""
    for role in stack.user_roles:
        for statement in role.statements:
            queries = statement.covering(["dynamodb:Query"])
            if queries and statement.allows and is_guarded(statement) and role.complete:
                for table in filter(_has_index, _tables(stack, statement)):
                    if not _any_index(role, table):
                        yield RULE.found(queries[0], statement.policy.owner)


def _tables(stack: Stack, statement: Statement) -> Iterator[Resource]:
    for node in statement.resources:
        if found := stack.named(table_of(node.text), "AWS::DynamoDB::Table"):
            yield found


def _has_index(table: Resource) -> bool:
    return any(table.properties.get(f"{kind}SecondaryIndexes").each() for kind in ("Global", "Local"))


def _any_index(role: Role, table: Resource) -> bool:
    resources = [node.text for statement in role.statements for node in statement.resources if statement.allows]
    own = [text for text in resources if covers_table(table_of(text), f"table/{table.ref}")]
    return "*" in resources or any(map(index_of, own))
