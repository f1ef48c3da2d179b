"""What IAM's identity providers of both kinds have in common: a quota, an ARN to be found by, changes as one step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.federation.models import OpenIdProvider, SamlProvider
from localcloud.store import AlreadyExistsError, NotFoundError, replaced

MAX_PROVIDERS = 100
"""Providers of one kind. Source: IAM quotas."""

_QUOTAS = {OpenIdProvider: "OpenIdConnectProvidersPerAccount", SamlProvider: "SAMLProvidersPerAccount"}
_NOUNS = {OpenIdProvider: "OpenIDConnect Provider", SamlProvider: "Manifest"}

Provider = TypeVar("Provider", OpenIdProvider, SamlProvider)


def add(ctx: Context, provider: Provider, taken: str) -> Provider:
    """Keep a new provider. Raises LimitExceeded, and EntityAlreadyExists, which says `taken`."""
    kind = type(provider)
    with ctx.store.transaction():
        if ctx.store.count(kind) >= MAX_PROVIDERS:
            raise limit_exceeded(_QUOTAS[kind], MAX_PROVIDERS)
        try:
            ctx.store.insert(provider)
        except AlreadyExistsError as error:
            raise AwsError("EntityAlreadyExists", taken, 409) from error
    return provider


def require(ctx: Context, kind: type[Provider], arn: str) -> Provider:
    """The provider of that ARN. Raises NoSuchEntity."""
    provider = ctx.store.get(kind, arn)
    if provider is None:
        raise not_found(kind, arn)
    return provider


def change(ctx: Context, kind: type[Provider], arn: str, changes: Callable[[Provider], dict[str, Any]]) -> Provider:
    """The provider with other fields. Raises NoSuchEntity."""
    try:
        return ctx.store.update(kind, (arn,), lambda old: replaced(old, **changes(old)))
    except NotFoundError:
        raise not_found(kind, arn) from None


def not_found(kind: type[OpenIdProvider | SamlProvider], arn: str) -> AwsError:
    """IAM's answer to an ARN that is no provider's."""
    return AwsError("NoSuchEntity", f"{_NOUNS[kind]} not found for arn {arn}", 404)


def limit_exceeded(quota: str, number: int) -> AwsError:
    """IAM's answer to more than a quota lets one have."""
    return AwsError("LimitExceeded", f"Cannot exceed quota for {quota}: {number}", 409)
