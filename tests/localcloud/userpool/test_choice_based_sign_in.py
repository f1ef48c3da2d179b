"""USER_AUTH: what a user may begin with, how it is chosen, and that a stranger's name looks like anybody's."""

from __future__ import annotations

import pytest

from tests.localcloud.userpool.conftest import PASSWORD, Api
from tests.localcloud.userpool.sign_ins import EMAIL, PHONE, Door

ALL = ["PASSWORD", "PASSWORD_SRP", "EMAIL_OTP", "SMS_OTP"]


@pytest.fixture
def door(api: Api) -> Door:
    return Door.open(api)


def offered(door: Door, name: str = "ada") -> list[str]:
    answer = door.begin("USER_AUTH", name)
    assert answer["ChallengeName"] == "SELECT_CHALLENGE"
    challenges: list[str] = answer["AvailableChallenges"]
    return challenges


def test_a_user_is_offered_what_the_pool_allows_and_the_user_has(door: Door) -> None:
    door.user()
    assert offered(door) == ALL
    door.passwordless("bob", email="bob@example.com", phone_number="")
    assert offered(door, "bob") == ["EMAIL_OTP"]


def test_a_pool_of_passwords_offers_nothing_else(api: Api) -> None:
    door = Door.open(api, first=["PASSWORD"])
    door.user()
    assert offered(door) == ["PASSWORD", "PASSWORD_SRP"]


def test_whoever_has_a_second_factor_begins_with_a_password(door: Door) -> None:
    """Source: developer guide, "Things to know about user pool MFA"."""
    door.user()
    door.second("OPTIONAL")
    assert offered(door) == ALL
    door.prefer(SMSMfaSettings={"Enabled": True})
    assert offered(door) == ["PASSWORD", "PASSWORD_SRP"]


def test_a_password_in_one_call(door: Door) -> None:
    door.user()
    assert "AuthenticationResult" in door.begin("USER_AUTH", PREFERRED_CHALLENGE="PASSWORD", PASSWORD=PASSWORD)


def test_a_preferred_challenge_is_asked_at_once(door: Door) -> None:
    door.user()
    assert door.begin("USER_AUTH", PREFERRED_CHALLENGE="PASSWORD")["ChallengeName"] == "PASSWORD"
    assert "AuthenticationResult" in door.answer("PASSWORD", PASSWORD=PASSWORD)
    assert (
        door.begin("USER_AUTH", PREFERRED_CHALLENGE="PASSWORD_SRP", SRP_A="new")["ChallengeName"] == "PASSWORD_VERIFIER"
    )
    assert "AuthenticationResult" in door.prove()


@pytest.mark.parametrize(
    ("preferred", "asked"),
    [
        ("PASSWORD", "PASSWORD"),
        ("PASSWORD_SRP", "PASSWORD_VERIFIER"),
        ("EMAIL_OTP", "EMAIL_OTP"),
        ("", "SELECT_CHALLENGE"),
    ],
)
def test_the_first_answer_says_what_there_is_to_choose_from(door: Door, preferred: str, asked: str) -> None:
    """Source: API reference, InitiateAuth, examples 1 and 2."""
    door.user()
    parameters = {"PREFERRED_CHALLENGE": preferred} if preferred else {}
    answer = door.begin("USER_AUTH", **parameters, **({"SRP_A": "new"} if preferred == "PASSWORD_SRP" else {}))
    assert (answer["ChallengeName"], answer["AvailableChallenges"]) == (asked, ALL)
    assert answer["Session"]


def test_behind_the_first_factor_there_is_nothing_to_choose_from(door: Door) -> None:
    door.user()
    done = door.begin("USER_AUTH", PREFERRED_CHALLENGE="PASSWORD", PASSWORD=PASSWORD)
    assert "AvailableChallenges" not in done
    assert "AvailableChallenges" not in door.by_password()


