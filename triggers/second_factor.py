"""A user's second factor, reset: what was set up is gone, and so is everything that stood in for it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from triggers import devices
from triggers.aws import user_pools

_SETTING = {
    "SOFTWARE_TOKEN_MFA": "SoftwareTokenMfaSettings",
    "SMS_MFA": "SMSMfaSettings",
    "EMAIL_OTP": "EmailMfaSettings",
    "WEB_AUTHN": "WebAuthnMfaSettings",
}


def reset(pool_id: str, username: str) -> None:
    """Forget the devices, end all sessions, then turn the factors off. Stopped anywhere, it goes on when run again.

    The factors come last: until all else is done, nobody gets in by a password alone.
    """
    pools = user_pools()
    who: Any = {"UserPoolId": pool_id, "Username": username}
    # Attack: a thief's remembered device, which would skip the next second factor as well.
    for key in devices.tracked(pool_id, username):
        devices.forget(pool_id, username, key)
    pools.admin_user_global_sign_out(**who)
    active = pools.admin_get_user(**who).get("UserMFASettingList", [])
    off: Any = {_SETTING[factor]: {"Enabled": False, "PreferredMfa": False} for factor in active}
    if off:
        pools.admin_set_user_mfa_preference(**who, **off)
    # Where MFA is ON, a secret that is still there would be asked for again, whatever the preference says.
    with suppress(pools.exceptions.ResourceNotFoundException):
        pools.admin_delete_software_token(**who)
