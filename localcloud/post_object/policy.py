"""A form's policy: until when it may be sent, and what each field, and the file's size, may be.

Error texts are the ones that S3 was seen to answer.
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from localcloud.errors import AwsError
from localcloud.iam.policy import read_json
from localcloud.post_object.form import Form

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z", re.ASCII)
_UNCOVERED = frozenset({"policy", "x-amz-signature"})


class _Condition(NamedTuple):
    """One condition. `field` is in lower case, or empty: then it is about the size, and `wanted` are its limits."""

    operator: str
    field: str
    wanted: Any
    shown: str


def check_policy(form: Form, now: float) -> None:
    """Raise AwsError unless the form is what its policy allows; without a policy it may be anything.

    `now` is the real time, seconds since the epoch: a policy's expiry was written by a clock of the outside.
    """
    if "policy" not in form.fields:
        return
    document = _document(form.fields["policy"])
    if now >= _expiration(document):
        raise _against("Policy expired.")
    conditions = [_condition(entry) for entry in document["conditions"]]
    values = {**form.fields, "bucket": form.bucket}
    for condition in conditions:
        if condition.field and not _holds(condition, values.get(condition.field)):
            raise _against(f"Policy Condition failed: {condition.shown}")
    # Attack: a field that the signer never thought of, such as an access control list. The bucket counts as one, so
    # that a policy always says which bucket it is for.
    covered = {condition.field for condition in conditions} | _UNCOVERED
    if extra := sorted(name for name in values.keys() - covered if not name.startswith("x-ignore-")):
        raise _against(f"Extra input fields: {', '.join(extra)}")
    for condition in conditions:
        if not condition.field:
            _check_size(condition.wanted, len(form.content))


def _document(text: str) -> dict[str, Any]:
    try:
        document = read_json(base64.b64decode(text, validate=True).decode())
    except ValueError:
        raise _invalid("Invalid JSON.") from None
    if not isinstance(document, dict):
        raise _invalid("Invalid JSON.")
    for name in document:
        if name not in ("expiration", "conditions"):
            raise _invalid(f"Unexpected: {name!a}")
    for name in ("expiration", "conditions"):
        if name not in document:
            raise _invalid(f"Policy missing {name}.")
    if not isinstance(document["conditions"], list):
        raise _invalid("Invalid 'conditions' value: must be a List.")
    return document


def _expiration(document: Mapping[str, Any]) -> float:
    text = document["expiration"]
    try:
        if isinstance(text, str) and _MOMENT.fullmatch(text):
            return datetime.fromisoformat(text).timestamp()
    except ValueError:
        pass
    raise _invalid(f"Invalid 'expiration' value: {text!a}")


def _condition(entry: Any) -> _Condition:
    if isinstance(entry, dict):
        if len(entry) != 1:
            raise _invalid("Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.")
        ((name, wanted),) = entry.items()
        if not isinstance(wanted, str):
            raise _invalid("Invalid Simple-Condition: value must be a string.")
        return _Condition("eq", name.lower(), wanted, json.dumps(["eq", f"${name}", wanted]))
    if not isinstance(entry, list):
        raise _invalid("Invalid condition test: must be a List or Object.")
    if not entry or not isinstance(entry[0], str):
        raise _invalid("Invalid Condition: missing operation identifier.")
    return _operation(entry[0], entry)


def _operation(operator: str, entry: list[Any]) -> _Condition:
    kind = operator.lower()
    if kind not in ("eq", "starts-with", "content-length-range"):
        raise _invalid(f"Invalid Condition: unknown operation {operator!a}.")
    if len(entry) != 3:
        raise _invalid(f"Invalid {kind}: wrong number of arguments.")
    shown = json.dumps(entry)
    if kind == "content-length-range":
        return _Condition(kind, "", (_limit(entry[1], shown), _limit(entry[2], shown)), shown)
    _, name, wanted = entry
    if not (isinstance(name, str) and isinstance(wanted, str)):
        raise _invalid("Invalid JSON.")
    if not name.startswith("$"):
        raise _against(f"Policy Condition failed: {shown}")
    return _Condition(kind, name[1:].lower(), wanted, shown)


def _limit(value: Any, shown: str) -> int:
    text = str(value)
    if isinstance(value, float | bool) or not (text.isascii() and text.isdigit() and len(text) < 20):
        raise _against(f"Policy Condition failed: {shown}")
    return int(text)


def _holds(condition: _Condition, value: str | None) -> bool:
    if value is None:
        return False
    if condition.operator == "eq":
        return bool(value == condition.wanted)
    # A list of types, of which each must be one that the policy allows.
    values = value.split(",") if condition.field == "content-type" else [value]
    return all(each.startswith(condition.wanted) for each in values)


def _check_size(limits: tuple[int, int], size: int) -> None:
    least, most = limits
    if size > most:
        raise AwsError("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size")
    if size < least:
        raise AwsError("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size")


def _against(problem: str) -> AwsError:
    return AwsError("AccessDenied", f"Invalid according to Policy: {problem}", 403)


def _invalid(problem: str) -> AwsError:
    return AwsError("InvalidPolicyDocument", f"Invalid Policy: {problem}")
