"""`${!…}` is for `!Sub` only, and `$${…}` for Terraform."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.stack import Stack

RULE = Rule(
    __name__,
    "error",
    "`${!…}` and `$${…}` that reach IAM as they are",
    "IAM knows no variable whose name begins with `!`, and takes `$$` for a character more: nothing ever matches.",
    "Write `${…}`; `!` belongs inside `!Sub` only, a second `$` into Terraform only.",
)


def check(stack: Stack) -> Iterator[Finding]:
    """Find escapes that nobody takes away."""
    for policy in stack.policies:
        for node in policy.document.walk():
            if "${!" in node.text or "$${" in node.text:
                yield RULE.found(node, policy.owner)
