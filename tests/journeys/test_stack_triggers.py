"""The stack's own triggers, seen from outside: messages in two languages, profile, device register, logs."""

from __future__ import annotations

from typing import Any

import pytest

from auth import AuthClient
from tests.journeys.claims import claims_of
from tests.journeys.functions import log_of
from tests.journeys.people import PASSWORD, Person, root_client, settings_of
from tests.local_cloud import LocalCloud, wait_until

FUNCTIONS = ("pre-sign-up", "post-confirmation", "pre-token-generation", "post-authentication", "custom-message", "api")


def group_of(function: str) -> str:
    return f"/aws/lambda/gatehouse-local-{function}"


def newest_message(cloud: LocalCloud, address: str) -> dict[str, Any]:
    status, found = cloud.get(f"outbox?to={address}")
    assert status == 200
    message: dict[str, Any] = found["messages"][0]
    assert not {"{####}", "{username}", "{code}"} & set(message["body"].split())
    assert message["code"] in message["body"]
    return message


def items_of(cloud: LocalCloud, sub: str) -> dict[str, dict[str, Any]]:
    """What the functions' table holds about a user, by sort key."""
    found = root_client(cloud, "dynamodb").query(
        TableName=cloud.outputs["AppDataTable"],
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": f"USER#{sub}"}},
    )
    return {item["sk"]["S"]: item for item in found["Items"]}


@pytest.mark.parametrize(
    ("locale", "subject", "words"),
    [
        ("ja", "メールアドレスの確認", "確認コードの有効期間は24時間です"),
        ("ja-JP", "メールアドレスの確認", "ご登録ありがとうございます"),
        ("en", "Confirm your e-mail address", "The code is valid for 24 hours"),
        ("fr", "Confirm your e-mail address", "Thank you for signing up"),
        ("", "Confirm your e-mail address", "Thank you for signing up"),
    ],
)
def test_the_code_comes_in_the_users_language(
    cloud: LocalCloud, email: str, locale: str, subject: str, words: str
) -> None:
    attributes = {"email": email} | ({"locale": locale} if locale else {})
    AuthClient(settings_of(cloud)).sign_up(email, PASSWORD, attributes)
    message = newest_message(cloud, email)
    assert message["subject"] == subject
    assert words in message["body"]
    assert (message["medium"], message["source"]) == ("EMAIL", "CustomMessage_SignUp")


def test_each_message_has_its_own_words(cloud: LocalCloud, email: str) -> None:
    person = Person.new(cloud, email, locale="ja")
    person.client.forgot_password(email)
    assert newest_message(cloud, email)["subject"] == "パスワードの再設定"
    root, invited = root_client(cloud, "cognito-idp"), f"invited-{email}"
    root.admin_create_user(
        UserPoolId=cloud.outputs["UserPoolId"],
        Username=invited,
        UserAttributes=[{"Name": "email", "Value": invited}, {"Name": "locale", "Value": "ja"}],
        DesiredDeliveryMediums=["EMAIL"],
        TemporaryPassword="Temp-<&>-Horse-7",
    )
    invitation = cloud.get(f"outbox?to={invited}")[1]["messages"][0]
    assert invitation["subject"] == "アカウント作成のお知らせ"
    assert f"ユーザー名：{invited}" in invitation["body"]
    assert "仮パスワード：Temp-&lt;&amp;&gt;-Horse-7" in invitation["body"], "an e-mail is HTML"
    assert invitation["code"] == "Temp-<&>-Horse-7"


def test_the_profile_is_made_once(cloud: LocalCloud, email: str) -> None:
    person = Person.new(cloud, email)
    sub = claims_of(person.sign_in().tokens.access_token)["sub"]
    made = items_of(cloud, sub)["PROFILE"]
    assert (made["role"], made["plan"]) == ({"S": "user"}, {"S": "free"})
    changed = {**made, "role": {"S": "editor"}}
    root_client(cloud, "dynamodb").put_item(TableName=cloud.outputs["AppDataTable"], Item=changed)
    person.client.forgot_password(email)
    person.client.confirm_forgot_password(email, cloud.code(email), PASSWORD)
    assert items_of(cloud, sub)["PROFILE"] == changed, "a new password is a confirmation, too, and changes nothing"


def test_nobody_has_a_profile_before_confirming(cloud: LocalCloud, email: str) -> None:
    sub = AuthClient(settings_of(cloud)).sign_up(email, PASSWORD, {"email": email}).sub
    assert items_of(cloud, sub) == {}


def test_the_register_follows_the_pools_devices(cloud: LocalCloud, email: str) -> None:
    person = Person.new(cloud, email)
    first = person.sign_in(device_name="laptop").tokens
    sub = claims_of(first.access_token)["sub"]
    assert set(items_of(cloud, sub)) == {"PROFILE"}, "a device is confirmed only after its sign-in"
    second = person.sign_in(device_name="phone").tokens
    assert set(items_of(cloud, sub)) == {"PROFILE", f"DEVICE#{first.device_key}"}
    person.client.forget_device(second, first.device_key)
    person.sign_in()
    assert set(items_of(cloud, sub)) == {"PROFILE", f"DEVICE#{second.device_key}"}


def test_every_function_logs_to_its_own_group_and_tells_no_secret(cloud: LocalCloud, email: str) -> None:
    person = Person.new(cloud, email, name="Unmistakable Name")
    code, tokens = cloud.code(email), person.sign_in().tokens

    def have_run() -> bool:
        return all("REPORT RequestId" in "".join(log_of(cloud, group_of(name))) for name in FUNCTIONS if name != "api")

    wait_until(have_run)
    lines = [line for function in FUNCTIONS for line in log_of(cloud, group_of(function))]
    assert any(line.startswith("START RequestId: ") for line in lines)
    assert any('"message":"profile made"' in line for line in lines)
    for secret in (email, PASSWORD, code, "Unmistakable Name", tokens.access_token, str(tokens.refresh_token)):
        assert not [line for line in lines if secret in line]
