"""The canonical request of Signature Version 4: one spelling for all the ways of writing the same request.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#create-canonical-request
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import quote_from_bytes, unquote_to_bytes

_BLANKS = re.compile("[ \t]+")  # not `\s`, nor str.split(): a UTF-8 byte read as Latin-1 may look like a blank


def render(
    method: str,
    path: str,
    query: Sequence[tuple[str, str]],
    headers: Mapping[str, str],
    signed_headers: Sequence[str],
    payload_hash: str,
) -> bytes:
    """The bytes to hash. `path` is already canonical. Raises KeyError when a signed header is not there."""
    values = (f"{name}:{_BLANKS.sub(' ', headers[name]).strip(' ')}" for name in signed_headers)
    lines = (method, path, _query(query), *values, "", ";".join(signed_headers), payload_hash)
    # Header bytes come decoded as Latin-1 and go back the same way, whatever the client meant by them.
    return "\n".join(lines).encode("latin-1", "backslashreplace")


def read_query(raw_query: str) -> list[tuple[str, str]]:
    """Name and value pairs as sent, percent-decoded, `+` as a space; every byte kept as one Latin-1 character."""
    pairs = (pair.partition("=") for pair in raw_query.split("&") if pair)
    return [(_decode(name), _decode(value)) for name, _, value in pairs]


def object_path(raw_path: str) -> str:
    """The path of an S3 request. A key may hold `//` and `..`: it is neither normalised nor encoded twice."""
    return _encode(unquote_to_bytes(raw_path or "/"), safe="/")


def normalized_path(raw_path: str) -> str:
    """The path of every other service: dot segments and empty segments out, then the encoded text encoded again."""
    segments: list[str] = []
    for segment in raw_path.split("/"):
        if segment == "..":
            del segments[-1:]
        elif segment not in ("", "."):
            segments.append(segment)
    tail = "/" if segments and raw_path.endswith("/") else ""
    return _encode(f"/{'/'.join(segments)}{tail}".encode(), safe="/")


def _query(pairs: Sequence[tuple[str, str]]) -> str:
    encoded = sorted((_encode(name.encode("latin-1")), _encode(value.encode("latin-1"))) for name, value in pairs)
    return "&".join(f"{name}={value}" for name, value in encoded)


def _decode(text: str) -> str:
    return unquote_to_bytes(text.replace("+", " ")).decode("latin-1")


def _encode(raw: bytes, safe: str = "") -> str:
    return quote_from_bytes(raw, safe=f"{safe}-_.~")
