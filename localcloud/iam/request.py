"""What a decision is about, and what comes out. Plain values: nothing here knows HTTP, botocore or the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

ContextValue = str | Sequence[str]
"""One string is a single-valued key; a list or tuple is a multivalued key, even with one element or none."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks: an ARN (`AWS`), a provider (`Federated`), a service host (`Service`), or nobody (`Anonymous`)."""

    type: Literal["AWS", "Federated", "Service", "Anonymous"]
    value: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """One action on one resource. `resource` is an ARN, or `*` where the action has no resource type."""

    principal: Principal
    action: str
    resource: str
    resource_account: str = ""
    context: Mapping[str, ContextValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one policy kind, policy or statement counted as it did; the explanation is the evaluation itself."""

    policy: str
    statement: str
    effect: str
    matched: bool
    why: str


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome, and AWS's own text for a refusal (empty when allowed)."""

    outcome: Literal["Allowed", "ExplicitDeny", "ImplicitDeny"]
    explain: Callable[[], Iterator[Reason]] = field(repr=False, compare=False)
    message: str = ""

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why, statement by statement, in order. Put into words only when somebody asks."""
        return tuple(self.explain())

    @property
    def allowed(self) -> bool:
        """Whether the request may go on."""
        return self.outcome == "Allowed"
