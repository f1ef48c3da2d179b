"""A client secret that is a token: ES256 over who the client is, made anew for each request."""

from __future__ import annotations

import base64
import re

import orjson
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from localcloud.federation.errors import FederationError

LIFETIME = 300
"""Seconds; Apple takes up to six months."""

_AROUND = re.compile(r"-----[^-]*-----|\\n|\s")
"""What is around a key in PEM, line breaks that somebody escaped included."""


def sign(private_key: str, *, key_id: str, issuer: str, subject: str, audience: str, now: float) -> str:
    """The secret, signed with a P-256 key: PEM, or the bare base64 between its lines, as AWS takes it.

    Raises FederationError for a key of another kind.
    """
    key = _load(private_key)
    claims = {"iss": issuer, "sub": subject, "aud": audience, "iat": int(now), "exp": int(now) + LIFETIME}
    signed = f"{_encode(orjson.dumps({'alg': 'ES256', 'kid': key_id}))}.{_encode(orjson.dumps(claims))}"
    r, s = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    return f"{signed}.{_encode(r.to_bytes(32) + s.to_bytes(32))}"


def _load(private_key: str) -> ec.EllipticCurvePrivateKey:
    try:
        found = serialization.load_der_private_key(base64.b64decode(_AROUND.sub("", private_key), validate=True), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        found = None  # without the cause, which may show what it could not read
    if not isinstance(found, ec.EllipticCurvePrivateKey) or found.curve.name != "secp256r1":
        raise FederationError("private_key is no PKCS #8 key on the curve P-256.")
    return found


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
