"""A backend vouches for its users: each has one identity, also beside other logins, and nobody else's."""

from __future__ import annotations

from typing import Any

import pytest

from localcloud.identitypool import openid_tokens
from localcloud.identitypool.models import Login
from tests.localcloud.identitypool.conftest import NOW, PROVIDER, World, trust
from tests.localcloud.identitypool.test_identities import OTHER_PROVIDER, forbidden, other_login, with_two_providers

DEVELOPER = "login.example"
NO_MATCH = "NotAuthorizedException: Logins don't match."


@pytest.fixture
def backend(world: World) -> World:
    """A cloud whose pool has a developer provider."""
    world.change_pool(DeveloperProviderName=DEVELOPER)
    return world


def token_for(world: World, user: str, logins: dict[str, str] | None = None, **request: Any) -> dict[str, Any]:
    """The answer of GetOpenIdTokenForDeveloperIdentity."""
    request = {"IdentityPoolId": world.pool_id, "Logins": {DEVELOPER: user, **(logins or {})}, **request}
    return world.call("GetOpenIdTokenForDeveloperIdentity", **request)


def identity_of(world: World, user: str, logins: dict[str, str] | None = None, **request: Any) -> str:
    """The identity that a backend gets for its user."""
    return str(token_for(world, user, logins, **request)["IdentityId"])


def look_up(world: World, **request: Any) -> dict[str, Any]:
    """The answer of LookupDeveloperIdentity."""
    return world.call("LookupDeveloperIdentity", IdentityPoolId=world.pool_id, **request)


def merge(source: str, destination: str, world: World) -> dict[str, Any]:
    """A MergeDeveloperIdentities request."""
    return {
        "SourceUserIdentifier": source,
        "DestinationUserIdentifier": destination,
        "DeveloperProviderName": DEVELOPER,
        "IdentityPoolId": world.pool_id,
    }


def test_a_user_has_one_identity_and_a_token(backend: World) -> None:
    answer = token_for(backend, "ada")
    assert identity_of(backend, "ada") == answer["IdentityId"] != identity_of(backend, "bob")
    claims = openid_tokens.verify(backend.ctx, answer["Token"])
    assert claims["sub"] == answer["IdentityId"]
    assert claims["amr"] == ["authenticated", DEVELOPER, f"{DEVELOPER}:{backend.pool_id}:ada"]
    assert claims["exp"] == int(NOW) + 900
    described = backend.call("DescribeIdentity", IdentityId=answer["IdentityId"])
    assert described["Logins"] == [DEVELOPER]


def test_the_token_gets_credentials_in_the_enhanced_flow(backend: World) -> None:
    answer = token_for(backend, "ada")
    session = backend.session(answer["IdentityId"], {openid_tokens.NAME: answer["Token"]})
    assert session.context["cognito-identity.amazonaws.com:sub"] == answer["IdentityId"]
    assert session.context["cognito-identity.amazonaws.com:amr"] == [
        "authenticated",
        DEVELOPER,
        f"{DEVELOPER}:{backend.pool_id}:ada",
    ]
    assert session.session_policies == []


def test_a_backend_may_tag_the_session(backend: World) -> None:
    """Rule 49, with tags that a backend gives."""
    backend.set_trust("authenticated", trust(backend.pool_id, "authenticated", "sts:TagSession"))
    answer = token_for(backend, "ada", PrincipalTags={"team": "blue"})
    session = backend.session(answer["IdentityId"], {openid_tokens.NAME: answer["Token"]})
    assert session.context["aws:PrincipalTag/team"] == "blue"


def test_a_backend_says_how_long_its_token_is_good(backend: World) -> None:
    answer = token_for(backend, "ada", TokenDuration=86400)
    backend.ctx.cloud.clock.advance(86399)
    assert openid_tokens.verify(backend.ctx, answer["Token"])


