"""Resource servers: made, changed, listed in pages, deleted; what is unique, and how many there may be."""

from __future__ import annotations

from typing import Any

from localcloud.userpool.configuration.resource_servers import MOST
from tests.localcloud.userpool.conftest import Api

READ = {"ScopeName": "read", "ScopeDescription": "Read all"}
WRITE = {"ScopeName": "write", "ScopeDescription": "Write all"}


def make(api: Api, pool: str, identifier: str = "orders", **settings: Any) -> dict[str, Any]:
    made: dict[str, Any] = api(
        "CreateResourceServer", UserPoolId=pool, Identifier=identifier, **{"Name": "Orders", **settings}
    )["ResourceServer"]
    return made


def test_a_resource_server_shows_what_it_was_made_with(api: Api, pool: str) -> None:
    made = make(api, pool, "https://api.example.com", Scopes=[READ, WRITE])
    assert made == {
        "UserPoolId": pool,
        "Identifier": "https://api.example.com",
        "Name": "Orders",
        "Scopes": [READ, WRITE],
    }
    described = api("DescribeResourceServer", UserPoolId=pool, Identifier="https://api.example.com")
    assert described == {"ResourceServer": made}


def test_an_update_takes_away_what_it_does_not_name(api: Api, pool: str) -> None:
    make(api, pool, Scopes=[READ])
    after = api("UpdateResourceServer", UserPoolId=pool, Identifier="orders", Name="Bills")["ResourceServer"]
    assert after == {"UserPoolId": pool, "Identifier": "orders", "Name": "Bills"}


def test_an_identifier_is_taken_once_in_a_pool_and_a_scope_once_in_a_server(api: Api, pool: str) -> None:
    make(api, pool)
    with api.refused("InvalidParameterException", f"orders already exists in user pool {pool}."):
        make(api, pool)
    make(api, api.new_pool())
    with api.refused("InvalidParameterException", "Two scopes of a resource server have one name."):
        make(api, pool, "other", Scopes=[READ, READ])
    with api.refused("InvalidParameterException", "scopes.1.member.scopeName"):
        make(api, pool, "other", Scopes=[{"ScopeName": "a/b", "ScopeDescription": "a slash"}])


def test_a_pool_has_25_at_most_and_they_are_listed_in_pages(api: Api, pool: str) -> None:
    for number in range(MOST):
        make(api, pool, f"api-{number:02}")
    with api.refused("LimitExceededException"):
        make(api, pool, "one-more")
    first = api("ListResourceServers", UserPoolId=pool, MaxResults=20)
    rest = api("ListResourceServers", UserPoolId=pool, MaxResults=20, NextToken=first["NextToken"])
    found = [server["Identifier"] for page in (first, rest) for server in page["ResourceServers"]]
    assert found == [f"api-{number:02}" for number in range(MOST)]
    assert "NextToken" not in rest


def test_what_is_deleted_is_gone_and_clients_stay(api: Api, pool: str) -> None:
    make(api, pool, Scopes=[READ])
    client = api.new_client(pool, AllowedOAuthScopes=["orders/read"])
    api("DeleteResourceServer", UserPoolId=pool, Identifier="orders")
    for operation, more in (
        ("DescribeResourceServer", {}),
        ("UpdateResourceServer", {"Name": "x"}),
        ("DeleteResourceServer", {}),
    ):
        with api.refused("ResourceNotFoundException", "Resource server orders does not exist."):
            api(operation, UserPoolId=pool, Identifier="orders", **more)
    shown = api("DescribeUserPoolClient", UserPoolId=pool, ClientId=client)["UserPoolClient"]
    assert shown["AllowedOAuthScopes"] == ["orders/read"]
