"""pycognito, unmodified: its `Cognito` class from sign-up to sign-out, its admin calls, and its device handshake.

Two things are set on each object, as its users do: the pool's issuer has AWS's own form, and the keys are ours.
"""

from __future__ import annotations

import json
import urllib.request
from typing import Any

import pyotp
import pytest
from pycognito import Cognito
from pycognito.aws_srp import AWSSRP, generate_hash_device
from pycognito.exceptions import (
    ForceChangePasswordException,
    SoftwareTokenMFAChallengeException,
    TokenVerificationException,
)

from tests.journeys.claims import altered, signed_by_stranger
from tests.journeys.people import PASSWORD, Person, root_client, unsigned_client
from tests.journeys.pools import Pool, add_client
from tests.journeys.refusals import another_code, refusal
from tests.local_cloud import LocalCloud

NEW_PASSWORD = "Another-Horse-8"


@pytest.fixture(scope="module")
def pool(cloud: LocalCloud) -> Pool:
    """A pool without devices, which the class does not support; users may turn TOTP on."""
    pool = Pool.make(cloud)
    pool.take_totp("OPTIONAL")
    return pool


@pytest.fixture(scope="module")
def keys(cloud: LocalCloud, pool: Pool) -> Any:
    with urllib.request.urlopen(f"{cloud.endpoint}/{pool.id}/.well-known/jwks.json", timeout=10) as response:
        return json.load(response)


@pytest.fixture
def newcomer(pool: Pool, keys: Any, email: str) -> Any:
    return client_of(pool, keys, email)


@pytest.fixture
def user(cloud: LocalCloud, newcomer: Any) -> Any:
    """Signed up and confirmed, by pycognito alone."""
    newcomer.register(newcomer.username, PASSWORD)
    newcomer.confirm_sign_up(cloud.code(newcomer.username))
    return newcomer


def client_of(pool: Pool, keys: Any, username: str, **options: Any) -> Any:
    options = {"client_id": pool.client_id, **options}
    where = {"endpoint_url": pool.cloud.endpoint}
    made = Cognito(
        pool.id, username=username, access_key="test", secret_key="test", boto3_client_kwargs=where, **options
    )
    made.pool_domain_url, made.pool_jwk = None, keys
    return made


def test_sign_up_confirm_and_sign_in(cloud: LocalCloud, newcomer: Any) -> None:
    newcomer.set_base_attributes(email=newcomer.username, name="Ann")
    registered = newcomer.register(newcomer.username, PASSWORD)
    assert registered["UserConfirmed"] is False
    assert registered["CodeDeliveryDetails"]["DeliveryMedium"] == "EMAIL"
    assert refusal(newcomer.authenticate, password=PASSWORD).code == "UserNotConfirmedException"
    first = cloud.code(newcomer.username)
    newcomer.resend_confirmation_code(newcomer.username)
    second = cloud.code(newcomer.username)
    if first != second:
        assert refusal(newcomer.confirm_sign_up, confirmation_code=first).code == "CodeMismatchException"
    newcomer.confirm_sign_up(second)
    newcomer.authenticate(password=PASSWORD)
    assert newcomer.id_claims["email"] == newcomer.username
    assert newcomer.access_claims["sub"] == newcomer.id_claims["sub"] == registered["UserSub"]
    seen = newcomer.get_user()
    assert (seen.sub, seen.name, seen.email_verified) == (registered["UserSub"], "Ann", True)


def test_a_wrong_password_and_an_unknown_user(user: Any, pool: Pool, keys: Any) -> None:
    wrong = refusal(user.authenticate, password="Wrong-Horse-7")
    assert wrong == ("NotAuthorizedException", "Incorrect username or password.")
    assert user.access_token is None
    nobody = client_of(pool, keys, f"nobody-{user.username}")
    assert refusal(nobody.authenticate, password=PASSWORD).code in ("NotAuthorizedException", "UserNotFoundException")


def test_it_verifies_what_the_pool_signed_and_nothing_else(user: Any) -> None:
    user.authenticate(password=PASSWORD)
    user.verify_tokens()
    for forged in (altered(user.access_token, sub="someone-else"), signed_by_stranger(user.access_token)):
        with pytest.raises(TokenVerificationException):
            user.verify_token(forged, "access_token", "access")
    with pytest.raises(TokenVerificationException):
        user.verify_token(user.id_token, "access_token", "access")