def test_a_token_of_one_identity_opens_no_other(backend: World) -> None:
    """Attack: one's own token with another's identity id, or together with a login to be linked to."""
    answer, bob = token_for(backend, "ada"), identity_of(backend, "bob")
    own = {openid_tokens.NAME: answer["Token"]}
    assert backend.refusal("GetCredentialsForIdentity", IdentityId=bob, Logins=own).startswith(NO_MATCH)
    both = {**own, **backend.logins("ann")}
    refusal = backend.refusal("GetCredentialsForIdentity", IdentityId=answer["IdentityId"], Logins=both)
    assert refusal.startswith(NO_MATCH)


def test_a_token_outlives_its_login_no_longer_than_the_identity(backend: World) -> None:
    answer = token_for(backend, "ada")
    identity_id = answer["IdentityId"]
    backend.call(
        "UnlinkDeveloperIdentity",
        IdentityId=identity_id,
        IdentityPoolId=backend.pool_id,
        DeveloperProviderName=DEVELOPER,
        DeveloperUserIdentifier="ada",
    )
    own = {openid_tokens.NAME: answer["Token"]}
    assert backend.refusal("GetCredentialsForIdentity", IdentityId=identity_id, Logins=own) == forbidden(identity_id)
    assert identity_of(backend, "ada") != identity_id


def test_another_pools_token_is_no_login(backend: World) -> None:
    other = backend.call(
        "CreateIdentityPool",
        IdentityPoolName="other",
        AllowUnauthenticatedIdentities=True,
        DeveloperProviderName=DEVELOPER,
    )["IdentityPoolId"]
    answer = token_for(backend, "ada", IdentityPoolId=other)
    ada = identity_of(backend, "ada")
    logins = {openid_tokens.NAME: answer["Token"]}
    refusal = backend.refusal("GetCredentialsForIdentity", IdentityId=ada, Logins=logins)
    assert refusal.startswith("NotAuthorizedException: ")


def test_a_guest_becomes_the_backends_user_and_keeps_its_id(backend: World) -> None:
    guest = backend.get_id()
    assert identity_of(backend, "ada", IdentityId=guest) == guest
    assert identity_of(backend, "ada") == guest


def test_a_further_login_is_linked_by_the_backend(backend: World) -> None:
    ann = backend.get_id("ann")
    # Without the login's own token the backend may not speak for it: aws-sdk-js#2327.
    request = {"IdentityPoolId": backend.pool_id, "IdentityId": ann, "Logins": {DEVELOPER: "ada"}}
    assert backend.refusal("GetOpenIdTokenForDeveloperIdentity", **request).startswith(NO_MATCH)
    assert identity_of(backend, "ada", backend.logins("ann"), IdentityId=ann) == ann
    assert backend.get_id("ann") == ann == identity_of(backend, "ada")


def test_two_identities_are_merged_by_proving_both(backend: World) -> None:
    ann, ada = backend.get_id("ann"), identity_of(backend, "ada")
    survivor = identity_of(backend, "ada", backend.logins("ann"))
    assert survivor in (ann, ada)
    assert backend.get_id("ann") == identity_of(backend, "ada") == survivor


def test_a_user_of_another_identity_is_not_moved(backend: World) -> None:
    identity_of(backend, "ada")
    guest = backend.get_id()
    request = {"IdentityPoolId": backend.pool_id, "IdentityId": guest, "Logins": {DEVELOPER: "ada"}}
    refusal = backend.refusal("GetOpenIdTokenForDeveloperIdentity", **request)
    assert refusal.startswith("DeveloperUserAlreadyRegisteredException: ")


def test_an_identity_of_another_pool_is_not_found(backend: World) -> None:
    other = backend.call("CreateIdentityPool", IdentityPoolName="other", AllowUnauthenticatedIdentities=True)
    guest = backend.call("GetId", IdentityPoolId=other["IdentityPoolId"])["IdentityId"]
    request = {"IdentityPoolId": backend.pool_id, "IdentityId": guest, "Logins": {DEVELOPER: "ada"}}
    refusal = backend.refusal("GetOpenIdTokenForDeveloperIdentity", **request)
    assert refusal.startswith("ResourceNotFoundException: ")


