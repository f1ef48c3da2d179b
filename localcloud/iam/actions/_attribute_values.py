"""DynamoDB key values as the text that `dynamodb:LeadingKeys` compares."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from decimal import Context, Decimal
from typing import Any

from localcloud.errors import AwsError
from localcloud.iam.actions._params import as_mapping, as_text

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)
_EXACT = Context(prec=40)
"""DynamoDB keeps 38 digits; Python's default of 28 would round two keys to one."""


def key_texts(value: Any) -> tuple[str, ...]:
    """The texts of a key's attribute value: of a string the one, of a number or binary every one that AWS may mean.

    AWS does not document how numbers and bytes are compared. A number has its shortest form, so that `1.0` and `1e0`,
    which are one partition, cannot be told apart, and the form it was given in; bytes have their base64 and themselves.
    A rule that lists what is allowed must list them all, one that lists what is not needs one of them.
    Raises AwsError `ValidationException`.
    """
    kind, content = _only_member(as_mapping(value))
    if kind == "S":
        shown: tuple[str, ...] = (as_text(content),)
    elif kind == "N":
        shown = (number_text(as_text(content)), as_text(content))
    elif kind == "B":
        shown = _binary_texts(as_text(content))
    else:
        raise invalid("One or more parameter values were invalid: Type mismatch for key")
    if not shown[0]:
        problem = "The AttributeValue for a key attribute cannot contain an empty string value."
        raise invalid(f"One or more parameter values are not valid. {problem}")
    return tuple(dict.fromkeys(shown))


def number_text(text: str) -> str:
    """A number in its shortest decimal form. Raises AwsError `ValidationException` for what DynamoDB cannot hold."""
    if len(text) > 400 or not _NUMBER.fullmatch(text):
        raise invalid(f"The parameter cannot be converted to a numeric value: {text[:100]}")
    number = Decimal(text)
    if number and not -130 <= number.adjusted() <= 125:
        raise invalid("Number overflow. Attempting to store a number with magnitude larger than supported range")
    shortest = _EXACT.normalize(number)
    if shortest != number or len(shortest.as_tuple().digits) > 38:
        raise invalid("Attempting to store more than 38 significant digits in a Number")
    return format(shortest, "f") if shortest else "0"


def invalid(message: str) -> AwsError:
    """DynamoDB's answer to a request that is well typed and yet wrong."""
    return AwsError("ValidationException", message)


def _only_member(value: Mapping[str, Any]) -> tuple[str, Any]:
    # Of `{"S": "mine", "N": "1"}` two readers may take different members.
    given = {kind: content for kind, content in value.items() if content is not None}
    if len(given) != 1:
        problem = "has more than one datatypes set" if given else "is empty"
        raise invalid(f"Supplied AttributeValue {problem}, must contain exactly one of the supported datatypes")
    return next(iter(given.items()))


def _binary_texts(text: str) -> tuple[str, ...]:
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise AwsError("SerializationException", "Invalid base64 text in a binary value") from None
    return base64.b64encode(content).decode(), content.decode("utf-8", "backslashreplace")
