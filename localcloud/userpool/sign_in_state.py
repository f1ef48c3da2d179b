"""What a sign-in leaves behind, and what waits for its user: sessions, tokens, codes, devices not confirmed yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from localcloud.store import Entity


@dataclass(frozen=True, slots=True)
class RefreshToken(Entity):
    """One sign-in: its refresh token by digest, and all that its access and ID tokens hang on.

    `scopes` are what OAuth granted, separated by spaces; none for a sign-in by the API.
    """

    KEY = ("origin_jti",)
    CACHED = True
    INDEXES = (("pool_id", "sub", "device_key"), ("expires",))
    origin_jti: str
    digest: str
    pool_id: str
    client_id: str
    sub: str
    device_key: str
    auth_time: int
    expires: float
    event_id: str
    revoked: bool = False
    scopes: str = ""
    resource: str = ""


@dataclass(frozen=True, slots=True)
class RotatingToken(Entity):
    """A refresh token of a sign-in whose client rotates them; None: it was not rotated out yet."""

    KEY = ("origin_jti", "digest")
    INDEXES = (("pool_id", "sub"), ("expires",))
    origin_jti: str
    digest: str
    pool_id: str
    sub: str
    expires: float
    good_until: float | None = None


@dataclass(frozen=True, slots=True)
class ChallengeSession(Entity):
    """What is known of a sealed session that came back: how often it failed, and whether it is spent."""

    KEY = ("id",)
    CACHED = True
    INDEXES = (("expires",),)
    id: str
    expires: float
    failures: int = 0
    spent: bool = False


@dataclass(frozen=True, slots=True)
class KeptState(Entity):
    """The state of a session that would be too long with it."""

    KEY = ("id",)
    INDEXES = (("expires",),)
    id: str
    state: dict[str, Any]
    expires: float


@dataclass(frozen=True, slots=True)
class WaitingDevice(Entity):
    """A sign-in that waits for its device to begin; `session` is the sealed session it goes on with."""

    KEY = ("pool_id", "sub", "client_id", "device_key")
    INDEXES = (("expires",),)
    pool_id: str
    sub: str
    client_id: str
    device_key: str
    session: str
    expires: float


@dataclass(frozen=True, slots=True)
class NewDevice(Entity):
    """A device key that a sign-in handed out and ConfirmDevice has not taken yet."""

    KEY = ("pool_id", "sub", "key")
    INDEXES = (("expires",),)
    pool_id: str
    sub: str
    key: str
    group_key: str
    expires: float


@dataclass(frozen=True, slots=True)
class PendingToken(Entity):
    """The secret of an authenticator app that waits for its first code."""

    KEY = ("pool_id", "sub")
    pool_id: str
    sub: str
    secret: str


@dataclass(frozen=True, slots=True)
class Code(Entity):
    """A code that was sent and waits: one for each user and purpose, the newest counts."""

    KEY = ("pool_id", "sub", "purpose")
    INDEXES = (("expires",),)
    pool_id: str
    sub: str
    purpose: str
    digest: str
    expires: float
    failures: int = 0


@dataclass(frozen=True, slots=True)
class Attempts(Entity):
    """How often somebody has tried something, forgotten at `expires`; locked out of it `until` then."""

    KEY = ("pool_id", "sub", "what")
    CACHED = True
    INDEXES = (("expires",),)
    pool_id: str
    sub: str
    what: str
    count: int
    expires: float
    until: float = 0.0


KINDS: tuple[type[Entity], ...] = (
    RefreshToken,
    RotatingToken,
    ChallengeSession,
    KeptState,
    WaitingDevice,
    NewDevice,
    PendingToken,
    Code,
    Attempts,
)