@pytest.mark.parametrize("logins", [{}, {"login.other": "ada"}, {DEVELOPER: ""}, {DEVELOPER: "x" * 1025}])
def test_exactly_the_pools_developer_provider_is_needed(backend: World, logins: dict[str, str]) -> None:
    request = {"IdentityPoolId": backend.pool_id, "Logins": logins}
    assert backend.refusal("GetOpenIdTokenForDeveloperIdentity", **request).startswith("InvalidParameterException: ")


def test_a_pool_without_a_developer_provider_has_no_such_users(world: World) -> None:
    request = {"IdentityPoolId": world.pool_id, "Logins": {DEVELOPER: "ada"}}
    refusal = world.refusal("GetOpenIdTokenForDeveloperIdentity", **request)
    message = "This identity pool does not support the specified developer provider."
    assert refusal == f"InvalidParameterException: {message}"


@pytest.mark.parametrize("tags", [{"aws:x": "y"}, {"a": "*"}, {"a": "1", "A": "2"}, {"a": "x" * 256, "b": "y" * 256}])
def test_tags_that_no_session_may_have_are_refused(backend: World, tags: dict[str, str]) -> None:
    request = {"IdentityPoolId": backend.pool_id, "Logins": {DEVELOPER: "ada"}, "PrincipalTags": tags}
    assert backend.refusal("GetOpenIdTokenForDeveloperIdentity", **request).startswith("InvalidParameterException: ")


def test_a_client_cannot_say_who_it_is(backend: World) -> None:
    """Attack: the developer provider in a call that nobody signs."""
    refusal = backend.refusal("GetId", IdentityPoolId=backend.pool_id, Logins={DEVELOPER: "ada"})
    assert refusal.startswith("NotAuthorizedException: ")


def test_a_client_cannot_unlink_the_backends_user(backend: World) -> None:
    ann = identity_of(backend, "ada", backend.logins("ann"))
    request = {"IdentityId": ann, "Logins": backend.logins("ann"), "LoginsToRemove": [DEVELOPER]}
    assert backend.refusal("UnlinkIdentity", **request).startswith("InvalidParameterException: ")
    assert identity_of(backend, "ada") == ann


def test_look_up_goes_both_ways(backend: World) -> None:
    ada = identity_of(backend, "ada")
    answer = {"IdentityId": ada, "DeveloperUserIdentifierList": ["ada"]}
    assert look_up(backend, DeveloperUserIdentifier="ada") == answer
    assert look_up(backend, IdentityId=ada) == answer
    assert look_up(backend, IdentityId=ada, DeveloperUserIdentifier="ada") == answer
    guest = {"IdentityId": backend.get_id(), "DeveloperUserIdentifierList": []}
    assert look_up(backend, IdentityId=guest["IdentityId"]) == guest


def test_look_up_of_what_is_not_there(backend: World) -> None:
    pool, bob = {"IdentityPoolId": backend.pool_id}, identity_of(backend, "bob")
    identity_of(backend, "ada")
    for request, code in (
        ({}, "InvalidParameterException"),
        ({"DeveloperUserIdentifier": "nobody"}, "ResourceNotFoundException"),
        ({"IdentityId": "us-east-1:00000000-0000-4000-8000-000000000000"}, "ResourceNotFoundException"),
        ({"IdentityId": bob, "DeveloperUserIdentifier": "ada"}, "ResourceConflictException"),
        ({"IdentityId": bob, "NextToken": "made-up"}, "InvalidParameterException"),
    ):
        assert backend.refusal("LookupDeveloperIdentity", **pool, **request).startswith(f"{code}: ")


