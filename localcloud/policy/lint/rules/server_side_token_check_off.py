"""A signature says that a token was good once."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.stack import Stack

RULE = Rule(
    __name__,
    "warning",
    "user pools of an identity pool without `ServerSideTokenCheck`",
    "Tokens of users who are signed out, disabled or deleted still buy credentials until they expire.",
    "Write `ServerSideTokenCheck: true`.",
)


def check(stack: Stack) -> Iterator[Finding]:
    """Find providers that are not asked whether a token still holds."""
    for pool in stack.of_type("AWS::Cognito::IdentityPool"):
        for provider in pool.properties.get("CognitoIdentityProviders").each():
            setting = provider.get("ServerSideTokenCheck")
            if provider.entries() and setting.known and not setting.is_true:
                yield RULE.found(setting, pool.name)
