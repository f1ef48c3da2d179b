"""A JWT authorizer lets in who has a good token, and refuses the rest with AWS's answers."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import Any

import pytest

from localcloud.aws.jwt_authorizer import JwtAuthorizer, TrustedIssuer
from localcloud.jws import Key

ISSUER = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_pool"
NOW = 1_000_000
KEY, OTHER_KEY = Key.make(), Key.make()
GOOD = {"iss": ISSUER, "client_id": "app", "scope": "aws.cognito.signin.user.admin", "exp": NOW + 60, "iat": NOW}
AUTHORIZER = {
    "identitySource": ["$request.header.Authorization"],
    "jwtConfiguration": {"issuer": ISSUER, "audience": ["app"]},
}


def find(issuer: str) -> TrustedIssuer | None:
    return TrustedIssuer(ISSUER, KEY.verify) if issuer == ISSUER else None


def ask(token: str | None, scopes: list[str] | None = None, authorizer: Any = AUTHORIZER) -> Any:
    headers = {} if token is None else {"authorization": token}
    route = {"authorizationScopes": scopes or []}
    return asyncio.run(JwtAuthorizer(find, lambda: float(NOW))(route, authorizer, headers, {}))


def refusal(token: str | None, **options: Any) -> tuple[int, bytes, str]:
    claims, scopes, (status, headers, body) = ask(token, **options)
    assert claims is None
    assert scopes is None
    return status, body, headers["www-authenticate"]


def without(*names: str, **changes: Any) -> dict[str, Any]:
    return {name: value for name, value in {**GOOD, **changes}.items() if name not in names}


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", ""])
def test_a_good_token_is_let_in(scheme: str) -> None:
    claims, scopes, answer = ask(scheme + KEY.sign(GOOD), ["aws.cognito.signin.user.admin", "other"])
    assert (claims, scopes, answer) == (GOOD, ["aws.cognito.signin.user.admin"], None)


def test_the_audience_of_an_id_token_counts() -> None:
    assert ask(KEY.sign(without("client_id", aud="app")))[2] is None
    assert ask(KEY.sign(without("client_id", aud=["x", "app"])))[2] is None


def test_no_token_is_challenged() -> None:
    assert refusal(None) == (401, b'{"message":"Unauthorized"}', "Bearer")
    assert refusal("") == (401, b'{"message":"Unauthorized"}', "Bearer")


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        (without(exp=NOW), "the token has expired"),
        (without(exp=NOW - 1), "the token has expired"),
        (without("exp"), "the token has expired"),
        (without(exp=str(NOW + 60)), "the token has expired"),
        (without(exp=True), "the token has expired"),
        (without(nbf=NOW + 1), "the token is not valid yet"),
        (without(iat=NOW + 1), "the token is not valid yet"),
        (without(client_id="other"), "the token does not have a valid audience"),
        (without("client_id"), "the token does not have a valid audience"),
        (without(aud="other"), "the token does not have a valid audience"),
        (without(aud=None), "the token does not have a valid audience"),
        (without(iss=ISSUER + "2"), "issuer does not match"),
        (without("iss"), "issuer does not match"),
    ],
)
def test_attack_a_token_of_our_own_that_is_not_good_here(claims: dict[str, Any], reason: str) -> None:
    challenge = f'Bearer scope="" error="invalid_token" error_description="{reason}"'
    assert refusal(KEY.sign(claims)) == (401, b'{"message":"Unauthorized"}', challenge)


def unsigned(header: dict[str, Any]) -> str:
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in (header, GOOD)]
    return ".".join([*parts, ""])


@pytest.mark.parametrize(
    "token",
    [
        OTHER_KEY.sign(GOOD),
        KEY.sign(GOOD)[:-4] + "AAAA",
        unsigned({"alg": "none"}),
        unsigned({"alg": "none", "kid": KEY.kid}),
        unsigned({"alg": "HS256", "kid": KEY.kid}),
        "not a token",
        "a.b.c",
        "é.é.é",
        "x" * 100_000,
    ],
)
def test_attack_a_forged_token(token: str) -> None:
    assert refusal(token)[:2] == (401, b'{"message":"Unauthorized"}')


def test_attack_an_issuer_that_nobody_vouches_for() -> None:
    stranger = {**AUTHORIZER, "jwtConfiguration": {"issuer": "https://evil.example", "audience": ["app"]}}
    assert refusal(KEY.sign(GOOD), authorizer=stranger)[0] == 401


def test_attack_an_authorizer_without_an_audience() -> None:
    careless = {**AUTHORIZER, "jwtConfiguration": {"issuer": ISSUER, "audience": []}}
    assert refusal(KEY.sign(GOOD), authorizer=careless)[0] == 401


def test_a_token_without_the_scope_is_forbidden() -> None:
    challenge = 'Bearer scope="admin" error="insufficient_scope"'
    assert refusal(KEY.sign(GOOD), scopes=["admin"]) == (403, b'{"message":"Forbidden"}', challenge)
    assert refusal(KEY.sign(without("scope")), scopes=["admin"])[0] == 403


def test_a_token_in_the_query_string() -> None:
    authorizer = {**AUTHORIZER, "identitySource": ["$request.querystring.token"]}
    asked = JwtAuthorizer(find, lambda: float(NOW))({}, authorizer, {}, {"token": [KEY.sign(GOOD)]})
    assert asyncio.run(asked)[2] is None
