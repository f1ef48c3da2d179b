"""ID, access and refresh tokens: issued at the end of a sign-in, renewed, checked, revoked.

All tokens of one sign-in hang on one `RefreshToken` record by `origin_jti`: revoking that ends them all.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.jws import InvalidTokenError, unverified_issuer
from localcloud.store import replaced
from localcloud.userpool import devices, linked_identities, rotation, scopes, triggers
from localcloud.userpool.account import check_may_sign_in
from localcloud.userpool.claims import ClaimChanges
from localcloud.userpool.models import AppClient, Device, Group, Membership, User, UserPool
from localcloud.userpool.pools import require_pool, signing_key
from localcloud.userpool.sign_in_state import RefreshToken


@dataclass(frozen=True, slots=True)
class Grant:
    """What OAuth lets the tokens of one sign-in show and do. `nonce` comes back in the ID token.

    `resource` is the audience of the access token (RFC 8707), `auth_time` when the user signed in, in seconds.
    """

    scopes: tuple[str, ...]
    auth_time: int
    nonce: str = ""
    resource: str = ""


def issue(
    ctx: Context,
    pool: UserPool,
    client: AppClient,
    user: User,
    source: str,
    *,
    device_key: str = "",
    offers_device: bool = True,
    metadata: Mapping[str, str] | None = None,
    grant: Grant | None = None,
) -> dict[str, Any]:
    """The `AuthenticationResultType` of a finished sign-in; `device_key` is that of a device that has proven itself.

    By OAuth, with a `grant`, it has an ID token only for the scope `openid`, and offers no device.
    """
    offered = None
    if offers_device and pool.devices is not None and not device_key and grant is None:
        offered = devices.offer_device(ctx, pool, user)
    origin_jti = _uuid(ctx)
    refresh = rotation.new_token(ctx, origin_jti)
    record = RefreshToken(
        origin_jti=origin_jti,
        digest=rotation.digest(refresh),
        pool_id=pool.id,
        client_id=client.id,
        sub=user.sub,
        device_key=device_key or (offered.key if offered else ""),
        auth_time=grant.auth_time if grant else int(ctx.now),
        expires=ctx.now + client.validity("RefreshToken"),
        event_id=_uuid(ctx),
        scopes=" ".join(grant.scopes) if grant else "",
        resource=grant.resource if grant else "",
    )
    result = _sign(ctx, pool, client, user, record, source, metadata or {}, grant.nonce if grant else "")
    with ctx.store.transaction():
        # The triggers took their time: the user may have been deleted or disabled meanwhile.
        kept = ctx.store.get(User, pool.id, user.sub)
        if kept is None or not kept.enabled:
            raise AwsError("NotAuthorizedException", "User is disabled.")
        ctx.store.put(record)
    result["RefreshToken"] = refresh
    if offered is not None:
        result["NewDeviceMetadata"] = {"DeviceKey": offered.key, "DeviceGroupKey": offered.group_key}
    return result


def renew(
    ctx: Context, pool: UserPool, client: AppClient, refresh: str, device_key: str, metadata: Mapping[str, str] | None
) -> dict[str, Any]:
    """New ID and access tokens for a refresh token, and a new one of these too where the client rotates them.

    Raises NotAuthorizedException and RefreshTokenReuseException.
    Where devices are tracked, it counts only with the key of its confirmed device. Source: GetTokensFromRefreshToken.
    """
    record = rotation.sign_in_of(ctx, refresh)
    # Attack: another client's refresh token.
    if record is None or record.client_id != client.id:
        raise AwsError("NotAuthorizedException", "Invalid Refresh Token")
    rotation.check(ctx, client, record, refresh)
    if record.revoked:
        raise rotation.revoked()
    if ctx.now > record.expires:
        raise AwsError("NotAuthorizedException", "Refresh Token has expired")
    user = ctx.store.get(User, record.pool_id, record.sub)
    if user is None:
        raise AwsError("NotAuthorizedException", "Invalid Refresh Token")
    check_may_sign_in(ctx, user)
    # A password that was set for the user ends what it had signed in to before.
    if user.status == "FORCE_CHANGE_PASSWORD":
        raise AwsError("NotAuthorizedException", "Invalid Refresh Token")
    confirmed = record.device_key and ctx.store.get(Device, pool.id, user.sub, record.device_key)
    if record.device_key and (not confirmed or device_key != record.device_key):
        raise AwsError("NotAuthorizedException", "Invalid Refresh Token")
    result = _sign(ctx, pool, client, user, record, "TokenGeneration_RefreshTokens", metadata or {})
    if client.rotation_grace is not None:
        result["RefreshToken"] = rotation.rotate(ctx, client, record, refresh)
    return result


def verify_access(ctx: Context, token: str) -> tuple[UserPool, User, dict[str, Any]]:
    """The pool, user and claims of an access token that may manage its user. Raises NotAuthorizedException."""
    pool, user, claims = verify_live(ctx, token)
    if scopes.USER not in str(claims.get("scope", "")).split():
        raise AwsError("NotAuthorizedException", "Access Token does not have required scopes")
    return pool, user, claims


def verify_live(ctx: Context, token: str) -> tuple[UserPool, User, dict[str, Any]]:
    """The pool, user and claims of an access token of any scopes. Raises NotAuthorizedException."""
    pool, claims = _verify(ctx, token)
    user = ctx.store.get(User, pool.id, str(claims["sub"]))
    if user is None:
        raise AwsError("NotAuthorizedException", "Access Token has been revoked")
    if not user.enabled:
        raise AwsError("NotAuthorizedException", "User is disabled.")
    return pool, user, claims


def is_live(ctx: Context, claims: Mapping[str, Any]) -> bool:
    """Whether the sign-in behind these claims still stands and its user is enabled: an identity pool's token check."""
    record = ctx.store.get(RefreshToken, str(claims.get("origin_jti", "")))
    if record is None or record.revoked:
        return False
    user = ctx.store.get(User, record.pool_id, record.sub)
    return user is not None and user.enabled


