"""Codes for custom senders, as the AWS Encryption SDK writes them: only KMS's key opens them, and any SDK reads them.

One framed message of format version 1 under suite 0x0378, the one that Cognito uses.
https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/message-format.html
https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/algorithms-reference.html
"""

from __future__ import annotations

import base64
import secrets
import struct
from collections.abc import Callable, Iterable, Mapping

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA384
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from localcloud.context import DataKey

_VERSION_AND_TYPE = b"\x01\x80"
_SUITE = b"\x03\x78"
"""AES-256-GCM with HKDF and ECDSA, both over SHA-384 (curve P-384)."""

_FRAME_LENGTH = 4096
_FRAMED = b"\x02" + bytes(4) + bytes([12]) + struct.pack(">I", _FRAME_LENGTH)
_FINAL, _NUMBER = b"\xff\xff\xff\xff", struct.pack(">I", 1)
_HEADER_IV, _FRAME_IV = bytes(12), bytes(8) + _NUMBER
_FRAME_AAD = b"AWSKMSEncryptionClient Final Frame"


def encrypt(
    code: str, key_arn: str, context: Mapping[str, str], data_key: Callable[[str, Mapping[str, str]], DataKey]
) -> str:
    """A code as an event carries it, base64. `data_key` asks KMS. Raises what that does."""
    signing_key = ec.generate_private_key(ec.SECP384R1())
    point = signing_key.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    context = {**context, "aws-crypto-public-key": base64.b64encode(point).decode()}
    key, message_id = data_key(key_arn, context), secrets.token_bytes(16)
    cipher = AESGCM(HKDF(SHA384(), 32, None, _SUITE + message_id).derive(key.plaintext))
    header = _header(message_id, context, key_arn, key.encrypted)
    signed = header + _HEADER_IV + cipher.encrypt(_HEADER_IV, b"", header) + _frame(cipher, message_id, code.encode())
    signature = signing_key.sign(signed, ec.ECDSA(SHA384()))
    return base64.b64encode(signed + _sized(signature)).decode()


def _header(message_id: bytes, context: Mapping[str, str], key_arn: str, encrypted_key: bytes) -> bytes:
    pairs = sorted((name.encode(), value.encode()) for name, value in context.items())
    aad = _count(len(pairs)) + _joined(part for pair in pairs for part in pair)
    keys = _count(1) + _joined((b"aws-kms", key_arn.encode(), encrypted_key))
    return _VERSION_AND_TYPE + _SUITE + message_id + _sized(aad) + keys + _FRAMED


def _frame(cipher: AESGCM, message_id: bytes, text: bytes) -> bytes:
    """The one frame that there is: a code, or a temporary password, is far shorter than a frame may be."""
    aad = message_id + _FRAME_AAD + _NUMBER + struct.pack(">Q", len(text))
    head = _FINAL + _NUMBER + _FRAME_IV + struct.pack(">I", len(text))
    return head + cipher.encrypt(_FRAME_IV, text, aad)


def _joined(parts: Iterable[bytes]) -> bytes:
    return b"".join(map(_sized, parts))


def _sized(part: bytes) -> bytes:
    return _count(len(part)) + part


def _count(number: int) -> bytes:
    return struct.pack(">H", number)
