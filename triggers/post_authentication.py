"""Post authentication: keeps a user's devices within the limits, and brings the register of them up to date."""

from __future__ import annotations

import time

from triggers import devices
from triggers.aws import user_pools
from triggers.device_limits import Limits, is_remembered
from triggers.errors import deny
from triggers.trigger import Event, logger, trigger


@trigger("PostAuthentication_Authentication")
def handler(event: Event) -> None:
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
    surplus = limits.surplus(tracked, new=new_device)
    for key in surplus:
        devices.forget(pool_id, username, key)
        del tracked[key]
    registered, now, expired = devices.registered(sub), time.time(), 0
    for key, device in tracked.items():
        known = registered.get(key)
        since = (known or {}).get("trusted_since") or int(now)
        trusted = is_remembered(device)
        if trusted and limits.has_expired(since, now):
            devices.end_trust(pool_id, username, key)
            trusted, expired = False, expired + 1
        if known is None or (since if trusted else None) != known.get("trusted_since"):
            devices.register(sub, device, since if trusted else None)
    gone = registered.keys() - tracked.keys()
    for key in gone:
        devices.unregister(sub, key)
    new = len(tracked.keys() - registered.keys())
    logger.info("devices reconciled", new=new, gone=len(gone), evicted=len(surplus), expired=expired)
