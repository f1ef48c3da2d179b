"""JSON Web Signatures: all that the local cloud signs, and what it takes back. One algorithm a key, no header trust."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

MAX_LENGTH = 16_384
"""Longer than any token that is issued here; parsed is only what could be one."""


class InvalidTokenError(Exception):
    """The text is no token that this key signed."""


@dataclass(frozen=True, slots=True)
class Algorithm:
    """RSA with PKCS #1 v1.5 over a hash; `typ` as AWS writes it, empty where it writes none."""

    name: str
    hash: hashes.HashAlgorithm
    typ: str = ""


RS256 = Algorithm("RS256", hashes.SHA256())
RS512 = Algorithm("RS512", hashes.SHA512(), "JWS")
"""What identity pools sign with. Source: https://github.com/aws/aws-sdk-net/issues/420."""


@dataclass(frozen=True, slots=True)
class Key:
    """An RSA key, its id, its one algorithm, and the header that each of its tokens starts with."""

    kid: str
    private: rsa.RSAPrivateKey
    algorithm: Algorithm = RS256
    head: bytes = field(init=False)

    def __post_init__(self) -> None:
        typ = {"typ": self.algorithm.typ} if self.algorithm.typ else {}
        head = {"kid": self.kid, **typ, "alg": self.algorithm.name}
        object.__setattr__(self, "head", _encode(orjson.dumps(head)))

    @classmethod
    def make(cls) -> Key:
        """A new 2048-bit key."""
        return cls._of(rsa.generate_private_key(public_exponent=65537, key_size=2048))

    @classmethod
    def load(cls, pem: str) -> Key:
        """The key of a PEM text. Parsed once: parsing costs thirty times a signature."""
        private = serialization.load_pem_private_key(pem.encode(), password=None)
        if not isinstance(private, rsa.RSAPrivateKey):
            raise TypeError("not an RSA key")
        return cls._of(private)

    @classmethod
    def _of(cls, private: rsa.RSAPrivateKey) -> Key:
        n, e = _numbers(private)
        thumbprint = hashlib.sha256(b'{"e":"%s","kty":"RSA","n":"%s"}' % (e.encode(), n.encode())).digest()
        kid = base64.b64encode(thumbprint).decode()
        return cls(kid, private)

    @property
    def pem(self) -> str:
        """The private key as unencrypted PKCS #8."""
        return self.private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()

    @property
    def jwk(self) -> dict[str, str]:
        """The public key as a JWK."""
        n, e = _numbers(self.private)
        return {"alg": self.algorithm.name, "e": e, "kid": self.kid, "kty": "RSA", "n": n, "use": "sig"}

    def sign(self, claims: Mapping[str, Any]) -> str:
        """A compact JWS of the claims."""
        signed = self.head + b"." + _encode(orjson.dumps(claims))
        signature = self.private.sign(signed, padding.PKCS1v15(), self.algorithm.hash)
        return (signed + b"." + _encode(signature)).decode()

    def verify(self, token: str) -> dict[str, Any]:
        """The claims of a token that this key signed. Raises InvalidTokenError; looks at no claim.

        Attack: `alg: none`, HS256 with the public key, a foreign `kid`. The header must be, to the byte, the one that
        this key writes, so nothing in it is ever a choice: not even another algorithm of the same key.
        """
        if len(token) > MAX_LENGTH or not token.isascii():
            raise InvalidTokenError("too long, or not ASCII")
        head, _, rest = token.encode().partition(b".")
        body, _, signature = rest.partition(b".")
        if head != self.head:
            raise InvalidTokenError("not signed by this key")
        try:
            self.private.public_key().verify(
                _decode(signature), head + b"." + body, padding.PKCS1v15(), self.algorithm.hash
            )
            claims = orjson.loads(_decode(body))
        except (InvalidSignature, ValueError) as error:
            raise InvalidTokenError("signature does not verify") from error
        if not isinstance(claims, dict):
            raise InvalidTokenError("no claims")
        return claims


def unverified_issuer(token: str) -> str:
    """The `iss` of a token nobody has checked yet: good for choosing the key to check it with, and nothing else."""
    try:
        if len(token) > MAX_LENGTH:
            return ""
        claims = orjson.loads(_decode(token.split(".")[1].encode()))
        return str(claims.get("iss", "")) if isinstance(claims, dict) else ""
    except (IndexError, ValueError):
        return ""


def _numbers(private: rsa.RSAPrivateKey) -> tuple[str, str]:
    public = private.public_key().public_numbers()
    return tuple(  # type: ignore[return-value]
        _encode(number.to_bytes((number.bit_length() + 7) // 8, "big")).decode() for number in (public.n, public.e)
    )


def _encode(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def _decode(text: bytes) -> bytes:
    return base64.b64decode(text + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
