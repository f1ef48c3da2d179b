"""The attribute schema of a pool: OpenID Connect's standard claims, and custom attributes.

An entry has the form that DescribeUserPool gives; custom attributes are named `custom:x`, or `dev:custom:x`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from localcloud.errors import AwsError

MAX_CUSTOM = 50
"""Source: Cognito developer guide, "Quotas"."""

_MAX_LENGTH = 2048
_CONSTRAINTS = {
    "String": ("StringAttributeConstraints", "MinLength", "MaxLength", "length"),
    "Number": ("NumberAttributeConstraints", "MinValue", "MaxValue", "value"),
}

Entry = dict[str, Any]


def of_new_pool(given: Iterable[Mapping[str, Any]]) -> list[Entry]:
    """The schema of a new pool: the standard attributes as `given` changes them, and its custom ones."""
    standard = {entry["Name"]: entry for entry in _standard()}
    custom = []
    for wanted in given:
        name = _name(wanted)
        if name in standard:
            standard[name] = _changed(standard[name], wanted)
        else:
            custom.append(wanted)
    return with_custom(list(standard.values()), custom)


def with_custom(schema: list[Entry], given: Iterable[Mapping[str, Any]]) -> list[Entry]:
    """The schema and new custom attributes. Raises InvalidParameterException where there is one of that name."""
    result = list(schema)
    for wanted in given:
        entry = _custom(wanted)
        if any(known["Name"] == entry["Name"] for known in result):
            raise _bad(f"{entry['Name']}: Existing attribute already has name {entry['Name']}.")
        result.append(entry)
    if sum(":" in entry["Name"] for entry in result) > MAX_CUSTOM:
        raise _bad(f"A user pool has at most {MAX_CUSTOM} custom attributes.")
    return result


def full_name(given: Mapping[str, Any]) -> str:
    """The name that an entry of CreateUserPool's `Schema` has in the pool's schema."""
    name = _name(given)
    if any(entry["Name"] == name for entry in _standard()):
        return name
    return f"dev:custom:{name}" if given.get("DeveloperOnlyAttribute") else f"custom:{name}"


def _changed(standard: Entry, wanted: Mapping[str, Any]) -> Entry:
    name, kind = standard["Name"], standard["AttributeDataType"]
    if wanted.get("AttributeDataType", kind) != kind or wanted.get("DeveloperOnlyAttribute"):
        raise _bad(
            f"You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute {name}"
        )
    entry = {**standard, **{key: wanted[key] for key in ("Mutable", "Required") if key in wanted}}
    if name == "sub" and entry != standard:
        raise _bad("The schema of attribute sub can not be changed.")
    return {**entry, **{key: {**entry[key], **new} for key, new in _constraints(name, kind, wanted).items()}}


def _custom(wanted: Mapping[str, Any]) -> Entry:
    name, kind = _name(wanted), wanted.get("AttributeDataType", "String")
    if wanted.get("Required"):
        raise _bad("Required custom attributes are not supported currently.")
    developer_only = bool(wanted.get("DeveloperOnlyAttribute"))
    empty: Entry = {_CONSTRAINTS[kind][0]: {}} if kind in _CONSTRAINTS else {}
    return {
        "Name": f"dev:custom:{name}" if developer_only else f"custom:{name}",
        "AttributeDataType": kind,
        "DeveloperOnlyAttribute": developer_only,
        "Mutable": wanted.get("Mutable", True),
        "Required": False,
        **empty,
        **_constraints(name, kind, wanted),
    }


def _constraints(name: str, kind: str, wanted: Mapping[str, Any]) -> Entry:
    given = {key: wanted[key] for key, *_ in _CONSTRAINTS.values() if wanted.get(key)}
    if not given:
        return {}
    key, low, high, noun = _CONSTRAINTS.get(kind, ("", "", "", ""))
    if given.keys() != {key}:
        raise _bad(f"Invalid constraints for schema attribute {name}: it is of type {kind}.")
    limits = {side: _number(name, side, text) for side, text in given[key].items()}
    if kind == "String" and max(limits.values()) > _MAX_LENGTH:
        raise _bad(f"user.{name}: String attributes cannot have a length of more than {_MAX_LENGTH}")
    if low in limits and high in limits and limits[low] > limits[high]:
        raise _bad(f"user.{name}: Max {noun} cannot be less than min {noun}.")
    return {key: given[key]}


def _number(name: str, side: str, text: str) -> int:
    if not re.fullmatch("-?[0-9]{1,18}", text):
        raise _bad(f"Invalid {side} for schema attribute {name}")
    return int(text)


def _name(wanted: Mapping[str, Any]) -> str:
    if not wanted.get("Name"):
        raise _bad("Each schema attribute needs a name.")
    return str(wanted["Name"])


def _standard() -> list[Entry]:
    texts = dict.fromkeys(_TEXTS, ("0", "2048")) | {"sub": ("1", "2048"), "birthdate": ("10", "10")}
    return [
        *(
            _entry(name, "String", StringAttributeConstraints={"MinLength": low, "MaxLength": high})
            for name, (low, high) in texts.items()
        ),
        _entry("email_verified", "Boolean"),
        _entry("phone_number_verified", "Boolean"),
        _entry("updated_at", "Number", NumberAttributeConstraints={"MinValue": "0"}),
    ]


def _entry(name: str, kind: str, **constraints: Any) -> Entry:
    return {
        "Name": name,
        "AttributeDataType": kind,
        "DeveloperOnlyAttribute": False,
        "Mutable": name != "sub",
        "Required": name == "sub",
        **constraints,
    }


def _bad(message: str) -> AwsError:
    return AwsError("InvalidParameterException", message)


_TEXTS = [
    "sub",
    "name",
    "given_name",
    "family_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "profile",
    "picture",
    "website",
    "email",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "phone_number",
    "address",
]
