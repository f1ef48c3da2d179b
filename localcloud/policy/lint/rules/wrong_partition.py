"""China and GovCloud have names of their own for identity pools."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.cognito import PARTITIONS, hosts
from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.policy import Statement
from localcloud.policy.lint.stack import Role, Stack
from localcloud.policy.lint.text import arn_parts

RULE = Rule(
    __name__,
    "error",
    "names of identity pools of another partition than the role's own: China, GovCloud",
    "In this partition the name means nothing: keys of that name are absent, and variables have no value.",
    "Write the partition's own name throughout: `cognito-identity.amazonaws.com.cn` in China, "
    "`cognito-identity-us-gov.amazonaws.com` in GovCloud.",
)


def check(stack: Stack) -> Iterator[Finding]:
    """Find names that do not go together in one role."""
    for role in stack.user_roles:
        expected = _partition(role)
        for statement in _statements(role):
            for host, node in hosts(statement):
                if expected and PARTITIONS.get(host, expected) != expected:
                    danger = f"`{host}` means nothing in the partition `{expected}`, where this role is."
                    yield RULE.found(node, statement.policy.owner, danger)


def _statements(role: Role) -> list[Statement]:
    return [*role.trust.statements, *role.statements]


def _partition(role: Role) -> str:
    """The partition that the role's ARNs say, else the one of the provider that it trusts; empty if unclear."""
    arns = [arn_parts(node.text) for statement in role.statements for node in statement.resources]
    named = {parts[1] for parts in arns if parts} & set(PARTITIONS.values())
    trusted = {PARTITIONS[host] for each in role.trust.statements for host, _ in hosts(each) if host in PARTITIONS}
    found = named or trusted
    return found.pop() if len(found) == 1 else ""
