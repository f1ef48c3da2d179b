"""Any OpenID Connect provider that is registered in IAM, and what all of them have in common."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from localcloud.context import Cloud
from localcloud.federation import openid
from localcloud.federation.models import OpenIdProvider
from localcloud.federation.user import FederatedUser

_OWN_KEYS: Mapping[str, tuple[str, ...]] = {
    # Source: IAM user guide, "Available keys for AWS OIDC federation", the tab of this provider.
    "token.actions.githubusercontent.com": (
        "actor",
        "actor_id",
        "job_workflow_ref",
        "repository",
        "repository_id",
        "repository_owner_id",
        "workflow",
        "ref",
        "environment",
        "enterprise_id",
    ),
}


def verify(cloud: Cloud, provider: OpenIdProvider, token: str) -> FederatedUser:
    """The user of a registered provider's ID token, made for one of its client ids. Raises FederationError."""
    return verify_as(cloud, issuer_of(provider), token, provider.client_ids)


def issuer_of(provider: OpenIdProvider) -> openid.Issuer:
    """Who signs the tokens of a registered provider: its URL, and Google without a scheme as well."""
    forms = (provider.url, provider.name) if provider.name == "accounts.google.com" else (provider.url,)
    return openid.Issuer(provider.name, forms, provider.url)


def verify_as(cloud: Cloud, issuer: openid.Issuer, token: str, clients: Collection[str] | None) -> FederatedUser:
    """The user of an issuer's ID token. Raises FederationError."""
    proven = openid.verify(cloud, token, issuer, clients)
    name, keys = issuer.name, _condition_keys(issuer.name, proven)
    return FederatedUser(
        provider=name,
        issuer=proven.issuer,
        subject=proven.subject,
        audience=proven.client,
        claims=proven.claims,
        context=keys,
        session_keys=frozenset(keys.keys() & {f"{name}:aud", f"{name}:sub", f"{name}:amr"}),
    )


def _condition_keys(name: str, proven: openid.IdToken) -> dict[str, str | list[str]]:
    """`aud` is the token's `azp` if it has one; `oaud` is always its `aud`.

    Source: IAM user guide, "Available keys for AWS OIDC federation". There is no key `azp`.
    """
    keys: dict[str, str | list[str]] = {
        f"{name}:sub": proven.subject,
        f"{name}:aud": proven.client,
        f"{name}:oaud": proven.audiences[0] if len(proven.audiences) == 1 else list(proven.audiences),
    }
    methods = proven.claims.get("amr")
    if isinstance(methods, list) and all(isinstance(method, str) for method in methods):
        keys[f"{name}:amr"] = methods
    return {**_texts(name, ("email", *_OWN_KEYS.get(name, ())), proven.claims), **keys}


def _texts(name: str, claim_names: tuple[str, ...], claims: Mapping[str, Any]) -> dict[str, str | list[str]]:
    return {f"{name}:{claim}": claims[claim] for claim in claim_names if isinstance(claims.get(claim), str)}
