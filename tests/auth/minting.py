"""Makes tokens as a pool does, and as an attacker does, by hand: nothing here checks anything."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

ISSUER = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Abc"
NOW = 1_700_000_000
ACCESS = {
    "sub": "user-1",
    "iss": ISSUER,
    "token_use": "access",
    "client_id": "client-1",
    "iat": NOW - 60,
    "exp": NOW + 3540,
}
ID = {"sub": "user-1", "iss": ISSUER, "token_use": "id", "aud": "client-1", "iat": NOW - 60, "exp": NOW + 3540}


def b64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def part(value: Any) -> str:
    return b64(json.dumps(value).encode())


def rs256(key: rsa.RSAPrivateKey, data: str) -> bytes:
    return key.sign(data.encode(), padding.PKCS1v15(), hashes.SHA256())


def mint(key: rsa.RSAPrivateKey, claims: Any, **header: Any) -> str:
    """A token signed with RS256; `header` adds to or replaces what is usual."""
    data = f"{part({'alg': 'RS256', 'kid': 'key-1'} | header)}.{part(claims)}"
    return f"{data}.{b64(rs256(key, data))}"


def jwk(key: rsa.RSAPrivateKey, kid: str, **more: Any) -> dict[str, Any]:
    """The public half as a pool publishes it."""
    numbers = key.public_key().public_numbers()
    n, e = (b64(value.to_bytes((value.bit_length() + 7) // 8)) for value in (numbers.n, numbers.e))
    return {"kty": "RSA", "alg": "RS256", "use": "sig", "kid": kid, "n": n, "e": e} | more
