"""What users do for themselves: passwords, addresses, sessions, a second factor that is demanded, a first password."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyotp
import pytest
from pycognito.aws_srp import AWSSRP

from auth import Ask, AuthClient, AuthError
from auth.errors import CodeExpired, CodeMismatch, NotAuthorized, PasswordPolicy, UsernameTaken, UserNotConfirmed
from tests.journeys.claims import claims_of
from tests.journeys.people import PASSWORD, Person, root_client, settings_of, unsigned_client
from tests.journeys.pools import Pool
from tests.journeys.refusals import refusal
from tests.local_cloud import LocalCloud

NEW_PASSWORD = "Another-Horse-8"


@pytest.fixture
def person(cloud: LocalCloud, email: str) -> Person:
    return Person.new(cloud, email)


@pytest.fixture
def app(cloud: LocalCloud) -> Any:
    return unsigned_client(cloud, "cognito-idp")


@pytest.fixture
def strict_pool(cloud: LocalCloud) -> Pool:
    """A pool that demands a second factor of everybody."""
    pool = Pool.make(cloud)
    root_client(cloud, "cognito-idp").set_user_pool_mfa_config(
        UserPoolId=pool.id, MfaConfiguration="ON", SoftwareTokenMfaConfiguration={"Enabled": True}
    )
    return pool


def may_sign_in(person: Person, name: str, password: str = PASSWORD) -> bool:
    try:
        person.client.sign_in(name, password)
    except NotAuthorized:
        return False
    return True


def wrong(code: str) -> str:
    """Another code than that."""
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_a_resent_code_voids_the_one_before(cloud: LocalCloud, email: str) -> None:
    person = Person(cloud, email, AuthClient(settings_of(cloud), now=cloud.now))
    person.client.sign_up(email, PASSWORD, {"email": email})
    with pytest.raises(UserNotConfirmed):
        person.sign_in()
    first = cloud.code(email)
    assert person.client.resend_code(email).medium == "EMAIL"
    second = cloud.code(email)
    if first != second:
        with pytest.raises(CodeMismatch):
            person.client.confirm_sign_up(email, first)
    person.client.confirm_sign_up(email, second)
    assert person.sign_in()
    with pytest.raises(AuthError):
        person.client.resend_code(email)


def test_forgot_password(cloud: LocalCloud, person: Person) -> None:
    delivery = person.client.forgot_password(person.email)
    assert (delivery.medium, delivery.attribute) == ("EMAIL", "email")
    assert person.email not in delivery.destination
    assert may_sign_in(person, person.email), "whoever asked may not be the user: the old password stays good"
    code = cloud.code(person.email)
    with pytest.raises(CodeMismatch):
        person.client.confirm_forgot_password(person.email, wrong(code), NEW_PASSWORD)
    with pytest.raises(PasswordPolicy):
        person.client.confirm_forgot_password(person.email, code, "weak")
    person.client.confirm_forgot_password(person.email, code, NEW_PASSWORD)
    with pytest.raises(CodeExpired):
        person.client.confirm_forgot_password(person.email, code, PASSWORD)
    assert not may_sign_in(person, person.email)
    assert may_sign_in(person, person.email, NEW_PASSWORD)


def test_a_reset_code_lives_an_hour(cloud: LocalCloud, person: Person) -> None:
    person.client.forgot_password(person.email)
    code = cloud.code(person.email)
    cloud.advance(3601)
    with pytest.raises(CodeExpired):
        person.client.confirm_forgot_password(person.email, code, NEW_PASSWORD)


def test_nobody_learns_who_exists_from_a_forgotten_password(person: Person) -> None:
    known = person.client.forgot_password(person.email)
    unknown = person.client.forgot_password(f"nobody-{person.email}")
    assert (unknown.medium, unknown.attribute) == (known.medium, known.attribute)
    answers: dict[str, list[str]] = {"known": [], "unknown": []}
    wrong = f"{(int(person.cloud.code(person.email)) + 1) % 1_000_000:06}"
    for name, address in (("known", person.email), ("unknown", f"nobody-{person.email}")):
        for _ in range(7):
            with pytest.raises(AuthError) as refused:
                person.client.confirm_forgot_password(address, wrong, NEW_PASSWORD)
            answers[name].append(type(refused.value).__name__)
    assert answers["known"] == answers["unknown"]
    assert len(set(answers["known"])) == 2, "wrong codes, and then too many of them"


def test_change_password(app: Any, person: Person) -> None:
    tokens = person.sign_in().tokens
    with pytest.raises(NotAuthorized):
        person.client.change_password(tokens, "Wrong-Horse-7", NEW_PASSWORD)
    with pytest.raises(PasswordPolicy):
        person.client.change_password(tokens, PASSWORD, "weak")
    assert may_sign_in(person, person.email)
    person.client.change_password(tokens, PASSWORD, NEW_PASSWORD)
    assert not may_sign_in(person, person.email)
    assert may_sign_in(person, person.email, NEW_PASSWORD)
    assert app.get_user(AccessToken=tokens.access_token), "sessions live on, as on AWS"
    person.client.sign_out(tokens)
    assert refusal(
        app.change_password,
        AccessToken=tokens.access_token,
        PreviousPassword=NEW_PASSWORD,
        ProposedPassword=PASSWORD,
    ).code == ("NotAuthorizedException")


def move_to(app: Any, person: Person, address: str) -> Any:
    """Ask for another address; the delivery details of the code."""
    asked = app.update_user_attributes(
        AccessToken=person.sign_in().tokens.access_token, UserAttributes=[{"Name": "email", "Value": address}]
    )
    return asked["CodeDeliveryDetailsList"]


def attributes_of(app: Any, person: Person) -> dict[str, str]:
    assert person.signed_in
    pairs = app.get_user(AccessToken=person.signed_in.tokens.access_token)["UserAttributes"]
    return {pair["Name"]: pair["Value"] for pair in pairs}


def test_a_new_address_counts_once_it_is_verified(cloud: LocalCloud, app: Any, person: Person) -> None:
    """Attack: a typing error locks its user out, or hands the account to whoever has that address."""
    new = f"new-{person.email}"
    (sent,) = move_to(app, person, new)
    assert (sent["AttributeName"], sent["DeliveryMedium"]) == ("email", "EMAIL")
    assert attributes_of(app, person)["email"] == person.email
    assert attributes_of(app, person)["email_verified"] == "true"
    assert may_sign_in(person, person.email)
    assert not may_sign_in(person, new)
    assert person.signed_in
    verify = {"AccessToken": person.signed_in.tokens.access_token, "AttributeName": "email"}
    code = cloud.code(new)
    assert refusal(app.verify_user_attribute, **verify, Code=wrong(code)).code == "CodeMismatchException"
    app.get_user_attribute_verification_code(**verify)
    if code != cloud.code(new):
        assert refusal(app.verify_user_attribute, **verify, Code=code).code == "CodeMismatchException"
    app.verify_user_attribute(**verify, Code=cloud.code(new))
    assert attributes_of(app, person)["email"] == new
    assert may_sign_in(person, new)
    assert may_sign_in(person, new.upper()), "sign-in names have no case"
    assert not may_sign_in(person, person.email)


def test_an_address_that_is_taken_is_refused(cloud: LocalCloud, app: Any, person: Person) -> None:
    other = Person.new(cloud, f"other-{person.email}")
    token = person.sign_in().tokens.access_token
    taken: Any = {"AccessToken": token, "UserAttributes": [{"Name": "email", "Value": other.email}]}
    assert refusal(app.update_user_attributes, **taken).code == "AliasExistsException"

    contested = f"contested-{person.email}"
    move_to(app, person, contested)
    code = cloud.code(contested)
    winner = Person.new(cloud, contested)
    late = refusal(app.verify_user_attribute, AccessToken=token, AttributeName="email", Code=code)
    assert late.code == "AliasExistsException"
    assert winner.sign_in()
    assert may_sign_in(person, person.email)
    assert attributes_of(app, person)["email"] == person.email


def test_no_user_writes_what_the_client_may_not(app: Any, person: Person) -> None:
    token = person.sign_in().tokens.access_token
    before = attributes_of(app, person)
    for name in ("email_verified", "sub", "phone_number", "custom:role"):
        given: Any = [{"Name": name, "Value": "+815012345678" if name == "phone_number" else "false"}]
        refused = refusal(app.update_user_attributes, AccessToken=token, UserAttributes=given)
        assert refused.code in ("NotAuthorizedException", "InvalidParameterException")
    assert attributes_of(app, person) == before


def test_a_deleted_user_leaves_its_address_to_others(cloud: LocalCloud, app: Any, person: Person) -> None:
    tokens = person.sign_in().tokens
    app.delete_user(AccessToken=tokens.access_token)
    assert not may_sign_in(person, person.email)
    assert refusal(app.get_user, AccessToken=tokens.access_token).code in (
        "NotAuthorizedException",
        "UserNotFoundException",
    )
    with pytest.raises(NotAuthorized):
        person.client.refresh(tokens)
    again = Person.new(cloud, person.email).sign_in().tokens
    assert claims_of(again.access_token)["sub"] != claims_of(tokens.access_token)["sub"]
    with pytest.raises(NotAuthorized):
        person.client.refresh(tokens)
    with pytest.raises(UsernameTaken):
        person.client.sign_up(person.email.upper(), PASSWORD)


def test_revoking_ends_one_session(app: Any, person: Person) -> None:
    first, second = person.sign_in().tokens, person.sign_in().tokens
    child = person.client.refresh(first)
    person.client.revoke(first)
    for dead in (first, child):
        assert refusal(app.get_user, AccessToken=dead.access_token).code == "NotAuthorizedException"
        with pytest.raises(NotAuthorized):
            person.client.refresh(dead)
    assert app.get_user(AccessToken=second.access_token)
    assert person.client.refresh(second)


def test_get_tokens_from_refresh_token(cloud: LocalCloud, app: Any, person: Person) -> None:
    tokens = person.sign_in().tokens
    call = {"ClientId": cloud.outputs["AppClientId"], "DeviceKey": tokens.device_key}
    renewed = app.get_tokens_from_refresh_token(**call, RefreshToken=tokens.refresh_token)["AuthenticationResult"]
    assert "RefreshToken" not in renewed, "the client does not rotate refresh tokens"
    assert renewed["ExpiresIn"] == 3600
    old, new = claims_of(tokens.access_token), claims_of(renewed["AccessToken"])
    assert {name: new[name] for name in ("sub", "origin_jti", "auth_time")} == {
        name: old[name] for name in ("sub", "origin_jti", "auth_time")
    }
    assert new["jti"] != old["jti"]
    assert refusal(app.get_tokens_from_refresh_token, **call, RefreshToken=tokens.access_token).code == (
        "NotAuthorizedException"
    )
    cloud.advance(31 * 86_400)
    assert refusal(app.get_tokens_from_refresh_token, **call, RefreshToken=tokens.refresh_token).code == (
        "NotAuthorizedException"
    )


def test_groups_and_their_roles(cloud: LocalCloud, person: Person) -> None:
    root, pool_id = root_client(cloud, "cognito-idp"), cloud.outputs["UserPoolId"]

    def join(name: str, precedence: int | None, role: str = "") -> str:
        group = f"{name}-{person.email}"
        arn = {"RoleArn": f"arn:aws:iam::000000000000:role/{role}"} if role else {}
        rank = {} if precedence is None else {"Precedence": precedence}
        root.create_group(UserPoolId=pool_id, GroupName=group, **rank, **arn)
        root.admin_add_user_to_group(UserPoolId=pool_id, Username=person.email, GroupName=group)
        return group

    late, first, plain = join("late", 9, "late"), join("first", 1, "first"), join("plain", None)
    tokens = person.sign_in().tokens
    for token in (tokens.access_token, tokens.id_token):
        assert claims_of(token)["cognito:groups"] == [first, late, plain]
    claims = claims_of(tokens.id_token)
    assert claims["cognito:preferred_role"].endswith(":role/first")
    assert [arn.rpartition("/")[2] for arn in claims["cognito:roles"]] == ["first", "late"]
    assert "cognito:roles" not in claims_of(tokens.access_token)
    join("tie", 1, "tie")
    tied = claims_of(person.client.refresh(tokens).id_token)
    assert "cognito:preferred_role" not in tied
    assert len(tied["cognito:roles"]) == 3


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
    assert refusal(app.verify_software_token, Session=associated["Session"], UserCode=wrong(code)).code == (
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


class DeviceSignIn:
    """A sign-in of a remembered device, step by step, and without a session as pycognito sends it."""

    def __init__(self, cloud: LocalCloud, app: Any, person: Person) -> None:
        device = person.sign_in(remember=True).device
        assert device
        self.app, self.client_id, self.email = app, cloud.outputs["AppClientId"], person.email
        keys = {"device_key": device.key, "device_group_key": device.group_key, "device_password": device.password}
        self.srp = AWSSRP(person.email, PASSWORD, cloud.outputs["UserPoolId"], self.client_id, client=app, **keys)

    def prove_password(self) -> Any:
        parameters = self.srp.get_auth_params()
        begun = self.app.initiate_auth(ClientId=self.client_id, AuthFlow="USER_SRP_AUTH", AuthParameters=parameters)
        return self.respond("PASSWORD_VERIFIER", self.srp.process_challenge(begun["ChallengeParameters"], parameters))

    def begin_device(self, **changes: str) -> Any:
        responses = {"USERNAME": self.email, "DEVICE_KEY": self.srp.device_key, "SRP_A": f"{self.srp.large_a_value:x}"}
        return self.respond("DEVICE_SRP_AUTH", {**responses, **changes})

    def prove_device(self, begun: Any) -> Any:
        answer = self.srp.process_device_challenge(begun["ChallengeParameters"])
        return self.respond("DEVICE_PASSWORD_VERIFIER", answer)

    def respond(self, name: str, responses: Any) -> Any:
        return self.app.respond_to_auth_challenge(
            ClientId=self.client_id, ChallengeName=name, ChallengeResponses=responses
        )


def test_a_device_proves_itself_behind_the_password_only(cloud: LocalCloud, app: Any, person: Person) -> None:
    """Attack: starting at the device, so that its secret alone would be enough."""
    steps = DeviceSignIn(cloud, app, person)
    assert refusal(steps.begin_device).code == "NotAuthorizedException"
    assert steps.prove_password()["ChallengeName"] == "DEVICE_SRP_AUTH"
    other = Person.new(cloud, f"other-{person.email}")
    assert refusal(steps.begin_device, USERNAME=other.email).code == "NotAuthorizedException"
    begun = steps.begin_device()
    assert refusal(steps.begin_device).code == "NotAuthorizedException", "once"
    assert steps.prove_device(begun)["AuthenticationResult"]["AccessToken"]
    assert refusal(steps.prove_device, begun=begun).code == "NotAuthorizedException"


def test_a_device_may_not_wait_for_ever(cloud: LocalCloud, app: Any, person: Person) -> None:
    steps = DeviceSignIn(cloud, app, person)
    steps.prove_password()
    cloud.advance(181)
    assert refusal(steps.begin_device).code == "NotAuthorizedException"
