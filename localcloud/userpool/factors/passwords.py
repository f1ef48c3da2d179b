"""Passwords: the pool's policy, and the SRP verifier that is kept in place of one."""

from __future__ import annotations

import hmac
import string
from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.store import replaced
from localcloud.userpool.accounts import imported_hashes
from localcloud.userpool.accounts.users import update_user
from localcloud.userpool.factors import srp
from localcloud.userpool.models import User, UserPool

SYMBOLS = frozenset("^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+- ")
"""Source: Cognito developer guide, "Adding user pool password requirements"."""

NO_PASSWORD: Mapping[str, Any] = {
    "salt": "",
    "verifier": "",
    "password_digest": "",
    "imported_hash": "",
    "temporary_until": 0.0,
}
"""The fields of `User` that a password sets, as they are without one."""

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


def password_fields(
    ctx: Context, pool: UserPool, username: str, password: str, *, temporary: bool = False
) -> dict[str, Any]:
    """The fields of `User` that a new password sets, checked against the policy first.

    A temporary one ends after the policy's days. Raises InvalidPasswordException.
    """
    check_policy(pool, password)
    return secret_fields(ctx, pool, username, password, temporary=temporary)


def secret_fields(
    ctx: Context, pool: UserPool, username: str, password: str, *, temporary: bool = False
) -> dict[str, Any]:
    """The same for a password that was chosen elsewhere, under no policy of this pool."""
    days = pool.password_policy.get("TemporaryPasswordValidityDays", 7)
    until = ctx.now + days * _DAY if temporary else 0.0
    return {**_secrets(ctx, pool, username, password), "temporary_until": until}


def is_right(ctx: Context, pool: UserPool, user: User | None, password: str, name: str = "") -> bool:
    """Whether this is the user's password. An unknown user, or one without a password, costs the same time.

    `name` is what the sign-in asked for, where nobody may have it.

    Attack: telling known from unknown users by how long the answer takes.
    """
    imported = user.imported_hash if user is not None else imported_hashes.decoy(ctx, pool.id, pool.fold(name))
    if imported:
        return imported_hashes.matches(ctx, imported, password)
    salt = int(user.salt, 16) if user is not None and user.salt else 1
    private = srp.private_key(pool.short_id, user.username if user else "", password, salt)
    kept = user.password_digest if user is not None else ""
    return hmac.compare_digest(_digest(ctx, private), kept)


def adopt(ctx: Context, pool: UserPool, user: User, password: str) -> User:
    """The user, whose right password this is, with a verifier of its own in place of an imported hash.

    From then on SRP works as well. The policy is not asked: it binds new passwords, and this one is kept.
    """
    if not user.imported_hash:
        return user
    secrets = _secrets(ctx, pool, user.username, password)

    def change(kept: User) -> User:
        # Of two first sign-ins at once one does it; and a password that was set meanwhile stays.
        return replaced(kept, **secrets) if kept.imported_hash == user.imported_hash else kept

    return update_user(ctx, pool, user.sub, change)


def _secrets(ctx: Context, pool: UserPool, username: str, password: str) -> dict[str, Any]:
    salt = int.from_bytes(ctx.cloud.random(16), "big")
    private = srp.private_key(pool.short_id, username, password, salt)
    verifier = f"{srp.make_verifier(private):x}"
    digest = _digest(ctx, private)
    return {**NO_PASSWORD, "salt": f"{salt:x}", "verifier": verifier, "password_digest": digest}


def _digest(ctx: Context, private: int) -> str:
    """What a password that is sent, and not proven by SRP, is compared by: far quicker than the verifier."""
    return ctx.cloud.sealer.digest("password", f"{private:x}")


def generate(ctx: Context, pool: UserPool) -> str:
    """A temporary password that fits any policy of this pool."""
    alphabet = string.ascii_letters + string.digits
    length = max(12, pool.password_policy.get("MinimumLength", 8))
    body = "".join(alphabet[byte % len(alphabet)] for byte in ctx.cloud.random(length - 4))
    return body + "aA1!"


def _has(password: str, characters: str) -> bool:
    return any(character in characters for character in password)
