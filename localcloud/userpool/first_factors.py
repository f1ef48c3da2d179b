"""With what a user may begin a choice-based sign-in (USER_AUTH).

Source: Cognito developer guide, "Authentication flows", and "Things to know about user pool MFA".
"""

from __future__ import annotations

from typing import Any

from localcloud.context import Context
from localcloud.userpool import second_factors, wire
from localcloud.userpool.account import has_password
from localcloud.userpool.attempt import SignIn
from localcloud.userpool.models import User, UserPool

PASSWORDS = ("PASSWORD", "PASSWORD_SRP")
ADDRESS = {"EMAIL_OTP": "email", "SMS_OTP": "phone_number"}
"""The factors whose codes are sent → the attribute that they are sent to."""


def allowed(pool: UserPool) -> list[str]:
    """`AllowedFirstAuthFactors`."""
    policy = (pool.config.get("Policies") or {}).get("SignInPolicy") or {}
    return list(policy.get("AllowedFirstAuthFactors") or ("PASSWORD",))


def is_passwordless(pool: UserPool) -> bool:
    """Whether users of this pool need no password: a code that is sent to them is enough."""
    return any(factor in ADDRESS for factor in allowed(pool))


def available(ctx: Context, s: SignIn) -> list[str]:
    """The challenges that this user may choose among, in the pool's order."""
    if s.user is None:
        factors = [factor for factor in allowed(s.pool) if _is_offered(ctx, s, factor)]
    else:
        factors = of_user(s.pool, s.user)
    return [name for factor in factors for name in (PASSWORDS if factor == "PASSWORD" else (factor,))]


def of_user(pool: UserPool, user: User) -> list[str]:
    """The first factors that this user can show."""
    return [factor for factor in allowed(pool) if _has(pool, user, factor)]


def describe(pool: UserPool, user: User) -> dict[str, Any]:
    """The answer of GetUserAuthFactors and AdminGetUserAuthFactors; an authenticator app is a second factor only."""
    app = ["SOFTWARE_TOKEN"] if user.totp_secret else []
    factors = {"ConfiguredUserAuthFactors": [*of_user(pool, user), *app]}
    return {"Username": user.username, **wire.mfa_settings(user), **factors}


def _has(pool: UserPool, user: User, factor: str) -> bool:
    if factor == "PASSWORD":
        return has_password(user)
    return factor in ADDRESS and _is_free(pool, user) and bool(user.attributes.get(ADDRESS[factor]))


def _is_free(pool: UserPool, user: User) -> bool:
    """Whether the user may do without a password: not with MFA, nor while a temporary password waits to be used."""
    has_to = ("FORCE_CHANGE_PASSWORD", "EXTERNAL_PROVIDER")
    return user.status not in has_to and not second_factors.is_needed(pool, user)


def _is_offered(ctx: Context, s: SignIn, factor: str) -> bool:
    """Whether a name that nobody has is offered this.

    Attack: telling from what is offered that there is no such user. AWS picks it at random; here it is always the same
    for one name, since a list that changes tells as well.
    """
    if factor == "PASSWORD":
        return True
    if s.pool.mfa == "ON":
        return False
    if ADDRESS.get(factor) == ("email" if "@" in s.username else "phone_number"):
        return True
    return ctx.cloud.sealer.digest("first factor", s.pool.id, s.pool.fold(s.username), factor)[0] < "8"
