"""Session tags and source identities in tokens. Source: IAM user guide, "Pass session tags in AWS STS"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from localcloud.federation.errors import TokenError

MAX_TAGS = 50

CLAIM = "https://aws.amazon.com/tags"
"""The claim that STS takes session tags from."""

_FLAT = f"{CLAIM}/principal_tags/"
_SIGNS = frozenset("_.:/=+-@")
_SOURCE_IDENTITY = re.compile(r"[A-Za-z0-9_+=,.@-]{2,64}")


def from_claims(claims: Mapping[str, Any]) -> tuple[dict[str, str], tuple[str, ...]]:
    """The tags and the transitive keys in an ID token, nested or flat. Raises TokenError."""
    nested = claims.get(CLAIM, {})
    if not isinstance(nested, dict) or not isinstance(nested.get("principal_tags", {}), dict):
        raise TokenError("Invalid tags claim.")
    tags = [(key, _only(value)) for key, value in nested.get("principal_tags", {}).items()]
    tags += [(name.removeprefix(_FLAT), _only(value)) for name, value in claims.items() if name.startswith(_FLAT)]
    transitive = nested.get("transitive_tag_keys", claims.get(f"{CLAIM}/transitive_tag_keys", []))
    if not isinstance(transitive, list) or not all(isinstance(key, str) for key in transitive):
        raise TokenError("Invalid transitive tag keys claim.")
    return checked(tags), tuple(transitive)


def checked(tags: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Tags by key. Raises TokenError for one that STS would not take."""
    found: dict[str, str] = {}
    for key, value in tags:
        if not 0 < len(key) <= 128 or len(value) > 256 or not _fits(key + value) or key.lower().startswith("aws:"):
            raise TokenError("Invalid session tag.")
        # Attack: two tags that differ by case, of which a condition sees one and a check the other.
        if any(key.lower() == known.lower() for known in found):
            raise TokenError("Duplicate tag keys found. Please note that Tag keys are case insensitive.")
        found[key] = value
    if len(found) > MAX_TAGS:
        raise TokenError(f"More than {MAX_TAGS} session tags.")
    return found


def source_identity(value: Any) -> str:
    """The source identity of a claim or an attribute; empty for None. Raises TokenError."""
    if value is None:
        return ""
    if not isinstance(value, str) or not _SOURCE_IDENTITY.fullmatch(value) or value.lower().startswith("aws:"):
        raise TokenError('Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"')
    return value


def _only(value: Any) -> str:
    """The one value of a tag, which tokens write as a list of one."""
    only = value[0] if isinstance(value, list) and len(value) == 1 else value
    if not isinstance(only, str):
        raise TokenError("Invalid session tag.")
    return only


def _fits(text: str) -> bool:
    r"""Whether it is letters, spaces, numbers and a few signs: `[\p{L}\p{Z}\p{N}_.:/=+\-@]*`."""
    return all(sign in _SIGNS or unicodedata.category(sign)[0] in "LZN" for sign in text)
