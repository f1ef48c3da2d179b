"""Attacks on sign-in: each is a real call over the socket, and each is refused."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from auth import AuthError
from tests.journeys.challenges import answer, at_second_factor, begin, totp
from tests.journeys.people import PASSWORD, Person, client, root_client, unsigned_client
from tests.journeys.refusals import code_of
from tests.local_cloud import LocalCloud


def test_wrong_password_is_refused_by_proof(cloud: LocalCloud, app: Any, person: Person) -> None:
    _, proof = begin(cloud, app, person, "Wrong-Horse-7")
    assert code_of(answer, cloud=cloud, app=app, name="PASSWORD_VERIFIER", responses=proof) == "NotAuthorizedException"


def test_an_unknown_user_looks_like_a_wrong_password(cloud: LocalCloud, app: Any, person: Person) -> None:
    nobody = Person(cloud, "nobody@example.com", person.client)
    first, proof = begin(cloud, app, nobody)
    second, _ = begin(cloud, app, nobody)
    assert first["ChallengeParameters"]["SALT"] == second["ChallengeParameters"]["SALT"]
    assert set(first["ChallengeParameters"]) == set(begin(cloud, app, person)[0]["ChallengeParameters"])
    assert code_of(answer, cloud=cloud, app=app, name="PASSWORD_VERIFIER", responses=proof) == "NotAuthorizedException"


@pytest.mark.parametrize("a_public", ["0", "00", "f" * 768])
def test_a_public_value_that_makes_the_secret_known_is_refused(
    cloud: LocalCloud, app: Any, person: Person, a_public: str
) -> None:
    parameters = {"USERNAME": person.email, "SRP_A": a_public}
    refused = code_of(
        app.initiate_auth, ClientId=cloud.outputs["AppClientId"], AuthFlow="USER_SRP_AUTH", AuthParameters=parameters
    )
    assert refused == "InvalidParameterException"


def test_a_proof_counts_once(cloud: LocalCloud, app: Any, person: Person) -> None:
    _, proof = begin(cloud, app, person)
    answer(cloud, app, "PASSWORD_VERIFIER", proof)
    assert code_of(answer, cloud=cloud, app=app, name="PASSWORD_VERIFIER", responses=proof) == "NotAuthorizedException"


def test_a_wrong_and_a_replayed_code_are_refused(cloud: LocalCloud, app: Any, person: Person) -> None:
    waiting = at_second_factor(cloud, app, person)
    code = person.next_code()
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    assert (
        code_of(totp, cloud=cloud, app=app, person=person, session=waiting["Session"], code=wrong)
        == "CodeMismatchException"
    )
    assert totp(cloud, app, person, waiting["Session"], code)["AuthenticationResult"]
    _, proof = begin(cloud, app, person)
    again = answer(cloud, app, "PASSWORD_VERIFIER", proof)
    assert (
        code_of(totp, cloud=cloud, app=app, person=person, session=again["Session"], code=code)
        == "ExpiredCodeException"
    )


def test_a_session_takes_five_wrong_codes_and_no_more(cloud: LocalCloud, app: Any, person: Person) -> None:
    waiting = at_second_factor(cloud, app, person)
    right = person.next_code()
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    for _ in range(5):
        assert (
            code_of(totp, cloud=cloud, app=app, person=person, session=waiting["Session"], code=wrong)
            == "CodeMismatchException"
        )
    assert (
        code_of(totp, cloud=cloud, app=app, person=person, session=waiting["Session"], code=right)
        == "NotAuthorizedException"
    )


def test_made_up_and_altered_sessions_are_refused(cloud: LocalCloud, app: Any, person: Person) -> None:
    waiting = at_second_factor(cloud, app, person)
    sealed = bytearray(base64.b64decode(waiting["Session"]))
    sealed[40] ^= 1
    for session in ("A" * 64, base64.b64encode(bytes(sealed)).decode()):
        assert (
            code_of(totp, cloud=cloud, app=app, person=person, session=session, code=person.next_code())
            == "NotAuthorizedException"
        )


def test_an_expired_session_is_refused(cloud: LocalCloud, app: Any, person: Person) -> None:
    waiting = at_second_factor(cloud, app, person)
    cloud.advance(901)
    assert (
        code_of(totp, cloud=cloud, app=app, person=person, session=waiting["Session"], code=person.next_code())
        == "NotAuthorizedException"
    )


def test_a_session_that_has_been_used_is_refused(cloud: LocalCloud, app: Any, person: Person) -> None:
    waiting = at_second_factor(cloud, app, person)
    totp(cloud, app, person, waiting["Session"], person.next_code())
    assert (
        code_of(totp, cloud=cloud, app=app, person=person, session=waiting["Session"], code=person.next_code())
        == "NotAuthorizedException"
    )


def test_a_session_of_another_user_is_refused(cloud: LocalCloud, app: Any, person: Person) -> None:
    waiting = at_second_factor(cloud, app, person)
    other = Person.new(cloud, f"other-{person.email}")
    other.secret = person.secret
    assert (
        code_of(totp, cloud=cloud, app=app, person=other, session=waiting["Session"], code=person.next_code())
        == "NotAuthorizedException"
    )


def test_a_session_of_another_challenge_or_client_is_refused(cloud: LocalCloud, app: Any, person: Person) -> None:
    waiting = at_second_factor(cloud, app, person)
    swapped = {"USERNAME": person.email, "NEW_PASSWORD": "Another-Horse-8"}
    assert (
        code_of(
            answer, cloud=cloud, app=app, name="NEW_PASSWORD_REQUIRED", responses=swapped, Session=waiting["Session"]
        )
        == "NotAuthorizedException"
    )
    other = make_client(cloud)
    assert (
        code_of(
            totp,
            cloud=cloud,
            app=app,
            person=person,
            session=waiting["Session"],
            code=person.next_code(),
            ClientId=other,
        )
        == "NotAuthorizedException"
    )


def test_another_clients_refresh_token_is_refused(cloud: LocalCloud, app: Any, person: Person) -> None:
    tokens = person.sign_in().tokens
    other = make_client(cloud)
    parameters = {"REFRESH_TOKEN": tokens.refresh_token, "DEVICE_KEY": tokens.device_key}
    for refused in (
        code_of(app.initiate_auth, ClientId=other, AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters=parameters),
        code_of(app.get_tokens_from_refresh_token, ClientId=other, RefreshToken=tokens.refresh_token),
    ):
        assert refused == "NotAuthorizedException"


def test_a_refresh_token_of_a_device_needs_its_key(cloud: LocalCloud, app: Any, person: Person) -> None:
    tokens = person.sign_in().tokens
    client = cloud.outputs["AppClientId"]
    call = {"ClientId": client, "RefreshToken": tokens.refresh_token}
    assert code_of(app.get_tokens_from_refresh_token, **call) == "NotAuthorizedException"
    assert app.get_tokens_from_refresh_token(**call, DeviceKey=tokens.device_key)["AuthenticationResult"]


def test_a_forgotten_device_ends_its_refresh_token(cloud: LocalCloud, person: Person) -> None:
    tokens = person.sign_in().tokens
    person.client.forget_device(tokens)
    with pytest.raises(AuthError):
        person.client.refresh(tokens)


def test_forged_and_unsigned_access_tokens_are_refused(app: Any, person: Person) -> None:
    token = person.sign_in().tokens.access_token
    head, body, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    forged = base64.urlsafe_b64encode(json.dumps({**claims, "sub": "someone-else"}).encode()).decode().rstrip("=")
    none = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    for bad in (f"{head}.{forged}.{signature}", f"{none}.{body}.", f"{none}.{body}.{signature}", f"{head}.{body}.AAAA"):
        assert code_of(app.get_user, AccessToken=bad) == "NotAuthorizedException"
    id_token = person.sign_in().tokens.id_token
    assert code_of(app.get_user, AccessToken=id_token) == "NotAuthorizedException"


def test_sign_out_ends_access_and_refresh_everywhere(app: Any, person: Person) -> None:
    first, second = person.sign_in().tokens, person.sign_in().tokens
    person.client.sign_out(second)
    assert code_of(app.get_user, AccessToken=first.access_token) == "NotAuthorizedException"
    with pytest.raises(AuthError):
        person.client.refresh(first)


def test_an_expired_access_token_is_refused(cloud: LocalCloud, app: Any, person: Person) -> None:
    token = person.sign_in().tokens.access_token
    cloud.advance(3601)
    assert code_of(app.get_user, AccessToken=token) == "NotAuthorizedException"


def test_an_expired_and_a_guessed_code_are_refused(cloud: LocalCloud, app: Any, email: str) -> None:
    client_id = cloud.outputs["AppClientId"]
    app.sign_up(ClientId=client_id, Username=email, Password=PASSWORD)
    code = cloud.code(email)
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    confirm = {"ClientId": client_id, "Username": email}
    assert code_of(app.confirm_sign_up, **confirm, ConfirmationCode=wrong) == "CodeMismatchException"
    cloud.advance(86_401)
    assert code_of(app.confirm_sign_up, **confirm, ConfirmationCode=code) == "ExpiredCodeException"


def test_admin_calls_need_a_signature_and_the_right_one(cloud: LocalCloud) -> None:
    pool = cloud.outputs["UserPoolId"]
    unsigned = unsigned_client(cloud, "cognito-idp")
    assert code_of(unsigned.admin_get_user, UserPoolId=pool, Username="x") == "MissingAuthenticationTokenException"
    wrong = client(cloud, "cognito-idp", {"AccessKeyId": "test", "SecretAccessKey": "wrong"})
    assert code_of(wrong.admin_get_user, UserPoolId=pool, Username="x") == "InvalidSignatureException"


def test_a_user_may_not_call_admin_operations(cloud: LocalCloud, person: Person) -> None:
    admin = person.identity().client("cognito-idp")
    assert code_of(admin.list_users, UserPoolId=cloud.outputs["UserPoolId"]) == "AccessDeniedException"


def make_client(cloud: LocalCloud) -> str:
    """Another client of the same pool."""
    made = root_client(cloud, "cognito-idp").create_user_pool_client(
        UserPoolId=cloud.outputs["UserPoolId"],
        ClientName="other",
        ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    )
    client_id: str = made["UserPoolClient"]["ClientId"]
    return client_id
