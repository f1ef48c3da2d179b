"""What no rule can judge from here."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.stack import Stack
from localcloud.policy.lint.text import is_known

RULE = Rule(
    __name__,
    "warning",
    "values of policies and identity pools that only a deploy knows (with `--strict`)",
    "No rule can tell whether this is safe: its value is not in the template or its parameters.",
    "Give it by `--parameters`, or lint the stack after the deploy by `--stack`.",
    strict_only=True,
)
_POOL = "AWS::Cognito::IdentityPool"
_LOOKED_AT = (_POOL, f"{_POOL}RoleAttachment", f"{_POOL}PrincipalTag")


def check(stack: Stack) -> Iterator[Finding]:
    """Find what is not known."""
    looked_at = [(policy.owner, policy.document) for policy in stack.policies]
    looked_at += [(resource.name, resource.properties) for resource in stack.of_type(*_LOOKED_AT)]
    for owner, root in looked_at:
        for node in root.walk():
            if not is_known(node.text):
                yield RULE.found(node, owner, f"Cannot tell: `{node.text}` is not known here.")
