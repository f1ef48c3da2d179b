"""The currency of this package: somebody whom a provider vouches for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class FederatedUser:
    """A user of a provider, proven by a token.

    `provider` is its name as AWS writes it, `issuer` what the token calls it. `audience` is the app that the token was
    made for, `claims` is all that it says. `context` are the condition keys that AWS documents for a trust policy, and
    `session_keys` names those that the session has as well; logins of identity pools need neither.
    """

    provider: str
    issuer: str
    subject: str
    audience: str
    claims: Mapping[str, Any]
    context: Mapping[str, str | list[str]] = field(default_factory=dict)
    session_keys: frozenset[str] = frozenset()
