"""One row as a user: Cognito's rules for each column.

What is wrong with a row is said without any of its values: it goes into a log, and logs hold no users' data.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.store import replaced
from localcloud.userpool.accounts import attributes, imported_hashes
from localcloud.userpool.accounts.hash_formats import HashError
from localcloud.userpool.accounts.users import create_user
from localcloud.userpool.factors import first_factors
from localcloud.userpool.imports.columns import HASH, MFA, USERNAME
from localcloud.userpool.models import User, UserPool

SMS_MFA = "SMS_MFA"
_MAX_USERNAME = 128
_BOOLEANS = ("email_verified", "phone_number_verified", MFA)
_BIRTHDATE = re.compile(r"(\d\d)/(\d\d)/(\d{4})", re.ASCII)
_NOT_VERIFIED = (
    "The User Record does not set any of the auto verified attributes to true. (Example: email_verified to true)."
)


class RowError(Exception):
    """Why no user can be made of a row."""


class Reader:
    """Makes users of rows, for one pool and the hashes of one algorithm."""

    def __init__(self, ctx: Context, pool: UserPool, algorithm: str) -> None:
        self._ctx = ctx
        self._pool = pool
        self._algorithm = algorithm
        self._schema = attributes.schema_of(pool)
        self._required = attributes.required_of(self._schema)
        self._auto_verified = [f"{name}_verified" for name in pool.config.get("AutoVerifiedAttributes") or ()]
        self._by_code = [first_factors.ADDRESS[factor] for factor in first_factors.by_code(pool)]

    def user(self, row: Mapping[str, str], sub: str) -> User:
        """The user that a row is, under this sub; not stored yet. Raises RowError."""
        values = dict(row)
        for name in _BOOLEANS:
            if name in values:
                values[name] = _boolean(name, values[name])
        username, mfa, text = values.pop(USERNAME, ""), values.pop(MFA, ""), values.pop(HASH, "")
        _check_username(username)
        self._check_quotes(row)
        self._check_verified(values)
        if "birthdate" in values:
            values["birthdate"] = _birthdate(values["birthdate"])
        try:
            user = create_user(self._ctx, self._pool, username, values, self._status(values, text), sub)
            attributes.check_values(self._schema, user.attributes)
            attributes.check_required(self._required, user.attributes)
        except AwsError as error:
            raise RowError(error.message.strip()) from error
        more = {**self._factors(mfa, values), **self._hash(text)}
        return replaced(user, **more) if more else user

    def _status(self, values: Mapping[str, str], text: str) -> str:
        """Who can sign in at once, by password or by a code that is sent, need not be asked for a new password."""
        return "CONFIRMED" if text or not values.keys().isdisjoint(self._by_code) else "RESET_REQUIRED"

    def _hash(self, text: str) -> dict[str, object]:
        if not text:
            return {}
        if not self._algorithm:
            raise RowError("The row has a password hash, and the job no PasswordHashingAlgorithm.")
        try:
            return {"imported_hash": imported_hashes.seal(self._ctx, self._algorithm, text)}
        except HashError as error:
            raise RowError(str(error)) from error

    def _check_verified(self, values: Mapping[str, str]) -> None:
        if not any(values.get(name) == "true" for name in self._auto_verified):
            raise RowError(_NOT_VERIFIED)
        for name in attributes.VERIFIABLE:
            if values.get(f"{name}_verified") == "true" and name not in values:
                raise RowError(f"{name} is required when {name}_verified is true.")

    def _check_quotes(self, row: Mapping[str, str]) -> None:
        # AWS says that values must not be in quotation marks: taken for part of the value, they would go unseen.
        for name, value in row.items():
            if value[0] == '"' and value[-1] == '"':
                raise RowError(f"{name}: The value is in quotation marks.")

    def _factors(self, mfa: str, values: Mapping[str, str]) -> dict[str, object]:
        """The second factor that `cognito:mfa_enabled` turns on: a code by SMS."""
        needed = {"ON": "true", "OFF": "false"}.get(self._pool.mfa, mfa)
        if mfa not in ("", needed):
            raise RowError(f"{MFA} does not match the MFA configuration of the user pool.")
        if mfa != "true":
            return {}
        if SMS_MFA in self._pool.config.get("EnabledMfas", ()) and "phone_number" in values:
            return {"mfa_methods": [SMS_MFA], "mfa_preferred": SMS_MFA}
        if self._pool.mfa == "ON":
            return {}  # The user sets a factor up at the first sign-in, as anybody in such a pool.
        # Attack: a user for whom MFA was on, signed in by the password alone.
        raise RowError(f"{MFA} is true, and the user has no phone_number or the user pool no MFA by SMS.")


def _check_username(username: str) -> None:
    if not username:
        raise RowError(f"{USERNAME} is required.")
    if len(username) > _MAX_USERNAME or " " in username or not username.isprintable():
        raise RowError(f"{USERNAME} is longer than {_MAX_USERNAME} characters, or has white space in it.")


def _boolean(name: str, value: str) -> str:
    if value.lower() not in ("true", "false"):
        raise RowError(f"{name}: The value must be true or false.")
    return value.lower()


def _birthdate(value: str) -> str:
    """`mm/dd/yyyy` as the attribute has it, `YYYY-MM-DD`."""
    match = _BIRTHDATE.fullmatch(value)
    try:
        if match is None:
            raise ValueError
        return date(int(match[3]), int(match[1]), int(match[2])).isoformat()
    except ValueError:
        raise RowError("birthdate: The value must be a date in the format mm/dd/yyyy.") from None
