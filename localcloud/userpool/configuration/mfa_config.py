"""Which second factors a pool has. `EnabledMfas` in the pool's settings keeps them, and beside it are their texts.

Source: API reference, SetUserPoolMfaConfig; Cognito developer guide, "SMS and email message MFA".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.errors import AwsError
from localcloud.userpool.configuration import pool_rules
from localcloud.userpool.configuration.settings import ANY, Supported, read
from localcloud.userpool.factors import passkeys
from localcloud.userpool.factors.second_factors import EMAIL, ORDER, SMS, TOTP
from localcloud.userpool.models import UserPool

SUPPORTED: Mapping[str, Supported] = {
    "MfaConfiguration": ANY,
    "SoftwareTokenMfaConfiguration": {"Enabled": ANY},
    "SmsMfaConfiguration": {
        "SmsAuthenticationMessage": ANY,
        "SmsConfiguration": {"SnsCallerArn": ANY, "ExternalId": ANY, "SnsRegion": ANY},
    },
    "EmailMfaConfiguration": {"Message": ANY, "Subject": ANY},
    "WebAuthnConfiguration": passkeys.SUPPORTED,
}

_EMAIL_TEXTS = {"EmailAuthenticationMessage": "Message", "EmailAuthenticationSubject": "Subject"}
"""Our name, which is CloudFormation's → the one in EmailMfaConfiguration."""

_SMS_PARTS = ("SmsAuthenticationMessage", "SmsConfiguration")


def shown(pool: UserPool) -> dict[str, Any]:
    """The answer of GetUserPoolMfaConfig; a factor that is off is left out."""
    on, config = pool.config["EnabledMfas"], pool.config
    answer: dict[str, Any] = {"MfaConfiguration": pool.mfa}
    if TOTP in on:
        answer["SoftwareTokenMfaConfiguration"] = {"Enabled": True}
    if SMS in on:
        answer["SmsMfaConfiguration"] = {name: config[name] for name in _SMS_PARTS if name in config}
    if EMAIL in on:
        texts = {name: config[ours] for ours, name in _EMAIL_TEXTS.items() if ours in config}
        answer["EmailMfaConfiguration"] = texts
    if "WebAuthnConfiguration" in config:
        answer["WebAuthnConfiguration"] = dict(config["WebAuthnConfiguration"])
    return answer


def changed(pool: UserPool, request: Mapping[str, Any]) -> dict[str, Any]:
    """The pool's settings after SetUserPoolMfaConfig: a factor that it does not name is off.

    Raises InvalidParameterException and FeatureUnavailableInTierException.
    """
    given = read(request, SUPPORTED)
    mfa = given.get("MfaConfiguration", pool.mfa)
    sms, email = given.get("SmsMfaConfiguration"), given.get("EmailMfaConfiguration")
    is_on = {
        TOTP: bool((given.get("SoftwareTokenMfaConfiguration") or {}).get("Enabled")),
        SMS: sms is not None,
        EMAIL: email is not None,
    }
    if mfa == "OFF" and any(is_on.values()):
        raise _bad("can't turn off MFA and configure an MFA together.")
    if mfa != "OFF" and not any(is_on.values()):
        raise _bad("can't disable all MFAs with a required or optional configuration.")
    texts = {ours: email[name] for ours, name in _EMAIL_TEXTS.items() if email and name in email}
    unnamed = {*_EMAIL_TEXTS, "WebAuthnConfiguration"}
    config = {name: value for name, value in pool.config.items() if name not in unnamed}
    if "WebAuthnConfiguration" in given:
        config["WebAuthnConfiguration"] = {**passkeys.DEFAULTS, **given["WebAuthnConfiguration"]}
    on = [factor for factor in ORDER if is_on[factor]]
    config = {**config, **(sms or {}), **texts, "MfaConfiguration": mfa, "EnabledMfas": on}
    pool_rules.check_factors(config)
    return config


def _bad(why: str) -> AwsError:
    return AwsError("InvalidParameterException", f"Invalid MFA configuration given, {why}")
