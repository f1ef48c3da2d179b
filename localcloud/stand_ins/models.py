"""What the stand-ins keep, and who their users are."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from localcloud.context import Cloud
from localcloud.store import Entity
from localcloud.wire.web import Answer

PREFIX = "/_localcloud/stand-ins/"


@dataclass(frozen=True, slots=True)
class StandInKey(Entity):
    """The key of one stand-in, PEM; of the SAML provider with its certificate."""

    KEY = ("name",)
    name: str
    pem: str
    certificate: str = ""


@dataclass(frozen=True, slots=True)
class SpentCode(Entity):
    """A code or request that was used; kept for as long as it would be good."""

    KEY = ("digest",)
    INDEXES = (("expires",),)
    digest: str
    expires: float


@dataclass(frozen=True, slots=True)
class StandInRequest:
    """A request to a stand-in. `base` is the stand-in's own URL, without a slash at its end."""

    cloud: Cloud
    base: str
    path: str
    method: str
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever somebody says to be. The same address is always the same user, with an id of its provider's own."""

    email: str
    name: str
    email_verified: bool = True

    def number(self, provider: str) -> str:
        """A numeric id of 21 digits, as Google's and Facebook's users have."""
        digest = hashlib.sha256(f"{provider} {self.email.casefold()}".encode()).digest()
        return str(10**20 + int.from_bytes(digest[:8], "big"))

    @property
    def given_name(self) -> str:
        """The first word of the name."""
        return self.name.partition(" ")[0]

    @property
    def family_name(self) -> str:
        """What follows it."""
        return self.name.partition(" ")[2]


class StandInError(Exception):
    """A request that is refused, with the reason for the developer; `code` is OAuth's."""

    def __init__(self, why: str, code: str = "invalid_request", status: int = 400) -> None:
        super().__init__(why)
        self.why, self.code, self.status = why, code, status


@dataclass(frozen=True, slots=True)
class ServiceProvider(Entity):
    """An app that signs in by SAML, and where it takes responses."""

    KEY = ("entity_id",)
    entity_id: str
    consumer: str


KINDS: tuple[type[Entity], ...] = (StandInKey, SpentCode, ServiceProvider)

__all__ = ["KINDS", "PREFIX", "Answer", "Person", "ServiceProvider", "SpentCode", "StandInError", "StandInKey"]
__all__ += ["StandInRequest"]
