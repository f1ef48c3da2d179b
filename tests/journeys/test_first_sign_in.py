"""The first sign-in where more than a password is demanded: a second factor, or a password of one's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyotp
import pytest

from auth import Ask
from auth.errors import NotAuthorized, PasswordPolicy
from tests.journeys.claims import claims_of
from tests.journeys.people import PASSWORD, Person, root_client
from tests.journeys.pools import Pool
from tests.journeys.refusals import another_code, may_sign_in, refusal
from tests.local_cloud import LocalCloud

NEW_PASSWORD = "Another-Horse-8"


@pytest.fixture
def strict_pool(cloud: LocalCloud) -> Pool:
    """A pool that demands a second factor of everybody."""
    pool = Pool.make(cloud)
    pool.take_totp("ON")
    return pool


def test_a_second_factor_that_is_demanded(strict_pool: Pool, email: str) -> None:
    person = strict_pool.confirmed_person(email)
    asked: list[str] = []

    def answer(ask: Ask) -> str:
        asked.append(ask.kind)
        return person.answer(ask)

    first = person.client.sign_in(email, PASSWORD, answer)
    assert asked == ["totp_setup"]
    assert claims_of(first.tokens.access_token)["token_use"] == "access"
    person.client.sign_in(email, PASSWORD, answer)
    assert asked == ["totp_setup", "totp_code"]


def test_no_tokens_without_setting_the_second_factor_up(
    cloud: LocalCloud, app: Any, strict_pool: Pool, email: str
) -> None:
    strict_pool.confirmed_person(email)
    call: Any = {"ClientId": strict_pool.client_id}

    def waiting() -> str:
        begun = app.initiate_auth(
            **call, AuthFlow="USER_PASSWORD_AUTH", AuthParameters={"USERNAME": email, "PASSWORD": PASSWORD}
        )
        assert begun["ChallengeName"] == "MFA_SETUP"
        return str(begun["Session"])

    def finish(session: str, challenge: str = "MFA_SETUP", **responses: str) -> Any:
        return app.respond_to_auth_challenge(
            **call, ChallengeName=challenge, Session=session, ChallengeResponses={"USERNAME": email, **responses}
        )

    assert refusal(finish, session=waiting()).code == "InvalidParameterException"
    associated = app.associate_software_token(Session=waiting())
    assert refusal(finish, session=associated["Session"]).code == "InvalidParameterException"
    code = pyotp.TOTP(associated["SecretCode"]).at(int(cloud.now()))
    assert refusal(app.verify_software_token, Session=associated["Session"], UserCode=another_code(code)).code == (
        "EnableSoftwareTokenMFAException"
    )
    assert refusal(finish, session=associated["Session"]).code == "InvalidParameterException"
    for challenge in ("SOFTWARE_TOKEN_MFA", "NEW_PASSWORD_REQUIRED"):
        assert refusal(
            finish,
            session=waiting(),
            challenge=challenge,
            SOFTWARE_TOKEN_MFA_CODE=code,
            NEW_PASSWORD=NEW_PASSWORD,
        ).code == ("NotAuthorizedException")
    verified = app.verify_software_token(Session=associated["Session"], UserCode=code)
    assert refusal(finish, session=associated["Session"]).code == "NotAuthorizedException"
    assert finish(verified["Session"])["AuthenticationResult"]["AccessToken"]


def invite(cloud: LocalCloud, email: str) -> str:
    """An administrator makes a user; the temporary password, as the invitation has it."""
    root_client(cloud, "cognito-idp").admin_create_user(
        UserPoolId=cloud.outputs["UserPoolId"],
        Username=email,
        UserAttributes=[{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}],
        DesiredDeliveryMediums=["EMAIL"],
    )
    return cloud.code(email)


def test_an_invited_user_chooses_a_password(cloud: LocalCloud, person: Person) -> None:
    email = f"invited-{person.email}"
    temporary = invite(cloud, email)
    asked: list[str] = []

    def answer(password: str) -> Callable[[Ask], str]:
        def choose(ask: Ask) -> str:
            asked.append(ask.kind)
            return password

        return choose

    with pytest.raises(NotAuthorized):
        person.client.sign_in(email, PASSWORD, answer(NEW_PASSWORD))
    assert asked == []
    with pytest.raises(PasswordPolicy):
        person.client.sign_in(email, temporary, answer("weak"))
    signed_in = person.client.sign_in(email, temporary, answer(NEW_PASSWORD))
    assert asked == ["new_password", "new_password"]
    assert claims_of(signed_in.tokens.id_token)["role"] == "user", "pre token generation runs for invited users too"
    assert not may_sign_in(person, email, temporary)
    assert may_sign_in(person, email, NEW_PASSWORD)


def test_a_temporary_password_ends(cloud: LocalCloud, person: Person) -> None:
    email = f"invited-{person.email}"
    temporary = invite(cloud, email)
    cloud.advance(7 * 86_400 + 1)
    with pytest.raises(NotAuthorized, match="Temporary password has expired"):
        person.client.sign_in(email, temporary, lambda ask: NEW_PASSWORD)
