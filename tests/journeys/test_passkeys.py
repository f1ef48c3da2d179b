"""Passkeys over a real socket: a user adds one, signs in with it, and gives it up."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.authenticator import Authenticator
from tests.journeys.people import PASSWORD, root_client, unsigned_client
from tests.journeys.pools import FLOWS, Pool, add_client
from tests.journeys.refusals import code_of
from tests.local_cloud import LocalCloud

DOMAIN = "auth.example.com"


@pytest.fixture(scope="module")
def pool(cloud: LocalCloud) -> Pool:
    """A pool whose users sign in with a password or a passkey."""
    factors = {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}}
    pool = Pool.make(cloud, Policies=factors)
    root = root_client(cloud, "cognito-idp")
    configuration = {"RelyingPartyId": DOMAIN, "UserVerification": "required"}
    answer = root.set_user_pool_mfa_config(UserPoolId=pool.id, WebAuthnConfiguration=configuration)
    assert answer["WebAuthnConfiguration"] == {**configuration, "FactorConfiguration": "SINGLE_FACTOR"}
    return Pool(cloud, pool.id, add_client(cloud, pool.id, ExplicitAuthFlows=[*FLOWS, "ALLOW_USER_AUTH"]))


def test_a_passkey_from_registration_to_deletion(cloud: LocalCloud, pool: Pool, email: str) -> None:
    pool.confirmed_person(email)
    users = unsigned_client(cloud, "cognito-idp")
    token = begin(users, pool, email, "PASSWORD", PASSWORD=PASSWORD)["AuthenticationResult"]["AccessToken"]

    options = users.start_web_authn_registration(AccessToken=token)["CredentialCreationOptions"]
    authenticator = Authenticator()
    made = authenticator.make(options)
    users.complete_web_authn_registration(AccessToken=token, Credential=made)
    (credential,) = users.list_web_authn_credentials(AccessToken=token)["Credentials"]
    assert credential["RelyingPartyId"] == DOMAIN

    asked = begin(users, pool, email, "WEB_AUTHN")
    answer = authenticator.answer(asked["ChallengeParameters"]["CREDENTIAL_REQUEST_OPTIONS"])
    assert "AccessToken" in respond(users, pool, email, asked, answer)["AuthenticationResult"]
    again = {"users": users, "pool": pool, "email": email, "asked": asked, "credential": answer}
    assert code_of(respond, **again) == "NotAuthorizedException", "a replayed answer"

    users.delete_web_authn_credential(AccessToken=token, CredentialId=credential["CredentialId"])
    assert begin(users, pool, email, "WEB_AUTHN")["AvailableChallenges"] == ["PASSWORD", "PASSWORD_SRP"]


def begin(users: Any, pool: Pool, email: str, challenge: str, **more: str) -> Any:
    parameters = {"USERNAME": email, "PREFERRED_CHALLENGE": challenge, **more}
    return users.initiate_auth(ClientId=pool.client_id, AuthFlow="USER_AUTH", AuthParameters=parameters)


def respond(users: Any, pool: Pool, email: str, asked: Any, credential: Any) -> Any:
    return users.respond_to_auth_challenge(
        ClientId=pool.client_id,
        ChallengeName="WEB_AUTHN",
        Session=asked["Session"],
        ChallengeResponses={"USERNAME": email, "CREDENTIAL": json.dumps(credential)},
    )
