"""The HTTP API with real tokens: a user's own profile and devices, and every token that must open nothing."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any, NamedTuple

import pytest

from auth import AuthClient, AuthError, Settings
from tests.journeys.claims import altered, claims_of, signed_by_stranger, unsigned
from tests.journeys.people import Person, root_client
from tests.journeys.pools import Pool, add_client
from tests.local_cloud import LocalCloud


class Answer(NamedTuple):
    """What the API said; `challenge` is its `WWW-Authenticate`."""

    status: int
    body: Any
    challenge: str


@pytest.fixture
def token(person: Person) -> str:
    return person.sign_in().tokens.access_token


def ask(cloud: LocalCloud, method: str, path: str, token: str = "", body: Any = None) -> Answer:
    """Call the API, with a token if there is one."""
    headers = {"content-type": "application/json"} | ({"authorization": f"Bearer {token}"} if token else {})
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(cloud.outputs["ApiUrl"] + path, data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return Answer(response.status, _json(response.read()), "")
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, _json(error.read()), error.headers.get("www-authenticate", ""))


def _json(body: bytes) -> Any:
    return json.loads(body) if body else None


def test_a_confirmed_user_has_a_profile_and_may_change_what_is_its_own(cloud: LocalCloud, token: str) -> None:
    first = ask(cloud, "GET", "/me", token)
    assert first.status == 200
    assert first.body["sub"] == claims_of(token)["sub"]
    assert (first.body["role"], first.body["plan"]) == ("user", "free")
    changed = ask(cloud, "PATCH", "/me", token, {"display_name": "山田 花子", "locale": "ja"})
    assert changed.status == 200
    assert ask(cloud, "GET", "/me", token).body == changed.body
    assert (changed.body["display_name"], changed.body["locale"]) == ("山田 花子", "ja")
    assert changed.body["created_at"] == first.body["created_at"]
    cleared = ask(cloud, "PATCH", "/me", token, {"locale": None})
    assert "locale" not in cleared.body
    assert cleared.body["display_name"] == "山田 花子"


def test_nobody_promotes_itself(cloud: LocalCloud, token: str) -> None:
    before = ask(cloud, "GET", "/me", token).body
    attempts: list[tuple[Any, str]] = [
        ({"role": "admin"}, "read_only_field"),
        ({"plan": "gold", "display_name": "Ann"}, "read_only_field"),
        ({"sub": "someone-else"}, "read_only_field"),
        ({"pk": "USER#someone-else"}, "unknown_field"),
        ([], "invalid_json"),
    ]
    for body, code in attempts:
        refused = ask(cloud, "PATCH", "/me", token, body)
        assert (refused.status, refused.body["error"]["code"]) == (400, code)
    assert ask(cloud, "GET", "/me", token).body == before


def test_role_and_plan_are_in_both_tokens(cloud: LocalCloud, person: Person) -> None:
    tokens = person.sign_in().tokens
    table = root_client(cloud, "dynamodb")
    key = {"pk": {"S": f"USER#{claims_of(tokens.access_token)['sub']}"}, "sk": {"S": "PROFILE"}}
    table.update_item(
        TableName=cloud.outputs["AppDataTable"],
        Key=key,
        UpdateExpression="SET #r = :r, #p = :p",
        ExpressionAttributeNames={"#r": "role", "#p": "plan"},
        ExpressionAttributeValues={":r": {"S": "editor"}, ":p": {"S": "gold"}},
    )
    renewed = person.client.refresh(tokens)
    for old, new in ((tokens.access_token, renewed.access_token), (tokens.id_token, renewed.id_token)):
        assert (claims_of(old)["role"], claims_of(old)["plan"]) == ("user", "free")
        assert (claims_of(new)["role"], claims_of(new)["plan"]) == ("editor", "gold")
    assert ask(cloud, "GET", "/me", renewed.access_token).body["role"] == "editor"


def test_no_token_and_tokens_that_are_none(cloud: LocalCloud) -> None:
    for token in ("", "x", "a.b.c", "." * 200):
        refused = ask(cloud, "GET", "/me", token)
        assert (refused.status, refused.body) == (401, {"message": "Unauthorized"})
        assert refused.challenge.startswith("Bearer")


def test_forged_tokens(cloud: LocalCloud, token: str) -> None:
    for forged in (
        altered(token, sub="someone-else"),
        altered(token, exp=2**40),
        unsigned(token),
        unsigned(token) + token.split(".")[2],
        signed_by_stranger(token),
    ):
        refused = ask(cloud, "GET", "/me", forged)
        assert (refused.status, refused.body) == (401, {"message": "Unauthorized"})
        assert 'error="invalid_token"' in refused.challenge


def test_an_expired_token(cloud: LocalCloud, token: str) -> None:
    assert ask(cloud, "GET", "/me", token).status == 200
    cloud.advance(3601)
    refused = ask(cloud, "GET", "/me", token)
    assert refused.status == 401
    assert "the token has expired" in refused.challenge


def test_an_id_token_has_no_scope(cloud: LocalCloud, person: Person) -> None:
    refused = ask(cloud, "GET", "/me", person.sign_in().tokens.id_token)
    assert (refused.status, refused.body) == (403, {"message": "Forbidden"})
    assert 'error="insufficient_scope"' in refused.challenge


def test_a_token_of_another_client(cloud: LocalCloud, person: Person) -> None:
    pool_id = cloud.outputs["UserPoolId"]
    settings = Settings("us-east-1", pool_id, add_client(cloud, pool_id), endpoint_url=cloud.endpoint)
    theirs = AuthClient(settings).sign_in(person.email, person.password).tokens.access_token
    assert claims_of(theirs)["sub"] == claims_of(person.sign_in().tokens.access_token)["sub"]
    refused = ask(cloud, "GET", "/me", theirs)
    assert refused.status == 401
    assert "valid audience" in refused.challenge


def test_a_token_of_another_pool(cloud: LocalCloud, email: str) -> None:
    theirs = Pool.make(cloud).confirmed_person(email).sign_in().tokens.access_token
    refused = ask(cloud, "GET", "/me", theirs)
    assert refused.status == 401
    assert 'error="invalid_token"' in refused.challenge


def test_own_devices_are_listed_and_forgotten(cloud: LocalCloud, person: Person) -> None:
    laptop = person.sign_in(device_name="laptop").tokens
    phone = person.sign_in(device_name="phone", remember=True).tokens
    devices = ask(cloud, "GET", "/me/devices", phone.access_token).body["devices"]
    assert {(device["name"], device["remembered"]) for device in devices} == {("laptop", False), ("phone", True)}
    assert {device["key"] for device in devices} == {laptop.device_key, phone.device_key}

    path = f"/me/devices/{laptop.device_key}"
    assert ask(cloud, "DELETE", path, phone.access_token) == Answer(204, None, "")
    assert ask(cloud, "DELETE", path, phone.access_token).status == 404
    left = ask(cloud, "GET", "/me/devices", phone.access_token).body["devices"]
    assert [device["key"] for device in left] == [phone.device_key]
    with pytest.raises(AuthError):
        person.client.refresh(laptop)
    assert person.client.refresh(phone)


def test_another_users_device_is_not_there(cloud: LocalCloud, person: Person, token: str) -> None:
    other = Person.new(cloud, f"other-{person.email}")
    theirs = other.sign_in().tokens
    for key in (str(theirs.device_key), "us-east-1_00000000-0000-4000-8000-000000000000", "no-key", "%2e%2e"):
        assert ask(cloud, "DELETE", f"/me/devices/{key}", token).status == 404
    assert len(ask(cloud, "GET", "/me/devices", theirs.access_token).body["devices"]) == 1
    assert other.client.refresh(theirs)


def test_what_is_no_route(cloud: LocalCloud, token: str) -> None:
    for method, path in (("POST", "/me"), ("PUT", "/me"), ("GET", "/"), ("GET", "/me/devices/x")):
        assert ask(cloud, method, path, token).status == 404


def test_a_deleted_user_is_a_stranger(cloud: LocalCloud, person: Person, token: str) -> None:
    """API Gateway asks nobody whether the user is still there: where the pool is asked, it says so."""
    root_client(cloud, "cognito-idp").admin_delete_user(UserPoolId=cloud.outputs["UserPoolId"], Username=person.email)
    refused = ask(cloud, "GET", "/me/devices", token)
    assert (refused.status, refused.body["error"]["code"]) == (401, "unauthorized")
