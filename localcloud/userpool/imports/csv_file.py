"""Rows of a CSV file, one after another: a file of any size takes no more memory than its longest row may.

AWS's dialect: UTF-8 without a byte order mark, no quotation marks, and a backslash before a comma that is part of a
value. White space around a value is not part of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import BinaryIO

from localcloud.userpool.imports.columns import FileError

MAX_ROW = 16_000
"""Characters. Source: Cognito developer guide, "Quotas"."""

_MAX_BYTES = 4 * MAX_ROW + 2
_COMMA = re.compile(r"(?<!\\),")
_BOM = b"\xef\xbb\xbf"

Row = Mapping[str, str] | str
"""The values that a row has, by column; or why it cannot be read, in words that have none of its values in them."""


def read_header(file: BinaryIO) -> list[str]:
    """The names in the first line. Raises FileError."""
    line = file.readline(_MAX_BYTES)
    if line.startswith(_BOM):
        raise FileError("The CSV file must be UTF-8 without a byte order mark.")
    values = _split(line)
    if isinstance(values, str):
        raise FileError(f"The CSV header cannot be read. {values}")
    if _is_blank(values):
        raise FileError("The CSV file has no header.")
    return [value.strip() for value in values]


def read_rows(file: BinaryIO, header: Sequence[str]) -> Iterator[tuple[int, Row]]:
    """Each further line that is not blank, by its number in the file."""
    number = 1
    while line := file.readline(_MAX_BYTES):
        number += 1
        values = _split(line)
        while len(line) == _MAX_BYTES and not line.endswith(b"\n"):
            line = file.readline(_MAX_BYTES)
        if not _is_blank(values):
            yield number, _named(header, values)


def _named(header: Sequence[str], values: list[str] | str) -> Row:
    if isinstance(values, str):
        return values
    if len(values) != len(header):
        return f"The row has {len(values)} values, and the header {len(header)} columns."
    # Most columns of most rows are empty.
    return {name: kept for name, value in zip(header, values, strict=True) if value and (kept := value.strip())}


def _is_blank(values: list[str] | str) -> bool:
    return len(values) == 1 and not values[0].strip()


def _split(line: bytes) -> list[str] | str:
    """The values of a line with the white space around them, or what is wrong with it."""
    try:
        text = line.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        # The end of a line that is too long may be in the middle of a character.
        return "The row is not UTF-8." if len(line) < _MAX_BYTES else _too_long()
    if len(text) > MAX_ROW:
        return _too_long()
    if "\\," in text:
        return [value.replace("\\,", ",") for value in _COMMA.split(text)]
    return text.split(",")


def _too_long() -> str:
    return f"The row is longer than {MAX_ROW} characters."
