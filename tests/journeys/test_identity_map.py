"""The identity map: kept when keys are first fetched, read by its user alone, and by administrators both ways."""

from __future__ import annotations

import json
import logging
import urllib.error
import urllib.request
from dataclasses import replace
from typing import Any

import pytest

from auth import Identity, identity_of
from auth.errors import NotAuthorized, ServiceUnreachable
from auth.registration import identities_of, register
from tests.journeys.claims import altered, claims_of, signed_by_stranger, unsigned
from tests.journeys.people import Person, root_client, settings_of
from tests.journeys.pools import Pool
from tests.local_cloud import LocalCloud


@pytest.fixture
def stranger(cloud: LocalCloud, email: str) -> Person:
    return Person.new(cloud, f"stranger-{email}")


def fetch_keys(identity: Identity) -> str:
    """Make a signed call; the identity's id."""
    identity.client("sts").get_caller_identity()
    return identity.identity_id


def ask(cloud: LocalCloud, method: str, token: str, body: Any = None) -> tuple[int, Any]:
    """Call `/identity` of the API."""
    headers = {"authorization": f"Bearer {token}"} if token else {}
    data = None if body is None else json.dumps(body).encode()
    url = f"{cloud.outputs['ApiUrl']}/identity"
    return cloud.ask(urllib.request.Request(url, data, headers, method=method))


def map_items(cloud: LocalCloud, pk: str) -> list[str]:
    """What the map has under an id, as the root sees it."""
    found = root_client(cloud, "dynamodb").query(
        TableName=cloud.outputs["AppDataTable"],
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": pk}},
        ConsistentRead=True,
    )
    return [item["sk"]["S"] for item in found["Items"]]


def test_it_is_kept_when_keys_are_first_fetched(cloud: LocalCloud, person: Person) -> None:
    tokens = person.sign_in().tokens
    settings, sub = settings_of(cloud), claims_of(tokens.access_token)["sub"]
    assert identity_of(settings, tokens) is None
    identity = person.identity()
    assert identity.is_new
    own = fetch_keys(identity)
    assert identity_of(settings, tokens) == own
    assert not identity.is_new
    assert not person.identity().is_new, "another app of the same user knows, too"
    assert f"IDENTITY#{own}" in map_items(cloud, f"USER#{sub}")
    assert map_items(cloud, f"IDENTITY#{own}") == [f"USER#{sub}"]


def test_a_guest_and_a_login_without_access_token_are_not_in_it(cloud: LocalCloud, person: Person) -> None:
    settings, tokens = settings_of(cloud), person.sign_in().tokens
    guest, silent = Identity(settings), Identity(settings, lambda: tokens.id_token)
    for identity in (guest, silent):
        assert map_items(cloud, f"IDENTITY#{fetch_keys(identity)}") == []
        assert not identity.is_new, "nothing is known"
    assert identity_of(settings, tokens) is None


def test_asking_again_keeps_one_entry(cloud: LocalCloud, person: Person) -> None:
    settings, tokens = settings_of(cloud), person.sign_in().tokens
    own = fetch_keys(person.identity())
    assert register(settings, tokens) == register(settings, tokens) == own
    assert identities_of(settings, tokens) == [own]


def test_a_changed_identity_is_entered_and_the_old_one_kept(cloud: LocalCloud, person: Person) -> None:
    settings, tokens = settings_of(cloud), person.sign_in().tokens
    old = fetch_keys(person.identity())
    root_client(cloud, "cognito-identity").delete_identities(IdentityIdsToDelete=[old])
    new = fetch_keys(person.identity())
    assert new != old
    assert identities_of(settings, tokens) == [new, old]


def test_anothers_login_is_refused(cloud: LocalCloud, person: Person, stranger: Person) -> None:
    """Attack: an ID token that is good, but not the caller's, makes its owner's identity the caller's."""
    own, theirs = person.sign_in().tokens, stranger.sign_in().tokens
    status, body = ask(cloud, "PUT", own.access_token, {"id_token": theirs.id_token})
    assert (status, body["error"]["code"]) == (400, "invalid_id_token")
    assert identity_of(settings_of(cloud), own) is None
    assert identity_of(settings_of(cloud), theirs) is None


def test_forged_logins_are_refused(cloud: LocalCloud, person: Person, email: str) -> None:
    tokens = person.sign_in().tokens
    sub, elsewhere = claims_of(tokens.id_token)["sub"], Pool.make(cloud).confirmed_person(f"else-{email}")
    for forged in (
        altered(tokens.id_token, email="x@example.com"),
        altered(elsewhere.sign_in().tokens.id_token, sub=sub),
        unsigned(tokens.id_token),
        signed_by_stranger(tokens.id_token),
        tokens.access_token,
        "x",
    ):
        status, body = ask(cloud, "PUT", tokens.access_token, {"id_token": forged})
        assert (status, body["error"]["code"]) == (400, "invalid_id_token")
    assert identity_of(settings_of(cloud), tokens) is None


def test_nobody_names_an_identity_or_looks_up_anothers(cloud: LocalCloud, person: Person, stranger: Person) -> None:
    theirs = fetch_keys(stranger.identity())
    tokens = person.sign_in().tokens
    claim = {"id_token": tokens.id_token, "identity_id": theirs}
    assert ask(cloud, "PUT", tokens.access_token, claim)[0] == 400
    assert ask(cloud, "GET", tokens.access_token) == (200, {"identities": []})
    assert ask(cloud, "GET", tokens.id_token)[0] == 403
    assert ask(cloud, "GET", "")[0] == ask(cloud, "PUT", "", {"id_token": tokens.id_token})[0] == 401


def test_keys_come_though_the_api_does_not_answer(
    cloud: LocalCloud, person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    tokens, url = person.sign_in().tokens, cloud.outputs["ApiUrl"]
    for api_url in ("http://127.0.0.1:9", f"{url}/none", f"{cloud.endpoint}/_localcloud", "http://api.example.com"):
        settings = replace(settings_of(cloud), api_url=api_url)
        with caplog.at_level(logging.WARNING, "auth"):
            fetch_keys(Identity(settings, person.client.id_tokens(tokens)))
        (line,) = [record.getMessage() for record in caplog.records if record.name == "auth.credentials"]
        assert line.startswith("this identity was not entered into the identity map: the API ")
        assert tokens.id_token not in line
        caplog.clear()
    with pytest.raises(ServiceUnreachable):
        identity_of(replace(settings_of(cloud), api_url="http://127.0.0.1:9"), tokens)


def test_without_an_api_there_is_no_map(cloud: LocalCloud, person: Person, caplog: pytest.LogCaptureFixture) -> None:
    settings, tokens = replace(settings_of(cloud), api_url=None), person.sign_in().tokens
    identity = Identity(settings, person.client.id_tokens(tokens))
    assert not identity.is_new
    fetch_keys(identity)
    assert [record for record in caplog.records if record.name.startswith("auth")] == []


def test_a_token_that_is_no_longer_good(cloud: LocalCloud, person: Person) -> None:
    tokens = person.sign_in().tokens
    cloud.advance(3601)
    with pytest.raises(NotAuthorized, match="401"):
        register(settings_of(cloud), tokens)
