"""Key sets of OpenID Connect providers: found by discovery, kept for an hour, fetched anew for a key id nobody knows.

Nothing here may run inside a store's transaction: a provider may take seconds to answer.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, rsa

from localcloud.context import Cloud
from localcloud.federation import base64url, documents
from localcloud.federation.errors import TokenError, UnreachableError
from localcloud.federation.signatures import BAD_SIGNATURE, PublicKey, SigningKey, algorithms_of

MAX_AGE = 3600.0
"""Seconds of the cloud's time; after that a key that the provider withdrew is no longer taken."""

COOL_DOWN = 5.0
"""Seconds between two fetches of one provider's keys."""

_CURVES: Mapping[str, ec.EllipticCurve] = {
    "P-256": ec.SECP256R1(),
    "P-384": ec.SECP384R1(),
    "P-521": ec.SECP521R1(),
}


@dataclass(slots=True)
class KeySet:
    """The keys of one provider by id; when they were had, and when the last answer came or failed to (cloud's time)."""

    keys: Mapping[str, SigningKey] = field(default_factory=dict)
    fetched: float = float("-inf")
    tried: float = float("-inf")
    failure: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def lacks(self, key_id: str, now: float) -> bool:
        """Whether the key is not known, or all of them are too old."""
        return key_id not in self.keys or now - self.fetched > MAX_AGE


def find_key(
    cloud: Cloud, provider: str, address: str, issuers: tuple[str, ...], key_id: str, key_set: str = ""
) -> SigningKey:
    """The key of that id of the provider at an address. Raises TokenError for an unknown one, and UnreachableError.

    `key_set` is the URL of its keys, where that is known; otherwise its discovery document says so.
    """
    kept: KeySet = cloud.keys.setdefault(f"keys of {key_set or address}", KeySet())
    # Attack: tokens with made-up key ids, each of which would cost the provider a request and this server a thread;
    # whose key is known does not wait for them.
    if kept.lacks(key_id, cloud.clock.now()):
        with kept.lock:
            now = cloud.clock.now()
            if kept.lacks(key_id, now) and now - kept.tried >= COOL_DOWN:
                _refresh(cloud, kept, provider, lambda: key_set or _discover(cloud, provider, address, issuers))
    if cloud.clock.now() - kept.fetched > MAX_AGE:
        raise UnreachableError(kept.failure)
    key = kept.keys.get(key_id)
    if key is None:
        raise TokenError(BAD_SIGNATURE)
    return key


def read_keys(key_set: Mapping[str, Any]) -> dict[str, SigningKey]:
    """The signing keys of a JWKS (RFC 7517) by id; what is weak, for another use or of another kind is left out."""
    entries = key_set.get("keys")
    found = {}
    for entry in entries if isinstance(entries, list) else ():
        key = _read_key(entry) if isinstance(entry, dict) and isinstance(entry.get("kid"), str) else None
        if key is not None:
            found[entry["kid"]] = key
    return found


def _discover(cloud: Cloud, provider: str, address: str, issuers: tuple[str, ...]) -> str:
    found = documents.configuration(cloud, provider, address, issuers)
    return documents.check_same_reach(address, str(found.get("jwks_uri")), provider)


def _refresh(cloud: Cloud, kept: KeySet, provider: str, find: Callable[[], str]) -> None:
    asked = cloud.clock.now()
    try:
        kept.keys = read_keys(documents.read_object(cloud, provider, find()))
        kept.fetched = asked
    except UnreachableError as error:
        kept.failure = str(error)
    finally:
        # Not when it was asked: each of those who waited for the answer would ask again.
        kept.tried = cloud.clock.now()


def _read_key(entry: Mapping[str, Any]) -> SigningKey | None:
    operations = entry.get("key_ops", ["verify"])
    if entry.get("use", "sig") != "sig" or not isinstance(operations, list) or "verify" not in operations:
        return None
    try:
        public = _read_public(entry)
    except (KeyError, TypeError, ValueError):
        return None
    algorithms = algorithms_of(public)
    if "alg" in entry:
        algorithms &= {str(entry["alg"])}
    return SigningKey(public, algorithms) if algorithms else None


def _read_public(entry: Mapping[str, Any]) -> PublicKey:
    if entry["kty"] == "RSA":
        return rsa.RSAPublicNumbers(_number(entry["e"]), _number(entry["n"])).public_key()
    if entry["kty"] == "EC":
        curve = _CURVES[entry["crv"]]
        return ec.EllipticCurvePublicNumbers(_number(entry["x"]), _number(entry["y"]), curve).public_key()
    raise ValueError("a key of another type")


def _number(text: str) -> int:
    return int.from_bytes(base64url.decode(text))
