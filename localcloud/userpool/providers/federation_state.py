"""What a user pool keeps for sign-in with others: its providers, whose users are whose, resource servers, branding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from localcloud.store import Entity


@dataclass(frozen=True, slots=True)
class IdentityProvider(Entity):
    """An identity provider of a pool. `type` and `details` are in AWS's words (`ProviderType`, `ProviderDetails`).

    `mapping` goes from the pool's attribute to the provider's; times in seconds since the epoch. `issuer` is the entity
    id that a SAML provider's metadata gave when it was made or changed.
    """

    KEY = ("pool_id", "name")
    CACHED = True
    pool_id: str
    name: str
    type: str
    details: dict[str, str]
    mapping: dict[str, str]
    identifiers: list[str]
    created: float
    modified: float
    issuer: str = ""


@dataclass(frozen=True, slots=True)
class LinkedIdentity(Entity):
    """Whose user a provider's user is: of a linked one `primary` is false, of a user that the sign-in made it is true.

    `subject` is the provider's id of the user, and `attribute` then `Cognito_Subject`; or it is the value of that
    attribute of the pool, by which the provider's user is known when it first comes.
    """

    KEY = ("pool_id", "provider", "subject", "attribute")
    INDEXES = (("pool_id", "sub"),)
    pool_id: str
    provider: str
    subject: str
    sub: str
    primary: bool
    created: float
    attribute: str = "Cognito_Subject"


@dataclass(frozen=True, slots=True)
class ResourceServer(Entity):
    """An API with scopes of its own: `scopes` maps a scope's name to its description."""

    KEY = ("pool_id", "identifier")
    CACHED = True
    pool_id: str
    identifier: str
    name: str
    scopes: dict[str, str]


@dataclass(frozen=True, slots=True)
class Branding(Entity):
    """How managed login looks for one app client, as CreateManagedLoginBranding took it."""

    KEY = ("pool_id", "id")
    INDEXES = (("client_id",),)
    pool_id: str
    id: str
    client_id: str
    uses_defaults: bool
    settings: Mapping[str, Any]
    assets: list[dict[str, Any]]
    created: float
    modified: float


@dataclass(frozen=True, slots=True)
class UiCustomization(Entity):
    """The classic pages' CSS and logo, of one client or of the pool (`client_id` `ALL`)."""

    KEY = ("pool_id", "client_id")
    pool_id: str
    client_id: str
    css: str
    css_version: str
    image: str = field(default="")
    created: float = 0.0
    modified: float = 0.0


@dataclass(frozen=True, slots=True)
class SamlKey(Entity):
    """The key that a pool signs SAML requests with and opens encrypted assertions with; `certificate` is of itself.

    Both in PEM.
    """

    KEY = ("pool_id",)
    CACHED = True
    pool_id: str
    key: str
    certificate: str


KINDS: tuple[type[Entity], ...] = (IdentityProvider, LinkedIdentity, ResourceServer, Branding, UiCustomization, SamlKey)
