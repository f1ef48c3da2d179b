"""The filter of ListUsers: one attribute, `=` or `^=` (starts with), found by index.

Source: ListUsers API reference, Filter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool.accounts.users import SEARCHABLE
from localcloud.userpool.models import AttributeIndex, User, UserPool
from localcloud.userpool.pages import key_of

Key = tuple[str, ...]
Found = tuple[Key, User]
"""A user, and the key that the next page starts behind."""

_FORM = re.compile(r'\s*"?([\w:.-]{1,64})"?\s*(\^=|=)\s*"((?:[^"\\]|\\.)*)"\s*', re.DOTALL)
_STATUS = ("cognito:user_status", "status")


@dataclass(frozen=True, slots=True)
class UserFilter:
    """A filter: the attribute, and the value that it equals or starts with."""

    name: str
    value: str
    prefix: bool

    def accepts(self, value: str) -> bool:
        """Whether an attribute's value passes."""
        return value.startswith(self.value) if self.prefix else value == self.value


def parse(text: str) -> UserFilter | None:
    """The filter, or None for an empty text. Raises InvalidParameterException."""
    if not text.strip():
        return None
    match = _FORM.fullmatch(text)
    if match is None:
        raise AwsError("InvalidParameterException", "Error while parsing filter")
    name, operator, value = match[1], match[2], re.sub(r"\\(.)", r"\1", match[3], flags=re.DOTALL)
    if name not in (*SEARCHABLE, *_STATUS, "username", "sub"):
        raise AwsError("InvalidParameterException", f"Invalid search attribute: {name}")
    if name == "cognito:user_status":
        value = value.upper()
    return UserFilter(name, value, operator == "^=")


def search(ctx: Context, pool: UserPool, wanted: UserFilter | None, limit: int, after: Key | None) -> list[Found]:
    """At most `limit` users that pass, from behind key `after` on."""
    if wanted is None:
        users = ctx.store.find(User, pool_id=pool.id, limit=limit, after=after)
        return [((user.pool_id, user.sub), user) for user in users]
    if wanted.name in ("username", "sub"):
        return _by_name(ctx, pool, wanted, after)[:limit]
    return _by_attribute(ctx, pool, wanted, limit, after)


def _by_name(ctx: Context, pool: UserPool, wanted: UserFilter, after: Key | None) -> list[Found]:
    if wanted.name == "sub":
        users = ctx.store.find_prefix(User, "sub", wanted.value, pool_id=pool.id)
    elif wanted.prefix:
        users = ctx.store.find_prefix(User, "username_key", pool.fold(wanted.value), pool_id=pool.id)
    else:
        users = ctx.store.find(User, pool_id=pool.id, username_key=pool.fold(wanted.value))
    # The index has usernames folded; a filter compares them as they are written.
    passing = (user for user in users if wanted.accepts(getattr(user, wanted.name)))
    found = (((user.pool_id, user.sub), user) for user in passing)
    return [(key, user) for key, user in found if after is None or key > after]


def _by_attribute(ctx: Context, pool: UserPool, wanted: UserFilter, limit: int, after: Key | None) -> list[Found]:
    with ctx.store.transaction():
        if wanted.prefix:
            # The index is in order of the values: what passes lies together, from the prefix itself on.
            start = after or (pool.id, wanted.name, wanted.value, "")
            rows = ctx.store.find(AttributeIndex, limit=limit, after=start, pool_id=pool.id, name=wanted.name)
        else:
            rows = ctx.store.find(
                AttributeIndex, limit=limit, after=after, pool_id=pool.id, name=wanted.name, value=wanted.value
            )
        users = [(row, ctx.store.get(User, pool.id, row.sub)) for row in rows if wanted.accepts(row.value)]
    return [(key_of(row), user) for row, user in users if user is not None]
