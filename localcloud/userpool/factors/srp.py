"""The server's half of SRP-6a as Cognito does it: 3072-bit group of RFC 3526, SHA-256, HKDF "Caldera Derived Key".

Numbers are hashed in Cognito's padded form: big-endian, an extra zero byte where the first bit is set. The client's
half lives in `auth/srp.py` and shares no code with this one, so that one mistake cannot hide on both sides.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass

from localcloud.userpool.factors.modexp import power

N = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B"
    "302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE6"
    "49286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB9ED529077096966D"
    "670C354E4ABC9804F1746C08CA18217C32905E462E36CE3BE39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF695581718"
    "3995497CEA956AE515D2261898FA051015728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7D"
    "B3970F85A6E1E4C7ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C"
    "BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF",
    16,
)
G = 2
INFO = b"Caldera Derived Key"
_TIMESTAMP = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{1,2} \d\d:\d\d:\d\d UTC \d{4}"
)


class BadValueError(ValueError):
    """A number from the client that SRP forbids: it would make the shared secret known to anyone."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What a client proves with: the names that are hashed, and the fields of its answer."""

    pool: str
    user: str
    secret_block: str
    timestamp: str
    signature: str


def padded(number: int) -> bytes:
    """A number as Cognito hashes it."""
    return number.to_bytes(number.bit_length() // 8 + 1, "big")


_K = int.from_bytes(hashlib.sha256(padded(N) + padded(G)).digest(), "big")


def private_key(pool: str, user: str, password: str, salt: int) -> int:
    """x: what a password comes to. `pool` is the short pool id, or the device group key."""
    inner = hashlib.sha256(f"{pool}{user}:{password}".encode()).digest()
    return _hash(padded(salt) + inner)


def make_verifier(private: int) -> int:
    """v = g^x: what is kept in place of a password."""
    return power(G, private, N)


def make_challenge(verifier: int, b: int) -> int:
    """B = k·v + g^b."""
    return (_K * verifier + power(G, b, N)) % N


def read_public(hex_text: str) -> int:
    """A from hex. Raises BadValueError unless 0 < A < N.

    Attack: A = 0, N or 2N makes the shared secret zero, and a login without the password.
    """
    if not re.fullmatch(r"[0-9a-fA-F]{1,768}", hex_text):
        raise BadValueError("SRP_A is not a hexadecimal number of at most 3072 bits")
    number = int(hex_text, 16)
    if number % N == 0 or number >= N:
        raise BadValueError("SRP_A is not a public value of the group")
    return number


def is_proven(proof: Proof, verifier: int, a_public: int, b: int, b_public: int) -> bool:
    """Whether the client knew the password; constant-time at the end, the same cost whatever was wrong."""
    u = _hash(padded(a_public) + padded(b_public))
    shared = power(a_public * power(verifier, u, N) % N, b, N)
    key = _derive(padded(shared), padded(u))
    try:
        block = base64.b64decode(proof.secret_block, validate=True)
        signature = base64.b64decode(proof.signature, validate=True)
    except ValueError:
        return False
    message = proof.pool.encode() + proof.user.encode() + block + proof.timestamp.encode()
    expected = hmac.digest(key, message, "sha256")
    return u != 0 and hmac.compare_digest(expected, signature)


def is_timestamp(text: str) -> bool:
    """Whether a timestamp has the one form that Cognito takes: `Mon Jan 2 15:04:05 UTC 2006`."""
    return _TIMESTAMP.fullmatch(text) is not None


def _hash(data: bytes) -> int:
    return int.from_bytes(hashlib.sha256(data).digest(), "big")


def _derive(secret: bytes, salt: bytes) -> bytes:
    extracted = hmac.digest(salt, secret, "sha256")
    return hmac.digest(extracted, INFO + b"\x01", "sha256")[:16]