def test_a_password_verifier_has_a_session_but_in_the_flow_of_srp_alone(door: Door) -> None:
    """Source: developer guide, "Authentication flows"; ministackorg/ministack#1758."""
    door.user()
    begun = door.begin("USER_AUTH", PREFERRED_CHALLENGE="PASSWORD_SRP", SRP_A="new")
    assert len(begun["Session"]) <= 2048
    assert "AuthenticationResult" in door.prove()
    begun = door.begin("USER_SRP_AUTH", SRP_A="new")
    assert "Session" not in begun
    assert "AuthenticationResult" in door.prove()


def test_a_preferred_challenge_that_the_user_cannot_be_asked_leads_to_the_choice(door: Door) -> None:
    door.user(phone_number="")
    answer = door.begin("USER_AUTH", PREFERRED_CHALLENGE="SMS_OTP")
    assert (answer["ChallengeName"], answer["AvailableChallenges"]) == ("SELECT_CHALLENGE", ALL[:3])


def test_the_choice_may_answer_the_challenge_as_well(door: Door) -> None:
    door.user()
    door.begin("USER_AUTH")
    assert "AuthenticationResult" in door.answer("SELECT_CHALLENGE", ANSWER="PASSWORD", PASSWORD=PASSWORD)
    door.begin("USER_AUTH")
    assert door.answer("SELECT_CHALLENGE", ANSWER="PASSWORD_SRP", SRP_A="new")["ChallengeName"] == "PASSWORD_VERIFIER"
    assert "AuthenticationResult" in door.prove()


def test_a_password_challenge_may_be_answered_without_choosing_it(door: Door) -> None:
    door.user()
    door.begin("USER_AUTH")
    assert "AuthenticationResult" in door.answer("PASSWORD", PASSWORD=PASSWORD)
    door.begin("USER_AUTH")
    door.answer("PASSWORD_SRP", SRP_A="new")
    assert "AuthenticationResult" in door.prove()


def test_a_choice_without_its_answer_asks_for_it(door: Door) -> None:
    door.user()
    door.begin("USER_AUTH")
    assert door.answer("SELECT_CHALLENGE", ANSWER="PASSWORD_SRP")["ChallengeName"] == "PASSWORD_SRP"
    assert door.answer("PASSWORD_SRP", SRP_A="new")["ChallengeName"] == "PASSWORD_VERIFIER"


@pytest.mark.parametrize(("factor", "address"), [("EMAIL_OTP", EMAIL), ("SMS_OTP", PHONE)])
def test_a_code_signs_in_and_verifies_its_address(door: Door, factor: str, address: str) -> None:
    door.user()
    door.begin("USER_AUTH")
    asked = door.answer("SELECT_CHALLENGE", ANSWER=factor)
    assert asked["ChallengeName"] == factor
    medium, destination = ("EMAIL", "a***@e***") if factor == "EMAIL_OTP" else ("SMS", "+********5678")
    assert asked["ChallengeParameters"]["CODE_DELIVERY_DELIVERY_MEDIUM"] == medium
    assert asked["ChallengeParameters"]["CODE_DELIVERY_DESTINATION"] == destination
    code = door.code(address)
    assert len(code) == 8
    assert "AuthenticationResult" in door.answer(factor, **{f"{factor}_CODE": code})
    name = "email" if factor == "EMAIL_OTP" else "phone_number"
    assert door.api.stored_user(door.pool, "ada").attributes[f"{name}_verified"] == "true"


def test_a_code_confirms_an_account_that_waits_for_that(door: Door) -> None:
    door.user()
    door.change("ada", status="UNCONFIRMED")
    door.begin("USER_AUTH", PREFERRED_CHALLENGE="EMAIL_OTP")
    assert "AuthenticationResult" in door.answer("EMAIL_OTP", EMAIL_OTP_CODE=door.code(EMAIL))
    assert door.api.stored_user(door.pool, "ada").status == "CONFIRMED"


