"""A sign-in that was begun and not finished: it ends with its password, and takes nothing on the way."""

from __future__ import annotations

import base64
from typing import Any

import pyotp
import pytest
from botocore.exceptions import ClientError

from tests.journeys.challenges import answer, at_second_factor, begin, totp
from tests.journeys.people import Person, root_client
from tests.journeys.refusals import code_of
from tests.local_cloud import LocalCloud

NEW = "Another-Horse-8"
TEMPORARY = "Temporary-Horse-9"


@pytest.fixture
def admin(cloud: LocalCloud) -> Any:
    return root_client(cloud, "cognito-idp")


def with_temporary_password(cloud: LocalCloud, admin: Any, email: str, **more: Any) -> Person:
    """Someone whom an administrator made."""
    admin.admin_create_user(
        UserPoolId=cloud.outputs["UserPoolId"],
        Username=email,
        TemporaryPassword=TEMPORARY,
        MessageAction="SUPPRESS",
        UserAttributes=[{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}],
        **more,
    )
    return Person(cloud, email, client=None, password=TEMPORARY)  # type: ignore[arg-type]


def test_a_new_password_ends_what_the_old_one_began(cloud: LocalCloud, app: Any, admin: Any, email: str) -> None:
    person = Person.new(cloud, email)
    waiting = at_second_factor(cloud, app, person)
    admin.admin_set_user_password(UserPoolId=cloud.outputs["UserPoolId"], Username=email, Password=NEW, Permanent=True)
    call = {"cloud": cloud, "app": app, "person": person, "session": waiting["Session"], "code": person.next_code()}
    assert code_of(totp, **call) == "NotAuthorizedException"


def test_an_old_session_cannot_choose_the_password_again(cloud: LocalCloud, app: Any, admin: Any, email: str) -> None:
    person = with_temporary_password(cloud, admin, email)
    waiting = []
    for _ in range(2):
        _, proof = begin(cloud, app, person, TEMPORARY)
        waiting.append(answer(cloud, app, "PASSWORD_VERIFIER", proof))
    theirs, hers = waiting
    responses = {"USERNAME": email, "NEW_PASSWORD": NEW}
    assert answer(cloud, app, "NEW_PASSWORD_REQUIRED", responses, Session=hers["Session"])["AuthenticationResult"]
    taken = {"USERNAME": email, "NEW_PASSWORD": "Stolen-Horse-1"}
    call = {"cloud": cloud, "app": app, "name": "NEW_PASSWORD_REQUIRED", "responses": taken}
    assert code_of(answer, **call, Session=theirs["Session"]) == "NotAuthorizedException"


def test_choosing_a_password_takes_no_other_address(cloud: LocalCloud, app: Any, admin: Any, email: str) -> None:
    person = with_temporary_password(cloud, admin, email)
    _, proof = begin(cloud, app, person, TEMPORARY)
    waiting = answer(cloud, app, "PASSWORD_VERIFIER", proof)
    responses = {"USERNAME": email, "NEW_PASSWORD": NEW, "userAttributes.email": f"ceo-{email}"}
    call = {"cloud": cloud, "app": app, "name": "NEW_PASSWORD_REQUIRED", "responses": responses}
    assert code_of(answer, **call, Session=waiting["Session"]) == "NotAuthorizedException"


def test_setting_up_an_app_does_not_keep_a_sign_in_alive(cloud: LocalCloud, app: Any, admin: Any, email: str) -> None:
    pool = admin.create_user_pool(PoolName="mfa-on")["UserPool"]["Id"]
    admin.set_user_pool_mfa_config(
        UserPoolId=pool, MfaConfiguration="ON", SoftwareTokenMfaConfiguration={"Enabled": True}
    )
    client = admin.create_user_pool_client(
        UserPoolId=pool, ClientName="app", ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"]
    )["UserPoolClient"]["ClientId"]
    admin.admin_create_user(UserPoolId=pool, Username="u", MessageAction="SUPPRESS")
    admin.admin_set_user_password(UserPoolId=pool, Username="u", Password=NEW, Permanent=True)
    parameters = {"USERNAME": "u", "PASSWORD": NEW}
    first = app.initiate_auth(ClientId=client, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters)
    assert first["ChallengeName"] == "MFA_SETUP"
    cloud.advance(100)
    secret = app.associate_software_token(Session=first["Session"])
    cloud.advance(100)
    code = pyotp.TOTP(secret["SecretCode"]).at(int(cloud.now()))
    assert code_of(app.verify_software_token, Session=secret["Session"], UserCode=code) == "NotAuthorizedException"


def test_a_challenge_does_not_tell_who_exists_by_its_length(cloud: LocalCloud, app: Any, email: str) -> None:
    person = Person.new(cloud, email)
    nobody = Person(cloud, f"x{email[1:]}", person.client)
    blocks = [begin(cloud, app, who)[0]["ChallengeParameters"]["SECRET_BLOCK"] for who in (person, nobody)]
    assert len({len(base64.b64decode(block)) for block in blocks}) == 1


def test_a_disabled_user_with_a_wrong_password_looks_like_any_other(
    cloud: LocalCloud, app: Any, admin: Any, email: str
) -> None:
    person = Person.new(cloud, email)
    admin.admin_disable_user(UserPoolId=cloud.outputs["UserPoolId"], Username=email)
    messages = []
    for who in (person, Person(cloud, f"nobody-{email}", person.client)):
        _, proof = begin(cloud, app, who, "Wrong-Horse-7")
        with pytest.raises(ClientError) as refused:
            answer(cloud, app, "PASSWORD_VERIFIER", proof)
        messages.append(refused.value.response["Error"])
    assert messages[0] == messages[1]


def test_a_code_verifies_only_the_address_it_was_sent_to(cloud: LocalCloud, app: Any, email: str) -> None:
    person = Person.new(cloud, email)
    token = person.sign_in().tokens.access_token
    own, victim = f"own-{email}", f"victim-{email}"
    app.update_user_attributes(AccessToken=token, UserAttributes=[{"Name": "email", "Value": own}])
    sent_to_own = cloud.code(own)
    app.update_user_attributes(AccessToken=token, UserAttributes=[{"Name": "email", "Value": victim}])
    if sent_to_own != cloud.code(victim):
        call = {"AccessToken": token, "AttributeName": "email", "Code": sent_to_own}
        assert code_of(app.verify_user_attribute, **call) == "CodeMismatchException"
    shown = {pair["Name"]: pair["Value"] for pair in app.get_user(AccessToken=token)["UserAttributes"]}
    assert shown["email"] == email
