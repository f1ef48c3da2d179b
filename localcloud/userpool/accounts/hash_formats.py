"""Hashes of passwords as other systems write them: four formats, each read down to what it takes to make it again.

https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-using-import-tool.html, "Importing users
with password hashes": the formats and the ceilings of their parameters.
"""

from __future__ import annotations

import base64
import hashlib
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass


class HashError(ValueError):
    """A hash that is not of its format, or asks for more than its ceilings. The text has nothing of the hash in it."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a digest was made of a password: `cost` as its format orders it, `length` of the digest in bytes.

    `salt` is hexadecimal, but for bcrypt its own 22 letters.
    """

    algorithm: str
    cost: tuple[int, ...]
    salt: str
    length: int

    def text(self) -> str:
        """One line that `Recipe.read` takes back."""
        return ":".join((self.algorithm, ",".join(map(str, self.cost)), self.salt, str(self.length)))

    @classmethod
    def read(cls, text: str) -> Recipe:
        """A recipe that `text` wrote."""
        algorithm, cost, salt, length = text.split(":")
        return cls(algorithm, tuple(map(int, cost.split(","))), salt, int(length))

    def digest(self, password: str) -> bytes:
        """What the password comes to; takes up to a second, and up to 64 MiB."""
        # Attack: sign-ins that all hash at once, and take this machine's whole memory.
        with _AT_ONCE:
            return _MAKERS[self.algorithm](self, password.encode())


def read(algorithm: str, text: str) -> tuple[Recipe, bytes]:
    """The recipe and the digest of a hash. Raises HashError."""
    match = _FORMATS[algorithm].fullmatch(text)
    if match is None:
        raise _malformed(algorithm)
    cost = tuple(int(match[name]) for name in _CEILINGS[algorithm])
    # Attack: a hash whose parameters keep the server busy for minutes, at every sign-in of one user.
    for (name, most), given in zip(_CEILINGS[algorithm].items(), cost, strict=True):
        if not _FLOORS.get(name, 1) <= given <= most:
            raise _out_of_bounds(algorithm, f"{name} is at most {most}")
    return _read_parts(algorithm, cost, match["salt"], match["digest"])


def _read_parts(algorithm: str, cost: tuple[int, ...], salt: str, digest: str) -> tuple[Recipe, bytes]:
    if algorithm == "BCRYPT":
        return Recipe(algorithm, cost, salt, len(digest)), digest.encode()
    decode = bytes.fromhex if algorithm == "SCRYPT" else _from_base64
    try:
        raw_salt, raw_digest = decode(salt), decode(digest)
    except ValueError as error:
        raise _malformed(algorithm) from error
    if algorithm == "SCRYPT" and cost[0] & (cost[0] - 1):
        raise _out_of_bounds(algorithm, "N is a power of two")
    if not (8 <= len(raw_salt) <= 64 and 16 <= len(raw_digest) <= 64):
        raise _malformed(algorithm)
    return Recipe(algorithm, cost, raw_salt.hex(), len(raw_digest)), raw_digest


def _malformed(algorithm: str) -> HashError:
    return HashError(f"The password hash does not match the expected format for {algorithm}.")


def _out_of_bounds(algorithm: str, bound: str) -> HashError:
    return HashError(f"The password hash has a parameter out of bounds for {algorithm}: {bound}.")


def _from_base64(text: str) -> bytes:
    """Base64 without its padding; passlib, whose PBKDF2 format this is, writes `.` for `+`."""
    return base64.b64decode(text.replace(".", "+") + "=" * (-len(text) % 4), validate=True)


def _bcrypt(recipe: Recipe, password: bytes) -> bytes:
    import bcrypt  # loaded for those who have such hashes

    # bcrypt has never looked at more than 72 bytes; the library says so, where others cut.
    made = bcrypt.hashpw(password[:72], f"$2b${recipe.cost[0]:02}${recipe.salt}".encode())
    return made[-recipe.length :]


def _scrypt(recipe: Recipe, password: bytes) -> bytes:
    n, r, p = recipe.cost
    salt = bytes.fromhex(recipe.salt)
    return hashlib.scrypt(password, salt=salt, n=n, r=r, p=p, maxmem=132 * n * r + (1 << 20), dklen=recipe.length)


def _argon2id(recipe: Recipe, password: bytes) -> bytes:
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    memory, rounds, lanes = recipe.cost
    salt = bytes.fromhex(recipe.salt)
    made = Argon2id(salt=salt, length=recipe.length, iterations=rounds, lanes=lanes, memory_cost=memory)
    return made.derive(password)


def _pbkdf2(recipe: Recipe, password: bytes) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", password, bytes.fromhex(recipe.salt), recipe.cost[0], recipe.length)


_AT_ONCE = threading.BoundedSemaphore(4)

_BASE64 = "[A-Za-z0-9+/.]"
_FORMATS: Mapping[str, re.Pattern[str]] = {
    "BCRYPT": re.compile(
        r"\$2[abxy]\$(?P<cost>\d\d)\$(?P<salt>[./A-Za-z0-9]{21}[.Oeu])(?P<digest>[./A-Za-z0-9]{31})", re.A
    ),
    "SCRYPT": re.compile(
        r"(?P<N>\d{1,9})\$(?P<r>\d{1,9})\$(?P<p>\d{1,9})\$(?P<salt>[0-9a-fA-F]+)\$(?P<digest>[0-9a-fA-F]+)", re.A
    ),
    "ARGON2ID": re.compile(
        r"\$argon2id\$v=19\$m=(?P<m>\d{1,9}),t=(?P<t>\d{1,9}),p=(?P<p>\d{1,9})"
        rf"\$(?P<salt>{_BASE64}+)\$(?P<digest>{_BASE64}+)",
        re.A,
    ),
    "PBKDF2_SHA256": re.compile(
        rf"\$pbkdf2-sha256\$(?P<iterations>\d{{1,9}})\$(?P<salt>{_BASE64}+)\$(?P<digest>{_BASE64}+)", re.A
    ),
}
_CEILINGS: Mapping[str, Mapping[str, int]] = {
    "BCRYPT": {"cost": 12},
    "SCRYPT": {"N": 65_536, "r": 8, "p": 1},
    "ARGON2ID": {"m": 19_456, "t": 2, "p": 1},
    "PBKDF2_SHA256": {"iterations": 600_000},
}
_FLOORS = {"cost": 4, "N": 2, "m": 8}
_MAKERS: Mapping[str, Callable[[Recipe, bytes], bytes]] = {
    "BCRYPT": _bcrypt,
    "SCRYPT": _scrypt,
    "ARGON2ID": _argon2id,
    "PBKDF2_SHA256": _pbkdf2,
}
