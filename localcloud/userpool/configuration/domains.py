"""Domain prefixes of pools, and which pages are served under them. A domain of one's own needs a certificate of AWS."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Cloud, Context
from localcloud.errors import AwsError
from localcloud.userpool.configuration.settings import ANY, Supported, only, read
from localcloud.userpool.models import Domain, UserPool

PREFIX = "/_aws/auth/"
"""`/_aws/auth/DOMAIN` stands for `https://DOMAIN.auth.REGION.amazoncognito.com`, whose name does not resolve here."""

CLASSIC, MANAGED_LOGIN = 1, 2
"""The two versions of a domain's pages."""

SUPPORTED: Mapping[str, Supported] = {"Domain": ANY, "UserPoolId": ANY, "ManagedLoginVersion": only("1", "2")}

_RESERVED = ("aws", "amazon", "cognito")


def check_name(name: str) -> None:
    """Raise InvalidParameterException where a prefix holds a word that is AWS's own."""
    for word in _RESERVED:
        if word in name:
            raise AwsError("InvalidParameterException", f"Domain cannot contain reserved word: {word}")


def wanted_version(pool: UserPool, request: Mapping[str, Any], default: int) -> int:
    """The version that a request asks for. Raises FeatureUnavailableInTierException and InvalidParameterException."""
    version = int(read(request, SUPPORTED).get("ManagedLoginVersion", default))
    if version == MANAGED_LOGIN and pool.config["UserPoolTier"] == "LITE":
        message = "The following feature is not available for the LITE pricing tier configured: Managed Login Version 2"
        raise AwsError("FeatureUnavailableInTierException", message)
    return version


def require(ctx: Context, name: str, pool_id: str) -> Domain:
    """The domain of that name, of this pool. Raises InvalidParameterException."""
    domain = ctx.store.get(Domain, name)
    if domain is None or domain.pool_id != pool_id:
        raise AwsError("InvalidParameterException", "No such domain or user pool exists.")
    return domain


def of_pool(ctx: Context, pool_id: str) -> Domain | None:
    """The domain of a pool, which has one at most."""
    return next(iter(ctx.store.find(Domain, pool_id=pool_id, limit=1)), None)


def address(cloud: Cloud, name: str) -> str:
    """The URL of the domain of that name, without a slash at its end."""
    return f"{cloud.endpoint_url}{PREFIX}{name}"


def describe(ctx: Context, domain: Domain) -> dict[str, Any]:
    """A `DomainDescriptionType`."""
    return {
        "UserPoolId": domain.pool_id,
        "AWSAccountId": ctx.cloud.account,
        "Domain": domain.domain,
        "Status": "ACTIVE",
        "CustomDomainConfig": {},
        "ManagedLoginVersion": domain.version,
    }
