"""An ID token counts only if the provider's own key signed it, by that key's algorithm, for this app, for now."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from localcloud.context import Context
from localcloud.federation import openid
from localcloud.federation.errors import AudienceError, TokenError, TokenExpiredError
from localcloud.federation.models import OpenIdProvider
from localcloud.federation.providers import openid_connect
from localcloud.federation.user import FederatedUser
from tests.localcloud.federation.conftest import CLIENT, NOW, claims
from tests.localcloud.federation.stand_in import EC, OTHER_RSA, RSA, StandIn, encode, jwk, sign

Verify = Callable[[str], FederatedUser]
WRONG_SIGNATURE = "Couldn't verify signed token."


@pytest.fixture
def verify(ctx: Context, provider: OpenIdProvider) -> Verify:
    return lambda token: openid_connect.verify(ctx.cloud, provider, token)


@pytest.fixture
def good(stand_in: StandIn) -> dict[str, Any]:
    return claims(stand_in.url)


def refusal(verify: Verify, token: str, kind: type[TokenError] = TokenError) -> str:
    with pytest.raises(kind) as caught:
        verify(token)
    return str(caught.value)


@pytest.mark.parametrize("alg", ["RS256", "RS384", "RS512"])
def test_each_rsa_algorithm_is_taken(verify: Verify, good: dict[str, Any], alg: str) -> None:
    assert verify(sign(good, RSA, alg)).subject == "user-ada"


@pytest.mark.parametrize("alg", ["ES256", "ES384", "ES512"])
def test_each_curve_is_taken_with_its_own_algorithm(verify: Verify, good: dict[str, Any], alg: str) -> None:
    user = verify(sign(good, EC[alg], alg, kid=alg))
    assert (user.subject, user.audience) == ("user-ada", CLIENT)


@pytest.mark.parametrize("alg", ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"])
def test_what_another_library_signs_is_taken(verify: Verify, good: dict[str, Any], alg: str) -> None:
    """Signer and verifier above could share a mistake; PyJWT shares it with neither."""
    key_id = alg if alg in EC else "rsa"
    assert verify(jwt.encode(good, EC.get(alg, RSA), alg, headers={"kid": key_id})).subject == "user-ada"


def test_alg_none_is_refused(verify: Verify, good: dict[str, Any]) -> None:
    for alg in ("none", "None", ""):
        head = encode(json.dumps({"alg": alg, "kid": "rsa"}).encode())
        assert refusal(verify, f"{head}.{encode(json.dumps(good).encode())}.") == WRONG_SIGNATURE


@pytest.mark.parametrize(
    "form", [(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo), (Encoding.DER, PublicFormat.PKCS1)]
)
def test_the_public_key_as_a_secret_is_refused(
    verify: Verify, good: dict[str, Any], form: tuple[Encoding, PublicFormat]
) -> None:
    """Key confusion: HS256 with what everybody can download."""
    head = encode(json.dumps({"alg": "HS256", "kid": "rsa"}).encode())
    signed = f"{head}.{encode(json.dumps(good).encode())}"
    mac = hmac.new(RSA.public_key().public_bytes(*form), signed.encode(), hashlib.sha256).digest()
    assert refusal(verify, f"{signed}.{encode(mac)}") == WRONG_SIGNATURE


def test_an_unsigned_token_is_refused(verify: Verify, good: dict[str, Any]) -> None:
    assert refusal(verify, sign(good).rpartition(".")[0] + ".") == WRONG_SIGNATURE


def test_another_key_is_refused_under_each_key_id(verify: Verify, good: dict[str, Any]) -> None:
    assert refusal(verify, sign(good, OTHER_RSA)) == WRONG_SIGNATURE
    assert refusal(verify, sign(good, OTHER_RSA, kid="unknown")) == WRONG_SIGNATURE


def test_a_good_key_under_another_ones_id_is_refused(verify: Verify, good: dict[str, Any]) -> None:
    assert refusal(verify, sign(good, EC["ES256"], "ES256", kid="rsa")) == WRONG_SIGNATURE
    assert refusal(verify, sign(good, RSA, kid="ES256")) == WRONG_SIGNATURE


def test_a_curve_with_another_curves_algorithm_is_refused(verify: Verify, good: dict[str, Any]) -> None:
    assert refusal(verify, sign(good, EC["ES384"], "ES256", kid="ES384")) == WRONG_SIGNATURE


def test_a_key_keeps_to_the_algorithm_that_it_is_published_for(
    verify: Verify, good: dict[str, Any], stand_in: StandIn
) -> None:
    stand_in.keys = [jwk(RSA, "rsa", alg="RS512")]
    assert refusal(verify, sign(good)) == WRONG_SIGNATURE
    assert verify(sign(good, RSA, "RS512"))


@pytest.mark.parametrize(
    "published",
    [
        {"use": "enc"},
        {"key_ops": ["encrypt"]},
        {"kid": None},
        {"n": "!"},
        {"kty": "oct", "k": "c2VjcmV0"},
        {"alg": "HS256"},
    ],
)
def test_a_key_for_something_else_is_not_used(
    verify: Verify, good: dict[str, Any], stand_in: StandIn, published: dict[str, Any]
) -> None:
    stand_in.keys = [jwk(RSA, "rsa", **published)]
    assert refusal(verify, sign(good)) == WRONG_SIGNATURE


def test_a_short_rsa_key_is_not_used(verify: Verify, good: dict[str, Any], stand_in: StandIn) -> None:
    weak = rsa.generate_private_key(65537, 1024)
    stand_in.keys = [jwk(weak, "rsa")]
    assert refusal(verify, sign(good, weak)) == WRONG_SIGNATURE


def test_a_point_that_is_not_on_its_curve_is_not_used(verify: Verify, good: dict[str, Any], stand_in: StandIn) -> None:
    other = ec.generate_private_key(ec.SECP256R1())
    stand_in.keys = [jwk(EC["ES256"], "ES256", y=jwk(other, "x")["y"])]
    assert refusal(verify, sign(good, EC["ES256"], "ES256", kid="ES256")) == WRONG_SIGNATURE


def test_swapped_claims_are_refused(verify: Verify, good: dict[str, Any]) -> None:
    head, _, made = sign(good).split(".")
    body = encode(json.dumps({**good, "sub": "user-bob"}).encode())
    assert refusal(verify, f"{head}.{body}.{made}") == WRONG_SIGNATURE


def test_an_unknown_critical_header_is_refused(verify: Verify, good: dict[str, Any]) -> None:
    assert refusal(verify, sign(good, crit=["b64"], b64=False)) == openid.NO_TOKEN


def test_a_token_that_names_no_key_is_refused(verify: Verify, good: dict[str, Any]) -> None:
    assert refusal(verify, sign(good, kid=None)) == openid.NO_TOKEN


def test_a_key_in_the_header_is_not_looked_at(verify: Verify, good: dict[str, Any]) -> None:
    """`jwk`, `jku` and `x5c` let the sender of a token choose who vouches for it."""
    mine = jwk(OTHER_RSA, "rsa")
    assert refusal(verify, sign(good, OTHER_RSA, jwk=mine, jku="http://127.0.0.1:1/keys")) == WRONG_SIGNATURE


@pytest.mark.parametrize(
    "issuer", ["https://accounts.google.com", "", None, 7, ["http://127.0.0.1"], "http://127.0.0.1:1"]
)
def test_another_issuer_is_refused_and_nobody_is_asked(verify: Verify, stand_in: StandIn, issuer: Any) -> None:
    assert refusal(verify, sign(claims(stand_in.url, iss=issuer))) == openid.WRONG_ISSUER
    assert stand_in.asked == []


def test_the_issuer_is_compared_whole(verify: Verify, stand_in: StandIn) -> None:
    for form in (f"{stand_in.url}/", stand_in.host, f"{stand_in.url}.evil.example", stand_in.url.upper()):
        assert refusal(verify, sign(claims(form))) == openid.WRONG_ISSUER


@pytest.mark.parametrize("audience", ["another-app", CLIENT.upper(), f"{CLIENT} "])
def test_another_apps_token_is_refused(verify: Verify, stand_in: StandIn, audience: str) -> None:
    refusal(verify, sign(claims(stand_in.url, aud=audience)), AudienceError)


@pytest.mark.parametrize("audience", [None, "", [], [CLIENT, 7], {"a": CLIENT}, 7])
def test_a_token_for_nobody_in_particular_is_refused(verify: Verify, stand_in: StandIn, audience: Any) -> None:
    assert refusal(verify, sign(claims(stand_in.url, aud=audience))) == "Missing a required claim: aud"


def test_the_party_that_asked_counts_where_there_is_one(verify: Verify, stand_in: StandIn) -> None:
    assert verify(sign(claims(stand_in.url, aud="backend", azp=CLIENT))).audience == CLIENT
    assert verify(sign(claims(stand_in.url, aud=["backend", "other"], azp=CLIENT))).audience == CLIENT
    refusal(verify, sign(claims(stand_in.url, azp="another-app")), AudienceError)


def test_several_audiences_need_the_party_that_asked(verify: Verify, stand_in: StandIn) -> None:
    assert verify(sign(claims(stand_in.url, aud=[CLIENT]))).audience == CLIENT
    assert refusal(verify, sign(claims(stand_in.url, aud=[CLIENT, "b"]))) == "Missing a required claim: azp"
    assert refusal(verify, sign(claims(stand_in.url, azp=""))) == "Missing a required claim: azp"


def test_a_token_ends_by_the_clouds_clock(ctx: Context, verify: Verify, good: dict[str, Any]) -> None:
    token = sign(good)
    ctx.cloud.clock.advance(599)
    assert verify(token)
    ctx.cloud.clock.advance(1)
    end = int(NOW) + 600
    assert refusal(verify, token, TokenExpiredError) == f"Token expired: {end} >= {end}"


@pytest.mark.parametrize("name", ["exp", "iat", "sub"])
@pytest.mark.parametrize("value", [None, True, "soon", {}, ""])
def test_a_claim_that_is_missing_or_of_another_kind_is_refused(
    verify: Verify, stand_in: StandIn, name: str, value: Any
) -> None:
    if (name, value) == ("sub", "soon"):
        return
    assert refusal(verify, sign(claims(stand_in.url, **{name: value}))) == f"Missing a required claim: {name}"


@pytest.mark.parametrize("name", ["iat", "nbf"])
def test_a_token_of_the_future_is_refused_beyond_a_small_difference_of_clocks(
    verify: Verify, stand_in: StandIn, name: str
) -> None:
    assert verify(sign(claims(stand_in.url, **{name: int(NOW) + openid.SKEW})))
    later = sign(claims(stand_in.url, **{name: int(NOW) + openid.SKEW + 1}))
    assert refusal(verify, later).startswith("Token is not yet valid: ")


@pytest.mark.parametrize(
    "token",
    ["", "x", "a.b", "a.b.c", "....", "é.é.é", "A" * 20_001, f"{encode(b'[' * 5000)}.{encode(b'{}')}.", "e30.W10."],
)
def test_what_is_no_token_is_refused(verify: Verify, token: str) -> None:
    assert refusal(verify, token) == openid.NO_TOKEN


def test_a_token_is_measured_before_it_is_read(verify: Verify, good: dict[str, Any]) -> None:
    assert refusal(verify, sign({**good, "padding": "x" * 20_000})) == openid.NO_TOKEN
