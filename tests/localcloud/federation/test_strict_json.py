"""JSON is read in one way, or not at all."""

from __future__ import annotations

import pytest

from localcloud.federation import strict_json


@pytest.mark.parametrize(
    ("text", "value"), [(b'{"a": {"b": [1, true, null]}, "c": "\\u00e9"}', {"a": {"b": [1, True, None]}, "c": "é"})]
)
def test_json_is_read(text: bytes, value: object) -> None:
    assert strict_json.read(text) == value


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"{}{}",
        b"NaN",
        b"[1,]",
        b"\xff",
        b'"\\ud800"',
        b"\xef\xbb\xbf{}",
        b"{\x00}",
        b"[" * 5000 + b"]" * 5000,
        b"[" * 1000 + b"]" * 1000,
    ],
)
def test_what_is_no_json_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        strict_json.read(text)


@pytest.mark.parametrize(
    "text",
    [b'{"sub": "ada", "sub": "bob"}', b'{"a": [{"b": 1, "b": 1}]}', b'{"sub": 1, "s\\u0075b": 2}'],
)
def test_a_name_that_is_there_twice_is_refused(text: bytes) -> None:
    """Attack: whoever wrote it looked at one of them, and whoever reads it takes the other."""
    with pytest.raises(ValueError, match="twice"):
        strict_json.read(text)
