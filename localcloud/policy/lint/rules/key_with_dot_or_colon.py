"""IAM compares keys as they are, decoded; and attributes by their first name (rule 67)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.keys import LEADING_KEYS, PREFIX
from localcloud.policy.lint.stack import Stack

RULE = Rule(
    __name__,
    "warning",
    "`%3A` and `/../` in keys, dots in `dynamodb:Attributes`",
    "IAM compares the key as S3 and DynamoDB see it: decoded, with dots as plain characters.",
    "Write the key as it is stored: an identity id has a plain `:` in it.",
)
_ENCODED = re.compile(r"%[0-9a-f]{2}", re.IGNORECASE)
_DOTS = re.compile(r"(^|/)\.{1,2}(/|$)")
_PATH = "A client that tidies paths goes elsewhere than IAM thinks: to the place that the dots lead to."
_NESTED = "The key holds top-level names only, so a name with a dot never matches."


def check(stack: Stack) -> Iterator[Finding]:
    """Find keys that are not spelt as requests spell them."""
    for statement in stack.statements("identity", "resource"):
        owner = statement.policy.owner
        keys = [node for each in statement.on(PREFIX, *LEADING_KEYS) for node in each.values]
        for node in (*statement.resources, *keys):
            if found := _ENCODED.search(node.text):
                yield RULE.found(node, owner, f"IAM compares decoded keys, so `{found[0]}` in one never matches.")
            elif _DOTS.search(node.text):
                yield RULE.found(node, owner, _PATH, "Write the path without `.` and `..`.")
        for condition in statement.on("dynamodb:attributes"):
            for node in condition.values:
                if "." in node.text:
                    mend = f"Write `{node.text.partition('.')[0]}`, which covers all inside."
                    yield RULE.found(node, owner, _NESTED, mend)
