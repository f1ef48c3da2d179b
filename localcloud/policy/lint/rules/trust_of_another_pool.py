"""The audience is the id of the pool that gives out the role (rule 48)."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.cognito import trusting
from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.keys import is_audience
from localcloud.policy.lint.stack import Role, Stack
from localcloud.policy.lint.text import covers

RULE = Rule(
    __name__,
    "error",
    "`aud` in trust policies, against the identity pool that the role is attached to",
    "The role trusts another identity pool than the one that gives it out: its own users are refused, and the "
    "other pool's users get in.",
    "Write the id of the pool that the role is attached to.",
)


def check(stack: Stack) -> Iterator[Finding]:
    """Find audiences that are none of the role's own pools."""
    for role in stack.user_roles:
        pools = _pools(stack, role)
        for statement in trusting(role.trust.statements):
            for condition in statement.conditions:
                positive = is_audience(condition.key) and not condition.negated and condition.operator != "null"
                wanted = [node.text for node in condition.values]
                if positive and condition.known and pools and not any(covers(w, p) for w in wanted for p in pools):
                    mend = f"Write the id of the role's own pool: `{' or '.join(sorted(pools))}`."
                    yield RULE.found(condition.place, role.resource.name, mend=mend)


def _pools(stack: Stack, role: Role) -> set[str]:
    """The ids of the pools that give out the role, of those in this stack; groups do not say of which."""
    every = {pool.ref for pool in stack.of_type("AWS::Cognito::IdentityPool")}
    named = {use.pool for use in role.uses if use.kind != "group"}
    return named & every if named else every if role.uses else set()
