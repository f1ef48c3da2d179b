"""What the rules know of DynamoDB: actions on items, tables and their indexes in ARNs, and what leading keys guard.

Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon DynamoDB".
"""

from __future__ import annotations

from localcloud.policy.lint.keys import LEADING_KEYS
from localcloud.policy.lint.policy import Statement
from localcloud.policy.lint.text import arn_parts, covers

INDEX_READS = ("dynamodb:Query", "dynamodb:Scan", "dynamodb:PartiQLSelect")
READS = ("dynamodb:GetItem", "dynamodb:BatchGetItem", *INDEX_READS)
WRITES = (
    *("dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem"),
    *("dynamodb:PartiQLInsert", "dynamodb:PartiQLUpdate", "dynamodb:PartiQLDelete"),
)


def is_guarded(statement: Statement) -> bool:
    """Whether the statement looks at partition keys."""
    return any(statement.on(*LEADING_KEYS))


def table_of(resource: str) -> str:
    """The table in an ARN, `table/NAME`, without its index; empty for anything else."""
    parts = arn_parts(resource)
    if parts is None or parts[2] != "dynamodb" or not parts[5].startswith("table/"):
        return ""
    return "/".join(parts[5].split("/")[:2])


def index_of(resource: str) -> str:
    """The index in an ARN, `index/NAME`; empty for a table's own."""
    parts = arn_parts(resource)
    return parts[5].partition("/index/")[2] if parts and parts[2] == "dynamodb" else ""


def tables(statement: Statement) -> set[str]:
    """The tables that a statement is about."""
    return {table for node in statement.resources if (table := table_of(node.text))}


def covers_table(pattern: str, table: str) -> bool:
    """Whether `table/…` in one statement covers the table of another."""
    return bool(pattern) and covers(pattern, table)
