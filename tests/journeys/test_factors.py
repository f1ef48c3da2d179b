"""Ways to sign in, over sockets, with the library and with boto3: codes in place of passwords, codes behind them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from auth import Ask, AuthClient
from auth.errors import CodeMismatch, NotAuthorized
from tests.journeys.people import PASSWORD, root_client, unsigned_client
from tests.journeys.pools import Pool, add_client
from tests.journeys.refusals import refusal
from tests.local_cloud import LocalCloud

SES = {"EmailSendingAccount": "DEVELOPER", "SourceArn": "arn:aws:ses:us-east-1:000000000000:identity/example.com"}
SMS = {"SnsCallerArn": "arn:aws:iam::000000000000:role/sms", "ExternalId": "x"}
FIRST = {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP", "SMS_OTP"]}}
ADMIN_ONLY = {"RecoveryMechanisms": [{"Name": "admin_only", "Priority": 1}]}


@pytest.fixture
def pool(cloud: LocalCloud) -> Pool:
    made = Pool.make(cloud, Policies=FIRST, EmailConfiguration=SES, AccountRecoverySetting=ADMIN_ONLY)
    flows = ["ALLOW_USER_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    hidden = add_client(cloud, made.id, ExplicitAuthFlows=flows, PreventUserExistenceErrors="ENABLED")
    return Pool(cloud, made.id, hidden)


def answering(pool: Pool, address: str, asked: list[str], **choices: str) -> Callable[[Ask], str]:
    """Somebody who reads its messages, and chooses."""

    def answer(ask: Ask) -> str:
        asked.append(ask.kind)
        if ask.kind.endswith("_code"):
            return pool.cloud.code(address)
        return {"password": PASSWORD, **choices}[ask.kind]

    return answer


def client_of(pool: Pool) -> AuthClient:
    return AuthClient(pool.settings, now=pool.cloud.now)


def test_a_user_signs_in_by_a_code_and_never_had_a_password(pool: Pool, email: str) -> None:
    app, asked = unsigned_client(pool.cloud, "cognito-idp"), list[str]()
    app.sign_up(ClientId=pool.client_id, Username=email)
    signed_in = client_of(pool).sign_in(
        email, answer=answering(pool, email, asked), flow="USER_AUTH", preferred="EMAIL_OTP"
    )
    assert asked == ["email_code"]
    renewed = client_of(pool).refresh(signed_in.tokens)
    assert renewed.id_token != signed_in.tokens.id_token
    factors = app.get_user_auth_factors(AccessToken=signed_in.tokens.access_token)
    assert factors["ConfiguredUserAuthFactors"] == ["EMAIL_OTP"]


def test_a_user_chooses_what_to_begin_with(pool: Pool, email: str) -> None:
    person, asked = pool.confirmed_person(email), list[str]()
    answer = answering(pool, email, asked, first_factor="PASSWORD_SRP")
    person.client.sign_in(email, answer=answer, flow="USER_AUTH")
    assert asked == ["first_factor", "password"]
    person.client.sign_in(email, answer=answering(pool, email, asked, first_factor="EMAIL_OTP"), flow="USER_AUTH")
    assert asked[2:] == ["first_factor", "email_code"]


def test_a_wrong_code_signs_nobody_in(pool: Pool, email: str) -> None:
    pool.confirmed_person(email)
    with pytest.raises(CodeMismatch):
        client_of(pool).sign_in(email, answer=lambda _: "00000000", flow="USER_AUTH", preferred="EMAIL_OTP")
    with pytest.raises((CodeMismatch, NotAuthorized)):
        client_of(pool).sign_in("nobody@example.com", answer=lambda _: "0", flow="USER_AUTH", preferred="EMAIL_OTP")


def test_codes_behind_a_password_and_a_choice_between_them(pool: Pool, email: str) -> None:
    root, person, asked = root_client(pool.cloud, "cognito-idp"), pool.confirmed_person(email), list[str]()
    phone = f"+8190{pool.cloud.code(email)}99"
    root.set_user_pool_mfa_config(
        UserPoolId=pool.id,
        MfaConfiguration="OPTIONAL",
        SmsMfaConfiguration={"SmsConfiguration": SMS},
        EmailMfaConfiguration={"Message": "Sign in with {####}", "Subject": "Your code"},
    )
    numbers = [{"Name": "phone_number", "Value": phone}]
    root.admin_update_user_attributes(UserPoolId=pool.id, Username=email, UserAttributes=numbers)
    _prefer(root, pool, email, EmailMfaSettings={"Enabled": True}, SMSMfaSettings={"Enabled": True})
    person.client.sign_in(email, PASSWORD, answering(pool, email, asked, mfa_type="EMAIL_OTP"))
    assert asked == ["mfa_type", "email_code"]
    _prefer(root, pool, email, SMSMfaSettings={"Enabled": True, "PreferredMfa": True})
    person.client.sign_in(email, PASSWORD, answering(pool, phone, asked))
    assert asked[2:] == ["sms_code"]
    app = unsigned_client(pool.cloud, "cognito-idp")
    begun = app.initiate_auth(ClientId=pool.client_id, AuthFlow="USER_AUTH", AuthParameters={"USERNAME": email})
    assert begun["AvailableChallenges"] == ["PASSWORD", "PASSWORD_SRP"]


def test_a_flow_that_the_client_does_not_allow_is_refused(pool: Pool, email: str) -> None:
    app = unsigned_client(pool.cloud, "cognito-idp")
    about: dict[str, Any] = {"ClientId": pool.client_id, "AuthParameters": {"USERNAME": email}}
    assert refusal(app.initiate_auth, AuthFlow="CUSTOM_AUTH", **about).code == "InvalidParameterException"


def _prefer(root: Any, pool: Pool, email: str, **settings: dict[str, bool]) -> None:
    root.admin_set_user_mfa_preference(UserPoolId=pool.id, Username=email, **settings)
