"""What the settings of pools, clients and domains may be: each has one table of what the local cloud honours.

Attack: a setting that is accepted and ignored, such as a threat protection that nobody runs. Whatever is not in the
table is refused by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.errors import AwsError

Supported = Mapping[str, "Supported"] | frozenset[str] | None
"""A mapping: a structure with these members. A set: one of these values, or a list of them. None: any value."""

ANY: Supported = None


def only(*values: str) -> Supported:
    """These values and no others; none at all allows nothing but an empty list."""
    return frozenset(values)


def read(given: Mapping[str, Any], table: Mapping[str, Supported]) -> dict[str, Any]:
    """The settings, nulls left out and repeated list items once. Raises InvalidParameterException."""
    settings: dict[str, Any] = _without_nulls(given)
    _check(settings, table, "")
    return settings


def unsupported(name: str) -> AwsError:
    """The one refusal of a setting that AWS has and the local cloud does not honour."""
    return AwsError("InvalidParameterException", f"`{name}` is not supported by the local cloud.")


def _check(given: Mapping[str, Any], table: Mapping[str, Supported], path: str) -> None:
    for name, value in given.items():
        if name not in table:
            raise unsupported(path + name)
        rule = table[name]
        if isinstance(rule, Mapping):
            _check(value, rule, f"{path}{name}.")
        elif rule is not None:
            for item in value if isinstance(value, list) else [value]:
                if _text(item) not in rule:
                    raise unsupported(f"{path}{name}: {_text(item)}")


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _without_nulls(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _without_nulls(part) for name, part in value.items() if part is not None}
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return list(dict.fromkeys(value))
    if isinstance(value, list):
        return [_without_nulls(item) for item in value]
    return value
