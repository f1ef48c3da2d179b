"""Assertions that were used. Source: Cognito developer guide, "No replayed assertions"."""

from __future__ import annotations

from dataclasses import dataclass

from localcloud.context import Cloud
from localcloud.federation.errors import TokenError
from localcloud.store import AlreadyExistsError, Entity


@dataclass(frozen=True, slots=True)
class UsedAssertion(Entity):
    """An assertion or a message of a provider, by digest, until it would be too old anyway."""

    KEY = ("digest",)
    INDEXES = (("expires",),)
    digest: str
    expires: float


def spend(cloud: Cloud, addressee: str, issuer: str, identifier: str, expires: float) -> None:
    """Use one, as good as once for each addressee. Raises TokenError.

    Attack: replay. A response that somebody has seen on its way is sent again: of two at once, one gets in.
    """
    digest = cloud.sealer.digest("used assertion", addressee, issuer, identifier)
    try:
        cloud.store.insert(UsedAssertion(digest, expires))
    except AlreadyExistsError:
        raise TokenError("The assertion was used before.") from None
