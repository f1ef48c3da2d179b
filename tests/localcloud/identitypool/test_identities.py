"""The same login is the same identity; an identity is only for whoever can prove one of its logins."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from localcloud.identitypool.models import Identity, Login
from tests.localcloud.identitypool.conftest import NOW, OTHER_KEY, PROVIDER, World, add_user_pool

OTHER_POOL = "us-east-1_Other9999"
OTHER_PROVIDER = f"cognito-idp.us-east-1.amazonaws.com/{OTHER_POOL}"
NO_MATCH = (
    "NotAuthorizedException: Logins don't match. "
    "Please include at least one valid login for this identity or identity pool."
)


def with_two_providers(world: World) -> None:
    """Let a second user pool count in the identity pool."""
    add_user_pool(world, OTHER_POOL, "otherclient", OTHER_KEY)
    providers = [
        {"ProviderName": PROVIDER, "ClientId": "1example23456789"},
        {"ProviderName": OTHER_PROVIDER, "ClientId": "otherclient"},
    ]
    world.call(
        "UpdateIdentityPool",
        IdentityPoolId=world.pool_id,
        IdentityPoolName="app",
        AllowUnauthenticatedIdentities=True,
        CognitoIdentityProviders=providers,
    )


def other_login(world: World, username: str) -> dict[str, str]:
    """The `Logins` of a user of the second user pool."""
    return {OTHER_PROVIDER: world.sign_in(username, "otherclient", OTHER_POOL)["IdToken"]}


def forbidden(identity_id: str) -> str:
    """The refusal of an identity that is not the caller's."""
    return f"NotAuthorizedException: Access to Identity '{identity_id}' is forbidden."


def test_one_login_is_one_identity(world: World) -> None:
    ann = world.get_id("ann")
    assert ann.startswith("us-east-1:")
    assert world.get_id("ann") == ann
    assert world.get_id("bob") != ann


def test_racing_first_calls_end_in_one_identity(world: World) -> None:
    logins = world.logins("ann")

    def get_id(_: int) -> str:
        return str(world.call("GetId", IdentityPoolId=world.pool_id, Logins=logins)["IdentityId"])

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(get_id, range(32)))) == 1
    assert world.ctx.store.count(Identity, pool_id=world.pool_id) == 1


def test_each_guest_is_another_identity(world: World) -> None:
    assert world.get_id() != world.get_id()


def test_a_pool_that_forbids_guests_has_none(world: World) -> None:
    guest = world.get_id()
    world.set_provider(guests=False)
    refusal = "NotAuthorizedException: Unauthenticated access is not supported for this identity pool."
    assert world.refusal("GetId", IdentityPoolId=world.pool_id) == refusal
    assert world.refusal("GetId", IdentityPoolId=world.pool_id, Logins={}) == refusal
    assert world.refusal("GetCredentialsForIdentity", IdentityId=guest) == refusal


def test_the_account_id_is_optional_but_never_another_one(world: World) -> None:
    assert world.call("GetId", IdentityPoolId=world.pool_id, AccountId="000000000000")
    refusal = world.refusal("GetId", IdentityPoolId=world.pool_id, AccountId="111122223333")
    assert refusal.startswith("ResourceNotFoundException: ")


def test_a_swapped_identity_id_is_refused(world: World) -> None:
    ann, bob = world.get_id("ann"), world.get_id("bob")
    assert world.refusal("GetCredentialsForIdentity", IdentityId=bob, Logins=world.logins("ann")) == NO_MATCH
    assert world.credentials(ann, world.logins("ann"))["IdentityId"] == ann


def test_an_id_of_a_user_alone_opens_nothing(world: World) -> None:
    ann = world.get_id("ann")
    assert world.refusal("GetCredentialsForIdentity", IdentityId=ann) == forbidden(ann)


def test_an_unknown_identity_is_not_found(world: World) -> None:
    unknown = "us-east-1:00000000-0000-4000-8000-000000000000"
    refusal = world.refusal("GetCredentialsForIdentity", IdentityId=unknown)
    assert refusal == f"ResourceNotFoundException: Identity '{unknown}' not found."


def test_a_guest_who_signs_in_for_the_first_time_keeps_the_identity(world: World) -> None:
    guest = world.get_id()
    assert world.credentials(guest, world.logins("ann"))["IdentityId"] == guest
    assert world.get_id("ann") == guest
    assert world.refusal("GetCredentialsForIdentity", IdentityId=guest) == forbidden(guest)


def test_a_guest_who_signs_in_again_becomes_the_user_it_was(world: World) -> None:
    ann, guest = world.get_id("ann"), world.get_id()
    assert world.credentials(guest, world.logins("ann"))["IdentityId"] == ann
    assert world.refusal("GetCredentialsForIdentity", IdentityId=guest) == forbidden(guest)
    # A second call that was under way with the guest's id ends where the first did.
    assert world.credentials(guest, world.logins("ann"))["IdentityId"] == ann


