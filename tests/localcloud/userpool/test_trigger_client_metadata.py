"""ClientMetadata: each call's reaches the triggers that AWS passes it to, under AWS's name, and no others.

Source: API reference, `ClientMetadata` of each operation; Cognito developer guide, the parameters of each trigger.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.localcloud.userpool.conftest import PASSWORD, TRIGGER, Api, pairs
from tests.localcloud.userpool.sign_ins import ASK, CUSTOM, DONE, EMAIL, PHONE, SES, Door, Script
from tests.localcloud.userpool.test_encrypted_codes import KEY, Kms

GIVEN = {"app": "web"}
MIGRATED = {"userAttributes": {"email": EMAIL, "email_verified": "true"}, "finalUserStatus": "CONFIRMED"}
TRIGGERS = (
    *("PreSignUp", "PostConfirmation", "PreAuthentication", "PostAuthentication", "CustomMessage"),
    *("PreTokenGeneration", "UserMigration"),
)
SENDER = {"LambdaVersion": "V1_0", "LambdaArn": TRIGGER}
SENDERS = {"CustomEmailSender": SENDER, "CustomSMSSender": SENDER, "KMSKeyID": KEY}

Reached = dict[str, tuple[str, ...]]


class Pool(Door):
    """A door whose calls carry ClientMetadata from `listen` on."""

    def listen(self) -> None:
        self.api.triggers.events.clear()

    def app(self, operation: str, **params: Any) -> dict[str, Any]:
        named = {"ClientId": self.client, "ClientMetadata": GIVEN}
        return self.api(operation, **{**named, **params})

    def admin(self, operation: str, **params: Any) -> dict[str, Any]:
        return self.api(operation, UserPoolId=self.pool, Username="ada", ClientMetadata=GIVEN, **params)

    def initiate(self, flow: str, **parameters: str) -> dict[str, Any]:
        self.last = self.app("InitiateAuth", AuthFlow=flow, AuthParameters={"USERNAME": "ada", **parameters})
        return self.last

    def respond(self, challenge: str, **responses: str) -> dict[str, Any]:
        answer = {"ChallengeName": challenge, "ChallengeResponses": {"USERNAME": "ada", **responses}}
        self.last = self.app("RespondToAuthChallenge", Session=self.last["Session"], **answer)
        return self.last

    def reached(self) -> Reached:
        """Which triggers have heard of it since, and in which parts of their request."""
        return {
            event["triggerSource"]: tuple(name for name, value in sorted(event["request"].items()) if value == GIVEN)
            for event in self.api.triggers.events
        }


def pool_of(api: Api, **config: Any) -> Pool:
    triggers = {**dict.fromkeys(TRIGGERS, TRIGGER), **config}
    door = Pool.open(api, LambdaConfig=triggers, AutoVerifiedAttributes=["email"], EmailConfiguration=SES)
    assert isinstance(door, Pool)
    return door


def unconfirmed(door: Pool) -> None:
    attributes = pairs(email=EMAIL)
    door.api("SignUp", ClientId=door.client, Username="ada", Password=PASSWORD, UserAttributes=attributes)


def sign_up(door: Pool) -> None:
    door.listen()
    door.app("SignUp", Username="ada", Password=PASSWORD, UserAttributes=pairs(email=EMAIL))


def confirmed_sign_up(door: Pool) -> None:
    door.api.triggers.answers["PreSignUp_SignUp"] = {"autoConfirmUser": True}
    sign_up(door)


def admin_create(door: Pool) -> None:
    door.listen()
    door.admin("AdminCreateUser", UserAttributes=pairs(email=EMAIL), DesiredDeliveryMediums=["EMAIL"])


def confirm(door: Pool) -> None:
    unconfirmed(door)
    door.listen()
    door.app("ConfirmSignUp", Username="ada", ConfirmationCode=door.code(EMAIL))


def admin_confirm(door: Pool) -> None:
    unconfirmed(door)
    door.listen()
    door.admin("AdminConfirmSignUp")


def resend(door: Pool) -> None:
    unconfirmed(door)
    door.listen()
    door.app("ResendConfirmationCode", Username="ada")


def forgot(door: Pool) -> None:
    door.user(email_verified="true")
    door.listen()
    door.app("ForgotPassword", Username="ada")


def forgot_elsewhere(door: Pool) -> None:
    door.api.triggers.answers["UserMigration_ForgotPassword"] = {**MIGRATED, "messageAction": "SUPPRESS"}
    door.listen()
    door.app("ForgotPassword", Username="ada")


def confirm_forgot(door: Pool) -> None:
    door.user(email_verified="true")
    door.api("ForgotPassword", ClientId=door.client, Username="ada")
    code = door.code(EMAIL)
    door.listen()
    door.app("ConfirmForgotPassword", Username="ada", ConfirmationCode=code, Password=PASSWORD)


def admin_reset(door: Pool) -> None:
    door.user(email_verified="true")
    door.listen()
    door.admin("AdminResetUserPassword")


def update(door: Pool) -> None:
    door.user()
    token = door.by_password()["AuthenticationResult"]["AccessToken"]
    door.listen()
    changed = pairs(email="bob@example.com")
    door.api("UpdateUserAttributes", AccessToken=token, UserAttributes=changed, ClientMetadata=GIVEN)
    door.api("GetUserAttributeVerificationCode", AccessToken=token, AttributeName="email", ClientMetadata=GIVEN)


def initiate(door: Pool) -> None:
    door.user()
    door.listen()
    door.initiate("USER_PASSWORD_AUTH", PASSWORD=PASSWORD)


def admin_initiate(door: Pool) -> None:
    door.user()
    door.listen()
    parameters = {"USERNAME": "ada", "PASSWORD": PASSWORD}
    named = {"UserPoolId": door.pool, "AuthFlow": "ADMIN_USER_PASSWORD_AUTH", "AuthParameters": parameters}
    door.app("AdminInitiateAuth", **named)


def initiate_elsewhere(door: Pool) -> None:
    door.api.triggers.answers["UserMigration_Authentication"] = MIGRATED
    door.listen()
    door.initiate("USER_PASSWORD_AUTH", PASSWORD=PASSWORD)


def initiate_by_code(door: Pool) -> None:
    door.user(email_verified="true")
    door.listen()
    door.initiate("USER_AUTH", PREFERRED_CHALLENGE="EMAIL_OTP")


def respond(door: Pool) -> None:
    door.user(email_verified="true")
    door.initiate("USER_AUTH", PREFERRED_CHALLENGE="EMAIL_OTP")
    code = door.code(EMAIL)
    door.listen()
    door.respond("EMAIL_OTP", EMAIL_OTP_CODE=code)


def respond_with_a_second_factor(door: Pool) -> None:
    door.second("OPTIONAL", "Sms")
    door.user(phone_number=PHONE, phone_number_verified="true")
    door.prefer(SMSMfaSettings={"Enabled": True, "PreferredMfa": True})
    door.begin("USER_AUTH")
    door.listen()
    door.respond("SELECT_CHALLENGE", ANSWER="PASSWORD", PASSWORD=PASSWORD)


def refresh(door: Pool) -> None:
    door.user()
    token = door.by_password()["AuthenticationResult"]["RefreshToken"]
    door.listen()
    door.app("InitiateAuth", AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters={"REFRESH_TOKEN": token})


def get_tokens(door: Pool) -> None:
    door.api("UpdateUserPoolClient", UserPoolId=door.pool, ClientId=door.client, ExplicitAuthFlows=FLOWS)
    door.user()
    token = door.by_password()["AuthenticationResult"]["RefreshToken"]
    door.listen()
    door.app("GetTokensFromRefreshToken", RefreshToken=token)


FLOWS = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
PRE, POST = "PreAuthentication_Authentication", "PostAuthentication_Authentication"
TOKEN = "TokenGeneration_Authentication"
CLIENT, VALIDATION, NONE = ("clientMetadata",), ("validationData",), ()

CALLS: Mapping[Callable[[Pool], None], Reached] = {
    sign_up: {"PreSignUp_SignUp": CLIENT, "CustomMessage_SignUp": CLIENT},
    confirmed_sign_up: {"PreSignUp_SignUp": CLIENT, "PostConfirmation_ConfirmSignUp": CLIENT},
    admin_create: {"PreSignUp_AdminCreateUser": CLIENT, "CustomMessage_AdminCreateUser": CLIENT},
    confirm: {"PostConfirmation_ConfirmSignUp": CLIENT},
    admin_confirm: {"PostConfirmation_ConfirmSignUp": CLIENT},
    resend: {"CustomMessage_ResendCode": CLIENT},
    forgot: {"CustomMessage_ForgotPassword": CLIENT},
    forgot_elsewhere: {"UserMigration_ForgotPassword": CLIENT, "CustomMessage_ForgotPassword": CLIENT},
    confirm_forgot: {"PostConfirmation_ConfirmForgotPassword": CLIENT},
    admin_reset: {"CustomMessage_ForgotPassword": CLIENT},
    update: {"CustomMessage_UpdateUserAttribute": CLIENT, "CustomMessage_VerifyUserAttribute": CLIENT},
    initiate: {PRE: VALIDATION, POST: NONE, TOKEN: NONE},
    admin_initiate: {PRE: VALIDATION, POST: NONE, TOKEN: NONE},
    initiate_elsewhere: {
        "UserMigration_Authentication": VALIDATION,
        "CustomMessage_AdminCreateUser": NONE,
        PRE: VALIDATION,
        POST: NONE,
        TOKEN: NONE,
    },
    initiate_by_code: {PRE: VALIDATION, "CustomMessage_Authentication": NONE},
    respond: {POST: CLIENT, TOKEN: CLIENT},
    respond_with_a_second_factor: {"CustomMessage_Authentication": CLIENT},
    refresh: {"TokenGeneration_RefreshTokens": NONE},
    get_tokens: {"TokenGeneration_RefreshTokens": CLIENT},
}


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.__name__)
@pytest.mark.parametrize("by_sender", [False, True], ids=["custom_message", "custom_sender"])
def test_it_reaches_these_triggers_in_this_order(api: Api, call: Callable[[Pool], None], by_sender: bool) -> None:
    api.cloud.data_key = Kms()
    door = pool_of(api, **(SENDERS if by_sender else {}))
    call(door)
    expected = dict(CALLS[call])
    if by_sender:
        medium = "SMS" if call is respond_with_a_second_factor else "Email"
        expected = {s.replace("CustomMessage", f"Custom{medium}Sender"): where for s, where in expected.items()}
    assert list(door.reached().items()) == list(expected.items())


def test_the_triggers_of_custom_auth_hear_of_it_in_an_answer_only(api: Api) -> None:
    door = pool_of(api, **CUSTOM)
    door.user()
    script = Script(ASK, DONE)
    api.cloud.invoke = script
    door.initiate("CUSTOM_AUTH")
    door.respond("CUSTOM_CHALLENGE", ANSWER="right")
    heard = [(e["triggerSource"].partition("_")[0], "clientMetadata" in e["request"]) for e in script.events]
    assert heard == [
        ("PreAuthentication", False),
        ("DefineAuthChallenge", False),
        ("CreateAuthChallenge", False),
        ("VerifyAuthChallengeResponse", True),
        ("DefineAuthChallenge", True),
        ("PostAuthentication", True),
        ("TokenGeneration", True),
    ]
