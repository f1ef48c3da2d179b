"""Recovery codes as a sign-in uses them up: items of AppDataTable (pk `RECOVERY#<sub>`).

`CODES` is the set that the API made (`api/recovery_codes.py`): its salt, and a digest of each code that is left.
`TRIES#<hour>` has the digests of what was tried in an hour. A code holds 80 random bits, which nobody guesses however
fast a digest is computed: so a salted one is enough, and only the salt of the set keeps two sets apart.
"""

from __future__ import annotations

import hashlib
import hmac
import time
import unicodedata
from typing import Any

from triggers.aws import app_data, holds

MOST_TRIES = 5
"""Codes of one user that may be tried in an hour."""

_HOUR = 3600
_LOOKALIKES = str.maketrans("OIL", "011")


def take(sub: str, code: str, attempt: str) -> bool:
    """Use up a code for this sign-in, if it is one of the user's. Of any number of sign-ins at once, one gets it."""
    kept = _kept(sub)
    given = digest(kept["salt"], code) if kept else ""
    if not kept or not _may_try(sub, given):
        return False
    if not [one for one in kept.get("digests", ()) if hmac.compare_digest(str(one), given)]:
        return False
    return holds(
        app_data().update_item,
        Key=_key(sub, "CODES"),
        UpdateExpression="SET taken = :given, taken_by = :attempt DELETE digests :used",
        ConditionExpression="contains(digests, :given)",
        ExpressionAttributeValues={":given": given, ":used": {given}, ":attempt": _attempt(attempt)},
    )


def is_taken(sub: str, code: str, attempt: str) -> bool:
    """Whether this very sign-in has used up this code before: a run that goes on where another one stopped."""
    kept = _kept(sub)
    return hmac.compare_digest(str(kept.get("taken_by", "")), _attempt(attempt)) and hmac.compare_digest(
        str(kept["taken"]), digest(kept["salt"], code)
    )


def digest(salt: str, code: str) -> str:
    """What is kept of a code. The same is in `api/recovery_codes.py`."""
    return hmac.digest(salt.encode(), _read(code).encode(), "sha256").hex()


def _read(code: str) -> str:
    """A code as it was meant: in any case and width, with or without dashes, O for 0, I and L for 1."""
    text = unicodedata.normalize("NFKC", code).upper().translate(_LOOKALIKES)
    return "".join(character for character in text if character.isalnum())


def _may_try(sub: str, given: str) -> bool:
    hour = int(time.time()) // _HOUR
    # A set, in one step: the same code counts once, and tries that come at once count all.
    return holds(
        app_data().update_item,
        Key=_key(sub, f"TRIES#{hour}"),
        UpdateExpression="ADD tried :one SET expires_at = :end",
        ConditionExpression="attribute_not_exists(tried) OR contains(tried, :given) OR size(tried) < :most",
        ExpressionAttributeValues={":one": {given}, ":given": given, ":most": MOST_TRIES, ":end": (hour + 2) * _HOUR},
    )


def _attempt(attempt: str) -> str:
    return hashlib.sha256(attempt.encode()).hexdigest()


def _kept(sub: str) -> dict[str, Any]:
    return app_data().get_item(Key=_key(sub, "CODES"), ConsistentRead=True).get("Item", {})


def _key(sub: str, sk: str) -> dict[str, str]:
    return {"pk": f"RECOVERY#{sub}", "sk": sk}
