"""The condition operators, as one table (rules 13, 18-22).

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import base64
import binascii
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from ipaddress import ip_address, ip_network
from typing import TypeVar

from localcloud.iam.match import Pattern, split_arn
from localcloud.iam.variables import Context, Variable, fill, tokenise

T = TypeVar("T")

Matcher = Callable[[str, Context], bool | None]
"""One value of the policy against one value of the request; None when these two cannot be compared."""

Compile = Callable[[str, bool], Matcher | None]
"""Reads a value of the policy, with its variables if they count; None when the value is not of the operator's type."""


@dataclass(frozen=True, slots=True)
class Operator:
    """A condition operator; a negated one holds when no value of the policy matches (rule 11)."""

    name: str
    compile: Compile
    negated: bool = False
    variables: bool = False


def _equals(text: str, variables: bool) -> Matcher:
    return Pattern.compile(text, variables=variables, wildcards=False).matches


def _like(text: str, variables: bool) -> Matcher:
    return Pattern.compile(text, variables=variables).matches


def _equals_ignoring_case(text: str, variables: bool) -> Matcher:
    tokens = tokenise(text, variables=variables, wildcards=False)
    plain = [token for token in tokens if isinstance(token, str | Variable)]

    def match(value: str, context: Context) -> bool:
        wanted = fill(plain, context)
        return wanted is not None and wanted.lower() == value.lower()

    return match


def _arn(text: str, variables: bool) -> Matcher | None:
    tokens = tokenise(text, variables=variables, wildcards=True)
    # A variable that stands alone may hold a whole ARN; it is compared as it is.
    alone = len(tokens) == 1 and isinstance(tokens[0], Variable)
    patterns = (Pattern.join(tokens),) if alone else split_arn(tokens)
    if patterns is None:
        return None

    def match(value: str, context: Context) -> bool | None:
        parts = value.split(":", 5)
        if len(parts) != 6 or parts[0] != "arn":
            return None
        pairs = zip(patterns, [value] if alone else parts, strict=True)
        return all(pattern.matches(part, context) for pattern, part in pairs)

    return match


def _compare(read: Callable[[str], T | None], test: Callable[[T, T], bool]) -> Compile:
    """Make the operator that reads both sides and compares (request value, policy value)."""

    def compile_value(text: str, _variables: bool) -> Matcher | None:
        wanted = read(text)
        if wanted is None:
            return None

        def match(value: str, _context: Context) -> bool | None:
            seen = read(value)
            return None if seen is None else test(seen, wanted)

        return match

    return compile_value


_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?)?)?", re.ASCII)


def _number(text: str) -> Decimal | None:
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def _date(text: str) -> float | None:
    """Seconds since the epoch, of a W3C date (UTC where it names no zone) or of such seconds themselves."""
    if not _DATE.fullmatch(text):
        number = _number(text)
        return None if number is None else float(number)
    try:
        moment = datetime.fromisoformat(text + "-01-01"[len(text) - 4 :] if len(text) < len("2026-01-01") else text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _bool(text: str) -> bool | None:
    return {"true": True, "false": False}.get(text.lower())


def _bytes(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def _ip(text: str, _variables: bool) -> Matcher | None:
    try:
        network = ip_network(text, strict=False)
    except ValueError:
        return None
    if "/" in text and not text.rpartition("/")[2].isdigit():
        return None  # Python also reads net masks, AWS does not

    def match(value: str, _context: Context) -> bool | None:
        try:
            return ip_address(value) in network
        except ValueError:
            return None

    return match


_ORDERED = {
    "LessThan": operator.lt,
    "LessThanEquals": operator.le,
    "GreaterThan": operator.gt,
    "GreaterThanEquals": operator.ge,
}

_ALL = (
    Operator("StringEquals", _equals, variables=True),
    Operator("StringNotEquals", _equals, variables=True, negated=True),
    Operator("StringEqualsIgnoreCase", _equals_ignoring_case, variables=True),
    Operator("StringNotEqualsIgnoreCase", _equals_ignoring_case, variables=True, negated=True),
    Operator("StringLike", _like, variables=True),
    Operator("StringNotLike", _like, variables=True, negated=True),
    Operator("ArnEquals", _arn, variables=True),
    Operator("ArnNotEquals", _arn, variables=True, negated=True),
    Operator("ArnLike", _arn, variables=True),
    Operator("ArnNotLike", _arn, variables=True, negated=True),
    Operator("NumericEquals", _compare(_number, operator.eq)),
    Operator("NumericNotEquals", _compare(_number, operator.eq), negated=True),
    *(Operator(f"Numeric{name}", _compare(_number, test)) for name, test in _ORDERED.items()),
    Operator("DateEquals", _compare(_date, operator.eq)),
    Operator("DateNotEquals", _compare(_date, operator.eq), negated=True),
    *(Operator(f"Date{name}", _compare(_date, test)) for name, test in _ORDERED.items()),
    # Whether Bool takes variables is unknown: AWS's pages disagree. Here it does not, so `${...}` is no truth value.
    Operator("Bool", _compare(_bool, operator.eq)),
    Operator("BinaryEquals", _compare(_bytes, operator.eq)),
    Operator("IpAddress", _ip),
    Operator("NotIpAddress", _ip, negated=True),
)

OPERATORS = {each.name.lower(): each for each in _ALL}
