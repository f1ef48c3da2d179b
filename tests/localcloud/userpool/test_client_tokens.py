"""GetClientToken: a machine proves its secret and gets scopes of resource servers, and no others."""

from __future__ import annotations

from typing import Any

import pytest

from localcloud.jws import Key
from localcloud.userpool.models import AppClient
from tests.localcloud.userpool.conftest import Api

FLOW = {"ExplicitAuthFlows": ["ALLOW_CLIENT_TOKEN_AUTH"]}


@pytest.fixture
def machine(api: Api, pool: str, key: Key) -> dict[str, Any]:
    """The parameters that a machine proves itself with."""
    api.cloud.keys[pool] = key
    scopes = [{"ScopeName": name, "ScopeDescription": name} for name in ("read", "write", "drop")]
    api("CreateResourceServer", UserPoolId=pool, Identifier="orders", Name="orders", Scopes=scopes)
    client_id = api.new_client(
        pool, GenerateSecret=True, AllowedOAuthScopes=["orders/read", "orders/write", "openid"], **FLOW
    )
    client = api.cloud.store.get(AppClient, client_id)
    assert client is not None
    return {"ClientId": client_id, "Secret": next(iter(client.secrets.values()))}


def test_a_token_has_the_scopes_asked_for_or_all_of_the_clients(api: Api, key: Key, machine: dict[str, Any]) -> None:
    result = api("GetClientToken", **machine)["ClientAuthenticationResult"]
    claims = key.verify(result["AccessToken"])
    assert (claims["sub"], claims["token_use"]) == (machine["ClientId"], "access")
    assert claims["scope"] == "orders/read orders/write"
    assert (result["ExpiresIn"], result["TokenType"]) == (3600, "Bearer")
    narrow = api("GetClientToken", **machine, Scopes=["orders/read"])["ClientAuthenticationResult"]
    assert key.verify(narrow["AccessToken"])["scope"] == "orders/read"


@pytest.mark.parametrize("scope", ["orders/drop", "openid", "aws.cognito.signin.user.admin", "others/read"])
def test_a_scope_that_is_not_the_clients_is_refused(api: Api, machine: dict[str, Any], scope: str) -> None:
    """Attack: a machine with a scope that nobody gave it, or that lets a user be managed."""
    with api.refused("InvalidParameterException", "scope"):
        api("GetClientToken", **machine, Scopes=[scope])


def test_the_wrong_secret_is_refused(api: Api, machine: dict[str, Any]) -> None:
    with api.refused("NotAuthorizedException"):
        api("GetClientToken", **{**machine, "Secret": "x" * 52})


def test_a_client_without_the_flow_is_refused(api: Api, pool: str, machine: dict[str, Any]) -> None:
    api("UpdateUserPoolClient", UserPoolId=pool, ClientId=machine["ClientId"], AllowedOAuthScopes=["orders/read"])
    with api.refused("InvalidParameterException", "CLIENT_TOKEN_AUTH is not enabled"):
        api("GetClientToken", **machine)


def test_the_flow_needs_a_secret_and_goes_with_no_other(api: Api, pool: str) -> None:
    with api.refused("InvalidParameterException", "client secret"):
        api.new_client(pool, **FLOW)
    with api.refused("InvalidParameterException", "cannot be mixed"):
        api.new_client(
            pool, GenerateSecret=True, ExplicitAuthFlows=["ALLOW_CLIENT_TOKEN_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
        )
