"""A user pool's public keys: fetched once, kept, and fetched again when a token names one that is not there."""

from __future__ import annotations

import json
import threading
import time
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping
from typing import Any, Protocol
from urllib.request import Request

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers

from auth.errors import TokenKeysUnavailable, TokenKeyUnknown
from auth.https import MAX_BYTES, checked_url, send

COOL_DOWN = 10.0  # seconds; aws-jwt-verify's SimplePenaltyBox waits as long
MAX_AGE = 3600.0  # seconds; after that a key that the pool withdrew is no longer trusted
MIN_BITS = 2048

Fetch = Callable[[str], bytes]


class KeySource(Protocol):
    """Where a verifier finds keys."""

    def key(self, kid: str) -> RSAPublicKey:
        """The key of that id. Raises TokenKeyUnknown, TokenKeysUnavailable."""


class Jwks:
    """The keys at one JWKS URL. Safe to share between threads.

    `fetch(url)` returns the document; `now()` is in seconds and only grows. An old set of keys is still used while a
    new one cannot be fetched. Raises ValueError for a URL that is neither https nor on this machine.
    """

    def __init__(self, url: str, fetch: Fetch | None = None, now: Callable[[], float] = time.monotonic) -> None:
        self._url = checked_url(url)
        self._fetch = fetch or fetch_json
        self._now = now
        self._keys: Mapping[str, RSAPublicKey] = {}
        self._fetched = self._tried = float("-inf")
        self._lock = threading.Lock()

    def key(self, kid: str) -> RSAPublicKey:
        """The key of that id. Raises TokenKeyUnknown, or TokenKeysUnavailable if no keys could ever be fetched."""
        if kid not in self._keys or self._now() - self._fetched > MAX_AGE:
            with self._lock:
                self._refresh(kid)
        if not self._keys:
            raise TokenKeysUnavailable(f"no keys could be fetched from {self._url}")
        if kid not in self._keys:
            raise TokenKeyUnknown("the token names a key that the pool does not have")
        return self._keys[kid]

    def _refresh(self, kid: str) -> None:
        now = self._now()
        # Attack: tokens with made-up key ids, each of which would cost a request to the pool.
        if now - self._tried < COOL_DOWN:
            return
        if kid in self._keys and now - self._fetched <= MAX_AGE:
            return  # another thread was faster
        self._tried = now
        try:
            keys = read_keys(self._fetch(self._url))
        except Exception:
            return  # whatever went wrong with the address or the document: there are no new keys
        self._keys, self._fetched = keys, now


def read_keys(document: bytes) -> dict[str, RSAPublicKey]:
    """The RS256 signing keys of a JWKS (RFC 7517) by id; keys of other kinds and weak ones are left out.

    Raises some exception if the document is no JWKS or holds no such key.
    """
    if len(document) > MAX_BYTES:
        raise ValueError("the JWKS is too large")
    keys = {jwk["kid"]: _rsa_key(jwk) for jwk in json.loads(document)["keys"] if _signs_rs256(jwk)}
    # Attack: a short modulus can be factored, and then anyone signs.
    strong = {kid: key for kid, key in keys.items() if key.key_size >= MIN_BITS}
    if not strong:
        raise ValueError("the JWKS has no usable key")
    return strong


def fetch_json(url: str) -> bytes:
    """The document at an address, which no redirect may change. Raises OSError and others."""
    return send(Request(url, headers={"Accept": "application/json"}))  # noqa: S310 - checked there


def _signs_rs256(jwk: Mapping[str, Any]) -> bool:
    return jwk.get("kty") == "RSA" and jwk.get("alg", "RS256") == "RS256" and jwk.get("use", "sig") == "sig"


def _rsa_key(jwk: Mapping[str, Any]) -> RSAPublicKey:
    return RSAPublicNumbers(_number(jwk["e"]), _number(jwk["n"])).public_key()


def _number(text: str) -> int:
    return int.from_bytes(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
