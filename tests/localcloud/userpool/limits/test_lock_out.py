"""Who guesses waits longer and longer, also for a name that nobody has; codes are asked for and entered so often."""

from __future__ import annotations

from collections.abc import Callable

import pyotp
import pytest

from localcloud.errors import AwsError
from localcloud.userpool.limits import lock_out
from localcloud.userpool.sign_in_state import Attempts
from tests.localcloud.userpool.conftest import PASSWORD, START, TRIGGER, Api
from tests.localcloud.userpool.sign_ins import EMAIL, Door

WRONG = "Wrong1!horse"
TOO_MANY = "Password attempts exceeded"


@pytest.fixture
def door(api: Api) -> Door:
    opened = Door.open(api)
    opened.user(email_verified="true")
    return opened


def by_srp(door: Door, name: str, password: str) -> None:
    door.begin("USER_SRP_AUTH", name, SRP_A="new")
    door.prove(name, password)


def by_admin(door: Door, name: str, password: str) -> None:
    request = {"UserPoolId": door.pool, "ClientId": door.client, "AuthFlow": "ADMIN_USER_PASSWORD_AUTH"}
    door.api("AdminInitiateAuth", **request, AuthParameters={"USERNAME": name, "PASSWORD": password})


def by_choice(door: Door, name: str, password: str) -> None:
    door.begin("USER_AUTH", name, PREFERRED_CHALLENGE="PASSWORD", PASSWORD=password)


def by_password(door: Door, name: str, password: str) -> None:
    door.by_password(name, password)


WAYS = [by_password, by_srp, by_admin, by_choice]


def said(door: Door, way: Callable[[Door, str, str], None], name: str, password: str) -> str:
    with pytest.raises(AwsError) as caught:
        way(door, name, password)
    return caught.value.message


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ["ada", "nobody"])
def test_attack_guessing_a_password_and_asking_by_that_who_exists(
    door: Door, way: Callable[[Door, str, str], None], name: str
) -> None:
    for _ in range(5):
        assert said(door, way, name, WRONG) == "Incorrect username or password."
    for every in WAYS:
        assert said(door, every, name, PASSWORD) == TOO_MANY
    door.api.cloud.clock.advance(1)
    assert said(door, way, name, WRONG) == "Incorrect username or password."


def test_a_lock_out_doubles_up_to_a_quarter_of_an_hour(door: Door) -> None:
    for _ in range(4):
        assert said(door, by_password, "ada", WRONG) != TOO_MANY
    now, seconds = door.api.cloud.clock, []
    for expected in (1, 2, 4, 8, 16, 32, 64, 128, 256, 512):
        assert said(door, by_password, "ada", WRONG) != TOO_MANY
        now.advance(expected - 0.5)
        seconds.append(said(door, by_password, "ada", WRONG) == TOO_MANY)
        now.advance(0.5)
    assert all(seconds)
    assert said(door, by_password, "ada", WRONG) != TOO_MANY
    now.advance(899.5)
    assert said(door, by_password, "ada", PASSWORD) == TOO_MANY
    now.advance(0.5)
    assert door.by_password()["AuthenticationResult"]


def test_a_sign_in_and_a_quiet_quarter_of_an_hour_forget_it_all(door: Door) -> None:
    for end in (lambda: door.by_password(), lambda: door.api.cloud.clock.advance(900)):
        for _ in range(5):
            said(door, by_password, "ada", WRONG)
        door.api.cloud.clock.advance(1)
        end()
        for _ in range(4):
            assert said(door, by_password, "ada", WRONG) != TOO_MANY
        assert door.by_password()["AuthenticationResult"]


def test_who_goes_on_trying_is_not_forgotten(door: Door) -> None:
    for _ in range(6):
        said(door, by_password, "ada", WRONG)
        door.api.cloud.clock.advance(1)
    assert said(door, by_password, "ada", WRONG) == TOO_MANY
    door.api.cloud.clock.advance(899.5)
    assert said(door, by_password, "ada", WRONG) != TOO_MANY
    assert said(door, by_password, "ada", PASSWORD) == TOO_MANY


def test_attack_many_guesses_at_once_before_the_first_is_counted(door: Door) -> None:
    ctx, sub = door.api.context, door.api.stored_user(door.pool, "ada").sub
    guess = (ctx, door.pool, sub, lock_out.PASSWORD)
    for _ in range(8):
        lock_out.check(*guess)
    for _ in range(5):
        lock_out.settle(*guess, right=False)
    with door.api.refused("NotAuthorizedException", TOO_MANY):
        lock_out.settle(*guess, right=True)


