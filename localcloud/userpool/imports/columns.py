"""The columns of a pool's CSV files."""

from __future__ import annotations

from collections.abc import Sequence

from localcloud.userpool.accounts.attributes import STANDARD, schema_of
from localcloud.userpool.models import UserPool

USERNAME = "cognito:username"
MFA = "cognito:mfa_enabled"
HASH = "password_hash"

_STANDARD = (
    "name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "profile", "picture",
    "website", "email", "email_verified", "gender", "birthdate", "zoneinfo", "locale", "phone_number",
    "phone_number_verified", "address", "updated_at",
)  # fmt: skip


class FileError(Exception):
    """A file that no user can be made of: the job fails, with the text as its completion message."""


def of_pool(pool: UserPool) -> list[str]:
    """The header of a pool's files: standard attributes, custom ones, and two that are not attributes."""
    custom = [name for name in schema_of(pool) if name not in STANDARD]
    return [*_STANDARD, *custom, MFA, USERNAME]


def check(pool: UserPool, header: Sequence[str], algorithm: str) -> None:
    """Raise FileError unless these are the pool's columns, in any order, and the one for hashes where it is needed.

    AWS: "All columns in the header must be present, but you don't need to provide values in every column." The one for
    hashes is in AWS's own template, so that it may be there without hashes.
    """
    wanted = of_pool(pool)
    for position, name in enumerate(header, start=1):
        # By its position: in a file without a header, the name is a user's.
        if name not in (*wanted, HASH):
            raise FileError(f"The CSV header has an unexpected column at position {position}.")
        if name in header[: position - 1]:
            raise FileError(f"The CSV header has a column twice: {name}")
    for name in (*wanted, *([HASH] if algorithm else [])):
        if name not in header:
            raise FileError(f"The CSV header lacks a column: {name}")
