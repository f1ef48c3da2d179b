"""User attributes against the pool's schema: which there are, who may write them, what form their values have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from localcloud.errors import AwsError
from localcloud.userpool.models import AppClient, UserPool

STANDARD = frozenset(
    [
        "address",
        "birthdate",
        "email",
        "email_verified",
        "family_name",
        "gender",
        "given_name",
        "locale",
        "middle_name",
        "name",
        "nickname",
        "phone_number",
        "phone_number_verified",
        "picture",
        "preferred_username",
        "profile",
        "sub",
        "updated_at",
        "website",
        "zoneinfo",
    ]
)
"""OpenID Connect's standard claims, as Cognito has them."""

Schema = Mapping[str, Mapping[str, Any]]

VERIFIABLE = ("email", "phone_number")
MAX_LENGTH = 2048

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE = re.compile(r"\+\d{1,15}")


def read_list(pairs: Iterable[Mapping[str, str]] | None) -> dict[str, str]:
    """`[{"Name": n, "Value": v}]` as a dict; a missing value is an empty one, and the last of a repeated name wins."""
    return {pair["Name"]: pair.get("Value") or "" for pair in pairs or ()}


def check(pool: UserPool, attributes: Mapping[str, str], *, new_user: bool = False) -> None:
    """Raise InvalidParameterException unless all attributes are in the schema and well formed."""
    schema = schema_of(pool)
    check_values(schema, attributes)
    if new_user:
        check_required(required_of(schema), attributes)


def schema_of(pool: UserPool) -> Schema:
    """The entries of a pool's schema by the names that users' attributes have."""
    return {_full_name(entry): entry for entry in pool.config.get("SchemaAttributes") or ()}


def required_of(schema: Schema) -> list[str]:
    """What each new user must have."""
    return [name for name, entry in schema.items() if entry.get("Required") and name != "sub"]


def check_values(schema: Schema, attributes: Mapping[str, str]) -> None:
    """Raise InvalidParameterException unless all attributes are in the schema and well formed."""
    for name, value in attributes.items():
        if name not in STANDARD and name not in schema:
            raise _bad(f"{name}: Attribute does not exist in schema.")
        if name == "email" and value and not _EMAIL.fullmatch(value):
            raise AwsError("InvalidParameterException", "Invalid email address format.")
        if name == "phone_number" and value and not _PHONE.fullmatch(value):
            raise AwsError("InvalidParameterException", "Invalid phone number format.")
        if name.endswith("_verified") and value not in ("true", "false"):
            raise _bad(f"{name}: Attribute value must be true or false.")
        _check_constraints(name, value, schema.get(name, {}))


def check_required(names: Iterable[str], attributes: Mapping[str, str]) -> None:
    """Raise InvalidParameterException where one of them is missing or empty."""
    for name in names:
        if not attributes.get(name):
            raise _bad(f"{name}: The attribute is required\n")


def check_changes(pool: UserPool, names: Iterable[str]) -> None:
    """Raise InvalidParameterException where an attribute may be set at creation only."""
    fixed = {_full_name(e) for e in pool.config.get("SchemaAttributes") or () if e.get("Mutable") is False}
    for name in names:
        if name in fixed or name in ("sub", "identities"):
            raise AwsError("InvalidParameterException", f"user.{name}: Attribute cannot be updated.\n")


def check_writable(client: AppClient, names: Iterable[str]) -> None:
    """Raise NotAuthorizedException where the client may not write one of these.

    Attack: a user who makes its own address verified, or sets an attribute that a rule or a role depends on.
    """
    for name in names:
        if (
            name in ("sub", "email_verified", "phone_number_verified")
            or name.startswith("dev:")
            or not client.may_write(name)
        ):
            raise AwsError("NotAuthorizedException", "A client attempted to write unauthorized attribute")


def _check_constraints(name: str, value: str, entry: Mapping[str, Any]) -> None:
    if len(value) > MAX_LENGTH:
        raise _bad(f"{name}: Attribute value must have length less than or equal to {MAX_LENGTH}.")
    text = entry.get("StringAttributeConstraints") or {}
    if text.get("MaxLength") and len(value) > int(text["MaxLength"]):
        raise _bad(f"{name}: String must be no longer than {text['MaxLength']} characters")
    if text.get("MinLength") and len(value) < int(text["MinLength"]):
        raise _bad(f"{name}: String must be at least {text['MinLength']} characters")
    if entry.get("AttributeDataType") == "Number":
        _check_number(name, value, entry.get("NumberAttributeConstraints") or {})
    if entry.get("AttributeDataType") == "Boolean" and value not in ("true", "false"):
        raise _bad(f"{name}: Attribute value must be true or false.")


def _check_number(name: str, value: str, limits: Mapping[str, str]) -> None:
    if not re.fullmatch(r"-?\d{1,18}", value):
        raise _bad(f"{name}: Value must be numeric")
    if limits.get("MaxValue") and int(value) > int(limits["MaxValue"]):
        raise _bad(f"{name}: Value must be at most {limits['MaxValue']}")
    if limits.get("MinValue") and int(value) < int(limits["MinValue"]):
        raise _bad(f"{name}: Value must be at least {limits['MinValue']}")


def _full_name(entry: Mapping[str, Any]) -> str:
    name = str(entry["Name"])
    if name in STANDARD or ":" in name:
        return name
    return f"dev:custom:{name}" if entry.get("DeveloperOnlyAttribute") else f"custom:{name}"


def _bad(message: str) -> AwsError:
    return AwsError("InvalidParameterException", f"Attributes did not conform to the schema: {message}")
