"""CloudFormation's types around a domain's pages: made, changed in place, replaced, taken up again, deleted."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from localcloud.aws.own_types import OwnType
from localcloud.aws.resources import (
    cognito_managed_login_branding,
    cognito_user_pool,
    cognito_user_pool_client,
    cognito_user_pool_domain,
    cognito_user_pool_identity_provider,
    cognito_user_pool_resource_server,
    cognito_user_pool_ui_customization_attachment,
)
from localcloud.aws.resources.cognito_calls import call
from localcloud.context import Cloud, Context
from localcloud.errors import AwsError
from localcloud.userpool.models import AppClient, Domain
from localcloud.userpool.providers.federation_state import Branding, IdentityProvider, ResourceServer, UiCustomization

SCOPES = [{"ScopeName": "read", "ScopeDescription": "Read all"}]
GOOGLE = {
    "ProviderName": "Google",
    "ProviderType": "Google",
    "ProviderDetails": {"client_id": "app", "client_secret": "secret", "authorize_scopes": "openid email"},
}


@pytest.fixture
def pool(ctx: Context) -> str:
    return cognito_user_pool.create(ctx, {}, "Pool", "stack")[0]


@pytest.fixture
def client(ctx: Context, pool: str) -> str:
    return cognito_user_pool_client.create(ctx, {"UserPoolId": pool}, "App", "stack")[0]


def test_a_domain_changes_its_pages_in_place(ctx: Context, pool: str) -> None:
    old = {"UserPoolId": pool, "Domain": "gate-1"}
    new = {**old, "ManagedLoginVersion": "2"}
    cognito_user_pool_domain.create(ctx, old, "Domain", "stack")
    assert cognito_user_pool_domain.update(ctx, "gate-1", old, new) == ("gate-1", {})
    assert ctx.store.get(Domain, "gate-1") == Domain("gate-1", pool, 2)
    cognito_user_pool_domain.update(ctx, "gate-1", new, old)
    assert ctx.store.get(Domain, "gate-1") == Domain("gate-1", pool, 1)


def test_a_client_has_the_oauth_settings_of_the_template(ctx: Context, pool: str) -> None:
    server = {"UserPoolId": pool, "Identifier": "orders", "Name": "Orders", "Scopes": SCOPES}
    cognito_user_pool_resource_server.create(ctx, server, "Server", "stack")
    properties = {
        "UserPoolId": pool,
        "AllowedOAuthFlowsUserPoolClient": "true",
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthScopes": ["openid", "orders/read"],
        "CallbackURLs": ["https://app.example.com/back"],
        "DefaultRedirectURI": "https://app.example.com/back",
        "LogoutURLs": ["https://app.example.com/bye"],
        "SupportedIdentityProviders": ["COGNITO"],
    }
    made = cognito_user_pool_client.create(ctx, properties, "App", "stack")[0]
    kept = ctx.store.get(AppClient, made)
    assert kept is not None
    wanted = {name: value for name, value in properties.items() if name != "UserPoolId"}
    assert {name: kept.config[name] for name in wanted} == {**wanted, "AllowedOAuthFlowsUserPoolClient": True}


def test_a_resource_server_is_changed_in_place_and_replaced_under_another_identifier(ctx: Context, pool: str) -> None:
    old: dict[str, Any] = {"UserPoolId": pool, "Identifier": "orders", "Name": "Orders", "Scopes": SCOPES}
    assert cognito_user_pool_resource_server.create(ctx, old, "Server", "stack") == ("orders", {})
    new = {"UserPoolId": pool, "Identifier": "orders", "Name": "Bills"}
    assert cognito_user_pool_resource_server.update(ctx, "orders", old, new) == ("orders", {})
    assert ctx.store.get(ResourceServer, pool, "orders") == ResourceServer(pool, "orders", "Bills", {})
    other = {**new, "Identifier": "bills"}
    assert cognito_user_pool_resource_server.update(ctx, "orders", new, other)[0] == "bills"
    cognito_user_pool_resource_server.delete(ctx, "orders", new)
    cognito_user_pool_resource_server.delete(ctx, "orders", new)
    assert [server.identifier for server in ctx.store.find(ResourceServer)] == ["bills"]


def test_a_provider_is_changed_in_place_and_loses_what_the_template_no_longer_names(ctx: Context, pool: str) -> None:
    old = {"UserPoolId": pool, **GOOGLE, "AttributeMapping": {"email": "email"}, "IdpIdentifiers": ["staff"]}
    assert cognito_user_pool_identity_provider.create(ctx, old, "Google", "stack") == ("Google", {})
    new = {"UserPoolId": pool, **GOOGLE}
    assert cognito_user_pool_identity_provider.update(ctx, "Google", old, new) == ("Google", {})
    kept = ctx.store.get(IdentityProvider, pool, "Google")
    assert kept is not None
    assert ("email" in kept.mapping, kept.identifiers) == (False, [])
    with pytest.raises(ValueError, match="property `ProviderType` cannot change"):
        cognito_user_pool_identity_provider.update(ctx, "Google", new, {**new, "ProviderType": "OIDC"})
    cognito_user_pool_identity_provider.delete(ctx, "Google", new)
    cognito_user_pool_identity_provider.delete(ctx, "Google", new)
    assert ctx.store.count(IdentityProvider) == 0


def test_a_style_is_as_the_template_says_and_no_more(ctx: Context, pool: str, client: str) -> None:
    old = {"UserPoolId": pool, "ClientId": client, "Settings": {"a": {"b": 1}}, "ReturnMergedResources": "false"}
    made, attributes = cognito_managed_login_branding.create(ctx, old, "Style", "stack")
    assert made == f"{pool}|{attributes['ManagedLoginBrandingId']}"
    new = {"UserPoolId": pool, "ClientId": client, "Settings": {"a": {"c": 2}}}
    assert cognito_managed_login_branding.update(ctx, made, old, new) == (made, attributes)
    (style,) = ctx.store.find(Branding)
    assert (style.settings, style.uses_defaults) == ({"a": {"c": 2}}, False)
    plain = {"UserPoolId": pool, "ClientId": client, "UseCognitoProvidedValues": "true"}
    assert cognito_managed_login_branding.create(ctx, plain, "Style", "stack", made) == (made, attributes)
    (style,) = ctx.store.find(Branding)
    assert (style.settings, style.uses_defaults) == ({}, True)
    other = cognito_user_pool_client.create(ctx, {"UserPoolId": pool}, "Other", "stack")[0]
    assert cognito_managed_login_branding.update(ctx, made, plain, {**plain, "ClientId": other})[0] != made
    cognito_managed_login_branding.delete(ctx, made, plain)
    cognito_managed_login_branding.delete(ctx, made, plain)
    assert [style.client_id for style in ctx.store.find(Branding)] == [other]


def test_a_style_that_cannot_be_leaves_the_old_one(ctx: Context, pool: str, client: str) -> None:
    old = {"UserPoolId": pool, "ClientId": client, "Settings": {"a": 1}}
    made, _ = cognito_managed_login_branding.create(ctx, old, "Style", "stack")
    wrong = {**old, "Assets": [{"Category": "FORM_LOGO", "ColorMode": "DARK", "Extension": "PNG", "Bytes": "x"}]}
    with pytest.raises(AwsError, match="FORM_LOGO"):
        cognito_managed_login_branding.update(ctx, made, old, wrong)
    assert [style.settings for style in ctx.store.find(Branding)] == [{"a": 1}]


def test_classic_css_of_all_clients_or_one(ctx: Context, pool: str, client: str) -> None:
    cognito_user_pool_domain.create(ctx, {"UserPoolId": pool, "Domain": "gate-1"}, "Domain", "stack")
    old = {"UserPoolId": pool, "ClientId": "ALL", "CSS": ".label-customizable{color:red}"}
    attachment = cognito_user_pool_ui_customization_attachment
    assert attachment.create(ctx, old, "Css", "stack") == (f"{pool}|ALL", {})
    assert attachment.update(ctx, f"{pool}|ALL", old, {**old, "ClientId": client})[0] == f"{pool}|{client}"
    attachment.delete(ctx, f"{pool}|ALL", old)
    attachment.delete(ctx, f"{pool}|ALL", old)
    assert [kept.client_id for kept in ctx.store.find(UiCustomization)] == [client]
    with pytest.raises(ValueError, match="property `ClientId` is required"):
        attachment.create(ctx, {"UserPoolId": pool}, "Css", "stack")


@pytest.mark.parametrize(
    "resource_type",
    [
        cognito_managed_login_branding,
        cognito_user_pool_identity_provider,
        cognito_user_pool_resource_server,
        cognito_user_pool_ui_customization_attachment,
    ],
)
def test_an_unknown_property_is_refused_by_type_and_name(ctx: Context, resource_type: ModuleType) -> None:
    with pytest.raises(ValueError, match=f"{resource_type.TYPE}: property `Misspelt`"):
        resource_type.create(ctx, {"Misspelt": 1}, "It", "stack")


def test_what_an_earlier_run_made_is_taken_up_again(cognito_cloud: Cloud) -> None:
    def deploy(name: str) -> list[str]:
        pool = OwnType(cognito_cloud, cognito_user_pool).create("Pool", {}, "stack")[0]
        client = OwnType(cognito_cloud, cognito_user_pool_client).create("App", {"UserPoolId": pool}, "stack")[0]
        own: list[tuple[ModuleType, dict[str, Any]]] = [
            (cognito_user_pool_resource_server, {"Identifier": "orders", "Name": name}),
            (cognito_user_pool_identity_provider, GOOGLE),
            (cognito_managed_login_branding, {"ClientId": client, "Settings": {"name": name}}),
        ]
        return [
            OwnType(cognito_cloud, one).create(one.__name__, {"UserPoolId": pool, **more}, "stack")[0]
            for one, more in own
        ]

    first = deploy("before")
    assert deploy("after") == first
    assert [server.name for server in cognito_cloud.store.find(ResourceServer)] == ["after"]
    assert [style.settings for style in cognito_cloud.store.find(Branding)] == [{"name": "after"}]


def test_what_somebody_else_made_is_not_taken_up(ctx: Context, pool: str, client: str) -> None:
    server = {"UserPoolId": pool, "Identifier": "orders", "Name": "Orders"}
    call(ctx, "CreateResourceServer", server)
    with pytest.raises(AwsError, match="already exists"):
        cognito_user_pool_resource_server.create(ctx, server, "Server", "stack")
    style = {"UserPoolId": pool, "ClientId": client, "UseCognitoProvidedValues": True}
    call(ctx, "CreateManagedLoginBranding", style)
    with pytest.raises(AwsError, match="ManagedLoginBrandingExistsException"):
        cognito_managed_login_branding.create(ctx, style, "Style", "stack")
