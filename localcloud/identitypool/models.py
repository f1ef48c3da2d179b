"""What an identity pool keeps. Settings stay in AWS's own wire form (`config`), with typed readers for what decides."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from localcloud.store import Entity


@dataclass(frozen=True, slots=True)
class UserPoolProvider:
    """A user pool and one of its app clients, whose ID tokens count as logins."""

    name: str
    client_id: str
    checks_server_side: bool


@dataclass(frozen=True, slots=True)
class IdentityPool(Entity):
    """A pool: `config` is what CreateIdentityPool took, `roles` are ARNs by `authenticated` and `unauthenticated`."""

    KEY = ("id",)
    id: str
    config: dict[str, Any]
    roles: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The pool's name; not unique."""
        return str(self.config["IdentityPoolName"])

    @property
    def allows_guests(self) -> bool:
        """Whether an identity without a login may be had."""
        return bool(self.config["AllowUnauthenticatedIdentities"])

    @property
    def providers(self) -> list[UserPoolProvider]:
        """The user pools whose logins count."""
        return [
            UserPoolProvider(entry["ProviderName"], entry["ClientId"], bool(entry.get("ServerSideTokenCheck")))
            for entry in self.config.get("CognitoIdentityProviders") or ()
        ]


@dataclass(frozen=True, slots=True)
class Identity(Entity):
    """An identity. `disabled` is for good; `merged_into` then names the identity that has its logins, if one does."""

    KEY = ("id",)
    INDEXES = (("pool_id",),)
    id: str
    pool_id: str
    created: float
    modified: float
    disabled: bool = False
    merged_into: str = ""


@dataclass(frozen=True, slots=True)
class Login(Entity):
    """Whose identity a provider's user is: one in each pool, so that of two racing first calls one wins."""

    KEY = ("pool_id", "provider", "sub")
    INDEXES = (("identity_id",),)
    pool_id: str
    provider: str
    sub: str
    identity_id: str


KINDS = (IdentityPool, Identity, Login)
