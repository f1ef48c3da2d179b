"""The settings of a user pool: what is honoured, AWS's defaults, what cannot change, what must fit together.

They are kept in AWS's wire form. Four names are ours: `PoolName` is `Name` in a description, and `EnabledMfas` and the
`EmailAuthentication…` texts are what GetUserPoolMfaConfig shows, in CloudFormation's words. `WebAuthnConfiguration` is
shown there only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from localcloud.errors import AwsError
from localcloud.userpool import triggers
from localcloud.userpool.configuration import pool_rules, schema, tags
from localcloud.userpool.configuration.settings import ANY, Supported, only, read
from localcloud.userpool.models import UserPool

_MFA = ("EnabledMfas", "EmailAuthenticationMessage", "EmailAuthenticationSubject", "WebAuthnConfiguration")
INTERNAL = ("PoolName", *_MFA)
IMMUTABLE = ("AliasAttributes", "UsernameAttributes", "UsernameConfiguration")

_CHANGEABLE: Mapping[str, Supported] = {
    "PoolName": ANY,
    "Policies": {
        "PasswordPolicy": {
            "MinimumLength": ANY,
            "RequireUppercase": ANY,
            "RequireLowercase": ANY,
            "RequireNumbers": ANY,
            "RequireSymbols": ANY,
            "PasswordHistorySize": only("0"),
            "TemporaryPasswordValidityDays": ANY,
        },
        "SignInPolicy": {"AllowedFirstAuthFactors": only("PASSWORD", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN")},
    },
    "DeletionProtection": ANY,
    "LambdaConfig": triggers.SETTINGS,
    "AutoVerifiedAttributes": ANY,
    "SmsAuthenticationMessage": ANY,
    "SmsVerificationMessage": ANY,
    "EmailVerificationMessage": ANY,
    "EmailVerificationSubject": ANY,
    "VerificationMessageTemplate": {
        "SmsMessage": ANY,
        "EmailMessage": ANY,
        "EmailSubject": ANY,
        "DefaultEmailOption": only("CONFIRM_WITH_CODE"),
    },
    "MfaConfiguration": ANY,
    "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ANY},
    "DeviceConfiguration": {"ChallengeRequiredOnNewDevice": ANY, "DeviceOnlyRememberedOnUserPrompt": ANY},
    # Who a message is from. What is sent goes to the outbox in any case.
    "EmailConfiguration": {"EmailSendingAccount": ANY, "SourceArn": ANY, "From": ANY, "ReplyToEmailAddress": ANY},
    "SmsConfiguration": {"SnsCallerArn": ANY, "ExternalId": ANY, "SnsRegion": ANY},
    "UserPoolTags": ANY,
    "AdminCreateUserConfig": {
        "AllowAdminCreateUserOnly": ANY,
        "UnusedAccountValidityDays": ANY,
        "InviteMessageTemplate": {"SMSMessage": ANY, "EmailMessage": ANY, "EmailSubject": ANY},
    },
    "UserPoolAddOns": {
        "AdvancedSecurityMode": ANY,
        "AdvancedSecurityAdditionalFlows": {"CustomAuthMode": ANY},
    },
    "AccountRecoverySetting": {"RecoveryMechanisms": ANY},
    "UserPoolTier": ANY,
    "KeyConfiguration": {"KeyType": only("AWS_OWNED_KEY")},
    "IssuerConfiguration": {"Type": only("ORIGINAL")},
}

SUPPORTED: Mapping[str, Supported] = {
    **_CHANGEABLE,
    "AliasAttributes": ANY,
    "UsernameAttributes": ANY,
    "UsernameConfiguration": {"CaseSensitive": ANY},
    "Schema": ANY,
}
"""What CreateUserPool takes; UpdateUserPool takes all that can be changed."""

_OPEN_POLICY = {f"Require{kind}": False for kind in ("Uppercase", "Lowercase", "Numbers", "Symbols")}
_DAYS = 7
"""Days that a temporary password is good for, if nothing else is said."""


def new_pool(request: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a new pool. Raises InvalidParameterException."""
    given = read(request, SUPPORTED)
    attributes = schema.of_new_pool(given.pop("Schema", ()))
    config = {**_with_defaults(given), "SchemaAttributes": attributes}
    config["EnabledMfas"] = _factors(config, [])
    pool_rules.check(config)
    pool_rules.check_factors(config)
    return config