def revoke(ctx: Context, client: AppClient, refresh: str) -> None:
    """End one sign-in; an unknown token ends nothing. Raises UnauthorizedException for another client's."""
    with ctx.store.transaction():
        record = rotation.sign_in_of(ctx, refresh)
        if record is None:
            return
        if record.client_id != client.id:
            raise AwsError("UnauthorizedException", "Invalid token for this client.")
        ctx.store.put(replaced(record, revoked=True))


def revoke_sign_in(ctx: Context, origin_jti: str) -> None:
    """End one sign-in by the id that all its tokens carry; an unknown one ends nothing."""
    with ctx.store.transaction():
        record = ctx.store.get(RefreshToken, origin_jti)
        if record is not None:
            ctx.store.put(replaced(record, revoked=True))


def revoke_all(ctx: Context, user: User) -> None:
    """End every sign-in of a user."""
    with ctx.store.transaction():
        for record in ctx.store.find(RefreshToken, pool_id=user.pool_id, sub=user.sub):
            ctx.store.put(replaced(record, revoked=True))


def names_behind(ctx: Context, refresh: str) -> tuple[str, ...]:
    """The names a client may have hashed with its secret for this refresh token; none for an unknown token."""
    record = rotation.sign_in_of(ctx, refresh)
    user = record and ctx.store.get(User, record.pool_id, record.sub)
    if not user:
        return ()
    return (user.username, user.sub, *(user.attributes[n] for n in ("email", "phone_number") if n in user.attributes))


def groups_of(ctx: Context, pool: UserPool, user: User) -> list[Group]:
    """The user's groups, lowest precedence number first, those without one last."""
    names = [m.group_name for m in ctx.store.find(Membership, pool_id=pool.id, sub=user.sub)]
    groups = [group for name in names if (group := ctx.store.get(Group, pool.id, name))]
    return sorted(groups, key=lambda g: (g.precedence is None, g.precedence or 0, g.name))


def _verify(ctx: Context, token: str) -> tuple[UserPool, dict[str, Any]]:
    pool_id = unverified_issuer(token).rsplit("/", 1)[-1]
    try:
        pool = require_pool(ctx, pool_id)
        claims = signing_key(ctx, pool_id).verify(token)
    except (AwsError, InvalidTokenError) as error:
        raise AwsError("NotAuthorizedException", "Invalid Access Token") from error
    if claims.get("token_use") != "access" or claims.get("iss") != ctx.cloud.issuer_of(pool_id):
        raise AwsError("NotAuthorizedException", "Invalid Access Token")
    if ctx.now >= claims["exp"]:
        raise AwsError("NotAuthorizedException", "Access Token has expired")
    record = ctx.store.get(RefreshToken, str(claims.get("origin_jti", "")))
    if record is None or record.revoked:
        raise AwsError("NotAuthorizedException", "Access Token has been revoked")
    return pool, claims


def _sign(
    ctx: Context,
    pool: UserPool,
    client: AppClient,
    user: User,
    record: RefreshToken,
    source: str,
    metadata: Mapping[str, str],
    nonce: str = "",
) -> dict[str, Any]:
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
        "jti": _uuid(ctx),
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
        "jti": _uuid(ctx),
    }
    claims |= changes.roles(groups) | linked_identities.claims(user)
    for name, value in user.attributes.items():
        if name not in ("sub", linked_identities.ATTRIBUTE) and client.may_read(name) and scopes.shows(granted, name):
            claims[name] = value == "true" if name.endswith("_verified") else value
    return changes.id.applied_to(claims)


def _half_hash(token: str) -> str:
    """`at_hash`: the left half of the access token's hash. Source: OpenID Connect Core 1.0, section 3.1.3.6."""
    return base64.urlsafe_b64encode(hashlib.sha256(token.encode()).digest()[:16]).rstrip(b"=").decode()


def _uuid(ctx: Context) -> str:
    """A random UUID; written out by hand, as there are four in each sign-in."""
    digits = ctx.cloud.random(16).hex()
    return (
        f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{'89ab'[int(digits[16], 16) & 3]}{digits[17:20]}-{digits[20:]}"
    )
