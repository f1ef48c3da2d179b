"""What a provider says of its user, as texts: a user pool's attributes are nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson


def as_attributes(claims: Mapping[str, Any]) -> dict[str, str | list[str]]:
    """Each claim as a text, or a list of texts; one that is null is left out."""
    return {
        name: [_text(entry) for entry in value] if isinstance(value, list) else _text(value)
        for name, value in claims.items()
        if value is not None
    }


def as_texts(claims: Mapping[str, Any]) -> dict[str, str]:
    """Each claim as one text, as the inbound federation trigger has it; a list as JSON."""
    return {name: _text(value) for name, value in claims.items() if value is not None}


def _text(value: object) -> str:
    # true and numbers look in JSON as Cognito writes them; objects, such as `address`, have no other form.
    return value if isinstance(value, str) else orjson.dumps(value).decode()