def updated(pool: UserPool, request: Mapping[str, Any]) -> dict[str, Any]:
    """The settings after UpdateUserPool: whatever it does not name goes back to its default, as on AWS."""
    given = read(request, _CHANGEABLE)
    kept = {name: pool.config[name] for name in (*IMMUTABLE, "SchemaAttributes", *_MFA) if name in pool.config}
    config = {**_with_defaults({"PoolName": pool.config["PoolName"], **given}), **kept}
    config["EnabledMfas"] = _factors(config, config["EnabledMfas"])
    pool_rules.check(config)
    pool_rules.check_changed_mfa(pool, config)
    pool_rules.check_factors(config)
    return config


def _factors(config: Mapping[str, Any], before: Sequence[str]) -> list[str]:
    """The second factors: text messages are one as soon as the pool can send them. Others take SetUserPoolMfaConfig."""
    if config["MfaConfiguration"] == "OFF":
        return []
    others = [factor for factor in before if factor != "SMS_MFA"]
    return ["SMS_MFA", *others] if config.get("SmsConfiguration") and (before == [] or "SMS_MFA" in before) else others


def _with_defaults(given: Mapping[str, Any]) -> dict[str, Any]:
    tags.check(given.get("UserPoolTags") or {})
    admin = {"AllowAdminCreateUserOnly": False, **(given.get("AdminCreateUserConfig") or {})}
    password_policy = _password_policy(given, admin)
    config = {
        "DeletionProtection": "INACTIVE",
        "MfaConfiguration": "OFF",
        "UserPoolTier": "ESSENTIALS",
        **given,
        "Policies": {
            "PasswordPolicy": password_policy,
            "SignInPolicy": {
                "AllowedFirstAuthFactors": ["PASSWORD"],
                **((given.get("Policies") or {}).get("SignInPolicy") or {}),
            },
        },
        "LambdaConfig": triggers.read_settings(given.get("LambdaConfig") or {}),
        "EmailConfiguration": {"EmailSendingAccount": "COGNITO_DEFAULT", **(given.get("EmailConfiguration") or {})},
        "AdminCreateUserConfig": {
            **admin,
            "UnusedAccountValidityDays": password_policy["TemporaryPasswordValidityDays"],
        },
        "UserPoolTags": given.get("UserPoolTags") or {},
        **_verification_texts(given),
    }
    if "DeviceConfiguration" in given:
        off = {"ChallengeRequiredOnNewDevice": False, "DeviceOnlyRememberedOnUserPrompt": False}
        config["DeviceConfiguration"] = off | given["DeviceConfiguration"]
    return config


def _password_policy(given: Mapping[str, Any], admin: Mapping[str, Any]) -> dict[str, Any]:
    wanted = (given.get("Policies") or {}).get("PasswordPolicy")
    strict = dict.fromkeys(_OPEN_POLICY, True)
    policy = {"MinimumLength": 8, **(strict if wanted is None else _OPEN_POLICY), **(wanted or {})}
    days, legacy_days = policy.get("TemporaryPasswordValidityDays"), admin.get("UnusedAccountValidityDays")
    if days and legacy_days and days != legacy_days:
        raise AwsError(
            "InvalidParameterException",
            "Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays",
        )
    return {**policy, "TemporaryPasswordValidityDays": days or legacy_days or _DAYS}


def _verification_texts(given: Mapping[str, Any]) -> dict[str, Any]:
    """The template, and the older names of its texts, which say the same."""
    template = {"DefaultEmailOption": "CONFIRM_WITH_CODE", **(given.get("VerificationMessageTemplate") or {})}
    older = {
        "SmsVerificationMessage": "SmsMessage",
        "EmailVerificationMessage": "EmailMessage",
        "EmailVerificationSubject": "EmailSubject",
    }
    for old_name, name in older.items():
        if old_name in given and template.setdefault(name, given[old_name]) != given[old_name]:
            raise AwsError(
                "InvalidParameterException", f"{old_name} and VerificationMessageTemplate.{name} must be the same."
            )
    shown = {old_name: template[name] for old_name, name in older.items() if name in template}
    return {**shown, "VerificationMessageTemplate": template}
