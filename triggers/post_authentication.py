"""Post authentication: brings the register of the user's devices up to date."""

from __future__ import annotations

from triggers import devices
from triggers.aws import user_pools
from triggers.trigger import Event, logger, trigger


@trigger("PostAuthentication_Authentication")
def handler(event: Event) -> None:
    """Register each device that the pool tracks, and drop each that it forgot.

    The event names no device, and a new one is confirmed only after the tokens: it joins at the next sign-in.
    """
    sub = event["request"]["userAttributes"]["sub"]
    try:
        tracked = devices.tracked(event["userPoolId"], event["userName"])
    except user_pools().exceptions.TooManyRequestsException:
        # Cognito's quota for device reads is below the one for sign-ins. A full one must lock nobody out:
        # the register decides nothing, and the next sign-in mends it.
        logger.warning("devices not read: too many requests")
        return
    registered = devices.registered(sub)
    new, gone = tracked.keys() - registered, registered - tracked.keys()
    for key in new:
        devices.register(sub, tracked[key])
    for key in gone:
        devices.unregister(sub, key)
    logger.info("devices reconciled", new=len(new), gone=len(gone))
