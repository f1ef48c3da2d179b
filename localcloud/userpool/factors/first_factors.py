"""With what a user may begin a choice-based sign-in (USER_AUTH).

Source: Cognito developer guide, "Authentication flows", and "Things to know about user pool MFA".
"""

from __future__ import annotations

from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool import wire
from localcloud.userpool.accounts.account import has_password
from localcloud.userpool.attempt import SignIn
from localcloud.userpool.factors import passkeys, second_factors
from localcloud.userpool.models import User, UserPool

PASSWORDS = ("PASSWORD", "PASSWORD_SRP")
ADDRESS = {"EMAIL_OTP": "email", "SMS_OTP": "phone_number"}
"""The factors whose codes are sent → the attribute that they are sent to."""


def allowed(pool: UserPool) -> list[str]:
    """`AllowedFirstAuthFactors`."""
    policy = (pool.config.get("Policies") or {}).get("SignInPolicy") or {}
    return list(policy.get("AllowedFirstAuthFactors") or ("PASSWORD",))


def by_code(pool: UserPool) -> list[str]:
    """Those of them whose codes are sent."""
    return [factor for factor in allowed(pool) if factor in ADDRESS]


def is_passwordless(pool: UserPool) -> bool:
    """Whether users of this pool need no password: a code that is sent to them is enough."""
    return bool(by_code(pool))


def check_needs_no_password(pool: UserPool, user: User) -> None:
    """Raise InvalidParameterException where a new user could never sign in without a password.

    Source: API reference, SignUp and AdminCreateUser.
    """
    if not any(user.attributes.get(ADDRESS[factor]) for factor in by_code(pool)):
        raise AwsError("InvalidParameterException", "Password is required")


def available(ctx: Context, s: SignIn) -> list[str]:
    """The challenges that this user may choose among, in the pool's order."""
    if s.user is None:
        factors = [factor for factor in allowed(s.pool) if _is_offered(ctx, s, factor)]
    else:
        factors = of_user(ctx, s.pool, s.user)
    return [name for factor in factors for name in (PASSWORDS if factor == "PASSWORD" else (factor,))]


def of_user(ctx: Context, pool: UserPool, user: User) -> list[str]:
    """The first factors that this user can show."""
    return [factor for factor in allowed(pool) if _has(ctx, pool, user, factor)]


def describe(ctx: Context, pool: UserPool, user: User) -> dict[str, Any]:
    """The answer of GetUserAuthFactors and AdminGetUserAuthFactors; an authenticator app is a second factor only."""
    app = ["SOFTWARE_TOKEN"] if user.totp_secret else []
    factors = {"ConfiguredUserAuthFactors": [*of_user(ctx, pool, user), *app]}
    return {"Username": user.username, **wire.mfa_settings(user), **factors}


def _has(ctx: Context, pool: UserPool, user: User, factor: str) -> bool:
    if factor == "PASSWORD":
        return has_password(user)
    if not _is_enough(pool, user, factor):
        return False
    if factor == passkeys.FACTOR:
        return bool(passkeys.usable(ctx, pool, user))
    return factor in ADDRESS and bool(user.attributes.get(ADDRESS[factor]))


def _is_enough(pool: UserPool, user: User, factor: str) -> bool:
    """Whether the user may do without a password: not while a temporary one waits to be used, nor with MFA.

    But for a passkey that is two factors in one.
    """
    if user.status in ("FORCE_CHANGE_PASSWORD", "EXTERNAL_PROVIDER"):
        return False
    is_both = factor == passkeys.FACTOR and passkeys.counts_twice_for(pool, user)
    return is_both or not second_factors.is_needed(pool, user)


def _is_offered(ctx: Context, s: SignIn, factor: str) -> bool:
    """Whether a name that nobody has is offered this.

    Attack: telling from what is offered that there is no such user. AWS picks it at random; here it is always the same
    for one name, since a list that changes tells as well.
    """
    if factor == "PASSWORD":
        return True
    is_passkey = factor == passkeys.FACTOR
    if s.pool.mfa == "ON" and not (is_passkey and passkeys.counts_twice(s.pool.config)):
        return False
    if is_passkey and not passkeys.relying_party(ctx, s.pool):
        return False
    if ADDRESS.get(factor) == ("email" if "@" in s.username else "phone_number"):
        return True
    return ctx.cloud.sealer.digest("first factor", s.pool.id, s.pool.fold(s.username), factor)[0] < "8"
