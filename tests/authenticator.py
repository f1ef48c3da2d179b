"""A software authenticator and the browser in front of it: makes passkeys and answers with them, right or wrong."""

from __future__ import annotations

import hashlib
import json
import secrets
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from fido2 import cbor
from fido2.cose import ES256, ES384, RS256, CoseKey
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

from localcloud.userpool.factors.webauthn import decode, encode

PRESENT, VERIFIED, BACKUP_ELIGIBLE, BACKED_UP, ATTESTED = 0x01, 0x04, 0x08, 0x10, 0x40
PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass
class Authenticator:
    """Holds one passkey. What it claims may be set by a test: its flags, its counter, the page's origin."""

    origin: str = "https://auth.example.com"
    rp_id: str = ""
    flags: int = PRESENT | VERIFIED
    counter: int = 0
    algorithm: int = -7
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    user: bytes = b""
    key: PrivateKey | None = None
    client_data: dict[str, Any] = field(default_factory=dict)

    def make(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """`navigator.credentials.create(…).toJSON()`."""
        self.key, cose = _new_key(self.algorithm)
        self.user = decode(options["user"]["id"])
        attested = AttestedCredentialData.create(b"\0" * 16, self.id, cose)
        data = self._data(options["rp"]["id"], ATTESTED, attested)
        made = AttestationObject.create("none", data, {})
        response = {"attestationObject": encode(made), "transports": ["internal", "warp"]}
        return self._credential(self._client_data("webauthn.create", options["challenge"]), response)

    def answer(self, options: Mapping[str, Any] | str) -> dict[str, Any]:
        """`navigator.credentials.get(…).toJSON()`."""
        asked = json.loads(options) if isinstance(options, str) else options
        data = self._data(asked["rpId"])
        client_data = self._client_data("webauthn.get", asked["challenge"])
        signature = self._sign(data + hashlib.sha256(client_data).digest())
        response = {"authenticatorData": encode(data), "signature": encode(signature), "userHandle": encode(self.user)}
        return self._credential(client_data, response)

    def _data(self, rp_id: str, flags: int = 0, attested: bytes = b"") -> AuthenticatorData:
        digest = hashlib.sha256((self.rp_id or rp_id).encode()).digest()
        return AuthenticatorData(digest + struct.pack(">BI", self.flags | flags, self.counter) + attested)

    def _client_data(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said | self.client_data).encode()

    def _credential(self, client_data: bytes, response: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "id": encode(self.id),
            "rawId": encode(self.id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": {"clientDataJSON": encode(client_data), **response},
        }

    def _sign(self, message: bytes) -> bytes:
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(message, padding.PKCS1v15(), hashes.SHA256())
        assert self.key is not None
        return self.key.sign(message, ec.ECDSA(hashes.SHA256()))


def _new_key(algorithm: int) -> tuple[PrivateKey, CoseKey]:
    if algorithm == -257:
        rsa_key = rsa.generate_private_key(65537, 2048)
        return rsa_key, RS256.from_cryptography_key(rsa_key.public_key())  # type: ignore[no-untyped-call]
    kinds: dict[int, tuple[type[CoseKey], ec.EllipticCurve]] = {
        -7: (ES256, ec.SECP256R1()),
        -35: (ES384, ec.SECP384R1()),
    }
    kind, curve = kinds[algorithm]
    key = ec.generate_private_key(curve)
    return key, kind.from_cryptography_key(key.public_key())


def broken_key_of(credential: Mapping[str, Any]) -> dict[str, Any]:
    """The same registration with a public key that is no point of the curve."""
    made = AttestationObject(decode(credential["response"]["attestationObject"]))
    data = made.auth_data
    assert data.credential_data is not None
    key = dict(data.credential_data.public_key) | {-2: b"\1" * 32, -3: b"\2" * 32}
    attested = data.credential_data[: 18 + len(data.credential_data.credential_id)] + cbor.encode(key)
    raw = bytes(data)[:37] + attested
    response = {**credential["response"]}
    response["attestationObject"] = encode(cbor.encode({"fmt": "none", "attStmt": {}, "authData": raw}))
    return {**credential, "response": response}
