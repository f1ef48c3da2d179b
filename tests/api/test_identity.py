"""`/identity` writes down which identity Cognito says that the caller is, both ways, and tells nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from api import identity_map, store
from api.errors import ApiError
from tests.api.conftest import SUB, call
from tests.api.identity_pool import IdentityPool
from tests.auth.minting import ID, part

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

FIRST = "us-east-1:00000000-0000-4000-8000-000000000001"
SECOND = "us-east-1:00000000-0000-4000-8000-000000000002"


def token_of(sub: str, mark: str = "signature") -> str:
    return f"{part({})}.{part(ID | {'sub': sub})}.{mark}"


MINE = token_of(SUB)


def test_an_identity_is_found_by_either_id(app_data: Table, logins: IdentityPool) -> None:
    logins.logins[MINE] = FIRST
    assert call("PUT", "/identity", {"id_token": MINE}).json == {"identity_id": FIRST}
    (listed,) = call("GET", "/identity").json["identities"]
    assert listed.pop("first_seen_at") == listed.pop("last_seen_at")
    assert listed == {"identity_id": FIRST}
    keys = {(item["pk"], item["sk"]) for item in app_data.scan()["Items"]}
    assert keys == {(f"USER#{SUB}", f"IDENTITY#{FIRST}"), (f"IDENTITY#{FIRST}", f"USER#{SUB}")}


def test_entering_it_again_changes_when_it_was_last_seen(app_data: Table, logins: IdentityPool) -> None:
    logins.logins[MINE] = FIRST
    call("PUT", "/identity", {"id_token": MINE})
    (before,) = call("GET", "/identity").json["identities"]
    call("PUT", "/identity", {"id_token": MINE})
    (after,) = call("GET", "/identity").json["identities"]
    assert after["first_seen_at"] == before["first_seen_at"]
    assert after["last_seen_at"] > before["last_seen_at"]
    assert app_data.scan()["Count"] == 2


@pytest.mark.usefixtures("app_data")
def test_the_current_identity_comes_first(logins: IdentityPool) -> None:
    """An identity that was left behind by a merge, and one that came back."""
    for identity in (FIRST, SECOND, FIRST):
        logins.logins[MINE] = identity
        call("PUT", "/identity", {"id_token": MINE})
        shown = [entry["identity_id"] for entry in call("GET", "/identity").json["identities"]]
        assert shown[0] == identity
    assert shown == [FIRST, SECOND]


@pytest.mark.usefixtures("app_data")
def test_nobody_has_an_identity_before(app_data: Table) -> None:
    app_data.put_item(Item={"pk": f"USER#{SUB}", "sk": "PROFILE", "role": "admin"})
    app_data.put_item(Item={"pk": "USER#another", "sk": f"IDENTITY#{FIRST}", "last_seen_at": "2026"})
    assert call("GET", "/identity").json == {"identities": []}


@pytest.mark.usefixtures("app_data")
def test_another_users_login_is_refused(app_data: Table, logins: IdentityPool) -> None:
    """Attack: another's ID token, as good as can be, enters its owner's identity as the caller's."""
    theirs = token_of("0c9d3e52-0000-4000-8000-000000000000")
    logins.logins[theirs] = SECOND
    assert call("PUT", "/identity", {"id_token": theirs}).error == (400, "invalid_id_token")
    assert app_data.scan()["Count"] == 0
    assert logins.asked == 0, "asking for the identity of a login makes one"


@pytest.mark.usefixtures("app_data")
@pytest.mark.parametrize(
    "token",
    [
        token_of(SUB, "forged"),
        "",
        "x",
        "a.b.c",
        f"a.{part({})}.c",
        f"a.{part([])}.c",
        f"a.{'W1tb' * 2_000}.c",
        f"a.{part({'sub': [SUB]})}.c",
        f"{part({})}.é.c",
    ],
)
def test_forged_tokens_are_refused(app_data: Table, token: str) -> None:
    assert call("PUT", "/identity", {"id_token": token}).error == (400, "invalid_id_token")
    assert app_data.scan()["Count"] == 0


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"id_token": None}, (400, "invalid_field")),
        ({"id_token": 1}, (400, "invalid_field")),
        ({"id_token": MINE, "identity_id": SECOND}, (400, "unknown_field")),
        ({"identity_id": SECOND}, (400, "unknown_field")),
        ({}, (400, "empty_body")),
        ([], (400, "invalid_json")),
        ({"id_token": "x" * 10_240}, (413, "body_too_large")),
    ],
)
def test_bad_bodies_are_refused(body: Any, error: tuple[int, str]) -> None:
    assert call("PUT", "/identity", body).error == error


@pytest.mark.usefixtures("app_data")
def test_failures_of_cognito(logins: IdentityPool) -> None:
    for failure, error in {
        "TooManyRequestsException": (503, "busy"),
        "InvalidParameterException": (400, "invalid_id_token"),
        "ResourceNotFoundException": (500, "internal_error"),
    }.items():
        logins.failure = failure
        assert call("PUT", "/identity", {"id_token": MINE}).error == error


def test_two_writes_at_once_are_told_to_come_again(app_data: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    client = store.app_data().meta.client
    refused = client.exceptions.TransactionCanceledException({"Error": {"Code": "x"}}, "TransactWriteItems")

    def conflict(**_: Any) -> None:
        raise refused

    monkeypatch.setattr(client, "transact_write_items", conflict)
    with pytest.raises(ApiError, match="try again") as raised:
        identity_map.enter(SUB, FIRST)
    assert (raised.value.status, isinstance(refused, ClientError)) == (503, True)
