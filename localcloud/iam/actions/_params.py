"""Request parameters, read by type: a caller may send any JSON value where a string or a list belongs."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from localcloud.errors import AwsError
from localcloud.iam.request import ContextValue


class NotUnderstoodError(Exception):
    """A request that cannot be mapped with certainty: it counts as one without checks, which is a denial."""


def text(params: Mapping[str, Any], name: str) -> str:
    """A string, empty when it is not there. Raises AwsError `SerializationException` for any other type."""
    value = params.get(name)
    return "" if value is None else as_text(value)


def mapping(params: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """An object, empty when it is not there. Raises AwsError `SerializationException` for any other type."""
    value = params.get(name)
    return {} if value is None else as_mapping(value)


def items(params: Mapping[str, Any], name: str) -> Sequence[Any]:
    """A list, empty when it is not there. Raises AwsError `SerializationException` for any other type."""
    value = params.get(name)
    if value is None:
        return ()
    if not isinstance(value, list | tuple):
        raise AwsError("SerializationException", "Unexpected field type")
    return value


def texts(params: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """A list of strings, empty when it is not there. Raises AwsError `SerializationException` for any other type."""
    return tuple(as_text(item) for item in items(params, name))


def binary(params: Mapping[str, Any], name: str) -> bytes:
    """The bytes of a base64 text, empty when it is not there. Raises AwsError `SerializationException`."""
    try:
        return base64.b64decode(text(params, name), validate=True)
    except (binascii.Error, ValueError):
        raise AwsError("SerializationException", "Invalid base64 text in a binary value") from None


def truth(params: Mapping[str, Any], name: str) -> str:
    """A boolean as conditions compare it: `true`, or `false` also when it is not there."""
    return "true" if params.get(name) else "false"


def as_text(value: Any) -> str:
    """The string that `value` is. Raises AwsError `SerializationException` when it is none, in DynamoDB's words."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict | list):
        raise AwsError("SerializationException", "Start of structure or map found where not expected")
    seen = {True: "TRUE_VALUE", False: "FALSE_VALUE"}[value] if isinstance(value, bool) else "NUMBER_VALUE"
    raise AwsError("SerializationException", f"{seen} cannot be converted to String")


def as_mapping(value: Any) -> Mapping[str, Any]:
    """The object that `value` is. Raises AwsError `SerializationException` when it is none."""
    if not isinstance(value, Mapping):
        raise AwsError("SerializationException", "Unexpected field type")
    return value


def own_arn(arn: str, prefix: str, rest: re.Pattern[str]) -> str:
    """The ARN, which has to begin with the account's own prefix. Raises NotUnderstoodError for any other."""
    if not arn.startswith(prefix) or not rest.fullmatch(arn.removeprefix(prefix)):
        raise NotUnderstoodError
    return arn


def tag_context(tags: Mapping[str, str]) -> dict[str, ContextValue]:
    """`aws:RequestTag/…` for each tag of the request, and `aws:TagKeys`; empty for a request without tags.

    Raises AwsError `ValidationException` for two keys that differ in case only: a condition knows no case, so one of
    them would hide the other.
    """
    if not tags:
        return {}
    if len({key.lower() for key in tags}) != len(tags):
        raise _duplicate_tags()
    return {"aws:TagKeys": tuple(tags), **{f"aws:RequestTag/{key}": value for key, value in tags.items()}}


def tag_map(params: Mapping[str, Any], name: str) -> dict[str, ContextValue]:
    """`tag_context` of tags given as an object."""
    tags = mapping(params, name)
    return tag_context({key: text(tags, key) for key in tags})


def tag_list(params: Mapping[str, Any], name: str, key: str = "Key", value: str = "Value") -> dict[str, str]:
    """Tags given as a list of `Key` and `Value`. Raises AwsError `ValidationException` when a key comes twice."""
    pairs = [(text(tag, key), text(tag, value)) for tag in map(as_mapping, items(params, name))]
    tags = dict(pairs)
    if len(tags) != len(pairs):
        raise _duplicate_tags()
    return tags


def refuse_duplicate_names(body: bytes) -> None:
    """Raise AwsError `SerializationException` when an object of the JSON `body` names a member twice.

    Two readers may keep different ones of the two: the check would see one table or key and the service another.
    """
    if not body:
        return
    try:
        json.loads(body, object_pairs_hook=_unique)
    except (ValueError, RecursionError):
        _fail()


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        _fail()
    return members


def _duplicate_tags() -> AwsError:
    return AwsError("ValidationException", "Duplicate tag keys found. Please note that Tag keys are case insensitive.")


def _fail() -> NoReturn:
    raise AwsError("SerializationException", "The request body is not well-formed") from None
