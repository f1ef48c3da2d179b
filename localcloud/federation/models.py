"""IAM's identity providers: whose tokens and responses the account trusts."""

from __future__ import annotations

from dataclasses import dataclass, field

from localcloud.store import Entity


@dataclass(frozen=True, slots=True)
class OpenIdProvider(Entity):
    """An OpenID Connect provider. `url` is its issuer with the scheme; thumbprints are kept, and trusted is TLS."""

    KEY = ("arn",)
    CACHED = True
    arn: str
    url: str
    client_ids: list[str]
    thumbprints: list[str]
    created: float
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The issuer without its scheme: what condition keys and login keys begin with."""
        return self.url.partition("://")[2]


@dataclass(frozen=True, slots=True)
class SamlProvider(Entity):
    """A SAML provider with its metadata document; times in seconds since the epoch."""

    KEY = ("arn",)
    CACHED = True
    arn: str
    id: str
    metadata: str
    valid_until: float
    created: float
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The friendly name, the last part of the ARN."""
        return self.arn.rpartition("/")[2]

    @property
    def doc(self) -> str:
        """`SAML:doc`: the account and the friendly name."""
        return f"{self.arn.split(':')[4]}/{self.name}"


KINDS = (OpenIdProvider, SamlProvider)
