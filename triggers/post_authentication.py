"""Post authentication: keeps a user's devices within the limits, their register up to date, and tells of new ones."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from triggers import devices, notices
from triggers.aws import user_pools
from triggers.device_limits import Limits, is_remembered
from triggers.errors import deny
from triggers.trigger import Event, logger, trigger

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp.type_defs import DeviceTypeTypeDef


@trigger("PostAuthentication_Authentication")
def handler(event: Event) -> None:
    """Keep the devices, and tell the user of a sign-in that proved none."""
    _keep_devices(event)
    if event["request"].get("newDeviceUsed") is True:
        notices.tell(event, notices.NEW_DEVICE)


def _keep_devices(event: Event) -> None:
    """Forget the devices that are too many, end trust that is too old, and register what the pool tracks.

    The event names no device, and a new one is confirmed only after the tokens: it joins at the next sign-in.
    """
    request, limits = event["request"], Limits.of_stack()
    pool_id, username, sub = event["userPoolId"], event["userName"], request["userAttributes"]["sub"]
    try:
        tracked = devices.tracked(pool_id, username)
    except user_pools().exceptions.TooManyRequestsException:
        # Cognito's quota for device reads is below the one for sign-ins. A full one must lock nobody out:
        # the next sign-in mends the register and the limits.
        logger.warning("devices not read: too many requests")
        return
    new_device = request.get("newDeviceUsed") is True
    if limits.refuses(len(tracked), new=new_device, metadata=request.get("clientMetadata") or {}):
        deny("this account has as many devices as it may have")
    for key in limits.surplus(tracked, new=new_device):
        devices.forget(pool_id, username, key)
        del tracked[key]
        logger.info("device evicted")
    registered, now = devices.registered(sub), int(time.time())
    for key, device in tracked.items():
        known = registered.get(key)
        since = _trusted_since(device, known, now)
        if since is not None and limits.has_expired(since, now):
            devices.end_trust(pool_id, username, key)
            since = None
        if known is None or known.get("trusted_since") != since:
            devices.register(sub, device, since)
    for key in registered.keys() - tracked.keys():
        devices.unregister(sub, key)
    logger.info("devices reconciled", before=len(registered), now=len(tracked))


def _trusted_since(device: DeviceTypeTypeDef, known: Mapping[str, int] | None, now: int) -> int | None:
    """Since when a device is remembered, as far as we have seen; None for one that is not."""
    return (known or {}).get("trusted_since", now) if is_remembered(device) else None