def test_a_lock_out_outlives_the_server_and_is_one_users_only(door: Door) -> None:
    door.user("bob", email="bob@example.com")
    for _ in range(5):
        said(door, by_password, "ada", WRONG)
    kept = door.api.cloud.store.get(Attempts, door.pool, door.api.stored_user(door.pool, "ada").sub, lock_out.PASSWORD)
    assert kept is not None
    assert kept.until == door.api.cloud.clock.now() + 1
    assert door.by_password("bob")["AuthenticationResult"]


def test_attack_guessing_the_second_factor_of_a_known_password_in_session_after_session(door: Door) -> None:
    door.second("OPTIONAL")
    secret = door.with_app()
    door.prefer(SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True})
    for _ in range(5):
        assert door.by_password()["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
        with door.api.refused("CodeMismatchException"):
            door.answer("SOFTWARE_TOKEN_MFA", SOFTWARE_TOKEN_MFA_CODE="000000")
    door.by_password()
    right = pyotp.TOTP(secret).at(int(START))
    with door.api.refused("NotAuthorizedException", TOO_MANY):
        door.answer("SOFTWARE_TOKEN_MFA", SOFTWARE_TOKEN_MFA_CODE=right)
    door.api.cloud.clock.advance(1)
    door.by_password()
    assert door.answer("SOFTWARE_TOKEN_MFA", SOFTWARE_TOKEN_MFA_CODE=right)["AuthenticationResult"]


@pytest.mark.parametrize("name", ["ada", "nobody@example.com"])
def test_attack_guessing_a_code_that_signs_in_by_itself(door: Door, name: str) -> None:
    for _ in range(5):
        door.begin("USER_AUTH", name, PREFERRED_CHALLENGE="EMAIL_OTP")
        with door.api.refused("CodeMismatchException"):
            door.answer("EMAIL_OTP", name, EMAIL_OTP_CODE="00000000")
    door.begin("USER_AUTH", name, PREFERRED_CHALLENGE="EMAIL_OTP")
    code = door.code(EMAIL) if name == "ada" else "00000000"
    with door.api.refused("NotAuthorizedException", TOO_MANY):
        door.answer("EMAIL_OTP", name, EMAIL_OTP_CODE=code)


@pytest.mark.parametrize("name", ["ada", "nobody"])
def test_attack_a_new_code_whenever_the_guesses_of_one_are_used_up(door: Door, name: str) -> None:
    request = {"ClientId": door.client, "Username": name}
    for _ in range(5):
        door.api("ForgotPassword", **request)
        for _ in range(3):
            with door.api.refused("CodeMismatchException"):
                door.api("ConfirmForgotPassword", **request, ConfirmationCode="guess", Password=WRONG)
    with door.api.refused("LimitExceededException", "Attempt limit exceeded"):
        door.api("ForgotPassword", **request)
    with door.api.refused("LimitExceededException", "Attempt limit exceeded"):
        door.api("ConfirmForgotPassword", **request, ConfirmationCode="guess", Password=WRONG)
    door.api.cloud.clock.advance(3600)
    assert door.api("ForgotPassword", **request)["CodeDeliveryDetails"]


def test_attack_a_stolen_access_token_and_a_guessed_old_password(door: Door) -> None:
    access = door.by_password()["AuthenticationResult"]["AccessToken"]
    for _ in range(5):
        with door.api.refused("NotAuthorizedException", "Incorrect username or password."):
            door.api("ChangePassword", AccessToken=access, PreviousPassword=WRONG, ProposedPassword="Third1!horse")
    with door.api.refused("LimitExceededException", "Attempt limit exceeded"):
        door.api("ChangePassword", AccessToken=access, PreviousPassword=PASSWORD, ProposedPassword="Third1!horse")
    assert door.by_password()["AuthenticationResult"]


def test_attack_guessing_what_another_directory_answers_to(api: Api) -> None:
    door = Door.open(api, LambdaConfig={"UserMigration": TRIGGER})
    api.triggers.errors["UserMigration_Authentication"] = "wrong password"
    for _ in range(5):
        assert said(door, by_password, "carol", WRONG) != TOO_MANY
    asked = len(api.triggers.events)
    assert said(door, by_password, "carol", WRONG) == TOO_MANY
    assert len(api.triggers.events) == asked


def test_what_is_counted_goes_with_the_user(door: Door) -> None:
    said(door, by_password, "ada", WRONG)
    door.api("AdminDeleteUser", UserPoolId=door.pool, Username="ada")
    assert door.api.cloud.store.count(Attempts, pool_id=door.pool) == 0
