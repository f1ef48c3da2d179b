"""What the settings of a pool must fulfil together, in AWS's words where those are known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.errors import AwsError
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
    trigger = config["LambdaConfig"].get("PreTokenGenerationConfig") or {}
    if config["UserPoolTier"] == "LITE" and trigger.get("LambdaVersion", "V1_0") != "V1_0":
        raise AwsError(
            "FeatureUnavailableInTierException",
            f"PreTokenGeneration {trigger['LambdaVersion']} needs a tier above LITE.",
        )


def check_new_mfa(config: Mapping[str, Any]) -> None:
    """Raise InvalidParameterException where a new pool wants MFA: no factor is there before SetUserPoolMfaConfig."""
    if config["MfaConfiguration"] != "OFF":
        raise _bad(_NO_FACTOR)


def check_changed_mfa(pool: UserPool, config: Mapping[str, Any]) -> None:
    """Raise InvalidParameterException where UpdateUserPool wants what only SetUserPoolMfaConfig may do."""
    if config["MfaConfiguration"] == "ON" and pool.mfa != "ON":
        raise _bad("Cannot turn MFA functionality ON, once the user pool has been created.")
    if config["MfaConfiguration"] != "OFF" and not config["EnabledMfas"]:
        raise _bad(_NO_FACTOR)


def _check_recovery(mechanisms: Any) -> None:
    names = [mechanism["Name"] for mechanism in mechanisms]
    if "admin_only" in names and len(names) > 1:
        raise _bad("Account Recovery Setting cannot use admin_only setting with any other recovery mechanisms.")
    if len({mechanism["Priority"] for mechanism in mechanisms}) < len(names) or len(set(names)) < len(names):
        raise _bad("Account Recovery Setting has two recovery mechanisms of one name or priority.")


def _bad(message: str) -> AwsError:
    return AwsError("InvalidParameterException", message)
