"""Users of an older directory: who comes over, with what, and that nobody else does."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from tests.events import CONTEXT, load
from tests.older_directory import TOKEN, OlderDirectory
from triggers import aws, user_migration
from triggers.directories import http
from triggers.errors import DeniedError

EMAIL, PASSWORD = "user@example.com", "Correct-Horse-7"
USER = {"password": PASSWORD, "email": EMAIL, "email_verified": True, "name": "Ada", "locale": "ja", "role": "admin"}
CAME = {
    "userAttributes": {"email": EMAIL, "email_verified": "true", "name": "Ada", "locale": "ja"},
    "finalUserStatus": "CONFIRMED",
    "messageAction": "SUPPRESS",
}


@pytest.fixture(autouse=True)
def _aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("MIGRATION_URL", "MIGRATION_USER_POOL_ID", "MIGRATION_CLIENT_ID", "ALLOWED_EMAIL_DOMAINS"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("MIGRATION_SECRET", "gatehouse/migration")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        boto3.setup_default_session()
        secret = json.dumps({"token": TOKEN})
        boto3.client("secretsmanager").create_secret(Name="gatehouse/migration", SecretString=secret)
        aws.user_pools.cache_clear()
        http._token.cache_clear()
        aws.one_try.cache_clear()
        yield
        aws.user_pools.cache_clear()
        http._token.cache_clear()
        aws.one_try.cache_clear()


@pytest.fixture
def directory(monkeypatch: pytest.MonkeyPatch) -> Iterator[OlderDirectory]:
    with OlderDirectory() as directory:
        directory.users[EMAIL] = dict(USER)
        monkeypatch.setenv("MIGRATION_URL", directory.url)
        yield directory


def migrate(source: str = "Authentication", *, name: str = EMAIL, password: str = PASSWORD) -> dict[str, Any]:
    event = load("user_migration", f"UserMigration_{source}") | {"userName": name}
    event["request"]["password"] = password
    if source == "ForgotPassword":
        del event["request"]["password"]
    answer = user_migration.handler(event, CONTEXT)["response"]
    return {key: value for key, value in answer.items() if value is not None}


def test_a_right_password_brings_a_user_over_each_time_alike(directory: OlderDirectory) -> None:
    assert [migrate() for _ in range(3)] == [CAME] * 3
    assert directory.asked == [{"username": EMAIL, "password": PASSWORD}] * 3


def test_the_name_may_be_in_any_case(directory: OlderDirectory) -> None:
    assert migrate(name="User@Example.com") == CAME


@pytest.mark.parametrize(("name", "password"), [(EMAIL, "wrong"), ("nobody@example.com", PASSWORD)])
def test_a_wrong_password_and_a_stranger_are_the_same(directory: OlderDirectory, name: str, password: str) -> None:
    assert migrate(name=name, password=password) == {}


def test_a_forgotten_password_is_set_anew_at_a_verified_address(directory: OlderDirectory) -> None:
    assert migrate("ForgotPassword") == {**CAME, "finalUserStatus": "RESET_REQUIRED"}
    assert directory.asked == [{"username": EMAIL}]
    directory.users[EMAIL]["email_verified"] = "yes"
    assert migrate("ForgotPassword") == {}
    assert migrate()["userAttributes"]["email_verified"] == "false"


@pytest.mark.parametrize("theirs", ["bob@example.com", "", f"{EMAIL}@evil.example", None])
def test_nobody_comes_over_as_somebody_else(directory: OlderDirectory, theirs: str | None) -> None:
    directory.users[EMAIL]["email"] = theirs
    assert migrate() == {}


@pytest.mark.parametrize(("domains", "comes"), [("example.com", True), ("other.example", False), (" , ", False)])
def test_only_domains_that_may_sign_up(
    directory: OlderDirectory, monkeypatch: pytest.MonkeyPatch, domains: str, comes: bool
) -> None:
    monkeypatch.setenv("ALLOWED_EMAIL_DOMAINS", domains)
    assert bool(migrate()) is comes


def test_no_redirect_is_given_the_password(directory: OlderDirectory, logs: io.StringIO) -> None:
    with OlderDirectory() as thief:
        directory.elsewhere = thief.url
        with pytest.raises(DeniedError, match="an internal error"):
            migrate()
        assert thief.asked == []
    assert PASSWORD not in logs.getvalue()
    assert TOKEN not in logs.getvalue()


@pytest.fixture
def old_pool(monkeypatch: pytest.MonkeyPatch) -> str:
    """A pool with one confirmed user."""
    pools = boto3.client("cognito-idp")
    pool_id: str = pools.create_user_pool(PoolName="old")["UserPool"]["Id"]
    client = pools.create_user_pool_client(
        UserPoolId=pool_id, ClientName="old", ExplicitAuthFlows=["ALLOW_ADMIN_USER_PASSWORD_AUTH"]
    )
    attributes = {"email": EMAIL, "email_verified": "true", "name": "Ada", "locale": "ja"}
    pools.admin_create_user(
        UserPoolId=pool_id,
        Username=EMAIL,
        UserAttributes=[{"Name": name, "Value": value} for name, value in attributes.items()],
    )
    pools.admin_set_user_password(UserPoolId=pool_id, Username=EMAIL, Password=PASSWORD, Permanent=True)
    monkeypatch.setenv("MIGRATION_USER_POOL_ID", pool_id)
    monkeypatch.setenv("MIGRATION_CLIENT_ID", client["UserPoolClient"]["ClientId"])
    return pool_id


def test_an_older_pool_is_asked_in_the_same_way(old_pool: str) -> None:
    assert migrate() == CAME
    assert migrate("ForgotPassword") == {**CAME, "finalUserStatus": "RESET_REQUIRED"}
    assert migrate(password="wrong") == migrate(name="nobody@example.com") == {}


def test_a_disabled_user_stays_where_it_is(old_pool: str) -> None:
    boto3.client("cognito-idp").admin_disable_user(UserPoolId=old_pool, Username=EMAIL)
    assert migrate("ForgotPassword") == {}


def test_a_second_factor_is_not_lost_on_the_way(old_pool: str) -> None:
    # Attack: a stolen password, of somebody whom the old pool would have asked for more.
    pools = boto3.client("cognito-idp")
    pools.admin_set_user_mfa_preference(
        UserPoolId=old_pool, Username=EMAIL, SMSMfaSettings={"Enabled": True, "PreferredMfa": True}
    )
    for source in ("Authentication", "ForgotPassword"):
        with pytest.raises(DeniedError, match="cannot be moved"):
            migrate(source)
