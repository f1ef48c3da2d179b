"""Lists in pages. A page token is sealed: it is good for the same list, and says nothing of the ids behind it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.store import Entity

E = TypeVar("E", bound=Entity)
T = TypeVar("T")

MAX = 60
"""Most items on one page. Source: each list operation's API reference."""


def read(
    ctx: Context, kind: type[E], scope: str, size: int | None, token: str | None, **where: str
) -> tuple[list[E], str | None]:
    """One page of stored entities in key order, and the token of the next. Raises InvalidParameterException."""
    count = limit(size)
    found = ctx.store.find(kind, limit=count + 1, after=start(ctx, scope, token), **where)
    return cut(ctx, scope, found, count, key_of)


def limit(size: int | None) -> int:
    """How many items a page has; 0 counts as not given."""
    return min(size or MAX, MAX)


def start(ctx: Context, scope: str, token: str | None) -> tuple[str, ...] | None:
    """The key behind which a page starts. Raises InvalidParameterException for a token of another list."""
    if not token:
        return None
    key = ctx.cloud.sealer.open(f"page {scope}", token)
    if key is None:
        raise AwsError("InvalidParameterException", "Invalid pagination token given.")
    return tuple(key)


def cut(
    ctx: Context, scope: str, found: list[T], count: int, key: Callable[[T], tuple[str, ...]]
) -> tuple[list[T], str | None]:
    """The first `count` of what was found, and a token where there is more."""
    if len(found) <= count:
        return found, None
    return found[:count], ctx.cloud.sealer.seal(f"page {scope}", key(found[count - 1]))


def key_of(entity: Entity) -> tuple[str, ...]:
    """The key that an entity is stored under."""
    return tuple(getattr(entity, name) for name in entity.KEY)


def answer(name: str, items: list[Any], token: str | None, token_name: str = "NextToken") -> dict[str, Any]:  # noqa: S107
    """A list's answer in wire form."""
    return {name: items, **({token_name: token} if token else {})}
