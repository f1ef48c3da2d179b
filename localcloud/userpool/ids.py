"""Ids and secrets in AWS's forms."""

from __future__ import annotations

import string

from localcloud.context import Context

_LOWER = string.digits + string.ascii_lowercase
_MIXED = string.digits + string.ascii_letters


def pool_id(ctx: Context) -> str:
    """An id such as `us-east-1_Ab3dE6gH9`."""
    return f"{ctx.cloud.region}_{_spell(ctx, _MIXED, 9)}"


def client_id(ctx: Context) -> str:
    """26 lower-case letters and digits."""
    return _spell(ctx, _LOWER, 26)


def client_secret(ctx: Context) -> str:
    """52 lower-case letters and digits: 268 bits."""
    return _spell(ctx, _LOWER, 52)


def uuid4(ctx: Context) -> str:
    """A version 4 UUID: a user's `sub`, a token, an event of a history, a terms document, a style."""
    return uuid_of(ctx.cloud.random(16).hex())


def uuid_of(digits: str) -> str:
    """The version 4 UUID of 32 random hexadecimal digits.

    Written out by hand: a sign-in has four, and an import of users a million.
    """
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"


def import_job_id(ctx: Context) -> str:
    """An id such as `import-mAgUtd8PMm`."""
    return f"import-{_spell(ctx, _MIXED, 10)}"


def _spell(ctx: Context, alphabet: str, length: int) -> str:
    # Twice as many bits as are used, so that no letter is more likely than another by anything that can be measured.
    number = int.from_bytes(ctx.cloud.random(length * 2), "big")
    letters = []
    for _ in range(length):
        number, rest = divmod(number, len(alphabet))
        letters.append(alphabet[rest])
    return "".join(letters)