def test_imported_users_need_no_password_but_those_whose_password_was_reset_do(door: Door) -> None:
    door.passwordless()
    door.change("ada", status="RESET_REQUIRED")
    door.begin("USER_AUTH", PREFERRED_CHALLENGE="EMAIL_OTP")
    assert "AuthenticationResult" in door.answer("EMAIL_OTP", EMAIL_OTP_CODE=door.code(EMAIL))
    door.user("bob", email="bob@example.com")
    door.change("bob", status="RESET_REQUIRED")
    door.begin("USER_AUTH", "bob", PREFERRED_CHALLENGE="EMAIL_OTP")
    with door.api.refused("PasswordResetRequiredException"):
        door.answer("EMAIL_OTP", "bob", EMAIL_OTP_CODE=door.code("bob@example.com"))


def test_a_disabled_user_is_told_so_behind_the_code_only(door: Door) -> None:
    door.user()
    door.api("AdminDisableUser", UserPoolId=door.pool, Username="ada")
    door.begin("USER_AUTH", PREFERRED_CHALLENGE="EMAIL_OTP")
    with door.api.refused("NotAuthorizedException", "User is disabled."):
        door.answer("EMAIL_OTP", EMAIL_OTP_CODE=door.code(EMAIL))


def test_a_temporary_password_has_to_be_used(door: Door) -> None:
    door.api.make_user(door.pool, "bob", TemporaryPassword=PASSWORD, MessageAction="SUPPRESS")
    door.change("bob", attributes={"sub": "x", "email": "bob@example.com"})
    assert offered(door, "bob") == ["PASSWORD", "PASSWORD_SRP"]
    asked = door.begin("USER_AUTH", "bob", PREFERRED_CHALLENGE="PASSWORD", PASSWORD=PASSWORD)
    assert asked["ChallengeName"] == "NEW_PASSWORD_REQUIRED"


def test_only_an_offered_challenge_can_be_chosen(door: Door) -> None:
    """Attack: choosing a factor that asks for nothing, or one that the pool does not allow."""
    door.user(phone_number="")
    door.begin("USER_AUTH")
    for choice in ("SMS_OTP", "WEB_AUTHN", "CUSTOM_CHALLENGE", "", "SELECT_CHALLENGE"):
        with door.api.refused("InvalidParameterException"):
            door.answer("SELECT_CHALLENGE", ANSWER=choice)


def test_a_session_takes_the_answer_to_its_own_challenge_only(door: Door) -> None:
    """Attack: answering the choice with a second factor, or a code's session with a password."""
    door.user()
    door.begin("USER_AUTH")
    for challenge in ("EMAIL_OTP", "SOFTWARE_TOKEN_MFA", "SMS_MFA", "CUSTOM_CHALLENGE"):
        with door.api.refused("NotAuthorizedException", "Invalid session"):
            door.answer(challenge, EMAIL_OTP_CODE="1", PASSWORD=PASSWORD)
    door.begin("USER_AUTH", PREFERRED_CHALLENGE="EMAIL_OTP")
    with door.api.refused("NotAuthorizedException", "Invalid session"):
        door.answer("PASSWORD", PASSWORD=PASSWORD)


