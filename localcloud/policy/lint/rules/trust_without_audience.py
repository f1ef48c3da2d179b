"""Every identity pool in AWS presents itself under the same name; only `aud` says which one it is (rule 48)."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.cognito import PREFIX, principals, web_identity
from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.keys import is_audience
from localcloud.policy.lint.policy import Condition
from localcloud.policy.lint.stack import Stack
from localcloud.policy.lint.text import has_symbol

RULE = Rule(
    __name__,
    "error",
    "trust policies for web identities without a condition on the audience",
    "The role trusts every identity pool in AWS: anybody makes one of their own, and walks in through it.",
    'Add `StringEquals: {"cognito-identity.amazonaws.com:aud": !Ref IdentityPool}` to its Condition.',
)
_OTHER = "Add `StringEquals` on the provider's `:aud` (or `:app_id`) with your own app's id to its Condition."


def check(stack: Stack) -> Iterator[Finding]:
    """Find trust in web identities that were issued for anybody."""
    for statement in web_identity(stack.statements("trust")):
        # A provider of the account's own, an ARN, holds the audiences itself.
        hosts = [node.text for node in principals(statement, "Federated") if not _is_own(node.text)]
        if hosts and statement.conditions_known and not any(map(_names_audience, statement.conditions)):
            cognito = any(host.startswith(PREFIX) for host in hosts)
            danger = "" if cognito else "The role trusts tokens that the provider issued for any app at all."
            yield RULE.found(statement.node, statement.policy.owner, danger, "" if cognito else _OTHER)


def _is_own(provider: str) -> bool:
    return provider.startswith("arn:") or has_symbol(provider)


def _names_audience(condition: Condition) -> bool:
    if not is_audience(condition.key) or condition.negated or condition.operator == "null":
        return False
    return any(node.text.strip("*?") for node in condition.values)
