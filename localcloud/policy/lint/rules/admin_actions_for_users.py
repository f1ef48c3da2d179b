"""Nobody who comes over the internet administers identities, roles or the whole account."""

from __future__ import annotations

import re
from collections.abc import Iterator

from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.stack import Stack

RULE = Rule(
    __name__,
    "error",
    "`*`, `iam:` and `sts:` in users' roles; `cognito-identity:` and `cognito-idp:` with a wildcard in the guest role",
    "Anybody who downloads the app gets this: it is enough to become somebody else.",
    "List the few actions that the app calls with these keys; identity pools themselves need none.",
)
_OF_ACCOUNT = re.compile(r"\*|iam:.*|sts:(?!GetCallerIdentity$).*|organizations:.*", re.IGNORECASE)
_OF_IDENTITIES = re.compile(r"cognito-(identity|idp):.*\*.*", re.IGNORECASE)


def check(stack: Stack) -> Iterator[Finding]:
    """Find actions that make a user of the app more than one."""
    for role in stack.user_roles:
        for statement in role.statements:
            for node in statement.actions:
                guests = role.serves("unauthenticated") and _OF_IDENTITIES.fullmatch(node.text)
                if statement.allows and (_OF_ACCOUNT.fullmatch(node.text) or guests):
                    yield RULE.found(node, statement.policy.owner, f"Anybody who downloads the app gets `{node.text}`.")