def test_a_stranger_sees_what_somebody_would_see(api: Api) -> None:
    """Attack: telling by the offer, the masked address or the refusal that nobody has this name."""
    door = Door.open(api, UsernameAttributes=["email", "phone_number"], UsernameConfiguration={"CaseSensitive": False})
    first = offered(door, "nobody@example.com")
    assert first == offered(door, "Nobody@example.com")
    assert set(first) <= set(ALL)
    assert {"PASSWORD", "PASSWORD_SRP", "EMAIL_OTP"} <= set(first)
    asked = door.begin("USER_AUTH", "nobody@example.com", PREFERRED_CHALLENGE="EMAIL_OTP")
    again = door.begin("USER_AUTH", "nobody@example.com", PREFERRED_CHALLENGE="EMAIL_OTP")
    assert asked["ChallengeParameters"] == again["ChallengeParameters"]
    assert asked["ChallengeParameters"]["CODE_DELIVERY_DESTINATION"] == "n***@e***"
    assert len(asked["ChallengeParameters"]["USERNAME"]) == 36
    with api.refused("CodeMismatchException"):
        door.answer("EMAIL_OTP", "nobody@example.com", EMAIL_OTP_CODE="00000000")
    with api.refused("NotAuthorizedException", "Incorrect username or password."):
        door.begin("USER_AUTH", "nobody@example.com", PREFERRED_CHALLENGE="PASSWORD", PASSWORD=PASSWORD)
    assert "SMS_OTP" in offered(door, "+819099999999")
    door.begin("USER_AUTH", "+819099999999", PREFERRED_CHALLENGE="SMS_OTP")
    assert door.last["ChallengeParameters"]["CODE_DELIVERY_DESTINATION"] == "+********9999"


def test_a_client_that_hides_nobody_says_who_is_unknown(api: Api) -> None:
    door = Door.open(api, client={"PreventUserExistenceErrors": "LEGACY"})
    with api.refused("UserNotFoundException"):
        door.begin("USER_AUTH", "nobody")


def test_a_client_has_to_allow_it_and_the_plan_as_well(api: Api) -> None:
    door = Door.open(api, client={"ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"]})
    with api.refused("InvalidParameterException", "USER_AUTH is not enabled for the client."):
        door.begin("USER_AUTH")
    lite = api.new_pool(UserPoolTier="LITE")
    with api.refused("FeatureUnavailableInTierException"):
        api.new_client(lite, ExplicitAuthFlows=["ALLOW_USER_AUTH"])
    with api.refused("FeatureUnavailableInTierException"):
        Door.open(api, UserPoolTier="LITE", EmailConfiguration={})


def test_passwordless_factors_and_required_mfa_exclude_each_other(api: Api) -> None:
    door = Door.open(api)
    with api.refused("InvalidParameterException", "AllowedFirstAuthFactors"):
        door.second("ON")
    with api.refused("InvalidParameterException", "AllowedFirstAuthFactors"):
        Door.open(api, MfaConfiguration="ON")


def test_what_a_user_may_sign_in_with_is_told(door: Door) -> None:
    door.user()
    shown = door.api("AdminGetUserAuthFactors", UserPoolId=door.pool, Username="ada")
    assert shown == {"Username": "ada", "ConfiguredUserAuthFactors": ["PASSWORD", "EMAIL_OTP", "SMS_OTP"]}
    door.with_app()
    door.second("OPTIONAL")
    door.prefer(SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True})
    tokens = door.api.sign_in(door.pool, door.client, "ada")
    assert door.api("GetUserAuthFactors", AccessToken=tokens["AccessToken"]) == {
        "Username": "ada",
        "PreferredMfaSetting": "SOFTWARE_TOKEN_MFA",
        "UserMFASettingList": ["SOFTWARE_TOKEN_MFA"],
        "ConfiguredUserAuthFactors": ["PASSWORD", "SOFTWARE_TOKEN"],
    }


def test_admin_calls_take_the_same_way(door: Door) -> None:
    door.user()
    about = {"UserPoolId": door.pool, "ClientId": door.client}
    begun = door.api("AdminInitiateAuth", **about, AuthFlow="USER_AUTH", AuthParameters={"USERNAME": "ada"})
    assert begun["AvailableChallenges"] == ALL
    answered = door.api(
        "AdminRespondToAuthChallenge",
        **about,
        ChallengeName="SELECT_CHALLENGE",
        Session=begun["Session"],
        ChallengeResponses={"USERNAME": "ada", "ANSWER": "PASSWORD", "PASSWORD": PASSWORD},
    )
    assert "AuthenticationResult" in answered
