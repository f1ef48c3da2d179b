"""TokenVerifier lets a good token pass, and refuses each forgery for the right reason."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from typing import Any

import jwt as pyjwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st

from auth import errors
from auth.jwks import Jwks
from auth.settings import Settings
from auth.tokens import MAX_CHARACTERS, TokenVerifier
from tests.auth.minting import ACCESS, ID, ISSUER, NOW, b64, jwk, mint, part, rs256

KEY = rsa.generate_private_key(65537, 2048)
OTHER_KEY = rsa.generate_private_key(65537, 2048)
DOCUMENT = json.dumps({"keys": [jwk(KEY, "key-1"), jwk(OTHER_KEY, "key-2")]}).encode()


def verifier(**options: Any) -> TokenVerifier:
    jwks = Jwks("https://keys.example", fetch=lambda _: DOCUMENT)
    given: dict[str, Any] = {"token_use": "access", "client_id": "client-1", "now": lambda: NOW, "leeway": 5}
    return TokenVerifier(ISSUER, **(given | {"jwks": jwks} | options))


def without(claims: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in claims.items() if key != name}


def test_good_tokens_pass() -> None:
    assert verifier().verify(mint(KEY, ACCESS)) == ACCESS
    assert verifier().verify(mint(OTHER_KEY, ACCESS, kid="key-2")) == ACCESS
    assert verifier(token_use="id").verify(mint(KEY, ID)) == ID
    assert verifier(token_use=None, client_id=None).verify(mint(KEY, ID | {"aud": "any"}))["aud"] == "any"


def test_a_token_of_the_hosted_pages_passes() -> None:
    """python-jose alone refuses `at_hash` without an access token beside it."""
    claims = ID | {"at_hash": "x", "nonce": "n"}
    assert verifier(token_use="id").verify(mint(KEY, claims)) == claims


def test_another_library_agrees_on_a_good_token() -> None:
    token = mint(KEY, ID | {"exp": 4_000_000_000})
    decoded = pyjwt.decode(token, KEY.public_key(), algorithms=["RS256"], audience="client-1", issuer=ISSUER)
    assert decoded == verifier(token_use="id").verify(token)


@pytest.mark.parametrize(
    ("claims", "error"),
    [
        (ACCESS | {"exp": NOW - 5}, errors.TokenExpired),
        (ACCESS | {"exp": True}, errors.TokenClaimMissing),
        (ACCESS | {"exp": float("inf")}, errors.TokenClaimMissing),
        (ACCESS | {"exp": float("nan")}, errors.TokenClaimMissing),
        (ACCESS | {"exp": str(NOW + 60)}, errors.TokenClaimMissing),
        (without(ACCESS, "exp"), errors.TokenClaimMissing),
        (without(ACCESS, "iat"), errors.TokenClaimMissing),
        (ACCESS | {"iat": NOW + 6}, errors.TokenNotYetValid),
        (ACCESS | {"nbf": NOW + 6}, errors.TokenNotYetValid),
        (ACCESS | {"nbf": "soon"}, errors.TokenClaimMissing),
        (without(ACCESS, "iss"), errors.TokenClaimMissing),
        (ACCESS | {"iss": ISSUER + "d"}, errors.TokenIssuerInvalid),
        (ACCESS | {"iss": [ISSUER]}, errors.TokenClaimMissing),
        (without(ACCESS, "token_use"), errors.TokenClaimMissing),
        (ACCESS | {"token_use": "refresh"}, errors.TokenUseInvalid),
        (ID, errors.TokenUseInvalid),
        (without(ACCESS, "client_id"), errors.TokenClaimMissing),
        (without(ACCESS, "client_id") | {"aud": "client-1"}, errors.TokenClaimMissing),
        (ACCESS | {"client_id": "client-2"}, errors.TokenClientInvalid),
        (ACCESS | {"client_id": "clïent-1"}, errors.TokenClientInvalid),
        ([ACCESS], errors.TokenMalformed),
        ("text", errors.TokenMalformed),
    ],
)
def test_claims_that_are_signed_but_not_acceptable(claims: Any, error: type[errors.TokenInvalid]) -> None:
    with pytest.raises(error) as caught:
        verifier().verify(mint(KEY, claims))
    assert type(caught.value) is error


def test_an_id_token_needs_its_audience() -> None:
    ids = verifier(token_use="id")
    with pytest.raises(errors.TokenClaimMissing, match="aud"):
        ids.verify(mint(KEY, without(ID, "aud")))
    with pytest.raises(errors.TokenClientInvalid):
        ids.verify(mint(KEY, ID | {"aud": "client-2"}))
    with pytest.raises(errors.TokenClaimMissing):
        ids.verify(mint(KEY, ID | {"aud": ["client-1"]}))


def test_an_explicit_none_still_demands_the_claims() -> None:
    anything = verifier(token_use=None, client_id=None)
    with pytest.raises(errors.TokenUseInvalid):
        anything.verify(mint(KEY, ACCESS | {"token_use": "refresh"}))
    with pytest.raises(errors.TokenClaimMissing):
        anything.verify(mint(KEY, without(ACCESS, "client_id")))


def test_the_clocks_may_differ_by_the_leeway() -> None:
    verifier().verify(mint(KEY, ACCESS | {"exp": NOW - 4}))
    verifier().verify(mint(KEY, ACCESS | {"iat": NOW + 5}))
    with pytest.raises(errors.TokenExpired):
        verifier(leeway=0).verify(mint(KEY, ACCESS | {"exp": NOW}))


@pytest.mark.parametrize("alg", ["none", "None", "HS256", "RS384", "PS256", "ES256", "", None, 7])
def test_any_other_algorithm_is_refused(alg: Any) -> None:
    with pytest.raises(errors.TokenHeaderRefused):
        verifier().verify(mint(KEY, ACCESS, alg=alg))


def test_an_unsigned_token_is_refused() -> None:
    head = part({"alg": "none", "kid": "key-1"})
    for token in (f"{head}.{part(ACCESS)}.", f"{head}.{part(ACCESS)}.AA"):
        with pytest.raises(errors.TokenInvalid):
            verifier().verify(token)


@pytest.mark.parametrize("encoding", [serialization.Encoding.PEM, serialization.Encoding.DER])
def test_the_public_key_is_no_hmac_secret(encoding: serialization.Encoding) -> None:
    """Attack: HS256 with the public key, which everybody has, as the secret (CVE-2024-33663, and its DER form)."""
    secret = KEY.public_key().public_bytes(encoding, serialization.PublicFormat.SubjectPublicKeyInfo)
    for alg in ("HS256", "RS256"):
        data = f"{part({'alg': alg, 'kid': 'key-1'})}.{part(ACCESS)}"
        with pytest.raises((errors.TokenHeaderRefused, errors.TokenSignatureInvalid)):
            verifier().verify(f"{data}.{b64(hmac.digest(secret, data.encode(), 'sha256'))}")


@pytest.mark.parametrize("kid", ["key-2", "key-3", "", None, 1, ["key-1"]])
def test_only_the_named_key_counts(kid: Any) -> None:
    """Attack: a key id that names one key, and the signature of another."""
    expected = errors.TokenSignatureInvalid if kid == "key-2" else errors.TokenKeyUnknown
    with pytest.raises(expected):
        verifier().verify(mint(KEY, ACCESS, kid=kid))


def test_a_missing_kid_and_an_embedded_key_are_refused() -> None:
    head = part({"alg": "RS256", "jwk": jwk(OTHER_KEY, "key-1"), "jku": "https://evil.example"})
    data = f"{head}.{part(ACCESS)}"
    with pytest.raises(errors.TokenKeyUnknown):
        verifier().verify(f"{data}.{b64(rs256(OTHER_KEY, data))}")


@pytest.mark.parametrize("crit", [["exp"], [], ["unknown"]])
def test_a_critical_header_is_refused(crit: list[str]) -> None:
    with pytest.raises(errors.TokenHeaderRefused, match="critical"):
        verifier().verify(mint(KEY, ACCESS, crit=crit))


def test_a_short_key_is_refused() -> None:
    """Attack: a 1024-bit key can be factored."""
    short = rsa.generate_private_key(65537, 1024)
    jwks = Jwks("https://keys.example", fetch=lambda _: json.dumps({"keys": [jwk(short, "key-1")]}).encode())
    with pytest.raises(errors.TokenInvalid):
        verifier(jwks=jwks).verify(mint(short, ACCESS))


def test_changed_claims_are_refused() -> None:
    head, _, signature = mint(KEY, ACCESS).split(".")
    with pytest.raises(errors.TokenSignatureInvalid):
        verifier().verify(f"{head}.{part(ACCESS | {'sub': 'user-2'})}.{signature}")


GOOD = mint(KEY, ACCESS)
NESTED = b'{"a":' * 2000


@pytest.mark.parametrize(
    "token",
    [
        None,
        7,
        b"bytes",
        "",
        "a.b",
        "....",
        "a.b.c.d",
        GOOD + ".x",
        GOOD + "\n",
        GOOD + "=",
        GOOD.replace(".", "..", 1),
        " " + GOOD,
        f"Bearer {GOOD}",
        "é.b.c",
        "!!!.b.c",
        f"{b64(b'[]')}.{part(ACCESS)}.AA",
        f"{b64(b'null')}.{part(ACCESS)}.AA",
        f"{b64(b'[' * 5000)}.{part(ACCESS)}.AA",
        f"{b64(NESTED)}.{part(ACCESS)}.AA",
        f"{b64(bytes(range(128, 200)))}.{part(ACCESS)}.AA",
        "A" * MAX_CHARACTERS + ".b.c",
        f"{GOOD.rsplit('.', 1)[0]}.{'A' * MAX_CHARACTERS}",
    ],
)
def test_what_is_no_token_is_malformed_and_nothing_else(token: Any) -> None:
    with pytest.raises(errors.TokenMalformed):
        verifier().verify(token)


def test_claims_nested_too_deep_are_malformed() -> None:
    data = f"{part({'alg': 'RS256', 'kid': 'key-1'})}.{b64(b'[' * 9000)}"
    with pytest.raises(errors.TokenMalformed):
        verifier().verify(f"{data}.{b64(rs256(KEY, data))}")


@given(st.text() | st.from_regex(r"\A[\w-]*\.[\w-]*\.[\w-]*\Z") | st.binary())
def test_any_input_ends_in_the_one_error(token: Any) -> None:
    with pytest.raises(errors.TokenInvalid):
        verifier().verify(token)


def test_keys_that_cannot_be_fetched_are_a_refusal() -> None:
    def fail(_: str) -> bytes:
        raise OSError("no route")

    with pytest.raises(errors.TokenKeysUnavailable):
        verifier(jwks=Jwks("https://keys.example", fetch=fail)).verify(GOOD)


def test_use_and_client_cannot_be_left_out_by_mistake() -> None:
    with pytest.raises(TypeError):
        TokenVerifier(ISSUER)  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="client_id is empty"):
        TokenVerifier(ISSUER, token_use="id", client_id="")
    with pytest.raises(ValueError, match="token_use is"):
        TokenVerifier(ISSUER, token_use="ID", client_id=None)  # type: ignore[arg-type]


def test_a_verifier_for_the_pool_of_the_settings() -> None:
    settings = Settings(region="eu-west-1", user_pool_id="eu-west-1_Abc", endpoint_url="http://127.0.0.1:1")
    ids = TokenVerifier.for_pool(settings, token_use="id", client_id=None)
    with pytest.raises(errors.TokenKeysUnavailable, match="eu-west-1_Abc"):
        ids.verify(GOOD)
