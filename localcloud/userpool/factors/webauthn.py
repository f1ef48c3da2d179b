"""What a browser says of a passkey, checked by the rules of WebAuthn; knows neither pools nor users.

Source: W3C Web Authentication Level 3, sections 7.1 and 7.2. Attestation is not asked for, and not looked at.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from cryptography.exceptions import InvalidSignature
from fido2 import cbor
from fido2.cose import CoseKey
from fido2.rpid import verify_rp_id
from fido2.webauthn import AttestationObject, AuthenticatorData, CollectedClientData

ALGORITHMS = (-7, -257)
"""ES256 and RS256, as Cognito offers them. Source: AWS CLI, `start-web-authn-registration`, example."""

_RS256, _RSA_BYTES = -257, 256
"""The least that a key of RS256 has (RFC 7518, section 3.3)."""

_LONGEST_ID = 1023
"""Bytes. Source: section 4, Credential ID."""

_ANDROID = re.compile(r"android:apk-key-hash:[A-Za-z0-9_-]{43}", re.ASCII)
"""The origin of an Android app, which Android lets use the domain's passkeys only where the domain names the app."""


class Fault(Enum):
    """What is wrong with a passkey's answer."""

    MALFORMED = "The credential is not one that a browser makes."
    CHALLENGE = "The credential answers another challenge."
    ORIGIN = "The credential was made at an origin that does not belong to the relying party."
    RELYING_PARTY = "The credential was made for another relying party."
    UNVERIFIED = "The authenticator has not verified the user."
    ALGORITHM = "The credential has a key of a kind that was not asked for."
    SIGNATURE = "The signature is not the credential's."


class BadCredentialError(Exception):
    """An answer that does not count."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Expected:
    """What an answer has to fit: the challenge that was sent, the domain, whether the user must have been verified."""

    challenge: bytes
    relying_party: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Registered:
    """A new passkey: its id, its public key in COSE's form, and how often it has signed."""

    id: bytes
    public_key: bytes
    counter: int


@dataclass(frozen=True, slots=True)
class Assertion:
    """A passkey's answer to a sign-in, checked but for the signature. `user` is empty where it does not say whose."""

    id: bytes
    user: bytes
    counter: int
    signed: bytes
    signature: bytes


def read_registration(credential: Mapping[str, Any], expected: Expected) -> Registered:
    """The passkey of a RegistrationResponseJSON. Raises BadCredentialError."""
    client_data = _client_data(credential, "webauthn.create")
    try:
        made = AttestationObject(_bytes(credential, "response", "attestationObject")).auth_data
        attested = made.credential_data
    except Exception as error:
        # The parser of fido2 raises whatever the bytes lead it to.
        raise BadCredentialError(Fault.MALFORMED) from error
    _check(client_data, made, expected)
    if attested is None or not hmac.compare_digest(attested.credential_id, _id(credential)):
        raise BadCredentialError(Fault.MALFORMED)
    if attested.public_key.get(3) not in ALGORITHMS or not _is_key(attested.public_key):
        raise BadCredentialError(Fault.ALGORITHM)
    return Registered(bytes(attested.credential_id), cbor.encode(dict(attested.public_key)), made.counter)


def read_assertion(credential: Mapping[str, Any], expected: Expected) -> Assertion:
    """The answer of an AuthenticationResponseJSON. Raises BadCredentialError."""
    client_data = _client_data(credential, "webauthn.get")
    raw = _bytes(credential, "response", "authenticatorData")
    try:
        shown = AuthenticatorData(raw)
    except Exception as error:
        raise BadCredentialError(Fault.MALFORMED) from error
    _check(client_data, shown, expected)
    user = _bytes(credential, "response", "userHandle") if credential["response"].get("userHandle") else b""
    signature = _bytes(credential, "response", "signature")
    return Assertion(_id(credential), user, shown.counter, raw + client_data.hash, signature)


def check_signature(assertion: Assertion, public_key: bytes, counter: int) -> None:
    """Raise BadCredentialError unless this key has signed, and has not signed as much before."""
    key: Any = cbor.decode(public_key)
    try:
        CoseKey.parse(key).verify(assertion.signed, assertion.signature)
    except (InvalidSignature, ValueError) as error:
        raise BadCredentialError(Fault.SIGNATURE) from error
    # Attack: a copy of the authenticator, which counts on its own. One that never counts stays at 0.
    if (assertion.counter or counter) and assertion.counter <= counter:
        raise BadCredentialError(Fault.SIGNATURE)


def encode(data: bytes) -> str:
    """Bytes in base64url without padding, as WebAuthn's JSON has them."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """The bytes behind base64url. Raises BadCredentialError."""
    try:
        return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars="-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadCredentialError(Fault.MALFORMED) from error


def _client_data(credential: Mapping[str, Any], kind: str) -> CollectedClientData:
    raw = _bytes(credential, "response", "clientDataJSON")
    try:
        data = CollectedClientData(raw)
        fits = isinstance(data.origin, str) and isinstance(data.challenge, bytes)
    except Exception as error:
        raise BadCredentialError(Fault.MALFORMED) from error
    # Attack: a registration's answer in the place of a sign-in's, or the other way round.
    if credential.get("type") != "public-key" or data.type != kind or not fits:
        raise BadCredentialError(Fault.MALFORMED)
    return data


def _check(client_data: CollectedClientData, shown: AuthenticatorData, expected: Expected) -> None:
    if not hmac.compare_digest(client_data.challenge, expected.challenge):
        raise BadCredentialError(Fault.CHALLENGE)
    # Attack: a page that looks like ours; and ours in a frame of somebody else's page.
    if not _is_origin_of(expected.relying_party, client_data.origin) or client_data.cross_origin is not False:
        raise BadCredentialError(Fault.ORIGIN)
    if not hmac.compare_digest(shown.rp_id_hash, hashlib.sha256(expected.relying_party.encode()).digest()):
        raise BadCredentialError(Fault.RELYING_PARTY)
    # A copy that says it is backed up, and cannot be, is none that a browser makes.
    if not shown.is_user_present() or (shown.is_backed_up() and not shown.is_backup_eligible()):
        raise BadCredentialError(Fault.MALFORMED)
    if expected.verified and not shown.is_user_verified():
        raise BadCredentialError(Fault.UNVERIFIED)


def _is_origin_of(relying_party: str, origin: str) -> bool:
    try:
        return _ANDROID.fullmatch(origin) is not None or bool(verify_rp_id(relying_party, origin))
    except ValueError:
        return False


def _is_key(key: CoseKey) -> bool:
    """Whether a key can be used at all: a signature that it did not make is refused, and nothing else goes wrong.

    Attack: an RSA key so short that anybody finds its other half.
    """
    modulus = key.get(-1)
    if key.ALGORITHM == _RS256 and not (isinstance(modulus, bytes) and len(modulus.lstrip(b"\0")) >= _RSA_BYTES):
        return False
    try:
        key.verify(b"", b"")
    except InvalidSignature:
        return True
    except Exception:
        # As above: what the numbers of a made-up key lead the library to.
        return False
    return False


def _id(credential: Mapping[str, Any]) -> bytes:
    found = _bytes(credential, "rawId")
    if credential.get("id") != credential["rawId"] or not 0 < len(found) <= _LONGEST_ID:
        raise BadCredentialError(Fault.MALFORMED)
    return found


def _bytes(value: Any, *path: str) -> bytes:
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    if not isinstance(value, str):
        raise BadCredentialError(Fault.MALFORMED)
    return decode(value)
