"""Two secrets of an app client: both count while one is replaced, the last one stays, and none is shown again."""

from __future__ import annotations

import pytest

from localcloud.userpool.pools import check_secret_hash, knows_secret, make_secret_hash, require_client
from tests.localcloud.userpool.conftest import PASSWORD, Api

OWN = "an_own_secret_of_enough_letters"


@pytest.fixture
def client(api: Api, pool: str) -> dict[str, str]:
    """The parameters that name a confidential client."""
    return {"UserPoolId": pool, "ClientId": api.new_client(pool, GenerateSecret=True)}


def ids(api: Api, client: dict[str, str]) -> list[str]:
    return [one["ClientSecretId"] for one in api("ListUserPoolClientSecrets", **client)["ClientSecrets"]]


def test_a_secret_is_replaced_while_the_other_is_in_use(api: Api, client: dict[str, str]) -> None:
    first = api("DescribeUserPoolClient", **client)["UserPoolClient"]["ClientSecret"]
    made = api("AddUserPoolClientSecret", **client)["ClientSecretDescriptor"]
    second = made["ClientSecretValue"]
    assert made["ClientSecretId"].startswith(f"{client['ClientId']}--")
    _, kept = require_client(api.context, client["ClientId"])
    assert [knows_secret(kept, given) for given in (first, second, "another", "", None)] == [True, True] + [False] * 3

    old, new = ids(api, client)
    api("DeleteUserPoolClientSecret", **client, ClientSecretId=old)
    _, kept = require_client(api.context, client["ClientId"])
    assert (knows_secret(kept, first), knows_secret(kept, second), ids(api, client)) == (False, True, [new])
    assert api("DescribeUserPoolClient", **client)["UserPoolClient"]["ClientSecret"] == second


def test_a_hash_with_either_secret_counts(api: Api, client: dict[str, str]) -> None:
    _, with_first = require_client(api.context, client["ClientId"])
    api("AddUserPoolClientSecret", **client, ClientSecret=OWN)
    api("DeleteUserPoolClientSecret", **client, ClientSecretId=ids(api, client)[0])
    _, with_own = require_client(api.context, client["ClientId"])
    api("AddUserPoolClientSecret", **client, ClientSecret=next(iter(with_first.secrets.values())))
    _, with_both = require_client(api.context, client["ClientId"])
    for signer in (with_first, with_own):
        check_secret_hash(with_both, "ada", make_secret_hash(signer, "ada"))
    with api.refused("NotAuthorizedException", "Unable to verify secret hash"):
        check_secret_hash(with_both, "ada", make_secret_hash(with_own, "bob"))


def test_an_own_secret_is_not_shown_again(api: Api, client: dict[str, str]) -> None:
    made = api("AddUserPoolClientSecret", **client, ClientSecret=OWN)["ClientSecretDescriptor"]
    listed = api("ListUserPoolClientSecrets", **client)["ClientSecrets"]
    assert made == listed[1]
    assert set(made) == {"ClientSecretId", "ClientSecretCreateDate"}


def test_there_are_two_at_most_and_one_at_least(api: Api, client: dict[str, str]) -> None:
    api("AddUserPoolClientSecret", **client)
    with api.refused("LimitExceededException"):
        api("AddUserPoolClientSecret", **client)
    first, second = ids(api, client)
    api("DeleteUserPoolClientSecret", **client, ClientSecretId=second)
    with api.refused("ResourceNotFoundException"):
        api("DeleteUserPoolClientSecret", **client, ClientSecretId=second)
    # Attack: a client that had to prove itself, turned into a public one.
    with api.refused("InvalidParameterException", "last secret"):
        api("DeleteUserPoolClientSecret", **client, ClientSecretId=first)


def test_a_public_client_stays_public(api: Api, pool: str) -> None:
    client = {"UserPoolId": pool, "ClientId": api.new_client(pool)}
    with api.refused("InvalidParameterException", "without a client secret"):
        api("AddUserPoolClientSecret", **client)
    assert api("ListUserPoolClientSecrets", **client) == {"ClientSecrets": []}


def test_the_secrets_of_another_pools_client_are_not_to_be_had(api: Api, pool: str, client: dict[str, str]) -> None:
    other = {**client, "UserPoolId": api.new_pool()}
    for operation, more in (
        ("AddUserPoolClientSecret", {}),
        ("ListUserPoolClientSecrets", {}),
        ("DeleteUserPoolClientSecret", {"ClientSecretId": "any"}),
    ):
        with api.refused("ResourceNotFoundException"):
            api(operation, **other, **more)


def test_both_secrets_sign_up_users(api: Api, client: dict[str, str]) -> None:
    api("AddUserPoolClientSecret", **client, ClientSecret=OWN)
    _, kept = require_client(api.context, client["ClientId"])
    signed = {"ClientId": client["ClientId"], "Password": PASSWORD}
    api("SignUp", **signed, Username="ada", SecretHash=make_secret_hash(kept, "ada"))
    with api.refused("NotAuthorizedException", "SECRET_HASH was not received"):
        api("SignUp", **signed, Username="bob")
