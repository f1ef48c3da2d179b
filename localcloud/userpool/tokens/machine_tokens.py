"""Access tokens whose subject is an app client: by GetClientToken, and by OAuth's client credentials.

Source: Cognito developer guide, "Scopes, M2M, and resource servers" and "Understanding the access token".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from localcloud.context import Context
from localcloud.userpool import ids, triggers
from localcloud.userpool.configuration import scopes
from localcloud.userpool.models import AppClient, UserPool
from localcloud.userpool.pools import signing_key
from localcloud.userpool.providers.federation_state import ResourceServer


def scopes_of(ctx: Context, client: AppClient, wanted: Iterable[str]) -> tuple[str, ...]:
    """The scopes asked for, or all of the client's; none where one of them is not to be had.

    Attack: a machine with a scope that lets a user be managed.
    """
    allowed = [scope for scope in client.config.get("AllowedOAuthScopes") or () if scope not in scopes.SYSTEM]
    chosen = tuple(dict.fromkeys(wanted)) or tuple(allowed)
    return chosen if all(scope in allowed and _exists(ctx, client, scope) for scope in chosen) else ()


def issue(
    ctx: Context, pool: UserPool, client: AppClient, granted: Sequence[str], metadata: Mapping[str, str]
) -> dict[str, Any]:
    """An access token with these scopes; nothing to renew it with. `metadata` is for the pre token generation trigger.

    Raises UserLambdaValidationException and the like, where the trigger refuses.
    """
    changes = triggers.machine_token_generation(ctx, pool, client, metadata, granted)
    seconds = client.validity("AccessToken")
    claims = {
        "sub": client.id,
        "token_use": "access",
        "scope": changes.scope(" ".join(granted)),
        "auth_time": int(ctx.now),
        "iss": ctx.cloud.issuer_of(pool.id),
        "exp": int(ctx.now) + seconds,
        "iat": int(ctx.now),
        "version": 2,
        "jti": ids.uuid4(ctx),
        "client_id": client.id,
    }
    token = signing_key(ctx, pool.id).sign(changes.access.applied_to(claims))
    return {"AccessToken": token, "ExpiresIn": seconds, "TokenType": "Bearer"}


def _exists(ctx: Context, client: AppClient, scope: str) -> bool:
    # The name has no slash; the identifier may be a URL, and has many.
    identifier, _, name = scope.rpartition("/")
    server = ctx.store.get(ResourceServer, client.pool_id, identifier)
    return server is not None and name in server.scopes
