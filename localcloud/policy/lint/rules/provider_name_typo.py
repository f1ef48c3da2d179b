"""One letter less, and the name means nobody: `amazon.com` for `amazonaws.com`."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.cognito import PARTITIONS, hosts, principals
from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.stack import Stack
from localcloud.policy.lint.text import is_known

RULE = Rule(
    __name__,
    "error",
    "names of identity pools and services in principals, condition keys and variables",
    "AWS knows no such name: a principal of that name is nobody, a key is always absent, a variable has no value.",
    "Write `cognito-identity.amazonaws.com`.",
)


def check(stack: Stack) -> Iterator[Finding]:
    """Find misspelt names of identity pools, and services under `amazon.com`."""
    for statement in stack.statements("identity", "resource", "trust"):
        owner = statement.policy.owner
        for host, node in hosts(statement):
            if host not in PARTITIONS and is_known(host):
                yield RULE.found(node, owner, f"AWS knows no `{host}`: it is nobody, always absent, without value.")
        for node in principals(statement, "Service"):
            if node.text.endswith(".amazon.com"):
                mend = f"Write `{node.text.removesuffix('.amazon.com')}.amazonaws.com`."
                yield RULE.found(node, owner, f"There is no service `{node.text}`, so nobody gets this.", mend)
