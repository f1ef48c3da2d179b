"""How much of a session token's room its policies and tags take: AWS packs them into the token, and so limits them.

How AWS packs is not documented; this is an estimate that grows with what is packed.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping

from localcloud.errors import AwsError

TOKEN_BYTES = 4096
"""The most that a token may have. Source: AssumeRole, `SessionTokenUtilization`."""

_BARE_TOKEN_BYTES = 800


def percentage(policies: str, tags: Mapping[str, str]) -> int | None:
    """`PackedPolicySize`: the share of the room that is taken; None where nothing is. Raises PackedPolicyTooLarge."""
    if not policies and not tags:
        return None
    text = "\0".join([policies, *(f"{key}={value}" for key, value in tags.items())])
    packed = len(zlib.compress(text.encode(), 9))
    share = -(-100 * packed // (TOKEN_BYTES - _BARE_TOKEN_BYTES))
    if share > 100:
        raise AwsError("PackedPolicyTooLarge", f"Packed policy consumes {share}% of allotted space.")
    return share
