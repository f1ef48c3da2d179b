"""Nobody arrives by an answer, a token or a claim that is not the asked provider's, for this app and this sign-in."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from localcloud.federation import openid
from localcloud.federation.errors import (
    AudienceError,
    RejectedError,
    TokenError,
    TokenExpiredError,
    UnreachableError,
)
from localcloud.federation.fetch import MAX_BYTES
from localcloud.relying_party.errors import DeclinedError
from tests.localcloud.federation.conftest import CLIENT, NOW
from tests.localcloud.federation.stand_in import OTHER_RSA, RSA, StandIn, encode, sign, signature
from tests.localcloud.relying_party.journey import ACCESS_TOKEN, CODE, STATE, Journey

WRONG_SIGNATURE = "Couldn't verify signed token."


@pytest.fixture
def back(journey: Journey) -> Journey:
    """A sign-in whose browser has left, and whose provider would answer well."""
    journey.leave()
    journey.serve()
    return journey


def claim_refusal(journey: Journey, kind: type[TokenError] = TokenError, **changes: Any) -> str:
    """Why a well-signed ID token with other claims is refused."""
    journey.serve(sign(journey.good_claims(**changes)))
    return journey.refusal(kind=kind)


def test_alg_none(back: Journey) -> None:
    for alg in ("none", "None", ""):
        head = encode(json.dumps({"alg": alg, "kid": "rsa"}).encode())
        back.serve(f"{head}.{encode(json.dumps(back.good_claims()).encode())}.")
        assert back.refusal() == WRONG_SIGNATURE


def test_hs256_with_the_public_key_or_the_client_secret(back: Journey) -> None:
    """Key confusion. AWS would take the secret's; here a provider has to sign with a key of its own."""
    public = RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for secret in (public, back.details["client_secret"].encode()):
        head = encode(json.dumps({"alg": "HS256", "kid": "rsa"}).encode())
        signed = f"{head}.{encode(json.dumps(back.good_claims()).encode())}"
        back.serve(f"{signed}.{encode(hmac.digest(secret, signed.encode(), hashlib.sha256))}")
        assert back.refusal() == WRONG_SIGNATURE


def test_another_key_under_a_known_and_an_unknown_kid(back: Journey) -> None:
    back.serve(sign(back.good_claims(), OTHER_RSA))
    assert back.refusal() == WRONG_SIGNATURE
    back.serve(sign(back.good_claims(), OTHER_RSA, kid="unknown"))
    assert back.refusal() == WRONG_SIGNATURE


def test_another_iss(back: Journey) -> None:
    for issuer in ("https://accounts.google.com", f"{back.issuer}.evil.example", None):
        assert claim_refusal(back, iss=issuer) == openid.WRONG_ISSUER


def test_another_aud(back: Journey) -> None:
    claim_refusal(back, AudienceError, aud="another-app")
    claim_refusal(back, AudienceError, aud=["another-app"])
    assert claim_refusal(back, aud=None) == "Missing a required claim: aud"


def test_several_aud_and_no_azp(back: Journey) -> None:
    assert claim_refusal(back, aud=[CLIENT, "another-app"]) == "Missing a required claim: azp"


def test_another_azp(back: Journey) -> None:
    claim_refusal(back, AudienceError, azp="another-app")
    claim_refusal(back, AudienceError, aud=[CLIENT, "another-app"], azp="another-app")


def test_a_token_for_another_app_that_this_one_asked_for(back: Journey) -> None:
    """`azp` alone is enough for an identity pool, and not for a sign-in: section 3.1.3.7, step 3."""
    claim_refusal(back, AudienceError, aud="another-app", azp=CLIENT)


@pytest.mark.parametrize("nonce", [None, "", "of-another-sign-in", 7, ["x"]])
def test_a_nonce_that_is_missing_or_of_another_sign_in(back: Journey, nonce: Any) -> None:
    assert "nonce" in claim_refusal(back, nonce=nonce)


def test_a_token_of_another_sign_in_of_the_same_browser(back: Journey) -> None:
    earlier = sign(back.good_claims())
    back.leave()
    back.serve(earlier)
    assert "nonce" in back.refusal()


def test_an_expired_token(back: Journey) -> None:
    claim_refusal(back, TokenExpiredError, exp=int(NOW))


