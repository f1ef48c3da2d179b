"""The filter of ListUsers: one attribute, `=` or `^=` (starts with), found by index.

Source: ListUsers API reference, Filter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool.accounts.users import SEARCHABLE, users_by_sub
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
    """At most `limit` users that pass, from behind key `after` on: each way seeks in an index, on any page."""
    if wanted is None:
        users = ctx.store.find(User, pool_id=pool.id, limit=limit, after=after)
        return [((user.pool_id, user.sub), user) for user in users]
    if wanted.name not in ("username", "sub"):
        return _by_attribute(ctx, pool, wanted, limit, after)
    if not wanted.prefix:
        return _by_name(ctx, pool, wanted)
    column = "sub" if wanted.name == "sub" else "username_key"
    return _by_prefix(ctx, pool, wanted, column, limit, after)


def _by_name(ctx: Context, pool: UserPool, wanted: UserFilter) -> list[Found]:
    if wanted.name == "sub":
        user = ctx.store.get(User, pool.id, wanted.value)
    else:
        user = next(iter(ctx.store.find(User, pool_id=pool.id, username_key=pool.fold(wanted.value), limit=1)), None)
    # The index has usernames folded; a filter compares them as they are written.
    return [((user.sub,), user)] if user is not None and wanted.accepts(getattr(user, wanted.name)) else []


def _by_prefix(
    ctx: Context, pool: UserPool, wanted: UserFilter, column: str, limit: int, after: Key | None
) -> list[Found]:
    prefix = wanted.value if column == "sub" else pool.fold(wanted.value)
    found: list[Found] = []
    while (room := limit - len(found)) > 0:
        last = after[0] if after else None
        users = ctx.store.find_prefix(User, column, prefix, limit=room, after=last, pool_id=pool.id)
        keyed = [((getattr(user, column),), user) for user in users]
        found += [one for one in keyed if wanted.accepts(getattr(one[1], wanted.name))]
        if len(users) < room:
            break
        # Some did not pass, as they are written otherwise: the page goes on behind the last that was looked at.
        after = keyed[-1][0]
    return found


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
        passing = [row for row in rows if wanted.accepts(row.value)]
        users = users_by_sub(ctx, pool, [row.sub for row in passing])
    return [(key_of(row), users[row.sub]) for row in passing if row.sub in users]
