"""Chromium from the PATH, driven by Playwright. It reaches this machine and nothing else."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NoReturn

import pytest
from playwright.sync_api import Browser, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")

_HOW_TO_GET_ONE = f"the browser tests need one of {', '.join(_NAMES)} on the PATH (Debian: apt-get install chromium)"

_ARGUMENTS = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost", "--disable-dev-shm-usage"]
"""No name resolves but this machine's; containers have little shared memory."""


@dataclass(frozen=True, slots=True)
class Chromium:
    """One running browser, and the event loop through which it is driven."""

    browser: Browser
    loop: asyncio.AbstractEventLoop

    @contextmanager
    def driven(self) -> Iterator[Browser]:
        """Let the browser be spoken to. Outside of this, other tests of the same process may run loops of their own."""
        # Playwright leaves its loop marked as running between any two calls, and asyncio.run would refuse.
        asyncio._set_running_loop(self.loop)
        try:
            yield self.browser
        finally:
            asyncio._set_running_loop(None)


def go_without(what: str) -> NoReturn:
    """Skip the test, which says what is missing; fail it where nothing may be."""
    # In CI a skipped test would look like one that passes.
    required = "CI" in os.environ or os.environ.get("GATEHOUSE_BROWSER") == "required"
    (pytest.fail if required else pytest.skip)(what)


def find() -> str:
    """Where Chromium is. Goes without where there is none."""
    return next(filter(None, map(shutil.which, _NAMES)), None) or go_without(_HOW_TO_GET_ONE)


@contextmanager
def launched() -> Iterator[Chromium]:
    """Chromium for as long as the context lasts."""
    path, playwright = find(), sync_playwright().start()
    loop = asyncio.get_running_loop()
    try:
        browser = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        asyncio._set_running_loop(None)
        yield Chromium(browser, loop)
    finally:
        asyncio._set_running_loop(loop)
        playwright.stop()
        asyncio._set_running_loop(None)
