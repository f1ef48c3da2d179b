"""Forgets what has been over for a while: sessions, codes, tokens, keys that were handed out and never used, items."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator

from localcloud.context import Cloud
from localcloud.store import Entity, Store

KEPT_SECONDS = 86_400
"""How long something that expired is remembered: its owner is told that it expired, and not that it never was."""

EVERY_SECONDS = 600

_PORTION = 500
_PAUSE = 0.005
"""Seconds between two portions: calls that wait for the store take their turn."""


def sweep(store: Store, kinds: tuple[type[Entity], ...], now: float) -> int:
    """Remove what expired more than a day before `now`; how much there was. Be it a million, nobody waits for long."""
    over = [kind for kind in kinds if ("expires",) in kind.INDEXES]
    return sum(removed for kind in over for removed in _portions(store, kind, now - KEPT_SECONDS))


def _portions(store: Store, kind: type[Entity], before: float) -> Iterator[int]:
    while removed := store.purge(kind, before, _PORTION):
        yield removed
        time.sleep(_PAUSE)


async def keep_house(
    cloud: Cloud, kinds: tuple[type[Entity], ...], expire_items: Callable[[], Awaitable[None]]
) -> None:
    """Sweep now and then, until cancelled; `expire_items` does the same for the engine's tables."""
    while True:
        await asyncio.to_thread(sweep, cloud.store, kinds, cloud.clock.now())
        await expire_items()
        await asyncio.sleep(EVERY_SECONDS)
