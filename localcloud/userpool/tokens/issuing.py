"""Tokens at the end of a sign-in, and new ones for a refresh token.

All tokens of one sign-in hang on one `RefreshToken` record by `origin_jti`: revoking that ends them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool import ids
from localcloud.userpool.accounts.account import check_may_sign_in
from localcloud.userpool.factors import devices
from localcloud.userpool.models import AppClient, Device, User, UserPool
from localcloud.userpool.sign_in_state import RefreshToken
from localcloud.userpool.tokens import rotation
from localcloud.userpool.tokens.contents import signed


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
    event_id: str = "",
) -> dict[str, Any]:
    """The `AuthenticationResultType` of a finished sign-in; `device_key` is that of a device that has proven itself.

    By OAuth, with a `grant`, it has an ID token only for the scope `openid`, and offers no device. `event_id` is that
    of the sign-in in its user's history, if it is kept in one.
    """
    offered = None
    if offers_device and pool.devices is not None and not device_key and grant is None:
        offered = devices.offer_device(ctx, pool, user)
    origin_jti = ids.uuid4(ctx)
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
        event_id=event_id or ids.uuid4(ctx),
        scopes=" ".join(grant.scopes) if grant else "",
        resource=grant.resource if grant else "",
    )
    result = signed(ctx, pool, client, user, record, source, metadata or {}, grant.nonce if grant else "")
    with ctx.store.alone():
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
    result = signed(ctx, pool, client, user, record, "TokenGeneration_RefreshTokens", metadata or {})
    if client.rotation_grace is not None:
        result["RefreshToken"] = rotation.rotate(ctx, client, record, refresh)
    return result
