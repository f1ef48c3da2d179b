"""The client's half of SRP against a server written by hand, against pycognito, and against false servers."""

from __future__ import annotations

import hmac
from base64 import b64decode, b64encode
from collections.abc import Callable

import pytest
from pycognito.aws_srp import AWSSRP

from auth import srp
from auth.errors import HandshakeFailed
from auth.srp import Handshake, make_verifier
from tests.auth.fake_pool import N, ServerHandshake, verifier_of

GROUP, NAME, PASSWORD = "AbCdEf123", "user-0001", "pässword"
NOW = 1_704_067_205.0  # Mon 1 Jan 2024 00:00:05 UTC


def bytes_of(seed: int) -> Callable[[int], bytes]:
    return lambda size: (seed.to_bytes(1) * size)[:size]


def server_for(handshake: Handshake, salt: int = 0x00FF, password: str = PASSWORD, b: int = 7) -> ServerHandshake:
    return ServerHandshake(salt, verifier_of(salt, GROUP + NAME, password), handshake.srp_a, b)


@pytest.mark.parametrize("seed", range(1, 13))
def test_the_server_accepts_the_right_password(seed: int) -> None:
    """Twelve handshakes, so that odd lengths and set first bits occur among the padded numbers."""
    handshake = Handshake(bytes_of(seed))
    server = server_for(handshake, salt=0x80 + seed * 0x1111, b=seed << 200 | seed)
    proof = handshake.prove(GROUP, NAME, PASSWORD, server.challenge(), NOW)
    assert server.accepts(GROUP + NAME, proof)


@pytest.mark.parametrize(("group", "name", "password"), [(GROUP, NAME, "wrong"), (GROUP, "other", PASSWORD)])
def test_the_server_refuses_another_password_or_user(group: str, name: str, password: str) -> None:
    handshake = Handshake()
    server = server_for(handshake)
    assert not server.accepts(GROUP + NAME, handshake.prove(group, name, password, server.challenge(), NOW))


def test_recorded_handshake() -> None:
    """Fixed a and b: the numbers were recorded once, and pycognito computes the same (next test)."""
    handshake = Handshake(bytes_of(0x2A))
    server = server_for(handshake, salt=0xCAFE, b=0x1234567890)
    server.block = b"secret block"
    proof = handshake.prove(GROUP, NAME, PASSWORD, server.challenge(), NOW)
    assert handshake.srp_a.startswith("6b9ce08e1aceb07e18bcadee3451d9ba5f064139")
    assert proof == {
        "PASSWORD_CLAIM_SECRET_BLOCK": b64encode(b"secret block").decode(),
        "PASSWORD_CLAIM_SIGNATURE": "Dp8Ca+ch4oSWkHJvc7S/mZ5/FrrTO11CEJH8hnq1Zl4=",
        "TIMESTAMP": "Mon Jan 1 00:00:05 UTC 2024",
    }


@pytest.mark.parametrize("device", [False, True])
def test_pycognito_derives_the_same_key(device: bool) -> None:
    handshake = Handshake(bytes_of(9))
    server = server_for(handshake)
    other = AWSSRP(NAME, PASSWORD, f"eu-west-1_{GROUP}", "client", client=object())
    other.small_a_value, other.large_a_value = int.from_bytes(bytes_of(9)(32)), int(handshake.srp_a, 16)
    salt, public = f"{server.salt:x}", server.B
    key = (
        other.get_device_authentication_key(GROUP, NAME, PASSWORD, public, salt)
        if device
        else other.get_password_authentication_key(NAME, PASSWORD, public, salt)
    )
    proof = handshake.prove(GROUP, NAME, PASSWORD, server.challenge(), NOW)
    message = (GROUP + NAME).encode() + server.block + proof["TIMESTAMP"].encode()
    assert hmac.digest(key, message, "sha256") == b64decode(proof["PASSWORD_CLAIM_SIGNATURE"])


@pytest.mark.parametrize("public", [0, N, 2 * N, -N, N + 5, -1])
def test_a_server_value_that_hides_the_verifier_is_refused(public: int) -> None:
    challenge = {"SALT": "ff", "SRP_B": f"{public:x}", "SECRET_BLOCK": "AAAA"}
    with pytest.raises(HandshakeFailed, match="out of range"):
        Handshake().prove(GROUP, NAME, PASSWORD, challenge, NOW)


def test_u_of_zero_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(srp, "calculate_u", lambda *_: 0)
    handshake = Handshake()
    with pytest.raises(HandshakeFailed, match="u zero"):
        handshake.prove(GROUP, NAME, PASSWORD, server_for(handshake).challenge(), NOW)


@pytest.mark.parametrize("change", [{"SALT": "xyz"}, {"SRP_B": ""}, {"SECRET_BLOCK": "?"}, {"SALT": None}])
def test_a_garbled_challenge_is_refused(change: dict[str, str | None]) -> None:
    challenge = {"SALT": "ff", "SRP_B": "ff", "SECRET_BLOCK": "AAAA"} | change
    with pytest.raises(HandshakeFailed, match="lacks or garbles"):
        Handshake().prove(GROUP, NAME, PASSWORD, {k: v for k, v in challenge.items() if v is not None}, NOW)


def test_a_handshake_is_fresh_and_proves_once() -> None:
    first, second = Handshake(), Handshake()
    assert first.srp_a != second.srp_a
    challenge = server_for(first).challenge()
    first.prove(GROUP, NAME, PASSWORD, challenge, NOW)
    with pytest.raises(HandshakeFailed, match="used already"):
        first.prove(GROUP, NAME, PASSWORD, challenge, NOW)


@pytest.mark.parametrize("seed", [0x01, 0x7F, 0x80, 0xFF])
def test_verifier_and_salt_are_never_negative(seed: int) -> None:
    config = make_verifier(GROUP, NAME, PASSWORD, bytes_of(seed))
    salt = int.from_bytes(b64decode(config["Salt"]), signed=True)
    verifier = int.from_bytes(b64decode(config["PasswordVerifier"]), signed=True)
    assert salt == int.from_bytes(bytes_of(seed)(16))
    assert verifier == verifier_of(salt, GROUP + NAME, PASSWORD)
