"""Which fields of a profile its user may write, and what each may hold."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping

from api.errors import ApiError

READ_ONLY = frozenset({"sub", "role", "plan", "created_at", "updated_at"})
LONGEST_NAME = 100


def read_changes(body: Mapping[str, object]) -> dict[str, str | None]:
    """The changes that a body asks for; None clears a field. Raises ApiError 400 naming the first bad field."""
    return {name: _read(name, value) for name, value in body.items()}


def _read(name: str, value: object) -> str | None:
    # Attack: {"role": "admin"}. Only fields of the allow-list below ever reach the table.
    if name in READ_ONLY:
        raise ApiError(400, "read_only_field", f"{name} cannot be changed")
    if name not in WRITABLE:
        raise ApiError(400, "unknown_field", f"there is no field {name[:64]!r}")
    if value is None:
        return None
    if not isinstance(value, str):
        raise ApiError(400, "invalid_field", f"{name} must be a string, or null to clear it")
    return WRITABLE[name](value)


def _display_name(value: str) -> str:
    name = unicodedata.normalize("NFC", value).strip()
    # Attack: control characters and direction overrides make a name show as another one; a lone surrogate cannot
    # be stored. Joiners (U+200C, U+200D) stay: scripts and emoji need them.
    hidden = any(unicodedata.category(c) in {"Cc", "Cs"} or unicodedata.bidirectional(c) in OVERRIDES for c in name)
    visible = any(unicodedata.category(c)[0] in "LNPS" for c in name)
    if hidden or not visible or len(name) > LONGEST_NAME:
        raise ApiError(400, "invalid_field", f"display_name must be 1 to {LONGEST_NAME} characters of visible text")
    return name


def _locale(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}", value):
        raise ApiError(400, "invalid_field", "locale must be a language tag such as ja or en-US")
    return value


def _time_zone(value: str) -> str:
    if len(value) > 64 or not re.fullmatch(r"[A-Za-z]+([/_+-][A-Za-z0-9]+)*", value):
        raise ApiError(400, "invalid_field", "time_zone must be an IANA name such as Asia/Tokyo")
    return value


OVERRIDES = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
WRITABLE: Mapping[str, Callable[[str], str]] = {
    "display_name": _display_name,
    "locale": _locale,
    "time_zone": _time_zone,
}