@pytest.mark.parametrize("name", ["iat", "nbf"])
def test_a_token_from_the_future(back: Journey, name: str) -> None:
    assert "not yet valid" in claim_refusal(back, TokenError, **{name: int(NOW) + openid.SKEW + 1})


@pytest.mark.parametrize("name", ["exp", "iat", "sub"])
def test_a_token_without_what_it_needs(back: Journey, name: str) -> None:
    assert claim_refusal(back, TokenError, **{name: None}) == f"Missing a required claim: {name}"


@pytest.mark.parametrize("made", ["", "x", 7, ["AAAA"]])
def test_an_access_token_that_is_not_the_id_tokens(back: Journey, made: Any) -> None:
    assert "at_hash" in claim_refusal(back, at_hash=made)


def test_an_access_token_of_somebody_else(back: Journey) -> None:
    digest = hashlib.sha256(ACCESS_TOKEN.encode()).digest()
    back.serve(sign(back.good_claims(at_hash=encode(digest[:16]))), access_token="Somebody-else's")
    assert "at_hash" in back.refusal()


def test_the_mixed_up_provider_by_the_name_in_the_answer(back: Journey) -> None:
    """RFC 9207: the code of a good provider, which a bad one had sent here, or the other way round."""
    for issuer in ("https://evil.example", "", f"{back.issuer}.evil.example"):
        said = back.refusal({"state": STATE, "code": CODE, "iss": issuer}, TokenError)
        assert said == f"The answer is not of {back.stand_in.host}, which was asked."
    assert back.stand_in.posted == [], "the code went nowhere"
    assert back.arrive({"state": STATE, "code": CODE, "iss": back.issuer}).subject == "user-ada"


def test_the_mixed_up_provider_by_a_name_that_is_missing(back: Journey) -> None:
    back.discoverable(authorization_response_iss_parameter_supported=True)
    assert "which was asked" in back.refusal({"state": STATE, "code": CODE})
    assert "which was asked" in back.refusal({"state": STATE, "error": "access_denied"}, TokenError)
    assert back.stand_in.posted == []


@pytest.mark.parametrize("sub", ["user-bob", "", None, 7, ["user-ada"], "USER-ADA"])
def test_user_info_of_another_sub(back: Journey, sub: Any) -> None:
    """Token substitution."""
    back.serve(user_info={"sub": sub, "email": "bob@example.com", "email_verified": True})
    assert back.refusal(kind=TokenError) == f"userInfo of {back.stand_in.host} is about another user than the ID token."


def test_a_discovery_document_of_another_issuer(back: Journey) -> None:
    back.discoverable(issuer="https://accounts.google.com")
    assert "is of another issuer" in back.refusal(kind=UnreachableError)
    assert back.stand_in.posted == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_token_endpoint_that_redirects(back: Journey, status: int) -> None:
    """The code and the secret would go to wherever it says."""
    with StandIn() as other:
        back.stand_in.answers["/token"] = (status, {"location": f"{other.url}/token"}, b"")
        assert f"it answered with status {status}" in back.refusal(kind=UnreachableError)
        assert (other.asked, other.posted) == ([], [])


def test_a_user_info_endpoint_that_redirects(back: Journey) -> None:
    with StandIn() as other:
        back.stand_in.answers["/userinfo"] = (302, {"location": f"{other.url}/userinfo"}, b"")
        assert "it answered with status 302" in back.refusal(kind=UnreachableError)
        assert (other.asked, other.authorized) == ([], [])


@pytest.mark.parametrize("path", ["/token", "/userinfo", "/keys", "/.well-known/openid-configuration"])
def test_oversized_answers(back: Journey, path: str) -> None:
    back.stand_in.answers[path] = b'{"a": "' + b"x" * MAX_BYTES + b'"}'
    assert "larger than" in back.refusal(kind=UnreachableError)


@pytest.mark.parametrize("path", ["/token", "/userinfo", "/keys", "/.well-known/openid-configuration"])
@pytest.mark.parametrize("body", [b"[]", b"", b"<html>", b'"x"', b"\xff", b"[" * 5000, b'{"a": 1, "a": 2}', b"NaN"])
def test_an_answer_that_is_no_json_object_or_has_a_name_twice(back: Journey, path: str, body: bytes) -> None:
    back.stand_in.answers[path] = body
    assert "something else than" in back.refusal(kind=UnreachableError)


