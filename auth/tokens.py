"""Verify a user pool's tokens. The only module that imports python-jose, because the rules that it lacks are here.

Alone, python-jose takes any algorithm, tries every key it is given whatever the `kid` says, and lets a token pass that
has no `exp` or no `aud`. Here nothing is optional unless the caller writes `None`.
Rules: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from typing import Any, Literal

from jose import jwk, jws  # noqa: TID251 - this is the wrapper
from jose.exceptions import JWSError  # noqa: TID251

from auth import errors
from auth.jwks import Jwks, KeySource
from auth.settings import Settings

TokenUse = Literal["id", "access"]
Claims = dict[str, Any]

ALGORITHM = "RS256"  # all that Cognito signs with
MAX_CHARACTERS = 16 * 1024
_JWT = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)
_CLIENT_CLAIM = {"id": "aud", "access": "client_id"}


class TokenVerifier:
    """Verifies tokens of one user pool. Safe to share between threads, and meant to live long: it keeps the keys.

    `token_use` and `client_id` must be given; `None` accepts either use, or any client of the pool.
    `leeway`: seconds by which the two clocks may differ. `now()`: seconds since the epoch.
    """

    def __init__(
        self,
        issuer: str,
        *,
        token_use: TokenUse | None,
        client_id: str | None,
        jwks: KeySource | None = None,
        leeway: float = 5.0,
        now: Callable[[], float] = time.time,
    ) -> None:
        if token_use not in ("id", "access", None):
            raise ValueError(f"token_use is id, access or None, not {token_use!r}")
        if client_id == "":
            raise ValueError("client_id is empty; to accept any client, write None")
        self._issuer = issuer
        self._token_use = token_use
        self._client_id = client_id
        self._jwks = jwks or Jwks(f"{issuer}/.well-known/jwks.json")
        self._leeway = leeway
        self._now = now

    @classmethod
    def for_pool(cls, settings: Settings, *, token_use: TokenUse | None, client_id: str | None) -> TokenVerifier:
        """A verifier for the pool of these settings, its keys fetched from there. Raises SettingsInvalid."""
        return cls(settings.issuer, token_use=token_use, client_id=client_id, jwks=Jwks(settings.jwks_url))

    def verify(self, token: str) -> Claims:
        """The claims of a token that is signed by the pool, current, and meant for this use and client.

        Raises TokenInvalid and nothing else, whatever the input: the subclass names the reason.
        """
        try:
            kid = _read_key_id(token)
            claims = _read_claims(token, _signature_key(self._jwks.key(kid)))
            self._check(claims)
        except errors.TokenInvalid:
            raise
        except Exception as error:
            # python-jose and json raise many kinds (RecursionError among them); a caller must not have to know them.
            raise errors.TokenMalformed(f"the token cannot be read ({type(error).__name__})") from error
        return claims

    def _check(self, claims: Claims) -> None:
        now = self._now()
        if _integer(claims, "exp") <= now - self._leeway:
            raise errors.TokenExpired("the token has expired")
        begins = max(_integer(claims, "iat"), _integer(claims, "nbf") if "nbf" in claims else 0)
        if begins > now + self._leeway:
            raise errors.TokenNotYetValid("the token was issued in the future")
        if _text(claims, "iss") != self._issuer:
            raise errors.TokenIssuerInvalid(f"the token's issuer is not {self._issuer}")
        use = _text(claims, "token_use")
        if use not in _CLIENT_CLAIM or use != (self._token_use or use):
            raise errors.TokenUseInvalid(f"the token is not for {self._token_use or 'id or access'} use")
        client = _text(claims, _CLIENT_CLAIM[use])
        if self._client_id is not None and client != self._client_id:
            raise errors.TokenClientInvalid("the token was issued to another app client")


def _signature_key(key: Any) -> Any:
    # Takes a key object of `cryptography` as it is; python-jose's type stubs do not know that. Costs a microsecond.
    return jwk.construct(key, ALGORITHM)


def _read_key_id(token: str) -> str:
    """The key that the token names, once its shape and header are acceptable. Nothing is proven yet."""
    if not isinstance(token, str) or len(token) > MAX_CHARACTERS or not _JWT.fullmatch(token):
        raise errors.TokenMalformed("the token is not a JWT")
    header = jws.get_unverified_header(token)
    # Attack: `none`, or HS256 with the public key as its secret.
    if header.get("alg") != ALGORITHM:
        raise errors.TokenHeaderRefused(f"the token is not signed with {ALGORITHM}")
    # `crit` lists extensions that must be understood; we understand none (RFC 7515 4.1.11).
    if "crit" in header:
        raise errors.TokenHeaderRefused("the token has a critical header")
    kid = header.get("kid")
    if not isinstance(kid, str):
        raise errors.TokenKeyUnknown("the token names no key")
    return kid


def _read_claims(token: str, key: Any) -> Claims:
    """The claims, once the signature is good."""
    try:
        payload = jws.verify(token, key, algorithms=[ALGORITHM])
    except JWSError:
        raise errors.TokenSignatureInvalid("the token's signature is wrong") from None
    claims = json.loads(payload)
    if not isinstance(claims, dict):
        raise errors.TokenMalformed("the token's claims are not an object")
    return claims


def _integer(claims: Claims, name: str) -> int:
    value = claims.get(name)
    # Also keeps out true, and the NaN and Infinity that Python's JSON accepts: no comparison refuses them.
    if type(value) is not int:
        raise errors.TokenClaimMissing(f"the token has no {name}, or it is not a whole number")
    return value


def _text(claims: Claims, name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not value:
        raise errors.TokenClaimMissing(f"the token has no {name}, or it is not text")
    return value
