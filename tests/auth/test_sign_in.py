"""The sign-in generator, driven by scripted replies: what it sends, what it asks, and what it refuses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from auth.attempt import Ask, Call, Steps
from auth.devices import Device
from auth.errors import AuthError, ChallengeUnsupported, CodeMismatch, HandshakeFailed, NotAuthorized, ResourceNotFound
from auth.models import SignedIn
from auth.sign_in import sign_in

SRP = {"SALT": "cafe", "SRP_B": "abcdef", "SECRET_BLOCK": "AAAA"}
DEVICE = Device("device-1", "group-1", "device password")
TOKENS = {"AccessToken": "access", "IdToken": "id", "RefreshToken": "refresh", "ExpiresIn": 3600}
DONE = {"AuthenticationResult": TOKENS}


def challenge(name: str, session: str | None = None, **parameters: str) -> dict[str, Any]:
    return {"ChallengeName": name, "Session": session, "ChallengeParameters": parameters}


VERIFIER = challenge("PASSWORD_VERIFIER", "s1", USERNAME="sub-1", USER_ID_FOR_SRP="sub-1", **SRP)


def start(**options: Any) -> Steps[SignedIn]:
    return sign_in("client", "eu-west-1_Abc", "Ada@example.com", "password", now=lambda: 1000.0, **options)


def play(steps: Steps[SignedIn], replies: Iterable[Any]) -> tuple[list[Call | Ask], SignedIn]:
    """Send the replies in their order (errors are thrown in); return what was yielded, and the result."""
    seen = [next(steps)]
    try:
        for reply in replies:
            seen.append(steps.throw(reply) if isinstance(reply, AuthError) else steps.send(reply))  # noqa: PERF401
    except StopIteration as stop:
        return seen, stop.value
    raise AssertionError(f"the sign-in goes on with {seen[-1]}")


def answers(seen: list[Call | Ask]) -> list[tuple[str, str | None, dict[str, str]]]:
    """(challenge, session, responses) of each RespondToAuthChallenge."""
    responds = [s.params for s in seen if isinstance(s, Call) and s.operation == "RespondToAuthChallenge"]
    return [(p["ChallengeName"], p.get("Session"), p["ChallengeResponses"]) for p in responds]


def test_a_password_alone() -> None:
    seen, signed_in = play(start(), [VERIFIER, DONE])
    first = seen[0]
    assert isinstance(first, Call)
    assert first.operation == "InitiateAuth"
    assert first.params["AuthFlow"] == "USER_SRP_AUTH"
    assert set(first.params["AuthParameters"]) == {"USERNAME", "SRP_A"}
    ((name, session, responses),) = answers(seen)
    assert (name, session, responses["USERNAME"]) == ("PASSWORD_VERIFIER", "s1", "sub-1")
    assert set(responses) == {"USERNAME", "TIMESTAMP", "PASSWORD_CLAIM_SECRET_BLOCK", "PASSWORD_CLAIM_SIGNATURE"}
    assert signed_in.device is None
    assert (signed_in.tokens.access_token, signed_in.tokens.expires_at) == ("access", 4600.0)


def test_the_latest_session_is_sent_and_none_where_none_was_given() -> None:
    without = {key: value for key, value in VERIFIER.items() if key != "Session"}
    seen, _ = play(start(), [without, challenge("SOFTWARE_TOKEN_MFA", "s2"), "123456", DONE])
    assert [(name, session) for name, session, _ in answers(seen)] == [
        ("PASSWORD_VERIFIER", None),
        ("SOFTWARE_TOKEN_MFA", "s2"),
    ]


@pytest.mark.parametrize(
    ("name", "kind"), [("SOFTWARE_TOKEN_MFA", "totp_code"), ("SMS_MFA", "sms_code"), ("EMAIL_OTP", "email_code")]
)
def test_a_code_is_asked_for(name: str, kind: str) -> None:
    asked = challenge(name, "s2", CODE_DELIVERY_DESTINATION="a***")
    seen, _ = play(start(), [VERIFIER, asked, "123456", DONE])
    assert Ask(kind, {"destination": "a***"}) in seen
    assert answers(seen)[-1] == (name, "s2", {"USERNAME": "sub-1", f"{name}_CODE": "123456"})


def test_a_new_password_and_the_attributes_that_are_missing() -> None:
    asked = challenge("NEW_PASSWORD_REQUIRED", "s2", requiredAttributes='["userAttributes.family_name", "name"]')
    seen, _ = play(start(), [VERIFIER, asked, "new password", "King", "Ada", DONE])
    assert [step for step in seen if isinstance(step, Ask)] == [
        Ask("new_password"),
        Ask("attribute", {"name": "family_name"}),
        Ask("attribute", {"name": "name"}),
    ]
    assert answers(seen)[-1][2] == {
        "USERNAME": "sub-1",
        "NEW_PASSWORD": "new password",
        "userAttributes.family_name": "King",
        "userAttributes.name": "Ada",
    }


def test_a_choice_among_second_factors() -> None:
    choose = challenge("SELECT_MFA_TYPE", "s2", MFAS_CAN_CHOOSE='["SMS_MFA", "SOFTWARE_TOKEN_MFA"]')
    replies = [VERIFIER, choose, "SOFTWARE_TOKEN_MFA", challenge("SOFTWARE_TOKEN_MFA", "s3"), "123456", DONE]
    seen, _ = play(start(), replies)
    assert Ask("mfa_type", {"choices": ("SMS_MFA", "SOFTWARE_TOKEN_MFA")}) in seen
    assert answers(seen)[1] == ("SELECT_MFA_TYPE", "s2", {"USERNAME": "sub-1", "ANSWER": "SOFTWARE_TOKEN_MFA"})


SETUP = challenge("MFA_SETUP", "s2", MFAS_CAN_SETUP='["SOFTWARE_TOKEN_MFA"]')


def test_a_second_factor_is_set_up_with_each_new_session() -> None:
    replies = [
        VERIFIER,
        SETUP,
        {"SecretCode": "SECRET", "Session": "s3"},
        "123456",
        {"Status": "SUCCESS", "Session": "s4"},
        DONE,
    ]
    seen, _ = play(start(), replies)
    associate, ask, verify = seen[2:5]
    assert associate == Call("AssociateSoftwareToken", {"Session": "s2"})
    assert isinstance(ask, Ask)
    assert ask.details["secret"] == "SECRET"
    assert str(ask.details["uri"]).startswith("otpauth://totp/eu-west-1_Abc:sub-1?secret=SECRET")
    assert verify == Call("VerifySoftwareToken", {"Session": "s3", "UserCode": "123456"})
    assert answers(seen)[-1] == ("MFA_SETUP", "s4", {"USERNAME": "sub-1"})


def test_a_set_up_that_is_not_accepted_ends() -> None:
    with pytest.raises(CodeMismatch):
        play(start(), [VERIFIER, SETUP, {"SecretCode": "SECRET", "Session": "s3"}, "1", {"Status": "ERROR"}])


@pytest.mark.parametrize("unknown", ["WEB_AUTHN", "MADE_UP", None])
def test_an_unknown_challenge_is_named(unknown: str | None) -> None:
    with pytest.raises(ChallengeUnsupported, match=str(unknown)):
        play(start(), [VERIFIER, {"ChallengeName": unknown}])


@pytest.mark.parametrize(
    ("broken", "error"),
    [
        (challenge("MFA_SETUP", MFAS_CAN_SETUP='["SMS_MFA"]'), ChallengeUnsupported),
        (challenge("MFA_SETUP", MFAS_CAN_SETUP="7"), ChallengeUnsupported),
        (challenge("SELECT_MFA_TYPE", MFAS_CAN_CHOOSE="["), ChallengeUnsupported),
        (challenge("DEVICE_PASSWORD_VERIFIER", **SRP), ChallengeUnsupported),
        (VERIFIER, HandshakeFailed),  # a second proof of the same handshake
    ],
)
def test_a_challenge_that_makes_no_sense_is_refused(broken: dict[str, Any], error: type[AuthError]) -> None:
    with pytest.raises(error):
        play(start(), [VERIFIER, broken])


def test_a_remembered_device_proves_itself_by_a_handshake_of_its_own() -> None:
    replies = [
        VERIFIER,
        challenge("DEVICE_SRP_AUTH", "s2"),
        challenge("DEVICE_PASSWORD_VERIFIER", "s3", DEVICE_KEY="device-1", **SRP),
        DONE,
    ]
    seen, signed_in = play(start(device=DEVICE), replies)
    first = seen[0]
    assert isinstance(first, Call)
    assert first.params["AuthParameters"]["DEVICE_KEY"] == "device-1"
    sent = answers(seen)
    assert [name for name, _, _ in sent] == ["PASSWORD_VERIFIER", "DEVICE_SRP_AUTH", "DEVICE_PASSWORD_VERIFIER"]
    assert {responses["DEVICE_KEY"] for _, _, responses in sent} == {"device-1"}
    assert sent[1][2]["SRP_A"] != first.params["AuthParameters"]["SRP_A"]
    assert (signed_in.device, signed_in.tokens.device_key) == (DEVICE, "device-1")


NEW = {"AuthenticationResult": TOKENS | {"NewDeviceMetadata": {"DeviceKey": "device-2", "DeviceGroupKey": "group-1"}}}


@pytest.mark.parametrize(("remember", "necessary"), [(True, True), (True, False), (False, True)])
def test_a_new_device_is_confirmed_and_remembered_if_both_wish_it(remember: bool, necessary: bool) -> None:
    wished = remember and necessary
    replies = [VERIFIER, NEW, {"UserConfirmationNecessary": necessary}] + [{}] * wished
    seen, signed_in = play(start(remember=remember, device_name="phone"), replies)
    confirm = seen[2]
    assert isinstance(confirm, Call)
    assert confirm.operation == "ConfirmDevice"
    assert set(confirm.params["DeviceSecretVerifierConfig"]) == {"Salt", "PasswordVerifier"}
    assert {**confirm.params, "DeviceSecretVerifierConfig": None} == {
        "AccessToken": "access",
        "DeviceKey": "device-2",
        "DeviceName": "phone",
        "DeviceSecretVerifierConfig": None,
    }
    status = {"AccessToken": "access", "DeviceKey": "device-2", "DeviceRememberedStatus": "remembered"}
    assert seen[3:] == [Call("UpdateDeviceStatus", status)] * wished
    assert signed_in.device is not None
    assert signed_in.device.key == signed_in.tokens.device_key == "device-2"


def test_a_device_that_was_forgotten_elsewhere_signs_in_as_a_new_one() -> None:
    gone = ResourceNotFound("Device does not exist.")
    seen, signed_in = play(start(device=DEVICE), [VERIFIER, gone, VERIFIER, NEW, {}])
    again = seen[2]
    assert isinstance(again, Call)
    assert set(again.params["AuthParameters"]) == {"USERNAME", "SRP_A"}
    assert again.params["AuthParameters"]["USERNAME"] == "Ada@example.com"
    assert signed_in.device is not None
    assert signed_in.device.key == "device-2"


def test_a_pool_that_does_not_exist_is_asked_once() -> None:
    with pytest.raises(ResourceNotFound):
        play(start(), [ResourceNotFound("no such client")])


def test_an_error_of_the_service_reaches_the_caller() -> None:
    with pytest.raises(NotAuthorized, match="Incorrect"):
        play(start(), [VERIFIER, NotAuthorized("Incorrect username or password.")])


def test_no_secret_shows_in_a_step() -> None:
    """Attack: a log line or a traceback of a step."""
    replies = [VERIFIER, SETUP, {"SecretCode": "SECRET", "Session": "s3"}, "123456", {"Status": "SUCCESS"}, NEW, {}]
    seen, signed_in = play(start(), replies)
    shown = repr(seen) + repr(signed_in)
    for secret in ("password", "SECRET", "123456", "'s3'", "'access'", "'refresh'"):
        assert secret not in shown.replace("PASSWORD", "")


OFFER = {"AvailableChallenges": ["PASSWORD", "PASSWORD_SRP", "EMAIL_OTP", "WEB_AUTHN"]}


def begin_by(flow: str, password: str = "", preferred: str = "") -> Steps[SignedIn]:
    return sign_in("client", "eu-west-1_Abc", "ada", password, flow=flow, preferred=preferred, now=lambda: 1000.0)


def test_what_to_begin_with_is_chosen_and_a_password_is_never_sent() -> None:
    choice = challenge("SELECT_CHALLENGE", "s1") | OFFER
    asked = [choice, "PASSWORD_SRP", challenge("PASSWORD_SRP", "s2"), VERIFIER, "password", DONE]
    seen, _ = play(begin_by("USER_AUTH"), asked)
    assert Ask("first_factor", {"choices": ("PASSWORD_SRP", "EMAIL_OTP")}) in seen
    assert Ask("password") in seen
    assert [(name, sorted(responses)) for name, _, responses in answers(seen)[:2]] == [
        ("SELECT_CHALLENGE", ["ANSWER", "USERNAME"]),
        ("PASSWORD_SRP", ["SRP_A", "USERNAME"]),
    ]
    assert answers(seen)[2][0] == "PASSWORD_VERIFIER"


def test_the_only_way_to_begin_is_taken_without_asking() -> None:
    offered = challenge("SELECT_CHALLENGE", "s1") | {"AvailableChallenges": ["PASSWORD", "SMS_OTP"]}
    seen, _ = play(begin_by("USER_AUTH"), [offered, challenge("SMS_OTP", "s2"), "12345678", DONE])
    assert [step.kind for step in seen if isinstance(step, Ask)] == ["sms_code"]
    with pytest.raises(ChallengeUnsupported):
        play(begin_by("USER_AUTH"), [challenge("SELECT_CHALLENGE", "s1") | {"AvailableChallenges": ["WEB_AUTHN"]}])


def test_what_is_preferred_is_said_in_the_first_call() -> None:
    seen, _ = play(begin_by("USER_AUTH", preferred="EMAIL_OTP"), [challenge("EMAIL_OTP", "s1"), "12345678", DONE])
    assert isinstance(seen[0], Call)
    assert seen[0].params["AuthParameters"] == {"USERNAME": "ada", "PREFERRED_CHALLENGE": "EMAIL_OTP"}


@pytest.mark.parametrize("password", ["", "password"])
def test_a_question_of_the_backend_is_put_to_the_user(password: str) -> None:
    asked = challenge("CUSTOM_CHALLENGE", "s2", USERNAME="sub-1", question="?")
    replies = [*([VERIFIER] if password else []), asked, "answer", DONE]
    seen, _ = play(begin_by("CUSTOM_AUTH", password), replies)
    assert Ask("custom", {"question": "?"}) in seen
    assert answers(seen)[-1] == ("CUSTOM_CHALLENGE", "s2", {"USERNAME": "sub-1", "ANSWER": "answer"})
    assert isinstance(seen[0], Call)
    by_srp = {"CHALLENGE_NAME", "SRP_A"} if password else set()
    assert set(seen[0].params["AuthParameters"]) == {"USERNAME", *by_srp}


def test_a_mail_address_is_set_up_where_there_is_a_choice() -> None:
    factors = challenge("MFA_SETUP", "s1", MFAS_CAN_SETUP='["SMS_MFA", "EMAIL_OTP", "SOFTWARE_TOKEN_MFA"]')
    replies = [VERIFIER, factors, "EMAIL_OTP", "ada@example.com", challenge("EMAIL_OTP", "s2"), "123456", DONE]
    seen, _ = play(start(), replies)
    assert Ask("mfa_setup", {"choices": ("EMAIL_OTP", "SOFTWARE_TOKEN_MFA")}) in seen
    assert answers(seen)[1] == ("MFA_SETUP", "s1", {"USERNAME": "sub-1", "email": "ada@example.com"})
