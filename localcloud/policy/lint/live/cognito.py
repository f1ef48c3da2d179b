"""User pools with all their clients and groups, identity pools with their roles and tag maps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from localcloud.policy.lint.live.reading import Clients, Found, pages, unless
from localcloud.policy.lint.stack import Resource


def user_pool(clients: Clients, found: Found) -> Iterator[Resource]:
    """The pool, its domains, its clients with their styles, and its groups, those made by hand among them."""
    idp = clients("cognito-idp")
    yield found.resource({})
    described = idp.describe_user_pool(UserPoolId=found.id)["UserPool"]
    for name in filter(None, map(described.get, ("Domain", "CustomDomain"))):
        settings = idp.describe_user_pool_domain(Domain=name)["DomainDescription"]
        yield _part(found, f"domain {name}", "UserPoolDomain", name, settings)
    for client in pages(idp, "list_user_pool_clients", "UserPoolClients", UserPoolId=found.id):
        ids = {"UserPoolId": found.id, "ClientId": client["ClientId"]}
        settings = idp.describe_user_pool_client(**ids)["UserPoolClient"]
        yield _part(found, f"client {client['ClientName']}", "UserPoolClient", client["ClientId"], settings)
        if unless("ResourceNotFoundException", idp.describe_managed_login_branding_by_client, **ids):
            yield _part(found, f"style of {client['ClientName']}", "ManagedLoginBranding", client["ClientId"], ids)
    for group in pages(idp, "list_groups", "Groups", UserPoolId=found.id):
        yield _part(found, f"group {group['GroupName']}", "UserPoolGroup", group["GroupName"], group)


def identity_pool(clients: Clients, found: Found) -> Iterator[Resource]:
    """The pool, who gets which role of it, and the tags it sets."""
    cognito = clients("cognito-identity")
    settings = cognito.describe_identity_pool(IdentityPoolId=found.id)
    yield found.resource({key: found.document(value, key) for key, value in settings.items()})
    roles = cognito.get_identity_pool_roles(IdentityPoolId=found.id)
    yield _part(found, "roles", "IdentityPoolRoleAttachment", found.id, roles)
    for provider in _providers(settings):
        ids = {"IdentityPoolId": found.id, "IdentityProviderName": provider}
        tags = unless("ResourceNotFoundException", cognito.get_principal_tag_attribute_map, **ids)
        if tags:
            yield _part(found, f"tags of {provider}", "IdentityPoolPrincipalTag", provider, {**tags, **ids})


def _part(found: Found, title: str, kind: str, ref: str, settings: Mapping[str, Any]) -> Resource:
    """A resource of its own in a template, that only its pool knows when it is live."""
    part = Found(f"{found.name}, {title}", f"AWS::Cognito::{kind}", ref)
    return part.resource({key: part.document(value, key) for key, value in settings.items()})


def _providers(settings: Mapping[str, Any]) -> Iterator[str]:
    yield from (provider["ProviderName"] for provider in settings.get("CognitoIdentityProviders", ()))
    yield from settings.get("SupportedLoginProviders", {})
    for kind in ("OpenIdConnectProviderARNs", "SamlProviderARNs"):
        yield from settings.get(kind, ())