def test_totp_from_set_up_to_sign_in(cloud: LocalCloud, user: Any) -> None:
    user.authenticate(password=PASSWORD)
    app = pyotp.TOTP(user.associate_software_token())
    assert user.verify_software_token(app.at(int(cloud.advance(31))), "app")
    user.set_user_mfa_preference(sms_mfa=False, software_token_mfa=True, preferred="SOFTWARE_TOKEN")
    user.access_token = None
    with pytest.raises(SoftwareTokenMFAChallengeException):
        user.authenticate(password=PASSWORD)
    code = app.at(int(cloud.advance(31)))
    wrong = refusal(user.respond_to_software_token_mfa_challenge, code=another_code(code))
    assert wrong.code == "CodeMismatchException"
    user.respond_to_software_token_mfa_challenge(code)
    assert user.access_claims["token_use"] == "access"
    user.set_user_mfa_preference(sms_mfa=False, software_token_mfa=False)
    user.authenticate(password=PASSWORD)


def test_change_password(user: Any) -> None:
    user.authenticate(password=PASSWORD)
    wrong = refusal(user.change_password, previous_password="Wrong-Horse-7", proposed_password=NEW_PASSWORD)
    assert wrong.code == "NotAuthorizedException"
    weak = refusal(user.change_password, previous_password=PASSWORD, proposed_password="weak")
    assert weak.code == "InvalidPasswordException"
    user.change_password(PASSWORD, NEW_PASSWORD)
    assert refusal(user.authenticate, password=PASSWORD).code == "NotAuthorizedException"
    user.authenticate(password=NEW_PASSWORD)


def test_forgot_password(cloud: LocalCloud, user: Any) -> None:
    user.initiate_forgot_password()
    code = cloud.code(user.username)
    assert refusal(user.confirm_forgot_password, confirmation_code=another_code(code), password=NEW_PASSWORD).code == (
        "CodeMismatchException"
    )
    user.confirm_forgot_password(code, NEW_PASSWORD)
    assert refusal(user.confirm_forgot_password, confirmation_code=code, password=PASSWORD).code == (
        "ExpiredCodeException"
    )
    user.authenticate(password=NEW_PASSWORD)


def test_refresh_and_global_sign_out(user: Any) -> None:
    user.authenticate(password=PASSWORD)
    first, refresh = user.access_token, user.refresh_token
    user.renew_access_token()
    assert user.access_token != first
    assert user.refresh_token == refresh
    second = user.access_token
    user.logout()
    for dead in (first, second):
        assert refusal(user.client.get_user, AccessToken=dead).code == "NotAuthorizedException"
    user.refresh_token = refresh
    assert refusal(user.renew_access_token).code == "NotAuthorizedException"


def test_attributes_and_their_verification(cloud: LocalCloud, user: Any) -> None:
    user.authenticate(password=PASSWORD)
    user.update_profile({"name": "Ann", "given_name": "Ann"})
    assert user.get_user().given_name == "Ann"
    user.update_profile({"email": f"new-{user.username}"})
    assert user.get_user().email_verified is False, "this pool takes a new address at once, unverified"
    user.send_verification("email")
    user.validate_verification(cloud.code(f"new-{user.username}"), "email")
    assert user.get_user().email_verified is True
    user.delete_user()
    assert refusal(user.authenticate, password=PASSWORD).code in ("NotAuthorizedException", "UserNotFoundException")


def test_admin_calls(newcomer: Any) -> None:
    name = newcomer.username
    newcomer.admin_create_user(
        name, PASSWORD, {"MessageAction": "SUPPRESS"}, email=name, email_verified="true", name="Ann"
    )
    assert newcomer.admin_get_user().user_status == "FORCE_CHANGE_PASSWORD"
    with pytest.raises(ForceChangePasswordException):
        newcomer.authenticate(password=PASSWORD)
    newcomer.new_password_challenge(PASSWORD, NEW_PASSWORD)
    assert newcomer.admin_get_user().user_status == "CONFIRMED"
    newcomer.admin_authenticate(NEW_PASSWORD)
    assert newcomer.id_claims["name"] == "Ann"
    newcomer.admin_update_profile({"name": "Anne"})
    assert newcomer.admin_get_user().name == "Anne"
    assert name in [user.email for user in newcomer.get_users()]
    newcomer.admin_disable_user(name)
    assert refusal(newcomer.authenticate, password=NEW_PASSWORD) == ("NotAuthorizedException", "User is disabled.")
    newcomer.admin_enable_user(name)
    newcomer.admin_reset_password(name)
    assert refusal(newcomer.authenticate, password=NEW_PASSWORD).code == "PasswordResetRequiredException"
    newcomer.admin_delete_user()
    assert refusal(newcomer.admin_get_user).code == "UserNotFoundException"


