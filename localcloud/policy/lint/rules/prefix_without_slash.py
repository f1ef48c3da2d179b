"""A name is a prefix of longer names: `home/ann*` is `home/anna/` too."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.keys import PREFIX
from localcloud.policy.lint.node import Node
from localcloud.policy.lint.policy import Statement
from localcloud.policy.lint.stack import Stack
from localcloud.policy.lint.text import arn_parts

RULE = Rule(
    __name__,
    "error",
    "`${…}*` in resources, and values of `s3:prefix` that do not end in `/` or `/*`",
    "Without a slash behind it the name also covers longer names that begin with it: others' files among them.",
    "Write a slash before the end: `…/*`.",
)


def check(stack: Stack) -> Iterator[Finding]:
    """Find prefixes that end in the middle of a name."""
    for statement in stack.statements("identity", "resource"):
        if statement.allows:
            for node in (*_resources(statement), *_prefixes(statement)):
                yield RULE.found(node, statement.policy.owner, mend=f"Write `{_mended(node.text)}`.")


def _resources(statement: Statement) -> Iterator[Node]:
    return (node for node in statement.resources if node.text.endswith("}*"))


def _prefixes(statement: Statement) -> Iterator[Node]:
    for condition in statement.on(PREFIX):
        for node in condition.values:
            rest = node.text.rstrip("*")
            if rest and not rest.endswith("/") and node.known and not condition.negated:
                yield node


def _mended(text: str) -> str:
    parts = arn_parts(text)
    return f"{(parts[5] if parts else text).rstrip('*')}/*"
