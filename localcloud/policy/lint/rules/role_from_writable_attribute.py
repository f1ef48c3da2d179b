"""A rule that picks a role by a claim must not let users write the claim."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.attributes import writer
from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.stack import Stack, role_rules

RULE = Rule(
    __name__,
    "error",
    "rules of role mappings on a claim that users can write",
    "Users write the claim themselves, and so pick the role that they get.",
    "Take the attribute out of `WriteAttributes` of every client, or map by `cognito:groups`.",
)


def check(stack: Stack) -> Iterator[Finding]:
    """Find role rules that users satisfy by themselves."""
    for attachment in stack.of_type("AWS::Cognito::IdentityPoolRoleAttachment"):
        for rule in role_rules(attachment):
            claim = rule.get("Claim")
            if client := writer(stack, attachment.properties.get("IdentityPoolId").text, claim.text):
                danger = f"Users write `{claim.text}` themselves through {client}, and so pick the role that they get."
                yield RULE.found(claim, attachment.name, danger)
