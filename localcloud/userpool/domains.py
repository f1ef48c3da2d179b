"""Domain prefixes of pools. No pages are served under them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool.models import Domain
from localcloud.userpool.settings import ANY, Supported, only

SUPPORTED: Mapping[str, Supported] = {"Domain": ANY, "UserPoolId": ANY, "ManagedLoginVersion": only("1")}

_RESERVED = ("aws", "amazon", "cognito")


def check_name(name: str) -> None:
    """Raise InvalidParameterException where a prefix holds a word that is AWS's own."""
    for word in _RESERVED:
        if word in name:
            raise AwsError("InvalidParameterException", f"Domain cannot contain reserved word: {word}")


def describe(ctx: Context, domain: Domain) -> dict[str, Any]:
    """A `DomainDescriptionType`."""
    return {
        "UserPoolId": domain.pool_id,
        "AWSAccountId": ctx.cloud.account,
        "Domain": domain.domain,
        "Status": "ACTIVE",
        "CustomDomainConfig": {},
        "ManagedLoginVersion": 1,
    }
