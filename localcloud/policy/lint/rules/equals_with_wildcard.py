"""`StringEquals` does not expand `*` (rule 18)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.stack import Stack
from localcloud.policy.lint.text import VARIABLE

RULE = Rule(
    __name__,
    "error",
    "wildcards under `StringEquals` and its like",
    "To this operator `*` and `?` are plain characters: an Allow never matches, a Deny never applies.",
    "Write `StringLike`.",
)
_PLAIN = re.compile(r"\$\{[*?$]\}")


def check(stack: Stack) -> Iterator[Finding]:
    """Find wildcards that are none."""
    for statement in stack.statements("identity", "resource", "trust"):
        for each in statement.conditions:
            if not each.operator.startswith(("stringequals", "stringnotequals")):
                continue
            for node in each.values:
                if re.search(r"[*?]", _PLAIN.sub("", VARIABLE.sub("", node.text))):
                    mend = f"Write `{each.written.replace('NotEquals', 'NotLike').replace('Equals', 'Like')}`."
                    yield RULE.found(node, statement.policy.owner, mend=mend)
