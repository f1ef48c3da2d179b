"""Whoever comes to STS with a proof from a provider, and asks for a role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class FederatedPrincipal:
    """Somebody who has proven to be a user of a provider.

    `provider` is what stands in `Principal.Federated`. `context` are the condition keys of the trust decision,
    `session_context` those that the session keeps. `session_seconds` is how long the session may last by the proof
    itself; None: as long as any.
    """

    provider: str
    issuer: str
    subject: str
    audience: str
    context: Mapping[str, str | list[str]]
    session_context: Mapping[str, str | list[str]]
    tags: Mapping[str, str] = field(default_factory=dict)
    transitive_tags: tuple[str, ...] = ()
    source_identity: str = ""
    session_seconds: int | None = None
