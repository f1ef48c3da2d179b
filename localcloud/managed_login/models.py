"""What managed login keeps: the browser's session, codes, and what waits at another provider. All by digest."""

from __future__ import annotations

from dataclasses import dataclass

from localcloud.relying_party.saml.used_assertions import UsedAssertion
from localcloud.store import Entity


@dataclass(frozen=True, slots=True)
class BrowserSession(Entity):
    """A browser in which somebody has signed in; `digest` is of its cookie. `provider` is empty for a password."""

    KEY = ("digest",)
    INDEXES = (("expires",), ("pool_id", "sub"))
    digest: str
    pool_id: str
    sub: str
    auth_time: int
    expires: float
    provider: str = ""
    provider_session: str = ""


@dataclass(frozen=True, slots=True)
class AuthorizationCode(Entity):
    """A code on its way to the app. `origin_jti` is of the tokens that it gave; if it is `replayed`, they end."""

    KEY = ("digest",)
    INDEXES = (("expires",),)
    digest: str
    pool_id: str
    client_id: str
    sub: str
    redirect_uri: str
    scopes: str
    nonce: str
    resource: str
    code_challenge: str
    auth_time: int
    expires: float
    spent: bool = False
    replayed: bool = False
    origin_jti: str = ""


@dataclass(frozen=True, slots=True)
class WaitingAtProvider(Entity):
    """A browser that was sent to a provider and has to come back: by `state`, once, with the cookie it left with.

    `authorize_query` is the authorization request that goes on then; `secrets` is the provider's own (nonce, verifier).
    """

    KEY = ("digest",)
    INDEXES = (("expires",),)
    digest: str
    pool_id: str
    provider: str
    browser: str
    authorize_query: str
    secrets: dict[str, str]
    expires: float


@dataclass(frozen=True, slots=True)
class PostedAnswer(Entity):
    """What a provider's page posted to `path`, until the browser comes back for it with its cookies."""

    KEY = ("digest",)
    INDEXES = (("expires",),)
    digest: str
    pool_id: str
    path: str
    form: dict[str, str]
    expires: float


@dataclass(frozen=True, slots=True)
class LeavingProvider(Entity):
    """A browser that signs out at a SAML provider: it comes back by `state`, once, and goes on to `then`."""

    KEY = ("digest",)
    INDEXES = (("expires",),)
    digest: str
    pool_id: str
    provider: str
    request_id: str
    then: str
    expires: float


KINDS: tuple[type[Entity], ...] = (
    BrowserSession,
    AuthorizationCode,
    WaitingAtProvider,
    PostedAnswer,
    LeavingProvider,
    UsedAssertion,
)
