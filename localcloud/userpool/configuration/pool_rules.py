"""What the settings of a pool must fulfil together, in AWS's words where those are known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.errors import AwsError
from localcloud.userpool.configuration import plans, risks
from localcloud.userpool.factors import passkeys
from localcloud.userpool.models import UserPool

_NO_FACTOR = "SMS configuration and Auto verification for phone_number are required when MFA is required/optional"


def check(config: Mapping[str, Any]) -> None:
    """Raise InvalidParameterException or FeatureUnavailableInTierException where the settings contradict each other."""
    if config.get("AliasAttributes") and config.get("UsernameAttributes"):
        raise _bad("Only one of the aliasAttributes or usernameAttributes can be set in a user pool.")
    verified_first = config.get("UserAttributeUpdateSettings") or {}
    before_update = verified_first.get("AttributesRequireVerificationBeforeUpdate") or ()
    if not set(before_update) <= set(config.get("AutoVerifiedAttributes") or ()):
        raise _bad("All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes")
    email = config["EmailConfiguration"]
    if email["EmailSendingAccount"] == "DEVELOPER" and not email.get("SourceArn"):
        raise _bad("SourceArn is required when EmailSendingAccount is DEVELOPER.")
    _check_recovery((config.get("AccountRecoverySetting") or {}).get("RecoveryMechanisms") or ())
    if risks.is_on(config) and config["UserPoolTier"] != "PLUS":
        raise plans.to_disable(config, "Threat Protection")
    trigger = config["LambdaConfig"].get("PreTokenGenerationConfig") or {}
    if config["UserPoolTier"] == "LITE" and trigger.get("LambdaVersion", "V1_0") != "V1_0":
        wanted = f"Token Customization with Pre-Token Generation Lambda {trigger['LambdaVersion']}"
        raise plans.to_disable(config, wanted)


def check_changed_mfa(pool: UserPool, config: Mapping[str, Any]) -> None:
    """Raise InvalidParameterException where UpdateUserPool wants what only SetUserPoolMfaConfig may do."""
    if config["MfaConfiguration"] == "ON" and pool.mfa != "ON":
        raise _bad("Cannot turn MFA functionality ON, once the user pool has been created.")


def check_factors(config: Mapping[str, Any]) -> None:
    """Raise where first and second factors do not fit the pool, or each other.

    Source: Cognito developer guide, "Things to know about user pool MFA", "SMS and email message MFA".
    """
    first = (config["Policies"].get("SignInPolicy") or {}).get("AllowedFirstAuthFactors") or ()
    second, mfa = config["EnabledMfas"], config["MfaConfiguration"]
    if mfa != "OFF" and not second:
        raise _bad(_NO_FACTOR)
    if set(first) - {"PASSWORD"} and config["UserPoolTier"] == "LITE":
        raise AwsError("FeatureUnavailableInTierException", "AllowedFirstAuthFactors needs a tier above LITE.")
    whole = {"PASSWORD", passkeys.FACTOR} if passkeys.counts_twice(config) else {"PASSWORD"}
    if set(first) - whole and mfa == "ON":
        raise _bad("AllowedFirstAuthFactors can only be PASSWORD when MFA is required.")
    passkeys.check_settings(config)
    if "SMS_MFA" in second and not config.get("SmsConfiguration"):
        raise _bad("SmsConfiguration is required for SMS_MFA.")
    if "EMAIL_OTP" in second:
        _check_email_factor(config)


def _check_email_factor(config: Mapping[str, Any]) -> None:
    if config["UserPoolTier"] == "LITE":
        raise AwsError("FeatureUnavailableInTierException", "EmailMfaConfiguration needs a tier above LITE.")
    if config["EmailConfiguration"]["EmailSendingAccount"] != "DEVELOPER":
        raise _bad("EmailMfaConfiguration needs EmailSendingAccount DEVELOPER.")
    mechanisms = (config.get("AccountRecoverySetting") or {}).get("RecoveryMechanisms") or ()
    if [mechanism["Name"] for mechanism in mechanisms] == ["verified_email"]:
        raise _bad("EmailMfaConfiguration cannot be set where verified_email is the only recovery mechanism.")


def _check_recovery(mechanisms: Any) -> None:
    names = [mechanism["Name"] for mechanism in mechanisms]
    if "admin_only" in names and len(names) > 1:
        raise _bad("Account Recovery Setting cannot use admin_only setting with any other recovery mechanisms.")
    if len({mechanism["Priority"] for mechanism in mechanisms}) < len(names) or len(set(names)) < len(names):
        raise _bad("Account Recovery Setting has two recovery mechanisms of one name or priority.")


def _bad(message: str) -> AwsError:
    return AwsError("InvalidParameterException", message)
