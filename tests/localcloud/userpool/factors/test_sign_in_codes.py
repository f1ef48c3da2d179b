"""Codes of a sign-in: bound to the session that asked, short-lived, good once, void after a new one, hard to guess."""

from __future__ import annotations

import pytest

from localcloud.userpool import sessions
from tests.journeys.refusals import another_code
from tests.localcloud.userpool.conftest import TRIGGER, Api
from tests.localcloud.userpool.sign_ins import CUSTOM, EMAIL, FAIL, PHONE, Door, Script


@pytest.fixture
def door(api: Api) -> Door:
    door = Door.open(api)
    door.user()
    return door


def ask(door: Door, name: str = "ada") -> str:
    """Have a code sent; the session that waits for it."""
    session: str = door.begin("USER_AUTH", name, PREFERRED_CHALLENGE="EMAIL_OTP")["Session"]
    return session


def wrong(code: str) -> str:
    return another_code(code).zfill(8)


def test_a_code_lives_as_long_as_its_session(api: Api) -> None:
    """Source: developer guide, "SMS and email message MFA": the duration of the authentication flow session."""
    door = Door.open(api, client={"AuthSessionValidity": 15})
    door.user()
    ask(door)
    door.api.cloud.clock.advance(15 * 60 - 1)
    assert "AuthenticationResult" in door.answer("EMAIL_OTP", EMAIL_OTP_CODE=door.code(EMAIL))
    ask(door)
    door.api.cloud.clock.advance(15 * 60 + 1)
    with api.refused("NotAuthorizedException", "session is expired"):
        door.answer("EMAIL_OTP", EMAIL_OTP_CODE=door.code(EMAIL))


def test_a_code_counts_once(door: Door) -> None:
    session, code = ask(door), door.code(EMAIL)
    door.answer("EMAIL_OTP", EMAIL_OTP_CODE=code)
    with door.api.refused("NotAuthorizedException", "session can only be used once"):
        door.answer("EMAIL_OTP", session=session, EMAIL_OTP_CODE=code)


def test_a_new_code_voids_the_one_before(door: Door) -> None:
    old, code = ask(door), door.code(EMAIL)
    ask(door)
    with door.api.refused("CodeMismatchException"):
        door.answer("EMAIL_OTP", session=old, EMAIL_OTP_CODE=code)


def test_a_code_counts_in_the_session_that_asked_for_it_only(door: Door) -> None:
    """Attack: a code that was read out for one sign-in, used in another that somebody else had begun before."""
    old = ask(door)
    new, code = ask(door), door.code(EMAIL)
    with door.api.refused("CodeMismatchException"):
        door.answer("EMAIL_OTP", session=old, EMAIL_OTP_CODE=code)
    assert "AuthenticationResult" in door.answer("EMAIL_OTP", session=new, EMAIL_OTP_CODE=code)


def test_a_code_of_one_purpose_is_nothing_to_another(door: Door) -> None:
    """Attack: a first factor's code shown as the second, and a sign-in's as the one that resets the password."""
    ask(door)
    code = door.code(EMAIL)
    with door.api.refused("ExpiredCodeException"):
        door.api(
            "ConfirmForgotPassword", ClientId=door.client, Username="ada", ConfirmationCode=code, Password="Another1!h"
        )


def test_five_wrong_codes_end_it(door: Door) -> None:
    """Attack: guessing for as long as a session lives."""
    ask(door)
    code = door.code(EMAIL)
    for _ in range(sessions.MAX_FAILURES):
        with door.api.refused("CodeMismatchException"):
            door.answer("EMAIL_OTP", EMAIL_OTP_CODE=wrong(code))
    with door.api.refused("NotAuthorizedException"):
        door.answer("EMAIL_OTP", EMAIL_OTP_CODE=code)


def test_a_wrong_code_may_be_corrected(door: Door) -> None:
    ask(door)
    code = door.code(EMAIL)
    with door.api.refused("CodeMismatchException"):
        door.answer("EMAIL_OTP", EMAIL_OTP_CODE=wrong(code))
    assert "AuthenticationResult" in door.answer("EMAIL_OTP", EMAIL_OTP_CODE=code)


def test_a_code_does_not_count_for_an_address_that_was_put_in_meanwhile(door: Door) -> None:
    """Attack: having a code sent to one's own address, and then another one verified by it."""
    ask(door)
    code = door.code(EMAIL)
    attributes = [{"Name": "email", "Value": "other@example.com"}]
    door.api("AdminUpdateUserAttributes", UserPoolId=door.pool, Username="ada", UserAttributes=attributes)
    with door.api.refused("CodeMismatchException"):
        door.answer("EMAIL_OTP", EMAIL_OTP_CODE=code)


def test_strangers_use_up_guesses_and_sessions_like_anybody(door: Door) -> None:
    """Attack: telling by the fifth wrong code that nobody has this name."""
    ask(door, "ada")
    code = door.code(EMAIL)
    seen: dict[str, list[str]] = {}
    for name in ("ada", "nobody@example.com"):
        ask(door, name)
        for _ in range(sessions.MAX_FAILURES + 1):
            with pytest.raises(Exception) as caught:  # noqa: PT011
                door.answer("EMAIL_OTP", name, EMAIL_OTP_CODE=wrong(code))
            seen.setdefault(name, []).append(str(caught.value))
    assert seen["ada"] == seen["nobody@example.com"]


def test_nothing_is_sent_to_an_address_that_nobody_has(door: Door) -> None:
    ask(door, "nobody@example.com")
    assert door.api.sent_to("nobody@example.com") == []


def test_the_custom_message_trigger_words_the_code(api: Api) -> None:
    """ClientMetadata of the answer reaches it, that of the first call does not. Source: InitiateAuth."""
    door = Door.open(api, LambdaConfig={**CUSTOM, "CustomMessage": TRIGGER})
    door.user()
    api.cloud.invoke = script = Script(FAIL)
    api(
        "InitiateAuth",
        ClientId=door.client,
        AuthFlow="USER_AUTH",
        AuthParameters={"USERNAME": "ada", "PREFERRED_CHALLENGE": "EMAIL_OTP"},
        ClientMetadata={"lang": "ja"},
    )
    begun = door.begin("USER_AUTH")
    api(
        "RespondToAuthChallenge",
        ClientId=door.client,
        ChallengeName="SELECT_CHALLENGE",
        Session=begun["Session"],
        ChallengeResponses={"USERNAME": "ada", "ANSWER": "SMS_OTP"},
        ClientMetadata={"lang": "ja"},
    )
    first, second = script.events
    assert first["triggerSource"] == second["triggerSource"] == "CustomMessage_Authentication"
    assert "clientMetadata" not in first["request"]
    assert second["request"]["clientMetadata"] == {"lang": "ja"}
    assert door.code(PHONE)
