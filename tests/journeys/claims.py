"""Reading tokens, and making false ones of true ones."""

from __future__ import annotations

import base64
import json
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa


def claims_of(token: str) -> dict[str, Any]:
    """What a token says, unchecked."""
    claims: dict[str, Any] = json.loads(_decode(token.split(".")[1]))
    return claims


def altered(token: str, **changes: Any) -> str:
    """Other claims under the same signature."""
    head, _, signature = token.split(".")
    return f"{head}.{encode({**claims_of(token), **changes})}.{signature}"


def unsigned(token: str) -> str:
    """The same claims with `alg: none`."""
    return f"{encode({'alg': 'none'})}.{token.split('.')[1]}."


def signed_by_stranger(token: str) -> str:
    """The same header and claims, with the signature of another RSA key."""
    head, body, _ = token.split(".")
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    signature = key.sign(f"{head}.{body}".encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{head}.{body}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def _decode(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def encode(value: Any) -> str:
    """A part of a token."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
