"""People of a test: they sign in with the library that apps use, and hold keys of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from auth import AuthClient, Identity, Settings, Tokens
from localcloud.process import RunningCloud

_PASSWORD = "Correct-Horse-7"  # noqa: S105 (nobody's: each cloud is thrown away)


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who calls AWS with keys of an identity pool. `sub` and `tokens` are a signed-in user's only."""

    name: str
    identity_id: str
    client: Callable[[str], Any] = field(repr=False)
    sub: str = ""
    tokens: Tokens | None = field(default=None, repr=False)


class People:
    """Makes users and guests of one cloud."""

    def __init__(self, cloud: RunningCloud, settings: Settings) -> None:
        """`settings` are the stack's outputs."""
        self._settings = settings
        self._client = AuthClient(settings, now=cloud.now)
        self._subs: dict[str, str] = {}
        self._users = _administrator(settings)

    def user(self, name: str, groups: Sequence[str] = ()) -> Actor:
        """The user of that name, signed in anew, in exactly these groups. Made when first named.

        Raises LookupError for a group that the user pool does not have.
        """
        address = name if "@" in name else f"{name}@example.com"
        if address not in self._subs:
            self._subs[address] = self._make(address)
        self._join(address, groups)
        tokens = self._client.sign_in(address, _PASSWORD).tokens
        identity = Identity(self._settings, self._client.id_tokens(tokens))
        return Actor(name, identity.identity_id, identity.client, self._subs[address], tokens)

    def guest(self) -> Actor:
        """A new guest."""
        identity = Identity(self._settings)
        return Actor("guest", identity.identity_id, identity.client)

    def _make(self, address: str) -> str:
        who = {"UserPoolId": self._settings.need("user_pool_id"), "Username": address}
        attributes = [{"Name": "email", "Value": address}, {"Name": "email_verified", "Value": "true"}]
        made = self._users.admin_create_user(**who, UserAttributes=attributes, MessageAction="SUPPRESS")["User"]
        self._users.admin_set_user_password(**who, Password=_PASSWORD, Permanent=True)
        return next(str(each["Value"]) for each in made["Attributes"] if each["Name"] == "sub")

    def _join(self, address: str, groups: Sequence[str]) -> None:
        pool = {"UserPoolId": self._settings.need("user_pool_id")}
        known = [group["GroupName"] for group in self._users.list_groups(**pool)["Groups"]]
        if missing := [group for group in groups if group not in known]:
            there = ", ".join(known) or "none"
            raise LookupError(f"the user pool has no group {', '.join(missing)}; it has {there}")
        listed = self._users.admin_list_groups_for_user(**pool, Username=address)["Groups"]
        before = {group["GroupName"] for group in listed}
        for group in {*groups} - before:
            self._users.admin_add_user_to_group(**pool, Username=address, GroupName=group)
        for group in before - {*groups}:
            self._users.admin_remove_user_from_group(**pool, Username=address, GroupName=group)


def _administrator(settings: Settings) -> Any:
    import boto3

    return boto3.client(
        "cognito-idp",
        endpoint_url=settings.endpoint_url,
        region_name=settings.region,
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 (the root of every local cloud)
    )
