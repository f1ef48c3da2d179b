"""What ID and access tokens say of user, groups and sign-in, and what the pre token generation trigger made of it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection, Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool import ids, triggers
from localcloud.userpool.configuration import scopes
from localcloud.userpool.models import AppClient, Group, Membership, User, UserPool
from localcloud.userpool.pools import signing_key
from localcloud.userpool.providers import linked_identities
from localcloud.userpool.sign_in_state import RefreshToken
from localcloud.userpool.triggers.claims import ClaimChanges


def signed(
    ctx: Context,
    pool: UserPool,
    client: AppClient,
    user: User,
    record: RefreshToken,
    source: str,
    metadata: Mapping[str, str],
    nonce: str = "",
) -> dict[str, Any]:
    """The `AuthenticationResultType` of this sign-in, but for the refresh token: the trigger asked, tokens signed.

    `source` is the trigger's `triggerSource`. An ID token comes with no OAuth scopes at all, or with `openid`.
    """
    groups = groups_of(ctx, pool, user)
    granted = (record.scopes or scopes.USER).split()
    changes = triggers.pre_token_generation(ctx, pool, client, user, groups, source, metadata, granted)
    common = {
        "sub": user.sub,
        "iss": ctx.cloud.issuer_of(pool.id),
        "origin_jti": record.origin_jti,
        "event_id": record.event_id,
        "auth_time": record.auth_time,
        "iat": int(ctx.now),
    }
    names = changes.groups if changes.groups is not None else [group.name for group in groups]
    if names:
        common["cognito:groups"] = names
    key = signing_key(ctx, pool.id)
    access = key.sign(_access_claims(ctx, client, user, record, common, changes))
    result = {"AccessToken": access, "ExpiresIn": client.validity("AccessToken"), "TokenType": "Bearer"}
    if not record.scopes:
        result["IdToken"] = key.sign(_id_claims(ctx, client, user, groups, common, changes, ()))
    elif scopes.OPENID in granted:
        bound = {"at_hash": _half_hash(access), **({"nonce": nonce} if nonce else {})}
        result["IdToken"] = key.sign(_id_claims(ctx, client, user, groups, common | bound, changes, granted))
    return result


def groups_of(ctx: Context, pool: UserPool, user: User) -> list[Group]:
    """The user's groups, lowest precedence number first, those without one last."""
    names = [m.group_name for m in ctx.store.find(Membership, pool_id=pool.id, sub=user.sub)]
    groups = [group for name in names if (group := ctx.store.get(Group, pool.id, name))]
    return sorted(groups, key=lambda g: (g.precedence is None, g.precedence or 0, g.name))


def _access_claims(
    ctx: Context, client: AppClient, user: User, record: RefreshToken, common: Mapping[str, Any], changes: ClaimChanges
) -> dict[str, Any]:
    claims = dict(common)
    if record.device_key:
        claims["device_key"] = record.device_key
    claims |= {
        "client_id": client.id,
        "token_use": "access",
        "scope": changes.scope(record.scopes or scopes.USER),
        "exp": int(ctx.now) + client.validity("AccessToken"),
        "jti": ids.uuid4(ctx),
        "username": user.username,
    }
    if record.scopes:
        claims["version"] = 2
    if record.resource:
        claims["aud"] = record.resource
    return changes.access.applied_to(claims)


def _id_claims(
    ctx: Context,
    client: AppClient,
    user: User,
    groups: list[Group],
    common: Mapping[str, Any],
    changes: ClaimChanges,
    granted: Collection[str],
) -> dict[str, Any]:
    claims = dict(common) | {
        "cognito:username": user.username,
        "aud": client.id,
        "token_use": "id",
        "exp": int(ctx.now) + client.validity("IdToken"),
        "jti": ids.uuid4(ctx),
    }
    claims |= changes.roles(groups) | linked_identities.claims(user)
    for name, value in user.attributes.items():
        if name not in ("sub", linked_identities.ATTRIBUTE) and client.may_read(name) and scopes.shows(granted, name):
            claims[name] = value == "true" if name.endswith("_verified") else value
    return changes.id.applied_to(claims)


def _half_hash(token: str) -> str:
    """`at_hash`: the left half of the access token's hash. Source: OpenID Connect Core 1.0, section 3.1.3.6."""
    return base64.urlsafe_b64encode(hashlib.sha256(token.encode()).digest()[:16]).rstrip(b"=").decode()
