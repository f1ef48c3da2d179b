"""SIGKILL in the middle of sign-ups: whatever was answered is there afterwards, and goes on as if nothing had been."""

from __future__ import annotations

import sqlite3
import threading
from typing import Any

import pytest

from auth import AuthClient, AuthError, Identity, TokenVerifier
from tests.journeys.people import PASSWORD, Person, settings_of, unsigned_client
from tests.local_cloud import LocalCloud

IDS = ("UserPoolId", "AppClientId", "IdentityPoolId", "UserDataBucket", "UserDataTable")


def sign_up_until_killed(cloud: LocalCloud, number: int, answered: list[str]) -> None:
    """Sign up one after another; `answered` has every name that the server said yes to."""
    client = unsigned_client(cloud, "cognito-idp")
    client_id = cloud.outputs["AppClientId"]
    for count in range(10_000):
        email = f"loop-{number}-{count}@example.com"
        try:
            client.sign_up(ClientId=client_id, Username=email, Password=PASSWORD)
        except Exception:  # the server is gone, in the middle of whatever it was
            return
        answered.append(email)


def kill_during_sign_ups(cloud: LocalCloud) -> list[str]:
    answered: list[str] = []
    threads = [threading.Thread(target=sign_up_until_killed, args=(cloud, number, answered)) for number in range(3)]
    for thread in threads:
        thread.start()
    while len(answered) < 12:
        threading.Event().wait(0.01)
    cloud.kill()
    for thread in threads:
        thread.join()
    return answered


def rows(cloud: LocalCloud, table: str) -> list[Any]:
    with sqlite3.connect(cloud.data_dir / "state.sqlite") as database:
        return database.execute(f"SELECT * FROM {table}").fetchall()


def test_what_was_answered_survives_a_kill(fresh_cloud: LocalCloud) -> None:
    cloud = fresh_cloud.start()
    before = cloud.outputs
    ann = Person.new(cloud, "ann@example.com")
    tokens = ann.sign_in().tokens
    identity = ann.identity()
    key = f"private/{identity.identity_id}/kept.txt"
    s3, table = identity.client("s3"), identity.client("dynamodb")
    s3.put_object(Bucket=before["UserDataBucket"], Key=key, Body=b"kept")
    item = {"pk": {"S": identity.identity_id}, "sk": {"S": "kept"}}
    table.put_item(TableName=before["UserDataTable"], Item=item)

    answered = kill_during_sign_ups(cloud)
    cloud.start()

    after = cloud.outputs
    assert {name: after[name] for name in IDS} == {name: before[name] for name in IDS}
    assert after["ApiUrl"] == before["ApiUrl"]
    for email in answered[:3] + answered[-3:]:
        client = AuthClient(settings_of(cloud), now=cloud.now)
        client.confirm_sign_up(email, cloud.code(email))
        assert client.sign_in(email, PASSWORD).tokens
    kept = {row[2] for row in rows(cloud, "t_alias")}
    assert set(answered) <= kept, "a sign-up that was answered is gone"
    assert len(rows(cloud, "t_alias")) == len(rows(cloud, "t_user")), "half a user was written"

    settings = settings_of(cloud)
    verifier = TokenVerifier.for_pool(settings, token_use="access", client_id=after["AppClientId"])
    assert verifier.verify(tokens.access_token)["sub"]
    assert unsigned_client(cloud, "cognito-idp").get_user(AccessToken=tokens.access_token)["Username"]
    assert ann.client.refresh(tokens).id_token
    again = Identity(settings, ann.client.id_tokens(tokens))
    assert again.identity_id == identity.identity_id
    assert s3.get_object(Bucket=after["UserDataBucket"], Key=key)["Body"].read() == b"kept", (
        "keys issued before still count"
    )
    assert again.client("dynamodb").get_item(TableName=after["UserDataTable"], Key=item)["Item"] == item


def test_a_clean_stop_and_a_reset(fresh_cloud: LocalCloud) -> None:
    cloud = fresh_cloud.start()
    ann = Person.new(cloud, "ann@example.com")
    before = cloud.outputs
    cloud.stop()
    cloud.start()
    assert cloud.outputs == before
    assert ann.sign_in().tokens
    status, health = cloud.post("reset")
    assert (status, health["stack"]) == (200, "ready")
    assert cloud.outputs["UserPoolId"] != before["UserPoolId"]
    with pytest.raises(AuthError, match="does not exist"):
        ann.sign_in()
    assert Person.new(cloud, "ann@example.com").sign_in().tokens
