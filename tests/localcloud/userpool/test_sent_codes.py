"""A code counts once it is sent: where the custom message trigger refuses, the one before it stays good."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.localcloud.userpool.conftest import PASSWORD, TRIGGER, Api, pairs
from tests.localcloud.userpool.sign_ins import EMAIL, SES, Door

NEW = "Another1!horse"


@pytest.fixture
def door(api: Api) -> Door:
    triggers = {"CustomMessage": TRIGGER}
    return Door.open(api, AutoVerifiedAttributes=["email"], LambdaConfig=triggers, EmailConfiguration=SES)


def refuses(door: Door, source: str, ask: Callable[[], Any]) -> str:
    """The code that was sent before the trigger refused to word another one."""
    door.api.cloud.clock.advance(1)
    ask()
    code = door.code(EMAIL)
    door.api.triggers.errors[f"CustomMessage_{source}"] = "no"
    with door.api.refused("UserLambdaValidationException"):
        ask()
    return code


def test_of_a_forgotten_password(api: Api, door: Door) -> None:
    door.user(email_verified="true")
    named = {"ClientId": door.client, "Username": "ada"}
    code = refuses(door, "ForgotPassword", lambda: api("ForgotPassword", **named))
    api("ConfirmForgotPassword", **named, ConfirmationCode=code, Password=NEW)


def test_of_one_that_an_administrator_resets(api: Api, door: Door) -> None:
    door.user(email_verified="true")
    named = {"UserPoolId": door.pool, "Username": "ada"}
    code = refuses(door, "ForgotPassword", lambda: api("AdminResetUserPassword", **named))
    api("ConfirmForgotPassword", ClientId=door.client, Username="ada", ConfirmationCode=code, Password=NEW)


def test_of_a_sign_up(api: Api, door: Door) -> None:
    named = {"ClientId": door.client, "Username": "ada"}
    api("SignUp", **named, Password=PASSWORD, UserAttributes=pairs(email=EMAIL))
    code = refuses(door, "ResendCode", lambda: api("ResendConfirmationCode", **named))
    api("ConfirmSignUp", **named, ConfirmationCode=code)


def test_of_an_address(api: Api, door: Door) -> None:
    door.user()
    access = api.sign_in(door.pool, door.client, "ada")["AccessToken"]
    about = {"AccessToken": access, "AttributeName": "email"}
    code = refuses(door, "VerifyUserAttribute", lambda: api("GetUserAttributeVerificationCode", **about))
    api("VerifyUserAttribute", **about, Code=code)


def test_of_a_sign_in(api: Api, door: Door) -> None:
    door.user()
    begun: list[dict[str, Any]] = []
    ask = lambda: begun.append(door.begin("USER_AUTH", PREFERRED_CHALLENGE="EMAIL_OTP"))  # noqa: E731
    code = refuses(door, "Authentication", ask)
    assert "AuthenticationResult" in door.answer("EMAIL_OTP", session=begun[0]["Session"], EMAIL_OTP_CODE=code)


def test_another_code_that_was_sent_takes_its_place(api: Api, door: Door) -> None:
    door.user(email_verified="true")
    named = {"ClientId": door.client, "Username": "ada"}
    api("ForgotPassword", **named)
    first = door.code(EMAIL)
    api.cloud.clock.advance(1)
    api("ForgotPassword", **named)
    with api.refused("CodeMismatchException"):
        api("ConfirmForgotPassword", **named, ConfirmationCode=first, Password=NEW)
    api("ConfirmForgotPassword", **named, ConfirmationCode=door.code(EMAIL), Password=NEW)
