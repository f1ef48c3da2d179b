"""`!Sub` takes `${…}` for itself, policy variables too."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.intrinsics import placeholders
from localcloud.policy.lint.node import Intrinsic, Node
from localcloud.policy.lint.stack import Stack

RULE = Rule(
    __name__,
    "error",
    "`!Sub` with a policy variable in it",
    "CloudFormation takes the policy variable for a name of its own: the deploy fails, or IAM never sees a variable.",
    "Write `${!…}` for what IAM is to fill in.",
)


def check(stack: Stack) -> Iterator[Finding]:
    """Find policy variables that CloudFormation would replace."""
    if stack.template is None:
        return
    for owner, resource in stack.template.get("Resources").entries():
        for node in resource.walk():
            if isinstance(node.value, Intrinsic) and node.value.name == "Sub":
                for name in _swallowed(node.value.argument):
                    danger = f"CloudFormation takes `${{{name}}}` for a name of its own, so IAM never sees a variable."
                    yield RULE.found(node, owner, danger, f"Write `${{!{name}}}`.")


def _swallowed(argument: Node) -> Iterator[str]:
    text, *own = argument.each()
    names = {name for mapping in own for name, _ in mapping.entries()}
    for name, literal in placeholders(text.text):
        if ":" in name and not literal and not name.startswith("AWS::") and name not in names:
            yield name
