"""A user's recovery codes in AppDataTable (pk `RECOVERY#<sub>`, sk `CODES`); `triggers/recovery_codes.py` uses them up.

Kept are the salt of the set and a digest of each code that is left. A code holds 80 random bits, which nobody guesses
however fast a digest is computed; so a salted one is enough, as it would not be for a password.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import UTC, datetime

from api.store import app_data
from api.timestamps import render_time

COUNT = 10
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: five bits a character, none of which looks like another."""


def make(sub: str) -> list[str]:
    """A new set of codes, in place of any other. Nobody can read them again."""
    codes = [_code() for _ in range(COUNT)]
    salt = secrets.token_hex(16)
    app_data().update_item(
        Key=_key(sub),
        # The whole set in one step: no code of an old one counts beside those of the new.
        UpdateExpression="SET salt = :salt, digests = :digests, made_at = :now REMOVE taken, taken_by",
        ExpressionAttributeValues={
            ":salt": salt,
            ":digests": {_digest(salt, code) for code in codes},
            ":now": render_time(datetime.now(UTC)),
        },
    )
    return codes


def count(sub: str) -> int:
    """How many codes are left."""
    item = app_data().get_item(Key=_key(sub), ConsistentRead=True).get("Item", {})
    left = item.get("digests", ())
    return len(left) if isinstance(left, set) else 0


def _code() -> str:
    characters = [secrets.choice(_ALPHABET) for _ in range(16)]
    return "-".join("".join(characters[at : at + 4]) for at in range(0, 16, 4))


def _digest(salt: str, code: str) -> str:
    return hmac.digest(salt.encode(), code.replace("-", "").encode(), "sha256").hex()


def _key(sub: str) -> dict[str, str]:
    return {"pk": f"RECOVERY#{sub}", "sk": "CODES"}
