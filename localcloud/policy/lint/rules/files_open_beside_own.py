"""A user's own prefix means nothing when another statement lets everybody write there."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.own_files import shared_writes
from localcloud.policy.lint.stack import Stack

RULE = Rule(
    __name__,
    "error",
    "writes to files without a policy variable, where another Allow has one for the same place",
    "Every user may write everybody's files here, whatever the other statement's variable says.",
    "Put the variable in here too: `…/${cognito-identity.amazonaws.com:sub}/*`.",
)


def check(stack: Stack) -> Iterator[Finding]:
    """Find places that are one user's in one statement and everybody's in another."""
    for write in shared_writes(stack):
        if write.beside_own:
            yield RULE.found(write.node, write.statement.policy.owner)
