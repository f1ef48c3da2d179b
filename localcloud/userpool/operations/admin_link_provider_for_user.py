"""AdminLinkProviderForUser: a provider's user, who has not been here yet, becomes a user that the pool has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool.accounts.users import require_user
from localcloud.userpool.models import User, UserPool
from localcloud.userpool.pools import require_pool
from localcloud.userpool.providers import linked_identities
from localcloud.userpool.providers.identity_providers import require_provider

_NATIVE_SOURCE = (
    "Invalid SourceUser: Cognito users with a username/password may not be passed in as a SourceUser,"
    " only as a DestinationUser"
)


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Link `SourceUser` to `DestinationUser`."""
    source = request["SourceUser"]
    if source.get("ProviderName") == linked_identities.NATIVE:
        raise AwsError("InvalidParameterException", _NATIVE_SOURCE)
    with ctx.store.transaction():
        pool = require_pool(ctx, request["UserPoolId"])
        user = _destination(ctx, pool, request["DestinationUser"])
        name, attribute, subject = linked_identities.read(source, "SourceUser")
        provider = require_provider(ctx, pool.id, name)
        linked_identities.link(ctx, pool, provider, user, attribute, subject)
    return {}


def _destination(ctx: Context, pool: UserPool, given: Mapping[str, str]) -> User:
    """A user of the pool's own by name, a federated one by its provider's id. Its ProviderAttributeName is ignored."""
    given = {**given, "ProviderAttributeName": linked_identities.SUBJECT}
    name, _, value = linked_identities.read(given, "DestinationUser")
    if name == linked_identities.NATIVE:
        return require_user(ctx, pool, value)
    link = linked_identities.find(ctx, require_provider(ctx, pool.id, name), value)
    user = link and ctx.store.get(User, pool.id, link.sub)
    if not user:
        raise AwsError("UserNotFoundException", "User does not exist.")
    return user
