"""TOTP against the vectors of RFC 6238 and against pyotp."""

from __future__ import annotations

import base64

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auth.totp import otpauth_uri, totp

RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("at", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_vectors_of_rfc_6238(at: int, code: str) -> None:
    assert totp(RFC_SECRET, at) == code


@given(st.binary(min_size=14, max_size=40), st.integers(0, 2**35))
def test_pyotp_agrees(key: bytes, at: int) -> None:
    secret = base64.b32encode(key).decode().rstrip("=")
    assert totp(secret, at) == pyotp.TOTP(secret).at(at)


def test_a_secret_that_is_not_base32_is_refused() -> None:
    with pytest.raises(ValueError, match=r"base32|padding|Non-base32"):
        totp("not base32!", 0)


def test_the_uri_survives_a_round_trip() -> None:
    parsed = pyotp.parse_uri(otpauth_uri(RFC_SECRET, "Gate house", "ada+1@example.com"))
    assert isinstance(parsed, pyotp.TOTP)
    assert (parsed.secret, parsed.issuer, parsed.name) == (RFC_SECRET, "Gate house", "ada+1@example.com")
