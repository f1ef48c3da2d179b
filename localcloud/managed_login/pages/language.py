"""Which language a page is in, and its texts.

Source of `lang` and its cookie: Cognito developer guide, "Managed login localization".
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import orjson

from localcloud.managed_login import browser
from localcloud.managed_login.request import LoginRequest

LANGUAGES: Mapping[str, str] = {"en": "English", "ja": "日本語"}
"""Language → its own name for itself. The first is for everybody whose own is not here."""

_FOLDER = Path(__file__).with_name("texts")
_COOKIE = "lang"
_YEAR = 365 * 86_400
_WEIGHTED = re.compile(r"\s*([A-Za-z*-]+)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?", re.ASCII)


def language_of(request: LoginRequest) -> str:
    """The language that was asked for: by the address, by an earlier address, by the browser."""
    named = (request.query.get("lang", ""), request.cookies.get(_COOKIE, ""))
    wanted = (*named, *_accepted(request.headers.get("accept-language", "")))
    return next((language for name in wanted if (language := _primary(name)) in LANGUAGES), "en")


def cookies(request: LoginRequest) -> tuple[str, ...]:
    """The Set-Cookie value that keeps the address's `lang`, where it has one that is known."""
    language = _primary(request.query.get("lang", ""))
    if language not in LANGUAGES:
        return ()
    return (f"{browser.cookie(request, _COOKIE, language)}; Max-Age={_YEAR}",)


@functools.cache
def texts(language: str) -> Mapping[str, str]:
    """The texts of a language by their keys; `{name}` in one stands for a value."""
    found: Mapping[str, str] = orjson.loads((_FOLDER / f"{language}.json").read_bytes())
    return found


def _accepted(header: str) -> Iterator[str]:
    """The names in an Accept-Language header, the most wanted first (RFC 9110, section 12.5.4)."""
    parts = [match for part in header.split(",")[:20] if (match := _WEIGHTED.fullmatch(part))]
    weights = [(float(match[2]) if match[2] else 1.0, match[1]) for match in parts]
    yield from (name for weight, name in sorted(weights, key=lambda pair: -pair[0]) if weight)


def _primary(name: str) -> str:
    """`ja` of `ja-JP` and `ja_JP`."""
    return re.split("[-_]", name, maxsplit=1)[0].lower()
