"""Passwords: the pool's policy, and the SRP verifier that is kept in place of one."""

from __future__ import annotations

import string

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.store import replaced
from localcloud.userpool import srp
from localcloud.userpool.models import User, UserPool

SYMBOLS = frozenset("^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+- ")
"""Source: Cognito developer guide, "Adding user pool password requirements"."""

_DAY = 86_400


def check_policy(pool: UserPool, password: str) -> None:
    """Raise InvalidPasswordException where the password breaks the pool's policy."""
    policy = pool.password_policy
    rules = (
        (len(password) >= policy.get("MinimumLength", 8), "Password not long enough"),
        (
            not policy.get("RequireUppercase") or _has(password, string.ascii_uppercase),
            "Password must have uppercase characters",
        ),
        (
            not policy.get("RequireLowercase") or _has(password, string.ascii_lowercase),
            "Password must have lowercase characters",
        ),
        (not policy.get("RequireNumbers") or _has(password, string.digits), "Password must have numeric characters"),
        (
            not policy.get("RequireSymbols") or any(c in SYMBOLS for c in password),
            "Password must have symbol characters",
        ),
        (password == password.strip(), "Password must not begin or end with a space"),
    )
    for holds, message in rules:
        if not holds:
            raise AwsError("InvalidPasswordException", f"Password did not conform with policy: {message}")


def with_password(ctx: Context, pool: UserPool, user: User, password: str, *, temporary: bool = False) -> User:
    """The user with a new password, checked against the policy. A temporary one ends after the policy's days."""
    check_policy(pool, password)
    salt = int.from_bytes(ctx.cloud.random(16), "big")
    verifier = srp.make_verifier(pool.short_id, user.username, password, salt)
    until = ctx.now + pool.password_policy.get("TemporaryPasswordValidityDays", 7) * _DAY if temporary else 0.0
    return replaced(user, salt=f"{salt:x}", verifier=f"{verifier:x}", temporary_until=until, modified=ctx.now)


def is_right(ctx: Context, pool: UserPool, user: User | None, password: str) -> bool:
    """Whether this is the user's password. An unknown user, or one without a password, costs the same time.

    Attack: telling known from unknown users by how long the answer takes.
    """
    known = user is not None and bool(user.verifier)
    salt, verifier = (int(user.salt, 16), int(user.verifier, 16)) if user is not None and known else (1, 0)
    made = srp.make_verifier(pool.short_id, user.username if user else "", password, salt)
    return known and ctx.cloud.sealer.digest(f"{made:x}") == ctx.cloud.sealer.digest(f"{verifier:x}")


def generate(ctx: Context, pool: UserPool) -> str:
    """A temporary password that fits any policy of this pool."""
    alphabet = string.ascii_letters + string.digits
    length = max(12, pool.password_policy.get("MinimumLength", 8))
    body = "".join(alphabet[byte % len(alphabet)] for byte in ctx.cloud.random(length - 4))
    return body + "aA1!"


def _has(password: str, characters: str) -> bool:
    return any(character in characters for character in password)
