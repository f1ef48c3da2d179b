"""What an administrator does with identities. Signed calls: the caller's IAM policies decide."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from auth.admin import AdminClient
from auth.errors import InvalidRequest, UserNotFound, aws_errors
from auth.moving import Home, Moved, Progress, move, no_progress
from auth.settings import Settings

_UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_SUB = re.compile(_UUID)
_IDENTITY_ID = re.compile(rf"[a-z]+(-[a-z]+)+-\d+:{_UUID}")

FOLDERS = ("private", "protected")


@dataclass(frozen=True, slots=True)
class KnownIdentity:
    """One entry of the identity map. `username` and `email` are None where the user is no more, or has none."""

    identity_id: str
    sub: str
    username: str | None
    email: str | None
    first_seen: datetime
    last_seen: datetime


class IdentityMap:
    """The identity map as an administrator sees it. Methods raise a member of the `AuthError` tree."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._users = AdminClient(settings)
        self._table = settings.need("app_data_table")
        self._items = settings.session().client("dynamodb", endpoint_url=settings.endpoint_url)
        self._pools = settings.session().client("cognito-identity", endpoint_url=settings.endpoint_url)

    def find(self, who: str) -> list[KnownIdentity]:
        """The entries of an identity id, or of a `sub`, username or e-mail address; the current one first."""
        if _IDENTITY_ID.fullmatch(who):
            found = [self._read(entry, who, entry["sk"]) for entry in self._query(f"IDENTITY#{who}", "USER#")]
        else:
            sub = self._sub_of(who)
            found = [self._read(entry, entry["sk"], sub) for entry in self._query(f"USER#{sub}", "IDENTITY#")]
        return sorted(found, key=lambda known: known.last_seen, reverse=True)

    def move(self, source_id: str, target_id: str, progress: Progress = no_progress) -> Moved:
        """Move the files (`private/` and `protected/`) and items of one identity to another, as `auth.moving` says.

        Raises InvalidRequest for what is no identity id, and for a target that no user could reach.
        """
        for identity_id in (source_id, target_id):
            if not _IDENTITY_ID.fullmatch(identity_id):
                raise InvalidRequest(f"{identity_id!r} is no identity id")
        if source_id == target_id:
            raise InvalidRequest("both are the same identity")
        with aws_errors():
            described = self._pools.describe_identity(IdentityId=target_id)
        if not described.get("Logins"):
            raise InvalidRequest(f"{target_id} has no login: it is a guest's, or was merged and is disabled")
        session = self._settings.session()
        source, target = (Home.of(identity_id, session, self._settings) for identity_id in (source_id, target_id))
        return move(source, target, FOLDERS, progress)

    def _query(self, pk: str, prefix: str) -> Iterator[dict[str, str]]:
        """The entries under one id, each name without its prefix."""
        with aws_errors():
            pages = self._items.get_paginator("query").paginate(
                TableName=self._table,
                KeyConditionExpression="pk = :pk AND begins_with(sk, :prefix)",
                ExpressionAttributeValues={":pk": {"S": pk}, ":prefix": {"S": prefix}},
                ConsistentRead=True,
            )
            for item in (item for page in pages for item in page["Items"]):
                entry = {name: value["S"] for name, value in item.items() if "S" in value}
                yield entry | {"sk": entry["sk"].removeprefix(prefix)}

    def _read(self, entry: dict[str, str], identity_id: str, sub: str) -> KnownIdentity:
        first, last = (datetime.fromisoformat(entry[name]) for name in ("first_seen_at", "last_seen_at"))
        try:
            user = self._users.get_user(sub)
        except UserNotFound:
            return KnownIdentity(identity_id, sub, None, None, first, last)
        return KnownIdentity(identity_id, sub, user.username, user.attributes.get("email"), first, last)

    def _sub_of(self, who: str) -> str:
        try:
            return self._users.get_user(who).attributes["sub"]
        except UserNotFound:
            if _SUB.fullmatch(who):
                return who  # the map remembers users who are no more
            raise
