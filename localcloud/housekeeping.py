"""Forgets what has been over for a while: sessions, codes, tokens, keys that were handed out and never used."""

from __future__ import annotations

import asyncio

from localcloud.context import Cloud
from localcloud.store import Entity, Store

KEPT_SECONDS = 86_400
"""How long something that expired is remembered: its owner is told that it expired, and not that it never was."""

EVERY_SECONDS = 600


def sweep(store: Store, kinds: tuple[type[Entity], ...], now: float) -> int:
    """Remove what expired more than a day before `now`; how much there was."""
    over = [kind for kind in kinds if ("expires",) in kind.INDEXES]
    return sum(store.purge(kind, now - KEPT_SECONDS) for kind in over)


async def keep_house(cloud: Cloud, kinds: tuple[type[Entity], ...]) -> None:
    """Sweep now and then, until cancelled."""
    while True:
        await asyncio.to_thread(sweep, cloud.store, kinds, cloud.clock.now())
        await asyncio.sleep(EVERY_SECONDS)
