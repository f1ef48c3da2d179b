"""Which second factors a pool has: authenticator apps or none. `EnabledMfas` in the pool's settings keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.errors import AwsError
from localcloud.userpool.enrolment import TOTP
from localcloud.userpool.models import UserPool
from localcloud.userpool.settings import ANY, Supported, read

SUPPORTED: Mapping[str, Supported] = {"MfaConfiguration": ANY, "SoftwareTokenMfaConfiguration": {"Enabled": ANY}}


def shown(pool: UserPool) -> dict[str, Any]:
    """The answer of GetUserPoolMfaConfig; a factor that is off is left out."""
    factors = {"SoftwareTokenMfaConfiguration": {"Enabled": True}} if TOTP in pool.config["EnabledMfas"] else {}
    return {**factors, "MfaConfiguration": pool.mfa}


def changed(pool: UserPool, request: Mapping[str, Any]) -> dict[str, Any]:
    """The pool's settings after SetUserPoolMfaConfig. Raises InvalidParameterException."""
    given = read(request, SUPPORTED)
    mfa = given.get("MfaConfiguration", pool.mfa)
    enabled = bool((given.get("SoftwareTokenMfaConfiguration") or {}).get("Enabled"))
    if mfa == "OFF" and enabled:
        raise _bad("can't turn off MFA and configure an MFA together.")
    if mfa != "OFF" and not enabled:
        raise _bad("can't disable all MFAs with a required or optional configuration.")
    return {**pool.config, "MfaConfiguration": mfa, "EnabledMfas": [TOTP] if enabled else []}


def _bad(why: str) -> AwsError:
    return AwsError("InvalidParameterException", f"Invalid MFA configuration given, {why}")
