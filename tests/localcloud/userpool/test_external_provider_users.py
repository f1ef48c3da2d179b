"""Users of other providers in the rest of a pool: no password, their tokens, what nobody else may write, their end."""

from __future__ import annotations

import pytest

from localcloud.jws import Key
from tests.localcloud.userpool.conftest import PASSWORD, START, Api, pairs
from tests.localcloud.userpool.federation import SUBJECT, Federation

NAME = f"Partner_{SUBJECT}"


@pytest.fixture
def federation(api: Api) -> Federation:
    return Federation.set_up(api)


def test_a_providers_user_has_no_password(api: Api, federation: Federation, key: Key) -> None:
    federation.sign_in()
    named = {"ClientId": federation.client_id, "Username": NAME}
    for operation in ("ForgotPassword", "ConfirmForgotPassword"):
        code = {"ConfirmationCode": "123456", "Password": PASSWORD} if operation != "ForgotPassword" else {}
        with api.refused("NotAuthorizedException", "User password cannot be reset in the current state."):
            api(operation, **named, **code)
    with api.refused("NotAuthorizedException", "User password cannot be reset in the current state."):
        api("AdminResetUserPassword", UserPoolId=federation.pool_id, Username=NAME)
    with api.refused("UsernameExistsException"):
        api("SignUp", **named, Password=PASSWORD)
    token = api.sign_in(federation.pool_id, federation.client_id, NAME)["AccessToken"]
    with api.refused("NotAuthorizedException", "User is not authorized to change password."):
        api("ChangePassword", AccessToken=token, PreviousPassword=PASSWORD, ProposedPassword=PASSWORD)


def test_an_administrator_may_give_it_one(api: Api, federation: Federation) -> None:
    """From then on it is a user of the pool's own, too. Source: API reference, AdminSetUserPassword."""
    first = federation.sign_in()
    pool = federation.pool_id
    api("AdminSetUserPassword", UserPoolId=pool, Username=NAME, Password=PASSWORD, Permanent=True)
    assert api("AdminGetUser", UserPoolId=pool, Username=NAME)["UserStatus"] == "CONFIRMED"
    assert api.has_password(pool, NAME, PASSWORD)
    assert federation.sign_in().sub == first.sub


def test_a_password_does_not_bring_somebody_elses_address(api: Api) -> None:
    federation = Federation.set_up(api, UsernameAttributes=["email"], AutoVerifiedAttributes=["email"])
    api.new_user(federation.pool_id, "ada@example.com", email="ada@example.com", email_verified="true")
    federation.sign_in()
    with api.refused("InvalidParameterException", "already exists"):
        api("AdminSetUserPassword", UserPoolId=federation.pool_id, Username=NAME, Password=PASSWORD, Permanent=True)


def test_tokens_say_who_came_from_where(api: Api, federation: Federation, key: Key) -> None:
    federation.sign_in()
    tokens = api.sign_in(federation.pool_id, federation.client_id, NAME)
    claims = key.verify(tokens["IdToken"])
    assert claims["cognito:username"] == NAME
    assert claims["cognito:groups"] == [f"{federation.pool_id}_Partner"]
    assert claims["identities"] == [
        {
            "userId": SUBJECT,
            "providerName": "Partner",
            "providerType": "OIDC",
            "issuer": None,
            "primary": "true",
            "dateCreated": str(int(START * 1000)),
        }
    ]
    shown = api("GetUser", AccessToken=tokens["AccessToken"])["UserAttributes"]
    assert "identities" in {entry["Name"] for entry in shown}


def test_attack_identities_written_by_the_user(api: Api, federation: Federation) -> None:
    federation.sign_in()
    forged = pairs(identities="[]")
    token = api.sign_in(federation.pool_id, federation.client_id, NAME)["AccessToken"]
    named = {"UserPoolId": federation.pool_id, "Username": NAME}
    for operation, params in (
        ("UpdateUserAttributes", {"AccessToken": token, "UserAttributes": forged}),
        ("DeleteUserAttributes", {"AccessToken": token, "UserAttributeNames": ["identities"]}),
        ("AdminUpdateUserAttributes", {**named, "UserAttributes": forged}),
        ("AdminDeleteUserAttributes", {**named, "UserAttributeNames": ["identities"]}),
    ):
        with api.refused("InvalidParameterException"):
            api(operation, **params)
    with api.refused("InvalidParameterException"):
        api("AdminCreateUser", UserPoolId=federation.pool_id, Username="bob", UserAttributes=forged)
    assert len(federation.identities(NAME)) == 1


def test_a_deleted_user_comes_back_as_a_new_one(api: Api, federation: Federation) -> None:
    first = federation.sign_in()
    api("AdminDeleteUser", UserPoolId=federation.pool_id, Username=NAME)
    federation.functions.events.clear()
    assert federation.sign_in().sub != first.sub
    assert "PreSignUp_ExternalProvider" in federation.functions.sources


def test_a_saml_user_shows_its_issuer(api: Api) -> None:
    federation = Federation.set_up(api, "SAML")
    federation.sign_in("ada")
    (identity,) = federation.identities("Corp_ada")
    assert (identity["providerType"], identity["issuer"]) == ("SAML", "https://idp.example.com/saml")
