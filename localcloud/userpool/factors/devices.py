"""Devices: keys handed out at sign-in, confirmed by the client with a verifier, remembered or not, forgotten.

NewDeviceMetadata ─► ConfirmDevice ─► not remembered ⇄ remembered (UpdateDeviceStatus) ─► ForgetDevice
"""

from __future__ import annotations

import base64
from collections.abc import Mapping

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.store import NotFoundError, replaced
from localcloud.userpool import ids
from localcloud.userpool.factors import srp
from localcloud.userpool.models import Device, User, UserPool
from localcloud.userpool.sign_in_state import NewDevice, RefreshToken

CONFIRM_SECONDS = 3600
"""How long a key that was handed out may wait for ConfirmDevice: as long as the access token that comes with it."""


def offer_device(ctx: Context, pool: UserPool, user: User) -> NewDevice:
    """A new device key for this user."""
    key = f"{pool.region}_{ids.uuid4(ctx)}"
    group_key = "-" + base64.b64encode(ctx.cloud.random(6), b"Aa").decode()
    offered = NewDevice(pool.id, user.sub, key, group_key, ctx.now + CONFIRM_SECONDS)
    ctx.store.put(offered)
    return offered


def confirm_device(
    ctx: Context, pool: UserPool, user: User, key: str, name: str, verifier: Mapping[str, str]
) -> Device:
    """Track a device that a sign-in offered. Raises InvalidParameterException, ResourceNotFoundException."""
    salt, number = _read(verifier, "Salt"), _read(verifier, "PasswordVerifier")
    if not 1 < number < srp.N - 1:
        raise AwsError("InvalidParameterException", "Invalid device verifier.")
    with ctx.store.transaction():
        offered = ctx.store.get(NewDevice, pool.id, user.sub, key)
        if offered is None or ctx.now > offered.expires:
            raise AwsError("ResourceNotFoundException", "Device does not exist.")
        ctx.store.delete(NewDevice, pool.id, user.sub, key)
        device = Device(
            pool_id=pool.id,
            sub=user.sub,
            key=key,
            group_key=offered.group_key,
            name=name,
            salt=f"{salt:x}",
            verifier=f"{number:x}",
            remembered=not needs_prompt(pool),
            created=ctx.now,
            modified=ctx.now,
            last_authenticated=ctx.now,
            last_ip=ctx.source_ip,
        )
        ctx.store.put(device)
    return device


def require_device(ctx: Context, user: User, key: str) -> Device:
    """This user's device. Raises ResourceNotFoundException."""
    device = ctx.store.get(Device, user.pool_id, user.sub, key)
    if device is None:
        raise AwsError("ResourceNotFoundException", "Device does not exist.")
    return device


def set_remembered(ctx: Context, user: User, key: str, remembered: bool) -> None:
    """Remember a device, or stop doing so. Raises ResourceNotFoundException."""
    try:
        ctx.store.update(
            Device, (user.pool_id, user.sub, key), lambda d: replaced(d, remembered=remembered, modified=ctx.now)
        )
    except NotFoundError as error:
        raise AwsError("ResourceNotFoundException", "Device does not exist.") from error


def forget_device(ctx: Context, user: User, key: str) -> None:
    """Remove a device and the refresh tokens that were issued on it. Raises ResourceNotFoundException."""
    with ctx.store.transaction():
        if not ctx.store.delete(Device, user.pool_id, user.sub, key):
            raise AwsError("ResourceNotFoundException", "Device does not exist.")
        for token in ctx.store.find(RefreshToken, pool_id=user.pool_id, sub=user.sub, device_key=key):
            ctx.store.put(replaced(token, revoked=True))


def list_devices(ctx: Context, user: User, limit: int | None, token: str | None) -> tuple[list[Device], str | None]:
    """One page of a user's devices, 60 at most, and the token of the next."""
    size = min(limit or 60, 60)
    after = (user.pool_id, user.sub, token) if token else None
    found = ctx.store.find(Device, pool_id=user.pool_id, sub=user.sub, limit=size + 1, after=after)
    return found[:size], found[size - 1].key if len(found) > size else None


def needs_prompt(pool: UserPool) -> bool:
    """Whether a device is remembered only when its user says so."""
    return bool((pool.devices or {}).get("DeviceOnlyRememberedOnUserPrompt"))


def suppresses_mfa(pool: UserPool, device: Device) -> bool:
    """Whether proving this device stands in for the second factor. Source: DeviceConfigurationType."""
    return device.remembered and bool((pool.devices or {}).get("ChallengeRequiredOnNewDevice"))


def _read(verifier: Mapping[str, str], name: str) -> int:
    try:
        return int.from_bytes(base64.b64decode(verifier.get(name, ""), validate=True), "big")
    except ValueError as error:
        raise AwsError("InvalidParameterException", f"{name} is not base64.") from error