def test_a_merged_guest_is_open_to_nobody_else(world: World) -> None:
    world.get_id("ann")
    guest = world.get_id()
    world.credentials(guest, world.logins("ann"))
    assert world.refusal("GetCredentialsForIdentity", IdentityId=guest, Logins=world.logins("bob")) == NO_MATCH


def test_a_second_provider_is_linked_by_proving_both_logins(world: World) -> None:
    with_two_providers(world)
    ann = world.get_id("ann")
    both = {**world.logins("ann"), **other_login(world, "ann")}
    assert world.credentials(ann, both)["IdentityId"] == ann
    assert world.credentials(ann, other_login(world, "ann"))["IdentityId"] == ann


def test_two_identities_of_one_person_are_merged_into_the_presented_one(world: World) -> None:
    with_two_providers(world)
    first = world.get_id("ann")
    second = str(world.call("GetId", IdentityPoolId=world.pool_id, Logins=other_login(world, "ann"))["IdentityId"])
    both = {**world.logins("ann"), **other_login(world, "ann")}
    assert world.credentials(second, both)["IdentityId"] == second
    assert world.get_id("ann") == second
    listed = world.call("ListIdentities", IdentityPoolId=world.pool_id, MaxResults=10, HideDisabled=True)
    assert [identity["IdentityId"] for identity in listed["Identities"]] == [second]
    assert world.credentials(first, both)["IdentityId"] == second


def test_a_second_login_of_one_provider_is_refused_and_changes_nothing(world: World) -> None:
    with_two_providers(world)
    ann = world.get_id("ann")
    world.credentials(ann, {**world.logins("ann"), **other_login(world, "ann")})
    before = world.ctx.store.find(Login, pool_id=world.pool_id)
    both = {**world.logins("ann"), **other_login(world, "bob")}
    refusal = world.refusal("GetCredentialsForIdentity", IdentityId=ann, Logins=both)
    assert refusal.startswith("ResourceConflictException: ")
    assert world.ctx.store.find(Login, pool_id=world.pool_id) == before


def test_unlinking_the_last_login_closes_the_identity(world: World) -> None:
    ann = world.get_id("ann")
    world.call("UnlinkIdentity", IdentityId=ann, Logins=world.logins("ann"), LoginsToRemove=[PROVIDER])
    # Neither a guest's nor the next one's who knows the id.
    assert world.refusal("GetCredentialsForIdentity", IdentityId=ann) == forbidden(ann)
    assert world.refusal("GetCredentialsForIdentity", IdentityId=ann, Logins=world.logins("bob")) == forbidden(ann)
    assert world.get_id("ann") != ann


def test_unlinking_needs_a_login_of_the_identity(world: World) -> None:
    ann, guest = world.get_id("ann"), world.get_id()
    for identity_id in (ann, guest):
        refusal = world.refusal(
            "UnlinkIdentity", IdentityId=identity_id, Logins=world.logins("bob"), LoginsToRemove=[PROVIDER]
        )
        assert refusal == NO_MATCH


def test_unlinking_a_login_that_is_not_there_is_refused(world: World) -> None:
    ann = world.get_id("ann")
    request = {"IdentityId": ann, "Logins": world.logins("ann"), "LoginsToRemove": [PROVIDER, OTHER_PROVIDER]}
    assert world.refusal("UnlinkIdentity", **request).startswith("InvalidParameterException: ")
    assert world.get_id("ann") == ann


def test_an_identity_is_described_and_deleted(world: World) -> None:
    ann = world.get_id("ann")
    described = {"IdentityId": ann, "Logins": [PROVIDER], "CreationDate": NOW, "LastModifiedDate": NOW}
    assert world.call("DescribeIdentity", IdentityId=ann) == described
    assert world.call("DeleteIdentities", IdentityIdsToDelete=[ann, ann]) == {"UnprocessedIdentityIds": []}
    assert world.refusal("DescribeIdentity", IdentityId=ann).startswith("ResourceNotFoundException: ")
    assert world.get_id("ann") != ann


def test_identities_are_listed_in_pages(world: World) -> None:
    made = sorted(world.get_id() for _ in range(5))
    seen: list[str] = []
    request: dict[str, str] = {}
    while True:
        answer = world.call("ListIdentities", IdentityPoolId=world.pool_id, MaxResults=2, **request)
        seen += [identity["IdentityId"] for identity in answer["Identities"]]
        if "NextToken" not in answer:
            break
        request = {"NextToken": answer["NextToken"]}
    assert seen == made


def test_a_made_up_next_token_is_refused(world: World) -> None:
    refusal = world.refusal("ListIdentities", IdentityPoolId=world.pool_id, MaxResults=2, NextToken="us-east-1:0")
    assert refusal.startswith("InvalidParameterException: ")
