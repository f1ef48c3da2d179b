"""Users without a password: they sign up or are made, are confirmed by their first code, and may set one later."""

from __future__ import annotations

import pytest

from tests.localcloud.userpool.conftest import PASSWORD, Api, pairs
from tests.localcloud.userpool.sign_ins import EMAIL, PHONE, Door


@pytest.fixture
def door(api: Api) -> Door:
    return Door.open(api, AutoVerifiedAttributes=["email"])


def sign_up(door: Door, name: str = "ada", **attributes: str) -> str:
    """Sign up without a password; the session."""
    attributes = attributes or {"email": EMAIL, "phone_number": PHONE}
    made = door.api("SignUp", ClientId=door.client, Username=name, UserAttributes=pairs(**attributes))
    session: str = made["Session"]
    return session


def confirm(door: Door, name: str = "ada", **more: str) -> str:
    """Confirm by the code that was mailed; the session, if there is one."""
    code = door.code(EMAIL)
    confirmed = door.api("ConfirmSignUp", ClientId=door.client, Username=name, ConfirmationCode=code, **more)
    return str(confirmed.get("Session", ""))


def begin(door: Door, session: str, name: str = "ada") -> dict[str, object]:
    """InitiateAuth with a session of a confirmation."""
    return door.api(
        "InitiateAuth",
        ClientId=door.client,
        AuthFlow="USER_AUTH",
        AuthParameters={"USERNAME": name},
        Session=session,
    )


def test_the_code_that_confirms_an_account_signs_it_in(door: Door) -> None:
    session = confirm(door, Session=sign_up(door))
    assert "AuthenticationResult" in begin(door, session)
    with door.api.refused("NotAuthorizedException", "only be used once"):
        begin(door, session)


def test_without_the_session_of_the_sign_up_there_is_none_of_the_confirmation(door: Door) -> None:
    """Attack: a code that was read over somebody's shoulder, in place of the sign-in that it confirms."""
    sign_up(door)
    assert confirm(door) == ""


def test_a_session_of_another_step_or_user_signs_nobody_in(door: Door) -> None:
    """Attack: SignUp's own session, before any code was shown, or one's own for somebody else."""
    session = sign_up(door)
    with door.api.refused("NotAuthorizedException", "Invalid session"):
        begin(door, session)
    door.user("bob", email="bob@example.com")
    confirmed = confirm(door, Session=session)
    for name in ("bob", "nobody"):
        with door.api.refused("NotAuthorizedException"):
            begin(door, confirmed, name)


def test_a_session_that_is_refused_confirms_nobody_and_leaves_the_code(door: Door) -> None:
    mine, theirs = sign_up(door), sign_up(door, "bob", email="bob@example.com")
    for wrong in (theirs, "x" * 40):
        with door.api.refused("NotAuthorizedException", "Invalid session"):
            confirm(door, Session=wrong)
    assert door.api.stored_user(door.pool, "ada").status == "UNCONFIRMED"
    assert "AuthenticationResult" in begin(door, confirm(door, Session=mine))


def test_a_session_that_is_over_signs_in_by_nothing(door: Door) -> None:
    session = sign_up(door)
    door.api.cloud.clock.advance(181)
    assert confirm(door, Session=session) == ""


def test_a_second_factor_is_not_spared(door: Door) -> None:
    session = confirm(door, Session=sign_up(door))
    door.second("OPTIONAL")
    door.prefer(SMSMfaSettings={"Enabled": True})
    with door.api.refused("NotAuthorizedException", "Incorrect username or password."):
        begin(door, session)


def test_nobody_signs_up_who_could_never_sign_in(api: Api) -> None:
    door = Door.open(api, first=["PASSWORD", "EMAIL_OTP"])
    with api.refused("InvalidParameterException", "Password is required"):
        sign_up(door, phone_number=PHONE)
    door = Door.open(api, first=["PASSWORD"])
    with api.refused("InvalidParameterException", "Password is required"):
        sign_up(door)


def test_a_user_that_an_administrator_makes_needs_no_password(door: Door) -> None:
    made = door.api.make_user(door.pool, "ada", UserAttributes=pairs(email=EMAIL))
    assert made["UserStatus"] == "CONFIRMED"
    sent = door.api.sent_to(EMAIL)[0]
    assert (sent["subject"], sent["body"], sent["code"]) == ("Your account", "Your username is ada.", "")
    door.begin("USER_AUTH", PREFERRED_CHALLENGE="EMAIL_OTP")
    assert "AuthenticationResult" in door.answer("EMAIL_OTP", EMAIL_OTP_CODE=door.code(EMAIL))
    with door.api.refused("InvalidParameterException", "Password is required"):
        door.api.make_user(door.pool, "bob")


def test_whoever_has_no_password_sets_one_without_the_old_one(door: Door) -> None:
    door.passwordless()
    tokens = door.api.sign_in(door.pool, door.client, "ada")
    change = {"AccessToken": tokens["AccessToken"], "ProposedPassword": PASSWORD}
    with door.api.refused("NotAuthorizedException"):
        door.api("ChangePassword", PreviousPassword="guessed", **change)
    door.api("ChangePassword", **change)
    assert "AuthenticationResult" in door.by_password()
    with door.api.refused("NotAuthorizedException"):
        door.api("ChangePassword", **change)
