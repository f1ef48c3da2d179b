"""One compiled statement, and whether it matches a question: principal, action, resource and condition (rule 9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from localcloud.iam.condition import Condition
from localcloud.iam.match import Arn, ArnPattern, Pattern
from localcloud.iam.principal import Grant, PrincipalElement
from localcloud.iam.request import Reason
from localcloud.iam.variables import Context, unresolved


class Question(NamedTuple):
    """A request as statements look at it. `arn` is None where the action has no resource type."""

    action: str
    arn: Arn | None
    context: Context
    names: Mapping[str, Grant]
    bounded: bool


@dataclass(frozen=True, slots=True)
class Actions:
    """`Action` or `NotAction`, in lower case (rules 1-3)."""

    exact: frozenset[str]
    patterns: tuple[Pattern, ...]
    negated: bool

    def match(self, action: str) -> bool:
        """Whether the element covers an action in lower case."""
        covered = action in self.exact
        for pattern in self.patterns:
            covered = covered or pattern.matches(action)
        return covered != self.negated


@dataclass(frozen=True, slots=True)
class Resources:
    """`Resource` or `NotResource` (rules 3-7); `everything`: an entry is `*`, which also covers "no resource"."""

    everything: bool
    patterns: tuple[ArnPattern, ...]
    negated: bool

    def match(self, arn: Arn | None, context: Context) -> bool:
        """Whether the element covers the resource."""
        if self.everything:
            return not self.negated
        covered = False
        for pattern in self.patterns:
            covered = covered or (arn is not None and pattern.matches(arn, context))
        return covered != self.negated


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The answers of one statement that depend on nothing but itself: made once, so a decision only points at them."""

    applies: Reason
    other_principal: Reason
    other_action: Reason
    other_resource: Reason


class Miss(Enum):
    """The element of a statement that does not fit a question."""

    RESOURCE = "Resource"
    PRINCIPAL = "Principal"
    CONDITION = "Condition"


@dataclass(frozen=True, slots=True)
class Statement:
    """A compiled statement. `principals` is None in a policy that belongs to a principal; `resources` in a trust."""

    denies: bool
    actions: Actions
    resources: Resources | None
    principals: PrincipalElement | None
    conditions: tuple[Condition, ...]
    outcomes: Outcomes

    def match(self, question: Question) -> Grant | Miss:
        """How directly a statement that covers the action means the caller, or the first element that does not fit."""
        if self.resources is not None and not self.resources.match(question.arn, question.context):
            return Miss.RESOURCE
        grant = Grant.DIRECT
        if self.principals is not None:
            grant = self.principals.grant(question.names, question.bounded)
            if grant is Grant.NONE:
                return Miss.PRINCIPAL
        for condition in self.conditions:
            if not condition.holds(question.context):
                return Miss.CONDITION
        return grant

    def explain(self, question: Question) -> Reason:
        """What the statement answers, in words."""
        outcomes = self.outcomes
        if not self.actions.match(question.action):
            return outcomes.other_action
        match self.match(question):
            case Miss.PRINCIPAL:
                return outcomes.other_principal
            case Miss.RESOURCE:
                patterns = self.resources.patterns if self.resources else ()
                missing = unresolved([v for pattern in patterns for v in pattern.tail.variables], question.context)
                return _because(outcomes.other_resource, outcomes.other_resource.why + missing)
            case Miss.CONDITION:
                failed = [condition for condition in self.conditions if not condition.holds(question.context)]
                return _because(outcomes.applies, "; ".join(each.why(question.context) for each in failed))
        return outcomes.applies


def _because(reason: Reason, why: str) -> Reason:
    return Reason(reason.policy, reason.statement, reason.effect, False, why)