def test_users_of_one_identity_come_in_pages(backend: World) -> None:
    users = [f"user-{number}" for number in range(5)]
    for user in users:
        identity_of(backend, user)
    for user in users[1:]:
        backend.call("MergeDeveloperIdentities", **merge(user, users[0], backend))
    seen: list[str] = []
    request: dict[str, str] = {}
    while True:
        answer = look_up(backend, IdentityId=identity_of(backend, users[0]), MaxResults=2, **request)
        seen += answer["DeveloperUserIdentifierList"]
        if "NextToken" not in answer:
            break
        request = {"NextToken": answer["NextToken"]}
    assert seen == users


def test_merged_users_have_the_destinations_identity(backend: World) -> None:
    ada, countess = identity_of(backend, "ada"), identity_of(backend, "countess")
    assert backend.call("MergeDeveloperIdentities", **merge("ada", "countess", backend)) == {"IdentityId": countess}
    assert identity_of(backend, "ada") == identity_of(backend, "countess") == countess
    # Again, and nothing changes.
    assert backend.call("MergeDeveloperIdentities", **merge("ada", "countess", backend)) == {"IdentityId": countess}
    listed = backend.call("ListIdentities", IdentityPoolId=backend.pool_id, MaxResults=10, HideDisabled=True)
    assert [identity["IdentityId"] for identity in listed["Identities"]] == [countess]
    assert backend.refusal("GetCredentialsForIdentity", IdentityId=ada) == forbidden(ada)


def test_two_users_of_one_public_provider_are_not_merged(backend: World) -> None:
    identity_of(backend, "ada", backend.logins("ann"))
    identity_of(backend, "bob", backend.logins("bob"))
    before = backend.ctx.store.find(Login, pool_id=backend.pool_id)
    refusal = backend.refusal("MergeDeveloperIdentities", **merge("ada", "bob", backend))
    assert refusal.startswith("ResourceConflictException: ")
    assert backend.ctx.store.find(Login, pool_id=backend.pool_id) == before


def test_an_identity_has_twenty_logins_at_most(backend: World) -> None:
    for number in range(21):
        identity_of(backend, f"user-{number}")
    for number in range(1, 20):
        backend.call("MergeDeveloperIdentities", **merge(f"user-{number}", "user-0", backend))
    refusal = backend.refusal("MergeDeveloperIdentities", **merge("user-20", "user-0", backend))
    assert refusal == "ResourceConflictException: An identity has 20 logins at most."


def test_a_merge_needs_both_users_and_the_right_provider(backend: World) -> None:
    identity_of(backend, "ada")
    request = merge("ada", "nobody", backend)
    assert backend.refusal("MergeDeveloperIdentities", **request).startswith("ResourceNotFoundException: ")
    request["DeveloperProviderName"] = "login.other"
    assert backend.refusal("MergeDeveloperIdentities", **request).startswith("InvalidParameterException: ")


def test_unlinking_keeps_the_identity_for_its_other_logins(backend: World) -> None:
    with_two_providers(backend)
    ada = identity_of(backend, "ada", {**backend.logins("ann"), **other_login(backend, "ann")})
    request = {
        "IdentityId": ada,
        "IdentityPoolId": backend.pool_id,
        "DeveloperProviderName": DEVELOPER,
        "DeveloperUserIdentifier": "ada",
    }
    assert backend.call("UnlinkDeveloperIdentity", **request) == {}
    assert backend.get_id("ann") == ada
    assert sorted(backend.call("DescribeIdentity", IdentityId=ada)["Logins"]) == [PROVIDER, OTHER_PROVIDER]
    assert backend.refusal("UnlinkDeveloperIdentity", **request).startswith("ResourceNotFoundException: ")
    bob = identity_of(backend, "bob")
    refusal = backend.refusal("UnlinkDeveloperIdentity", **{**request, "DeveloperUserIdentifier": "bob"})
    assert refusal.startswith("ResourceConflictException: ")
    assert identity_of(backend, "bob") == bob
