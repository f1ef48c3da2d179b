"""What users do for themselves: passwords, addresses, sessions; and what their groups put into their tokens."""

from __future__ import annotations

from typing import Any

import pytest

from auth import AuthClient, AuthError
from auth.errors import CodeExpired, CodeMismatch, NotAuthorized, PasswordPolicy, UsernameTaken, UserNotConfirmed
from tests.journeys.claims import claims_of
from tests.journeys.people import PASSWORD, Person, root_client, settings_of
from tests.journeys.refusals import another_code, may_sign_in, refusal
from tests.local_cloud import LocalCloud

NEW_PASSWORD = "Another-Horse-8"


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
        person.client.confirm_forgot_password(person.email, another_code(code), NEW_PASSWORD)
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
    assert refusal(app.verify_user_attribute, **verify, Code=another_code(code)).code == "CodeMismatchException"
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
