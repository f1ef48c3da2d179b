"""Tags that no map sets (rule 49)."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.session_tags import known_tags, takes_tags
from localcloud.policy.lint.stack import Stack

RULE = Rule(
    __name__,
    "warning",
    "`sts:TagSession` and `aws:PrincipalTag/…` in roles of an identity pool that maps no such tag",
    "The role takes tags, and no map of this stack says what they mean: whoever adds one later decides.",
    "Map the tag in an `AWS::Cognito::IdentityPoolPrincipalTag`, or take `sts:TagSession` out.",
)
_NO_VALUE = "No map of this stack sets the tag, so the variable has no value and this never matches."


def check(stack: Stack) -> Iterator[Finding]:
    """Find roles that wait for tags which do not come."""
    for role in stack.user_roles:
        tags = known_tags(stack, role)
        if tags is None:
            continue
        if not tags and (node := takes_tags(role)):
            yield RULE.found(node, role.resource.name)
        for statement in role.statements if role.serves("authenticated", "mapped", "group") else ():
            for name, node in statement.variables():
                if name.startswith("aws:principaltag/") and name.partition("/")[2] not in tags:
                    yield RULE.found(node, statement.policy.owner, _NO_VALUE)
