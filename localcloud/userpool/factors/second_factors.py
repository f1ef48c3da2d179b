"""Which second factor a sign-in has to show: the one that the user prefers, the only one, or one of several.

Source: Cognito developer guide, "Adding MFA to a user pool", "Details of MFA logic at user runtime".
"""

from __future__ import annotations

from localcloud.userpool.attempt import DEMANDED, SignIn
from localcloud.userpool.models import User, UserPool

TOTP, SMS, EMAIL = "SOFTWARE_TOKEN_MFA", "SMS_MFA", "EMAIL_OTP"
ORDER = (SMS, EMAIL, TOTP)
ADDRESS = {SMS: "phone_number", EMAIL: "email"}
"""The factors whose codes are sent → the attribute that they are sent to."""


def enabled(pool: UserPool) -> list[str]:
    """The factors that the pool offers, in AWS's order."""
    return [factor for factor in ORDER if factor in pool.config.get("EnabledMfas", ())]


def is_needed(pool: UserPool, user: User) -> bool:
    """Whether this user must show a second factor. Source: SetUserPoolMfaConfig, MfaConfiguration."""
    if pool.mfa == "ON":
        return True
    return pool.mfa == "OPTIONAL" and any(_counts(pool, user, factor) for factor in user.mfa_methods)


def is_open(s: SignIn) -> bool:
    """Whether this sign-in still lacks a second factor. Nobody asks for one before the first."""
    if not s.has_built_in_factor or s.mfa_proven:
        return False
    return DEMANDED in s.notes or is_needed(s.pool, s.known_user)


def demanding(s: SignIn) -> SignIn:
    """The sign-in with a second factor that its risk demands, if its user has any that the pool takes.

    It counts whether it was turned on or not. Source: developer guide, "Working with adaptive authentication".
    """
    demanded = s.noting(**{DEMANDED: "yes"})
    return demanded if s.has_built_in_factor and usable(demanded) else s


def asked(s: SignIn) -> str:
    """The factor that is to be shown; empty where none is, or where the user has to choose or set one up first."""
    if not is_open(s):
        return ""
    if s.chosen:
        return s.chosen
    factors = usable(s)
    if s.known_user.mfa_preferred in factors:
        return s.known_user.mfa_preferred
    return factors[0] if len(factors) == 1 else ""


def usable(s: SignIn) -> list[str]:
    """The factors that this user can show now. Attack: one mailbox that is the first factor and the second as well."""
    factors = of_user(s.pool, s.known_user, demanded=DEMANDED in s.notes)
    return [factor for factor in factors if _kind(factor) != _kind(s.first_proven)]


def of_user(pool: UserPool, user: User, *, demanded: bool = False) -> list[str]:
    """The factors that a user of this pool can show: where MFA is optional, those that were turned on for it."""
    if pool.mfa == "OPTIONAL" and not (demanded and not user.mfa_methods):
        return [factor for factor in ORDER if factor in user.mfa_methods and _has(pool, user, factor)]
    spare = [factor for factor in ORDER if _has(pool, user, factor) and not _recovers(pool, user, factor)]
    if user.mfa_preferred and _has(pool, user, user.mfa_preferred) and user.mfa_preferred not in spare:
        return [*spare, user.mfa_preferred]
    return spare


def to_set_up(pool: UserPool, user: User) -> list[str]:
    """The factors that a user without any may set up: not the address that its password is recovered by.

    Attack: where MFA is optional, a factor that has lost its address, replaced by whoever knows the password.
    """
    if pool.mfa != "ON":
        return []
    has_address = any(user.attributes.get(name) for name in ADDRESS.values())
    return [
        factor
        for factor in enabled(pool)
        if (factor == TOTP and not user.totp_secret) or (not has_address and ADDRESS.get(factor) != _recovery(pool))
    ]


def _has(pool: UserPool, user: User, factor: str) -> bool:
    if factor == TOTP:
        return bool(user.totp_secret) and _counts(pool, user, factor)
    return factor in enabled(pool) and bool(user.attributes.get(ADDRESS.get(factor, "")))


def _counts(pool: UserPool, user: User, factor: str) -> bool:
    # Whoever has set an authenticator app up goes on using it, even where the pool takes no new ones.
    # Source: developer guide, "TOTP software token MFA".
    return factor in enabled(pool) or (factor == TOTP and bool(user.totp_secret) and factor in user.mfa_methods)


def _recovers(pool: UserPool, user: User, factor: str) -> bool:
    """Whether the factor's address is the first one that a forgotten password's code goes to."""
    return ADDRESS.get(factor) == _recovery(pool) and factor not in user.mfa_methods


def _recovery(pool: UserPool) -> str:
    mechanisms = (pool.config.get("AccountRecoverySetting") or {}).get("RecoveryMechanisms") or ()
    first = min(mechanisms, key=lambda mechanism: int(mechanism["Priority"]), default={"Name": ""})
    return str(first["Name"]).removeprefix("verified_")


def _kind(factor: str) -> str:
    """Factors of one kind prove the same thing."""
    return {"SMS_OTP": SMS}.get(factor, factor)
