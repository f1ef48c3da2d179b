"""OAuth settings of app clients: which flows, scopes, providers and addresses go together, in AWS's words."""

from __future__ import annotations

from typing import Any

import pytest

from localcloud.userpool.providers.federation_state import IdentityProvider
from tests.localcloud.userpool.conftest import Api

CODE: dict[str, Any] = {
    "AllowedOAuthFlowsUserPoolClient": True,
    "AllowedOAuthFlows": ["code"],
    "AllowedOAuthScopes": ["openid"],
    "CallbackURLs": ["https://app.example.com/back"],
}
MACHINE: dict[str, Any] = {
    "AllowedOAuthFlowsUserPoolClient": True,
    "AllowedOAuthFlows": ["client_credentials"],
    "AllowedOAuthScopes": ["https://api.example.com/v1/orders.read"],
    "GenerateSecret": True,
}


@pytest.fixture
def server(api: Api, pool: str) -> str:
    """An API whose identifier has slashes of its own."""
    identifier = "https://api.example.com/v1"
    scopes = [{"ScopeName": "orders.read", "ScopeDescription": "Read orders"}]
    api("CreateResourceServer", UserPoolId=pool, Identifier=identifier, Name="orders", Scopes=scopes)
    return identifier


def add_provider(api: Api, pool: str, name: str) -> None:
    api.cloud.store.put(IdentityProvider(pool, name, "OIDC", {}, {}, [], 0.0, 0.0))


def test_a_client_shows_what_it_was_made_with_and_an_update_resets_it(api: Api, pool: str) -> None:
    add_provider(api, pool, "Company")
    settings = {
        **CODE,
        "AllowedOAuthFlows": ["code", "implicit"],
        "AllowedOAuthScopes": ["openid", "email", "phone", "profile", "aws.cognito.signin.user.admin"],
        "DefaultRedirectURI": "https://app.example.com/back",
        "LogoutURLs": ["https://app.example.com/bye"],
        "SupportedIdentityProviders": ["COGNITO", "Company"],
    }
    client = api.new_client(pool, **settings)
    shown = api("DescribeUserPoolClient", UserPoolId=pool, ClientId=client)["UserPoolClient"]
    assert {name: shown[name] for name in settings} == settings
    after = api("UpdateUserPoolClient", UserPoolId=pool, ClientId=client)["UserPoolClient"]
    assert after["AllowedOAuthFlowsUserPoolClient"] is False
    assert set(settings) & set(after) == {"AllowedOAuthFlowsUserPoolClient"}


@pytest.mark.parametrize(
    "address",
    [
        *("https://example.com", "https://example.com:8443/a?b=c", "http://localhost:3000/", "http://127.0.0.1:8400/a"),
        *("http://[::1]:9/a", "myapp://callback", "com.example.app:/oauth2redirect", "myapp:"),
    ],
)
def test_addresses_that_are_taken(api: Api, pool: str, address: str) -> None:
    if address == "myapp:":
        with api.refused("InvalidParameterException", "is not an absolute URI"):
            api.new_client(pool, CallbackURLs=[address])
    else:
        api.new_client(pool, CallbackURLs=[address], LogoutURLs=[address], DefaultRedirectURI=address)


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("http://example.com/back", "http://example.com/back cannot use the HTTP protocol."),
        ("http://localhost.example.com/", "cannot use the HTTP protocol."),
        ("http://127.0.0.2/", "cannot use the HTTP protocol."),
        ("https://example.com/#part", "https://example.com/#part cannot use fragment"),
        ("myapp://back#", "cannot use fragment"),
        ("/back", "is not an absolute URI"),
        ("example.com", "is not an absolute URI"),
        ("javascript:alert(1)//https://x", "is not an absolute URI that a browser can be sent to."),
        ("DATA:text/html,x", "is not an absolute URI that a browser can be sent to."),
        ("https:example.com", "has no host"),
        ("https:///back", "has no host"),
        ("https://app.example.com@evil.example/", "has no host, or a user name in front of it."),
        ("https://evil.example\\@app.example.com/", "has no host"),
        ("https://a;script-src/", "has no host"),
        ("https://例え.example/", "is not an absolute URI"),
    ],
)
@pytest.mark.parametrize("setting", ["CallbackURLs", "LogoutURLs"])
def test_attack_an_address_that_runs_lies_or_is_in_the_clear(
    api: Api, pool: str, setting: str, address: str, why: str
) -> None:
    with api.refused("InvalidParameterException", why):
        api.new_client(pool, **{setting: [address]})


def test_the_default_address_is_one_of_the_callbacks_and_there_are_100_at_most(api: Api, pool: str) -> None:
    with api.refused("InvalidParameterException", "https://b.example is not in the callback URIs list."):
        api.new_client(pool, CallbackURLs=["https://a.example"], DefaultRedirectURI="https://b.example")
    with api.refused("InvalidParameterException", "less than or equal to 100"):
        api.new_client(pool, CallbackURLs=[f"https://a.example/{number}" for number in range(101)])


@pytest.mark.parametrize(
    ("settings", "code", "why"),
    [
        (
            {"AllowedOAuthFlows": []},
            "InvalidParameterException",
            "AllowedOAuthFlows and AllowedOAuthScopes are required",
        ),
        ({"AllowedOAuthScopes": []}, "InvalidParameterException", "are required if user pool client is allowed"),
        ({"CallbackURLs": []}, "InvalidParameterException", "CallbackUrls can not be empty when code flow"),
        ({"AllowedOAuthFlows": ["token"]}, "InvalidParameterException", "[code, implicit, client_credentials]"),
        ({"AllowedOAuthScopes": ["Cognito"]}, "ScopeDoesNotExistException", "Invalid scope requested: Cognito"),
        ({"AllowedOAuthScopes": ["none/read"]}, "ScopeDoesNotExistException", "Invalid scope requested: none/read"),
        (
            {"AllowedOAuthScopes": ["https://api.example.com/v1/orders.write"]},
            "ScopeDoesNotExistException",
            "orders.write",
        ),
        (
            {"AllowedOAuthFlows": ["code", "client_credentials"]},
            "InvalidOAuthFlowException",
            "client_credentials flow can not be selected along with code flow or implicit flow.",
        ),
        (
            {"SupportedIdentityProviders": ["COGNITO", "Google"]},
            "InvalidParameterException",
            "The provider Google does",
        ),
    ],
)
def test_settings_that_do_not_go_together_are_refused(
    api: Api, pool: str, server: str, settings: dict[str, Any], code: str, why: str
) -> None:
    with api.refused(code, why):
        api.new_client(pool, **{**CODE, **settings})


def test_a_machine_has_a_secret_and_scopes_of_an_api(api: Api, pool: str, server: str) -> None:
    client = api.new_client(pool, **MACHINE)
    with api.refused("InvalidOAuthFlowException", "can not be selected if client does not have a client secret."):
        api.new_client(pool, **{**MACHINE, "GenerateSecret": False})
    with api.refused("InvalidOAuthFlowException", "openid is not supported with client_credentials flow"):
        api.new_client(pool, **{**MACHINE, "AllowedOAuthScopes": ["openid"]})
    wanted = {name: value for name, value in MACHINE.items() if name != "GenerateSecret"}
    api("UpdateUserPoolClient", UserPoolId=pool, ClientId=client, **wanted)


def test_a_provider_of_another_pool_is_none_of_this_one(api: Api, pool: str) -> None:
    add_provider(api, api.new_pool(), "Company")
    with api.refused("InvalidParameterException", f"The provider Company does not exist for User Pool {pool}."):
        api.new_client(pool, SupportedIdentityProviders=["Company"])
