"""AuthClient against moto (sign-up and passwords) and against a pool that checks every proof (sign-in and devices)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pyotp
import pytest
from moto import mock_aws

from auth.client import Answer, AuthClient
from auth.devices import FileDeviceStore
from auth.errors import (
    ChallengeUnanswered,
    CodeExpired,
    CodeMismatch,
    InvalidRequest,
    NotAuthorized,
    SettingsInvalid,
    UsernameTaken,
    UserNotFound,
)
from auth.models import Tokens
from auth.settings import Settings
from tests.auth.fake_pool import FakePool

SETTINGS = Settings(region="eu-west-1", user_pool_id="eu-west-1_AbCdEf123", app_client_id="client")


def app(pool: FakePool) -> Answer:
    """A user with an authenticator app, which holds the secret that the pool gave out."""
    return lambda ask: pyotp.TOTP(str(ask.details.get("secret", pool.totp_secret))).now()


def client_of(pool: FakePool, folder: Path, monkeypatch: pytest.MonkeyPatch) -> AuthClient:
    monkeypatch.setattr(Settings, "user_pools", lambda *_, **__: pool)
    return AuthClient(SETTINGS, FileDeviceStore(folder))


@pytest.fixture
def pool() -> FakePool:
    return FakePool()


def test_a_device_is_remembered_between_runs(pool: FakePool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = client_of(pool, tmp_path, monkeypatch).sign_in(
        "ada@example.com", pool.password, app(pool), remember=True, device_name="phone"
    )
    assert pool.log == ["USER_SRP_AUTH", "PASSWORD_VERIFIER", "MFA_SETUP"]
    assert pool.devices[pool.new_device_key]["name"] == "phone"
    pool.log.clear()
    again = client_of(pool, tmp_path, monkeypatch).sign_in("ada@example.com", pool.password)
    assert pool.log == ["USER_SRP_AUTH", "PASSWORD_VERIFIER", "DEVICE_SRP_AUTH", "DEVICE_PASSWORD_VERIFIER"]
    assert again.device == first.device
    assert client_of(pool, tmp_path, monkeypatch).refresh(again.tokens).device_key == pool.new_device_key


def test_a_device_that_was_not_remembered_asks_for_the_code(
    pool: FakePool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(pool, tmp_path, monkeypatch)
    client.sign_in("ada@example.com", pool.password, app(pool))
    pool.log.clear()
    client.sign_in("ada@example.com", pool.password, app(pool))
    assert pool.log == ["USER_SRP_AUTH", "PASSWORD_VERIFIER", "SOFTWARE_TOKEN_MFA"]


def test_a_forgotten_device_is_replaced(pool: FakePool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_of(pool, tmp_path, monkeypatch)
    client.sign_in("ada@example.com", pool.password, app(pool), remember=True)
    pool.devices.clear()
    pool.new_device_key = "eu-west-1_device-2"
    client.sign_in("ada@example.com", pool.password, app(pool))
    stored = FileDeviceStore(tmp_path).load("eu-west-1_AbCdEf123/ada@example.com")
    assert stored is not None
    assert stored.key == "eu-west-1_device-2"


def test_a_wrong_password_is_refused_by_proof(pool: FakePool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotAuthorized, match="Incorrect username or password"):
        client_of(pool, tmp_path, monkeypatch).sign_in("ada@example.com", "wrong")


def test_a_stolen_device_record_needs_its_password(
    pool: FakePool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(pool, tmp_path, monkeypatch)
    client.sign_in("ada@example.com", pool.password, app(pool), remember=True)
    pool.devices[pool.new_device_key]["verifier"] += 1
    with pytest.raises(NotAuthorized):
        client.sign_in("ada@example.com", pool.password)


@pytest.mark.parametrize(
    ("answer", "error"),
    [(lambda _: "000000", CodeMismatch), (lambda _: "", ChallengeUnanswered), (None, ChallengeUnanswered)],
)
def test_a_wrong_or_missing_answer_ends_the_sign_in(
    answer: Any, error: type[Exception], pool: FakePool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool.totp_secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    given = [answer] if answer else []
    with pytest.raises(error):
        client_of(pool, tmp_path, monkeypatch).sign_in("ada@example.com", pool.password, *given)


def test_id_tokens_are_refreshed_when_due(pool: FakePool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000_000.0
    monkeypatch.setattr(Settings, "user_pools", lambda *_, **__: pool)
    client = AuthClient(SETTINGS, FileDeviceStore(tmp_path), now=lambda: now)
    pool.devices["device-1"] = {}
    id_token = client.id_tokens(Tokens("access", "id", "refresh", now + 3600, "device-1"))
    assert id_token() == "id"
    now += 3541
    assert (id_token(), id_token()) == ("id-2", "id-2")
    assert pool.log == ["REFRESH_TOKEN_AUTH"]


def test_a_refresh_without_the_device_is_refused(
    pool: FakePool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool.devices["device-1"] = {}
    client = client_of(pool, tmp_path, monkeypatch)
    with pytest.raises(NotAuthorized):
        client.refresh(Tokens("access", "id", "refresh", 0))
    with pytest.raises(NotAuthorized, match="sign in again"):
        client.refresh(Tokens("access", "id", None, 0))


@pytest.fixture
def moto_client() -> Iterator[AuthClient]:
    with mock_aws():
        admin = boto3.client("cognito-idp", region_name="eu-west-1")
        pool_id = admin.create_user_pool(PoolName="pool", AutoVerifiedAttributes=["email"])["UserPool"]["Id"]
        app = admin.create_user_pool_client(
            UserPoolId=pool_id, ClientName="app", ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
        )
        yield AuthClient(Settings("eu-west-1", pool_id, app["UserPoolClient"]["ClientId"]))


def test_signing_up(moto_client: AuthClient) -> None:
    signed_up = moto_client.sign_up("ada", "Correct-Horse-7", {"email": "ada@example.com"})
    assert signed_up.sub
    assert signed_up.confirmed is False
    with pytest.raises(UsernameTaken):
        moto_client.sign_up("ada", "Correct-Horse-7", {"email": "ada@example.com"})
    moto_client.confirm_sign_up("ada", "123456")


def test_a_forgotten_password(moto_client: AuthClient) -> None:
    moto_client.sign_up("ada", "Correct-Horse-7", {"email": "ada@example.com"})
    moto_client.confirm_sign_up("ada", "123456")
    assert moto_client.forgot_password("ada").medium
    with pytest.raises(CodeExpired):
        moto_client.confirm_forgot_password("ada", "moto-confirmation-code:1", "Correct-Horse-8")
    moto_client.confirm_forgot_password("ada", "123456", "Correct-Horse-8")


def test_what_the_pool_refuses_is_one_of_our_errors(moto_client: AuthClient) -> None:
    with pytest.raises(UserNotFound):
        moto_client.confirm_sign_up("nobody", "123456")
    with pytest.raises(InvalidRequest):
        moto_client.sign_up("", "Correct-Horse-7")
    with pytest.raises(NotAuthorized):
        moto_client.change_password(Tokens("made-up", "id", None, 0), "old", "Correct-Horse-8")


def test_missing_settings_are_named() -> None:
    with pytest.raises(SettingsInvalid, match="GATEHOUSE_APP_CLIENT_ID"):
        AuthClient(Settings("eu-west-1", "eu-west-1_Abc"))
