"""What stands before the variable must say where it is."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.keys import LEADING_KEYS, PREFIX
from localcloud.policy.lint.stack import Stack
from localcloud.policy.lint.text import VARIABLE, arn_parts

RULE = Rule(
    __name__,
    "error",
    "a wildcard before the policy variable, in resources, `s3:prefix` and leading keys",
    "The wildcard spans slashes: a user reaches `OTHER/…/OWN-ID/…`, inside the places of others.",
    "Write the path before the variable in full: `private/${cognito-identity.amazonaws.com:sub}/*`.",
)


def check(stack: Stack) -> Iterator[Finding]:
    """Find variables behind a wildcard."""
    for statement in stack.statements("identity", "resource"):
        likes = [each for each in statement.on(PREFIX, *LEADING_KEYS) if "like" in each.operator]
        values = [node for each in likes for node in each.values]
        for node in (*statement.resources, *values):
            parts = arn_parts(node.text)
            text = parts[5] if parts else node.text
            variable = VARIABLE.search(text)
            if statement.allows and variable and any(c in text[: variable.start()] for c in "*?"):
                yield RULE.found(node, statement.policy.owner)
