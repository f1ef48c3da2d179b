"""A browser without a screen or scripts: it keeps cookies, follows links and redirects, and fills in forms."""

from __future__ import annotations

import html.parser
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit


@dataclass(frozen=True, slots=True)
class Page:
    """Where the browser is, and what is there."""

    url: str
    status: int = 0
    text: str = ""

    @property
    def query(self) -> dict[str, str]:
        """The query of its address."""
        return dict(parse_qsl(urlsplit(self.url).query))


@dataclass(slots=True)
class PlainBrowser:
    """One browser. An app that is not there, at `app`, is where its journeys end."""

    app: str
    cookies: CookieJar = field(default_factory=CookieJar)

    def open(self, url: str, form: Mapping[str, str] | None = None) -> Page:
        """The page behind a URL, through all redirects; the app's is not opened."""
        for _ in range(20):
            if url.startswith(self.app):
                return Page(url)
            status, location, text = self._ask(url, form)
            if not location:
                return Page(url, status, text)
            url, form = urljoin(url, location), None
        raise AssertionError(f"redirects without end, at last to {url}")

    def submit(self, page: Page, **filled: str) -> Page:
        """Send the first form of a page, with what is filled in."""
        found = _Form()
        found.feed(page.text)
        assert found.action is not None, page.text
        return self.open(urljoin(page.url, found.action), {**found.fields, **filled})

    def _ask(self, url: str, form: Mapping[str, str] | None) -> tuple[int, str, str]:
        opener = urllib.request.build_opener(_NoRedirect, urllib.request.HTTPCookieProcessor(self.cookies))
        try:
            with opener.open(url, None if form is None else urlencode(form).encode(), timeout=30) as answer:
                return answer.status, "", answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers.get("location", ""), error.read().decode()


class _Form(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.action: str | None = None
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "form" and self.action is None:
            self.action = values.get("action") or ""
        if tag == "input" and values.get("name"):
            self.fields[str(values["name"])] = values.get("value") or ""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """None: each redirect is looked at."""
