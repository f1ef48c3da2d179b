"""The client's half of SRP-6a as Cognito does it, for a user and for a device: one protocol with other names.

The arithmetic that is easy to get wrong (padding, hashes, key derivation, date) is pycognito's, which interoperates.
The handshake is ours, because `AWSSRP` accepts an unsafe B from the server, keeps one `a` for both handshakes, lets
nobody choose the random numbers, and formats the device's date in the machine's own language.

The server's half is `localcloud/userpool/factors/srp.py`; the two share no code, so that one mistake cannot hide on
both sides.
SRP-6a: https://datatracker.ietf.org/doc/html/rfc5054; group: https://datatracker.ietf.org/doc/html/rfc3526#section-4
"""

from __future__ import annotations

import hmac
import secrets
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from pycognito.aws_srp import AWSSRP, G_HEX, N_HEX, calculate_u, compute_hkdf, hash_sha256, hex_hash, pad_hex

from auth.errors import HandshakeFailed

Random = Callable[[int], bytes]

N = int(N_HEX, 16)
G = int(G_HEX, 16)
K = int(hex_hash(pad_hex(N) + pad_hex(G)), 16)
SECRET_BYTES = 32  # 256 bits: the least that RFC 5054 2.5.4 allows, and a quarter of the work of Amplify's 1024
SALT_BYTES = 16


class Handshake:
    """One handshake, good for one proof: a new `a` for each, so that no two proofs can be compared."""

    def __init__(self, random: Random = secrets.token_bytes) -> None:
        self._a: int | None = int.from_bytes(random(SECRET_BYTES))
        self._public = pow(G, self._a, N)

    @property
    def srp_a(self) -> str:
        """The client's public value A, in hex, as `SRP_A` wants it."""
        return f"{self._public:x}"

    def prove(self, group: str, name: str, password: str, challenge: Mapping[str, str], now: float) -> dict[str, str]:
        """The proof that we know the password: the parts of a `PASSWORD_VERIFIER` or `DEVICE_PASSWORD_VERIFIER` answer.

        `group` and `name` are the pool's id after `_` and `USER_ID_FOR_SRP`, or the device's group key and key.
        `now` is in seconds since the epoch. Raises HandshakeFailed if the server's values are malformed or unsafe.
        """
        try:
            salt, server_public = int(challenge["SALT"], 16), int(challenge["SRP_B"], 16)
            secret_block = b64decode(challenge["SECRET_BLOCK"], validate=True)
        except (KeyError, ValueError) as error:
            raise HandshakeFailed(f"the SRP challenge lacks or garbles a value ({type(error).__name__})") from error
        key = self._session_key(server_public, private_key(salt, group, name, password))
        timestamp: str = AWSSRP.get_cognito_formatted_timestamp(datetime.fromtimestamp(now, UTC))
        message = group.encode() + name.encode() + secret_block + timestamp.encode()
        return {
            "PASSWORD_CLAIM_SECRET_BLOCK": challenge["SECRET_BLOCK"],
            "PASSWORD_CLAIM_SIGNATURE": b64encode(hmac.digest(key, message, "sha256")).decode(),
            "TIMESTAMP": timestamp,
        }

    def _session_key(self, server_public: int, x: int) -> bytes:
        a, self._a = self._a, None
        if a is None:
            raise HandshakeFailed("this handshake was used already")
        # Attack: with B = 0 (mod N) a false server knows the result without the password's verifier.
        if not 0 < server_public < N:
            raise HandshakeFailed("the server's SRP value is out of range")
        u: int = calculate_u(self._public, server_public)
        # Attack: with u = 0 the password drops out of the result.
        if u == 0:
            raise HandshakeFailed("the server's SRP value makes u zero")
        shared = pow(server_public - K * pow(G, x, N), a + u * x, N)
        derived: bytes = compute_hkdf(bytes.fromhex(pad_hex(shared)), bytes.fromhex(pad_hex(u)))
        return derived


def private_key(salt: int, group: str, name: str, password: str) -> int:
    """SRP's x: what the password is worth under this salt."""
    inner: str = hash_sha256(f"{group}{name}:{password}".encode())
    return int(hex_hash(pad_hex(salt) + inner), 16)


def make_verifier(group: str, name: str, password: str, random: Random = secrets.token_bytes) -> dict[str, str]:
    """A `DeviceSecretVerifierConfig`: a fresh salt and the verifier for it, in base64.

    Both are padded, for Cognito reads them as signed and refuses a negative number.
    """
    salt = int.from_bytes(random(SALT_BYTES))
    verifier = pow(G, private_key(salt, group, name, password), N)
    return {"PasswordVerifier": _padded_b64(verifier), "Salt": _padded_b64(salt)}


def _padded_b64(number: int) -> str:
    return b64encode(bytes.fromhex(pad_hex(number))).decode()