def test_admin_confirmation_and_groups(pool: Pool, newcomer: Any) -> None:
    name, group = newcomer.username, f"editors-{newcomer.username}"
    newcomer.register(name, PASSWORD)
    newcomer.admin_confirm_sign_up()
    newcomer.client.create_group(UserPoolId=pool.id, GroupName=group, Precedence=3)
    newcomer.admin_add_user_to_group(name, group)
    assert newcomer.admin_list_groups_for_user(name) == [group]
    assert newcomer.get_group(group).precedence == 3
    assert group in [found.group_name for found in newcomer.get_groups()]
    newcomer.authenticate(password=PASSWORD)
    assert newcomer.access_claims["cognito:groups"] == [group]
    newcomer.admin_remove_user_from_group(name, group)
    newcomer.renew_access_token()
    assert "cognito:groups" not in newcomer.access_claims


def test_a_client_with_a_secret(cloud: LocalCloud, pool: Pool, keys: Any, user: Any) -> None:
    client_id = add_client(cloud, pool.id, GenerateSecret=True)
    described = root_client(cloud, "cognito-idp").describe_user_pool_client(UserPoolId=pool.id, ClientId=client_id)
    secret = described["UserPoolClient"]["ClientSecret"]
    client_of(pool, keys, user.username, client_id=client_id, client_secret=secret).authenticate(password=PASSWORD)
    for wrong in ({"client_secret": "0" * 52}, {}):
        stranger = client_of(pool, keys, user.username, client_id=client_id, **wrong)
        assert refusal(stranger.authenticate, password=PASSWORD).code == "NotAuthorizedException"


def test_a_remembered_device_skips_the_second_factor(cloud: LocalCloud, email: str) -> None:
    """`AWSSRP` with a device. Its own ConfirmDevice goes to the real AWS whatever endpoint it has, so boto3 does it."""
    outputs, app, person = cloud.outputs, unsigned_client(cloud, "cognito-idp"), Person.new(cloud, email)
    where = {"pool_id": outputs["UserPoolId"], "client_id": outputs["AppClientId"], "client": app}
    result = AWSSRP(email, PASSWORD, **where).authenticate_user()["AuthenticationResult"]
    key, group = (result["NewDeviceMetadata"][name] for name in ("DeviceKey", "DeviceGroupKey"))
    password, verifier = generate_hash_device(group, key)
    whose = {"AccessToken": result["AccessToken"], "DeviceKey": key}
    confirmed = app.confirm_device(**whose, DeviceSecretVerifierConfig=verifier, DeviceName="laptop")
    assert confirmed["UserConfirmationNecessary"] is True
    device = {"device_key": key, "device_group_key": group, "device_password": password}
    person.enrol_totp()

    with pytest.raises(SoftwareTokenMFAChallengeException):
        AWSSRP(email, PASSWORD, **where, **device).authenticate_user()
    app.update_device_status(**whose, DeviceRememberedStatus="remembered")
    again = AWSSRP(email, PASSWORD, **where, **device).authenticate_user()["AuthenticationResult"]
    assert "NewDeviceMetadata" not in again
    with pytest.raises(SoftwareTokenMFAChallengeException):
        AWSSRP(email, PASSWORD, **where).authenticate_user()

    stolen = AWSSRP(email, PASSWORD, **where, **{**device, "device_password": "guessed"})
    assert refusal(stolen.authenticate_user).code == "NotAuthorizedException"
    app.forget_device(**whose)
    gone = AWSSRP(email, PASSWORD, **where, **device)
    assert refusal(gone.authenticate_user).code == "ResourceNotFoundException"


def test_a_pool_that_tracks_devices_refuses_its_refresh(cloud: LocalCloud, email: str) -> None:
    """As on AWS: it confirms no device and sends no key (NabuCasa/pycognito#306)."""
    Person.new(cloud, email)
    pool = Pool(cloud, cloud.outputs["UserPoolId"], cloud.outputs["AppClientId"])
    with urllib.request.urlopen(f"{cloud.endpoint}/{pool.id}/.well-known/jwks.json", timeout=10) as response:
        tracked = client_of(pool, json.load(response), email)
    tracked.authenticate(password=PASSWORD)
    assert refusal(tracked.renew_access_token) == ("NotAuthorizedException", "Invalid Refresh Token")
