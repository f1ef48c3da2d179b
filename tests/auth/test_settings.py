"""Settings come from the environment or an outputs file, and what is missing is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auth.errors import SettingsInvalid
from auth.settings import Settings

OUTPUTS = {
    "Region": "us-east-1",
    "UserPoolId": "us-east-1_Abc",
    "AppClientId": "client",
    "IdentityPoolId": "us-east-1:pool",
    "UserDataBucket": "bucket",
    "UserDataTable": "user-data",
    "AppDataTable": "app-data",
    "ApiUrl": "http://127.0.0.1:4566/api",
    "HostedUiUrl": "http://127.0.0.1:4566/ui",
    "EndpointUrl": "http://127.0.0.1:4566",
}


def write(folder: Path, content: object) -> Path:
    path = folder / "outputs.json"
    path.write_text(json.dumps(content))
    return path


def test_outputs_of_the_stack_fill_every_setting(tmp_path: Path) -> None:
    settings = Settings.from_outputs(write(tmp_path, OUTPUTS | {"SomethingElse": "more"}))
    assert settings == Settings(
        region="us-east-1",
        user_pool_id="us-east-1_Abc",
        app_client_id="client",
        identity_pool_id="us-east-1:pool",
        user_data_bucket="bucket",
        user_data_table="user-data",
        app_data_table="app-data",
        api_url="http://127.0.0.1:4566/api",
        hosted_ui_url="http://127.0.0.1:4566/ui",
        endpoint_url="http://127.0.0.1:4566",
    )


@pytest.mark.parametrize("content", [[], {"Region": 1}, {"Region": "us-east-1", "UserPoolId": None}, {}])
def test_an_outputs_file_of_another_form_is_refused(tmp_path: Path, content: object) -> None:
    with pytest.raises(SettingsInvalid, match=r"outputs\.json"):
        Settings.from_outputs(write(tmp_path, content))


def test_an_outputs_file_that_is_missing_or_broken_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match="there is no"):
        Settings.from_outputs(tmp_path / "outputs.json")
    (tmp_path / "outputs.json").write_text("{")
    with pytest.raises(SettingsInvalid, match="cannot be read"):
        Settings.from_outputs(tmp_path / "outputs.json")


def test_the_environment_fills_settings_and_the_pool_gives_the_region() -> None:
    environ = {
        "GATEHOUSE_USER_POOL_ID": "eu-west-1_Abc",
        "GATEHOUSE_APP_CLIENT_ID": "client",
        "AWS_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": "",
    }
    settings = Settings.from_env(environ)
    assert (settings.region, settings.app_client_id, settings.endpoint_url) == ("eu-west-1", "client", None)
    assert Settings.from_env({"AWS_DEFAULT_REGION": "us-west-2"}).region == "us-west-2"


def test_a_missing_variable_is_named() -> None:
    with pytest.raises(SettingsInvalid, match="GATEHOUSE_USER_POOL_ID"):
        Settings.from_env({})
    with pytest.raises(SettingsInvalid, match=r"GATEHOUSE_IDENTITY_POOL_ID is not set \(IdentityPoolId"):
        Settings.from_env({"GATEHOUSE_USER_POOL_ID": "eu-west-1_Abc"}).need("identity_pool_id")


def test_issuer_and_keys_follow_the_endpoint() -> None:
    aws = Settings(region="eu-west-1", user_pool_id="eu-west-1_Abc")
    assert aws.issuer == "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Abc"
    assert aws.jwks_url == f"{aws.issuer}/.well-known/jwks.json"
    local = Settings(region="eu-west-1", user_pool_id="eu-west-1_Abc", endpoint_url="http://127.0.0.1:4566/")
    assert local.issuer == aws.issuer
    assert local.jwks_url == "http://127.0.0.1:4566/eu-west-1_Abc/.well-known/jwks.json"
    china = Settings(region="cn-north-1", user_pool_id="cn-north-1_Abc")
    assert china.issuer == "https://cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_Abc"


def test_an_unknown_profile_is_named() -> None:
    with pytest.raises(SettingsInvalid, match="lost"):
        Settings(region="eu-west-1", profile="lost").session()
