"""AdminDisableProviderForUser: a provider's user is no longer a user that it was linked to.

With the provider `Cognito`, a user of the pool's own can no longer sign in by password.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.store import replaced
from localcloud.userpool.accounts.users import require_user, update_user
from localcloud.userpool.factors.passwords import NO_PASSWORD
from localcloud.userpool.models import User, UserPool
from localcloud.userpool.pools import require_pool
from localcloud.userpool.providers import linked_identities
from localcloud.userpool.providers.federation_state import LinkedIdentity
from localcloud.userpool.providers.identity_providers import require_provider

_NOT_LINKED = "Account isn't linked to anyone else, verify that the account has been linked"


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Undo the link of `User`, or take its password away."""
    name, attribute, value = linked_identities.read(request["User"], "User")
    with ctx.store.transaction():
        pool = require_pool(ctx, request["UserPoolId"])
        if name == linked_identities.NATIVE:
            _take_password(ctx, pool, attribute, value)
        else:
            provider = require_provider(ctx, pool.id, name)
            link = ctx.store.get(LinkedIdentity, pool.id, provider.name, value, attribute)
            if link is None or link.primary:
                raise AwsError("InvalidParameterException", _NOT_LINKED)
            linked_identities.remove(ctx, pool, link)
    return {}


def _take_password(ctx: Context, pool: UserPool, attribute: str, username: str) -> None:
    if attribute != linked_identities.SUBJECT:
        message = f"ProviderAttributeName must be {linked_identities.SUBJECT} for {linked_identities.NATIVE}."
        raise AwsError("InvalidParameterException", message)

    def change(user: User) -> User:
        # As a provider's user, it has no password to forget either: that would be the way back in.
        return replaced(user, **NO_PASSWORD, status="EXTERNAL_PROVIDER")

    update_user(ctx, pool, require_user(ctx, pool, username).sub, change)
