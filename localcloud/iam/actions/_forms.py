"""Lists in the form fields of query services: `Tags.member.1.Key=…&Tags.member.1.Value=…`.

A list is taken only as the SDKs write it, its members counted up from 1. Attack: a gap, or a `01`, which one reader
skips and another stops at: recipients that were never decided on.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-xml.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from localcloud.iam.actions._params import NotUnderstoodError, text

_INDEX = re.compile(r"[1-9]\d{0,4}", re.ASCII)


def form_list(params: Mapping[str, Any], name: str) -> list[str]:
    """The texts of a list such as `Destination.ToAddresses.member`. Raises NotUnderstoodError."""
    return [text(params, f"{name}.{number}") for number in _numbers(params, name, {""})]


def form_pairs(params: Mapping[str, Any], name: str, key: str, value: str) -> dict[str, str]:
    """A list of pairs such as `Tags.member`, as an object. Raises NotUnderstoodError, for a key given twice too."""
    numbers = _numbers(params, name, {key, value})
    pairs = [(text(params, f"{name}.{number}.{key}"), text(params, f"{name}.{number}.{value}")) for number in numbers]
    found = dict(pairs)
    if len(found) != len(pairs) or "" in found:
        raise NotUnderstoodError
    return found


def members(params: Mapping[str, Any], name: str) -> list[str]:
    """The prefixes of the structures in a list, `Destinations.member.1` and so on. Raises NotUnderstoodError."""
    return [f"{name}.{number}" for number in _numbers(params, name, None)]


def _numbers(params: Mapping[str, Any], name: str, endings: set[str] | None) -> range:
    """The numbers of a list's members; `endings` are what may follow a number, None for anything."""
    found = set()
    for field in params:
        if not field.startswith(f"{name}."):
            continue
        number, _, ending = field.removeprefix(f"{name}.").partition(".")
        if not _INDEX.fullmatch(number) or (endings is not None and ending not in endings):
            raise NotUnderstoodError
        found.add(int(number))
    if found != set(range(1, len(found) + 1)):
        raise NotUnderstoodError
    return range(1, len(found) + 1)
