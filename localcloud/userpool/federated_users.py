"""Users who come from another provider: whose user they are, made when first seen, kept in step with what it says."""

from __future__ import annotations

from collections.abc import Mapping

from localcloud.context import Context
from localcloud.userpool.federation_state import IdentityProvider
from localcloud.userpool.models import AppClient, User, UserPool


def sign_in(
    ctx: Context,
    pool: UserPool,
    client: AppClient,
    provider: IdentityProvider,
    subject: str,
    claims: Mapping[str, str | list[str]],
    sources: Mapping[str, Mapping[str, str]],
) -> User:
    """The user of the pool that a provider's user is, after all triggers. Raises AwsError where it may not sign in.

    `claims` is what the provider says of its user `subject`; `sources` is the same by origin, for the inbound
    federation trigger.
    """
    raise NotImplementedError
