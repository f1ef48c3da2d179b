"""What an identity pool keeps. Settings stay in AWS's own wire form (`config`), with typed readers for what decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from localcloud.context import Cloud
from localcloud.store import Entity


@dataclass(frozen=True, slots=True)
class UserPoolProvider:
    """A user pool and one of its app clients, whose ID tokens count as logins."""

    name: str
    client_id: str
    checks_server_side: bool


@dataclass(frozen=True, slots=True)
class IdentityPool(Entity):
    """A pool: `config` is what CreateIdentityPool took, `roles` are ARNs by `authenticated` and `unauthenticated`.

    `role_mappings` and `principal_tags` go by provider, in the form of SetIdentityPoolRoles and
    SetPrincipalTagAttributeMap.
    """

    KEY = ("id",)
    id: str
    config: dict[str, Any]
    roles: dict[str, str] = field(default_factory=dict)
    role_mappings: dict[str, dict[str, Any]] = field(default_factory=dict)
    principal_tags: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The pool's name; not unique."""
        return str(self.config["IdentityPoolName"])

    @property
    def allows_guests(self) -> bool:
        """Whether an identity without a login may be had."""
        return bool(self.config["AllowUnauthenticatedIdentities"])

    @property
    def allows_classic_flow(self) -> bool:
        """Whether a client may have a token to take a role of its own choice with."""
        return bool(self.config.get("AllowClassicFlow"))

    @property
    def developer_provider(self) -> str:
        """The name under which the app's own backend vouches for users; empty when it does not."""
        return str(self.config.get("DeveloperProviderName") or "")

    @property
    def login_providers(self) -> Mapping[str, str]:
        """The app's ids at public login providers, by the provider's name."""
        return dict(self.config.get("SupportedLoginProviders") or {})

    @property
    def oidc_arns(self) -> list[str]:
        """The ARNs of OpenID Connect providers whose tokens count."""
        return list(self.config.get("OpenIdConnectProviderARNs") or ())

    @property
    def saml_arns(self) -> list[str]:
        """The ARNs of SAML providers whose assertions count; a login goes by the same ARN."""
        return list(self.config.get("SamlProviderARNs") or ())

    @property
    def tags(self) -> Mapping[str, str]:
        """The pool's own tags."""
        return dict(self.config.get("IdentityPoolTags") or {})

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
    """Whose identity a provider's user is: one in each pool, so that of two racing first calls one wins.

    Of a developer provider, `sub` is the identifier that the app's backend has given its user.
    """

    KEY = ("pool_id", "provider", "sub")
    INDEXES = (("identity_id",),)
    pool_id: str
    provider: str
    sub: str
    identity_id: str


KINDS = (IdentityPool, Identity, Login)


def arn_of(cloud: Cloud, pool_id: str) -> str:
    """The ARN of an identity pool."""
    return f"arn:aws:cognito-identity:{pool_id.split(':')[0]}:{cloud.account}:identitypool/{pool_id}"
