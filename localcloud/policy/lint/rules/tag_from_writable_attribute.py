"""A principal tag must not come from a claim that users can write."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.attributes import writer
from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.stack import Stack

RULE = Rule(
    __name__,
    "error",
    "principal tags that are mapped from a claim that users can write",
    "Users write the claim themselves, and so whatever the policies allow to `${aws:PrincipalTag/…}`.",
    "Take the attribute out of `WriteAttributes` of every client, or map `sub`.",
)


def check(stack: Stack) -> Iterator[Finding]:
    """Find tags that users set by themselves."""
    for mapping in stack.of_type("AWS::Cognito::IdentityPoolPrincipalTag"):
        for tag, claim in mapping.properties.get("PrincipalTags").entries():
            if client := writer(stack, mapping.properties.get("IdentityPoolId").text, claim.text):
                danger = f"Users write `{claim.text}` themselves through {client}, and so set the tag `{tag}`."
                yield RULE.found(claim, mapping.name, danger)
