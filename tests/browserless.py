"""A browser without an engine: opens pages, fills forms in, follows redirects, keeps cookies, obeys `form-action`.

It runs no script, so whoever gets through with it gets through without script.
"""

from __future__ import annotations

import http.client
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Protocol
from urllib.parse import urlencode, urljoin, urlsplit

FORM = "application/x-www-form-urlencoded"
MOST_REDIRECTS = 10
_VOID = frozenset({"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})


@dataclass(frozen=True, slots=True)
class Reply:
    """What came over the wire; header names in lower case, in order."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        return next((value for known, value in self.headers if known == name), "")


class Transport(Protocol):
    def __call__(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Reply: ...


def over_sockets(method: str, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
    """One request on a connection of its own."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=30)
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(method, target, body or None, dict(headers))
        response = connection.getresponse()
        return Reply(response.status, [(name.lower(), value) for name, value in response.getheaders()], response.read())
    finally:
        connection.close()


@dataclass(slots=True)
class Element:
    """An element with its attributes and all the text inside."""

    tag: str
    attributes: dict[str, str]
    text: str = ""

    def __getitem__(self, name: str) -> str:
        return self.attributes[name]


@dataclass(slots=True)
class Form:
    """A form: where it goes, and what is in it before anybody types."""

    id: str
    action: str
    fields: dict[str, str] = field(default_factory=dict)
    inputs: list[Element] = field(default_factory=list)
    buttons: list[Element] = field(default_factory=list)


@dataclass(slots=True)
class Page:
    """What the browser shows; `url` may be one that it did not open, as `left` says: another site's."""

    url: str
    reply: Reply
    left: bool = False
    elements: list[Element] = field(default_factory=list)
    forms: dict[str, Form] = field(default_factory=dict)

    @property
    def status(self) -> int:
        return self.reply.status

    @property
    def html(self) -> str:
        return self.reply.body.decode()

    @property
    def form(self) -> Form:
        """The page's only form."""
        (form,) = self.forms.values()
        return form

    def by_id(self, name: str) -> Element | None:
        return next((element for element in self.elements if element.attributes.get("id") == name), None)

    def text_of(self, name: str) -> str:
        """The text inside the element of that id; empty without one."""
        found = self.by_id(name)
        return " ".join(found.text.split()) if found else ""

    @property
    def error(self) -> str:
        return self.text_of("error")

    @property
    def notice(self) -> str:
        return self.text_of("notice")

    @property
    def title(self) -> str:
        return next(element.text for element in self.elements if element.tag == "h1")

    def all(self, tag: str) -> list[Element]:
        return [element for element in self.elements if element.tag == tag]

    def link(self, text: str) -> str:
        """Where the link of this text goes."""
        return urljoin(self.url, next(a["href"] for a in self.all("a") if text in a.text))

    def provider(self, name: str) -> str:
        """Where the link to a provider goes."""
        found = next(a for a in self.all("a") if a.attributes.get("data-provider") == name)
        return urljoin(self.url, found["href"])


class Browser:
    """Cookies, and the page that is shown."""

    def __init__(
        self,
        send: Transport = over_sockets,
        stays_at: Callable[[str], bool] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """`stays_at` says which addresses are opened when a redirect leads there; without it, those of one origin."""
        self._send = send
        self._stays_at = stays_at
        self.headers = dict(headers or {})
        self.cookies: dict[tuple[str, str, str], str] = {}
        self.page: Page = Page("", Reply(0, [], b""))

    def open(self, url: str) -> Page:
        """Type an address, or click a link."""
        return self._go("GET", url, b"", "")

    def submit(self, form_id: str = "", /, *, button: str = "", **values: str) -> Page:
        """Fill the page's form in and send it, by its first button or the one of that text."""
        form = self.page.forms[form_id] if form_id else self.page.form
        return self.post(form, form.fields | values, button)

    def post(self, form: Form, values: Mapping[str, str], button: str = "") -> Page:
        """Send a form with just these values."""
        pressed = next((b for b in form.buttons if button in b.text), None)
        action = (pressed.attributes.get("formaction") if pressed else None) or form.action
        if pressed and "name" in pressed.attributes:
            values = {**values, pressed["name"]: pressed.attributes.get("value", "")}
        policy = self.page.reply.header("content-security-policy")
        return self._go("POST", urljoin(self.page.url, action), urlencode(values).encode(), policy)

    def cookie(self, name: str) -> str | None:
        return next((value for (_, _, known), value in self.cookies.items() if known == name), None)

    def _go(self, method: str, url: str, body: bytes, policy: str) -> Page:
        for _ in range(MOST_REDIRECTS):
            if policy:
                assert _allows(policy, url, self.page.url), f"form-action keeps the form from {url}: {policy}"
            reply = self._send(method, url, self._headers(url, body), body)
            self._keep(url, reply)
            location = reply.header("location")
            if reply.status not in (301, 302, 303, 307):
                return self._show(url, reply)
            before, url, method, body = url, urljoin(url, location), "GET", b""
            if not self._stays(before, url):
                if policy:
                    assert _allows(policy, url, self.page.url), f"form-action keeps the form from {url}: {policy}"
                self.page = Page(url, reply, left=True)
                return self.page
        raise AssertionError("too many redirects")

    def _stays(self, before: str, url: str) -> bool:
        if self._stays_at is not None:
            return self._stays_at(url)
        return _origin(before) == _origin(url)

    def _headers(self, url: str, body: bytes) -> dict[str, str]:
        parts = urlsplit(url)
        mine = [
            f"{name}={value}"
            for (host, path, name), value in self.cookies.items()
            if host == parts.hostname and parts.path.startswith(path)
        ]
        sent = dict(self.headers)
        if mine:
            sent["cookie"] = "; ".join(mine)
        if body:
            sent["content-type"] = FORM
        return sent

    def _keep(self, url: str, reply: Reply) -> None:
        for name, value in reply.headers:
            if name != "set-cookie":
                continue
            pair, *attributes = [part.strip() for part in value.split(";")]
            key, _, content = pair.partition("=")
            told = dict(part.partition("=")[::2] for part in attributes)
            where = (urlsplit(url).hostname or "", told.get("Path", "/"), key)
            if told.get("Max-Age") == "0":
                self.cookies.pop(where, None)
            else:
                self.cookies[where] = content

    def _show(self, url: str, reply: Reply) -> Page:
        self.page = Page(url, reply)
        if reply.header("content-type").startswith("text/html"):
            reader = _Reader(self.page)
            reader.feed(reply.body.decode())
            reader.close()
        return self.page


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _allows(policy: str, url: str, page: str) -> bool:
    directives = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
    if "form-action" not in directives:
        return True
    targets = directives["form-action"].split()
    own = "'self'" in targets and _origin(url) == _origin(page)
    return own or _origin(url) in targets or f"{urlsplit(url).scheme}:" in targets


class _Reader(HTMLParser):
    """Reads a page; an end tag that ends nothing, or an element that nobody ends, is a mistake of the page."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page = page
        self._open: list[Element] = []
        self._form: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"an attribute twice in <{tag}>"
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._page.elements.append(element)
        if tag not in _VOID:
            self._open.append(element)
        if tag == "form":
            self._form = Form(element.attributes.get("id", ""), element["action"])
            self._page.forms[self._form.id] = self._form
        elif tag == "input" and self._form:
            self._add(self._form, element)
        elif tag == "button" and self._form:
            self._form.buttons.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> ends nothing"
        assert self._open[-1].tag == tag, f"</{tag}> inside <{self._open[-1].tag}>"
        self._open.pop()
        if tag == "form":
            self._form = None

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def close(self) -> None:
        super().close()
        assert not self._open, f"never ended: {[element.tag for element in self._open]}"

    @staticmethod
    def _add(form: Form, element: Element) -> None:
        form.inputs.append(element)
        ticked = element.attributes.get("type") not in ("checkbox", "radio") or "checked" in element.attributes
        if ticked and "name" in element.attributes:
            form.fields[element["name"]] = element.attributes.get("value", "")