@pytest.mark.parametrize("place", ["head", "body"])
def test_duplicate_keys_in_the_id_token(back: Journey, place: str) -> None:
    """Of two names one is checked, and the other is taken."""
    head, body = json.dumps({"alg": "RS256", "kid": "rsa"}), json.dumps(back.good_claims())
    if place == "head":
        head = f'{{"alg": "none", {head[1:]}'
    else:
        body = f'{{"sub": "user-bob", {body[1:]}'
    signed = f"{encode(head.encode())}.{encode(body.encode())}"
    back.serve(f"{signed}.{encode(signature(RSA, 'RS256', signed.encode()))}")
    assert back.refusal() == openid.NO_TOKEN


def test_duplicate_keys_inside_an_object(back: Journey) -> None:
    back.stand_in.answers["/userinfo"] = b'{"sub": "user-ada", "address": {"a": 1, "a": 2}}'
    assert "something else than JSON" in back.refusal(kind=UnreachableError)


def test_user_info_as_a_signed_token_is_refused_by_name(back: Journey) -> None:
    back.stand_in.answers["/userinfo"] = sign(back.good_claims()).encode()
    assert "it answered with a signed token, not with JSON" in back.refusal(kind=UnreachableError)


@pytest.mark.parametrize("code", ["", "x" * 4097])
def test_an_answer_without_a_code(back: Journey, code: str) -> None:
    assert "without a code" in back.refusal({"state": STATE, "code": code}, TokenError)
    assert "without a code" in back.refusal({"state": STATE}, TokenError)


def test_an_answer_that_says_no(back: Journey) -> None:
    with pytest.raises(DeclinedError) as caught:
        back.arrive({"state": STATE, "error": "access_denied", "error_description": "The user said no", "code": CODE})
    assert str(caught.value) == f"{back.stand_in.host} answered with access_denied: The user said no"
    assert caught.value.code == "access_denied"
    assert back.stand_in.posted == []


def test_an_answer_that_says_no_with_markup_in_it(back: Journey) -> None:
    """What the browser brings is written into an error and a log: no line break, no control sign, no end."""
    answer = {"error": "<b>\r\nSet-Cookie: a=b", "error_description": "line\r\nbreak\x1b[31m" + "x" * 1000}
    said = back.refusal(answer, DeclinedError)
    assert said == f"{back.stand_in.host} answered with an error: line??break?[31m{'x' * 184}"


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ((400, {}, {"error": "invalid_grant", "error_description": f"{CODE} is spent"}), "invalid_grant"),
        ((401, {}, {"error": "invalid_client"}), "invalid_client"),
        ((400, {}, {"error": {"type": "OAuthException", "message": CODE}}), "OAuthException"),
        ((400, {}, {"error": CODE * 9}), "status 400"),
        ((400, {}, b"<html>"), "status 400"),
        ((403, {}, [CODE]), "status 403"),
    ],
)
def test_a_token_endpoint_that_says_no(back: Journey, answer: Any, why: str) -> None:
    back.stand_in.answers["/token"] = answer
    said = back.refusal(kind=RejectedError)
    assert said == f"{back.stand_in.host} gives no token for the code: {why}."


def test_a_token_endpoint_that_fails(back: Journey) -> None:
    back.stand_in.answers["/token"] = (500, {}, {"error": "invalid_grant"})
    assert "it answered with status 500" in back.refusal(kind=UnreachableError)


def test_a_token_answer_without_an_id_token(back: Journey) -> None:
    back.serve(id_token=None)
    assert "authorize_scopes must have openid in it" in back.refusal(kind=TokenError)


@pytest.mark.parametrize("token", ["", 7, "a\r\nX-Evil: 1", "a b", "é", "x" * 16_385])
def test_an_access_token_that_is_no_token(back: Journey, token: Any) -> None:
    """It goes into a header of the next request."""
    back.serve(access_token=token)
    assert "without an access token" in back.refusal(kind=TokenError)
    assert "/userinfo" not in back.stand_in.asked


def test_a_token_of_another_type(back: Journey) -> None:
    back.serve(token_type="DPoP")
    assert "another type than Bearer" in back.refusal(kind=TokenError)
