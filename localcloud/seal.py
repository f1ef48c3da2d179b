"""Sealed values: what the server hands to a client and wants back unread and unchanged (AES-256-GCM)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12
_BLOCK = 256


class Sealer:
    """Seals and opens JSON values with one key, which never leaves the data folder."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._aead = AESGCM(hashlib.sha256(b"seal" + key).digest())

    def seal(self, kind: str, value: Any) -> str:
        """A base64 text that only `open` with the same `kind` reads."""
        nonce = os.urandom(_NONCE)
        text = orjson.dumps(value)
        # Attack: telling from the length what is inside. JSON does not mind the spaces.
        padded = text.ljust(-(-len(text) // _BLOCK) * _BLOCK)
        return base64.b64encode(nonce + self._aead.encrypt(nonce, padded, kind.encode())).decode()

    def open(self, kind: str, text: str) -> Any | None:
        """The value, or None for a text that this sealer did not make, or made for another kind."""
        try:
            raw = base64.b64decode(text, validate=True)
            return orjson.loads(self._aead.decrypt(raw[:_NONCE], raw[_NONCE:], kind.encode()))
        except (ValueError, InvalidTag):
            return None

    def digest(self, *parts: str) -> str:
        """A keyed digest of the parts: the same for the same parts, and nothing to be learnt from it."""
        encoded = [part.encode() for part in parts]
        message = b"".join([len(part).to_bytes(4, "big") + part for part in encoded])
        return hmac.digest(self._key, message, "sha256").hex()
