"""What a user pool keeps of its users' passkeys: the public halves, and the one that a user is about to register."""

from __future__ import annotations

from dataclasses import dataclass

from localcloud.store import Entity


@dataclass(frozen=True, slots=True)
class WebAuthnCredential(Entity):
    """A passkey. `id` is in base64url, `public_key` a COSE key in base64, `created` in seconds since the epoch.

    An id is one user's in its pool, so that nobody registers somebody else's. `counter` is the newest that the
    authenticator signed; many never count, and stay at 0. `attachment` and `transports` are what its browser said.
    """

    KEY = ("pool_id", "id")
    INDEXES = (("pool_id", "sub"),)
    pool_id: str
    id: str
    sub: str
    public_key: str
    counter: int
    relying_party: str
    name: str
    attachment: str
    transports: list[str]
    created: float


@dataclass(frozen=True, slots=True)
class WebAuthnRegistration(Entity):
    """A registration that waits for its passkey: one for each user, the newest counts. `challenge` is in base64url."""

    KEY = ("pool_id", "sub")
    INDEXES = (("expires",),)
    pool_id: str
    sub: str
    client_id: str
    challenge: str
    expires: float


KINDS: tuple[type[Entity], ...] = (WebAuthnCredential, WebAuthnRegistration)
