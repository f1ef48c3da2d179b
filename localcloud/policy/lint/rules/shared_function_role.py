"""One function, one role."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.documents import FUNCTIONS
from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.stack import Stack
from localcloud.policy.lint.text import is_known

RULE = Rule(
    __name__,
    "warning",
    "functions that share a role",
    "Each of them may do what any of them needs, so a hole in one is a hole in all.",
    "Give each function a role of its own.",
)


def check(stack: Stack) -> Iterator[Finding]:
    """Find roles with several functions; the first to have one is not reported."""
    first: dict[str, str] = {}
    for function in stack.of_type(*FUNCTIONS):
        role = function.properties.get("Role")
        if role.text and is_known(role.text) and first.setdefault(role.text, function.name) != function.name:
            danger = f"It may do what {first[role.text]} needs, and the reverse: a hole in one is a hole in both."
            yield RULE.found(role, function.name, danger)
