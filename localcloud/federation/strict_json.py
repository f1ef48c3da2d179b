"""JSON that can be read in one way only."""

from __future__ import annotations

import json
from typing import Any

import orjson


def read(text: bytes) -> Any:
    """The value. Raises ValueError for what is no JSON (RFC 8259), too deep, or has a name twice in one object.

    Attack: a claim that is there twice, of which the provider checked the one and this server takes the other.
    """
    found = orjson.loads(text)
    try:
        # orjson is strict in all but this: of two it takes the last, silently.
        json.loads(text, object_pairs_hook=_check_names)
    except RecursionError as error:
        raise ValueError("the JSON is too deep") from error
    return found


def _check_names(pairs: list[tuple[str, Any]]) -> None:
    if len(pairs) != len({name for name, _ in pairs}):
        raise ValueError("a name is there twice")
