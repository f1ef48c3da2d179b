"""Windows of people who share nothing, and what their browser complains about."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, WebError

_SECONDS = 20


class Windows:
    """Opens windows, closes them all, and keeps what the pages in them did wrong."""

    def __init__(self, browser: Browser) -> None:
        self.complaints: list[str] = []
        self._browser = browser
        self._contexts: list[BrowserContext] = []

    def open(self, **options: Any) -> Page:
        """A window of a browser profile of its own, in English where `locale` says nothing else."""
        context = self._browser.new_context(**{"locale": "en-US", "reduced_motion": "reduce", **options})
        context.set_default_timeout(_SECONDS * 1000)
        context.on("console", self._hear)
        context.on("weberror", self._hear_error)
        self._contexts.append(context)
        return context.new_page()

    def close(self) -> None:
        """Close all of them."""
        for context in self._contexts:
            context.close()

    def _hear(self, message: ConsoleMessage) -> None:
        """Keep what the page's policy forbade: Chromium reports each violation as an error on the console."""
        if "Content Security Policy" in message.text:
            self.complaints.append(message.text)

    def _hear_error(self, error: WebError) -> None:
        self.complaints.append(str(error.error))
