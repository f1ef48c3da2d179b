"""Only version 2012-10-17 knows variables (rule 24)."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.node import Node
from localcloud.policy.lint.stack import Stack

RULE = Rule(
    __name__,
    "error",
    "policies with variables whose `Version` is not `2012-10-17`",
    "Variables are plain text in this version: nobody's path is called `${…}`, and a Deny with one denies nothing.",
    'Write `Version: "2012-10-17"`.',
)


def check(stack: Stack) -> Iterator[Finding]:
    """Find variables that stay text."""
    for policy in stack.policies:
        version = policy.document.get("Version")
        if version.text == "2012-10-17" or not version.known:
            continue
        where: Node | None = next((node for each in policy.statements for _, node in each.variables()), None)
        if where is not None:
            yield RULE.found(version if version.exists else policy.document, policy.owner)
