"""What a trigger answers: what counts of it, and that what makes no sense refuses the call."""

from __future__ import annotations

import pytest

from tests.journeys.claims import claims_of
from tests.journeys.functions import Function
from tests.journeys.refusals import refusal
from tests.journeys.trigger_pools import (
    add_user,
    app_of,
    doing,
    is_there,
    pool_with,
    sign_in,
    sign_up,
    token_pool,
)
from tests.local_cloud import LocalCloud


@pytest.mark.parametrize(
    "line",
    [
        "return 'yes'",
        "return None",
        "return [event]",
        "event['response'] = 'yes'",
        "response['autoConfirmUser'] = 'false'",
        "response['autoVerifyEmail'] = 1",
        "response['autoVerifyPhone'] = True",
    ],
)
def test_a_pre_sign_up_answer_that_makes_no_sense(cloud: LocalCloud, email: str, line: str) -> None:
    pool = pool_with(cloud, "PreSignUp", Function.make(cloud, doing(line)))
    assert refusal(sign_up, pool=pool, email=email).code == "InvalidLambdaResponseException"
    assert not is_there(pool, email)


DETAILS = "response['claimsAndScopeOverrideDetails'] = "


@pytest.mark.parametrize(
    "line",
    [
        f"{DETAILS}'x'",
        f"{DETAILS}{{'idTokenGeneration': ['role']}}",
        f"{DETAILS}{{'idTokenGeneration': {{'claimsToAddOrOverride': ['role']}}}}",
        f"{DETAILS}{{'accessTokenGeneration': {{'claimsToSuppress': 'role'}}}}",
        f"{DETAILS}{{'accessTokenGeneration': {{'scopesToAdd': 'admin'}}}}",
        f"{DETAILS}{{'groupOverrideDetails': {{'groupsToOverride': 'admin'}}}}",
        f"{DETAILS}{{'groupOverrideDetails': {{'groupsToOverride': [5]}}}}",
    ],
)
def test_a_pre_token_answer_that_makes_no_sense(cloud: LocalCloud, email: str, line: str) -> None:
    pool, _ = token_pool(cloud, doing(line))
    add_user(pool, email)
    assert refusal(sign_in, pool=pool, email=email).code == "InvalidLambdaResponseException"


@pytest.mark.parametrize("line", ["response['smsMessage'] = 5", "response['emailMessage'] = 'no code'"])
def test_a_custom_message_that_cannot_be_sent(cloud: LocalCloud, email: str, line: str) -> None:
    pool = pool_with(cloud, "CustomMessage", Function.make(cloud, doing(line)))
    assert refusal(sign_up, pool=pool, email=email).code == "InvalidLambdaResponseException"


def test_a_trigger_speaks_for_nobody_else(cloud: LocalCloud, email: str) -> None:
    """Attack: a trigger, or who can change one, that makes tokens of another user, pool or client."""
    names = ("sub", "iss", "aud", "exp", "iat", "jti", "token_use", "client_id", "username", "cognito:username")
    forged = {**dict.fromkeys(names, "forged"), "team": {"id": 7}}
    source = doing(
        f"change = {{'claimsToAddOrOverride': {forged!r}, 'claimsToSuppress': ['sub', 'exp', 'email']}}",
        f"{DETAILS}{{'idTokenGeneration': change, 'accessTokenGeneration': {{**change, 'scopesToAdd': ['app/read'],"
        " 'scopesToSuppress': ['aws.cognito.signin.user.admin']}}",
    )
    pool, _ = token_pool(cloud, source)
    add_user(pool, email)
    result = sign_in(pool, email)
    for token in (result["AccessToken"], result["IdToken"]):
        claims = claims_of(token)
        assert "forged" not in claims.values()
        assert claims["team"] == {"id": 7}
        assert {"sub", "exp", "iss"} <= claims.keys()
    assert "email" not in claims_of(result["IdToken"])
    assert claims_of(result["AccessToken"])["scope"] == "app/read"
    assert refusal(app_of(pool).get_user, AccessToken=result["AccessToken"]).code == "NotAuthorizedException"


def test_the_first_version_reaches_the_id_token_only(cloud: LocalCloud, email: str) -> None:
    line = (
        "response['claimsOverrideDetails'] = {'claimsToAddOrOverride': {'team': 'red'}, 'groupOverrideDetails': None}"
    )
    pool, _ = token_pool(cloud, doing(line), "V1_0")
    add_user(pool, email)
    result = sign_in(pool, email)
    assert claims_of(result["IdToken"])["team"] == "red"
    assert "team" not in claims_of(result["AccessToken"])
