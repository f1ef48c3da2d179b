"""From a template, values and a language to an answer."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from localcloud.managed_login import browser
from localcloud.managed_login.pages import brand, language
from localcloud.managed_login.pages.messages import Message
from localcloud.managed_login.request import Answer, LoginRequest


def page(
    request: LoginRequest,
    template: str,
    *,
    status: int = 200,
    cookies: tuple[str, ...] = (),
    **values: Any,
) -> Answer:
    """A page with a form for this browser."""
    own = browser.browser_id(request)
    given = (browser.browser_cookie(request, own), *language.cookies(request), *cookies)
    body = _filled(request, template, csrf=browser.form_token(request, own), **values)
    return Answer(status, body, cookies=given)


def error(request: LoginRequest | None, reference: str, status: int) -> Answer:
    """The page of a request that goes nowhere: it says so, and under which reference the reason is found."""
    # A form that was left open for too long may be asked for again; an address that is wrong stays wrong.
    again = request is not None and request.method == "POST"
    return Answer(status, _filled(request, "error.html", reference=reference, again=again))


def hand_over(request: LoginRequest, url: str, fields: Mapping[str, str], *cookies: str) -> Answer:
    """A page that posts a form to another site, by itself or by its button. Sets the cookies."""
    body = _filled(request, "hand_over.html", url=url, fields=fields, host=urlsplit(url).netloc)
    return Answer(200, body, cookies=cookies)


def link(request: LoginRequest, path: str, **changes: str | None) -> str:
    """The address of another page for the same authorization request; a parameter that is None is left out."""
    query = tuple((name, value) for name, value in {**request.query, **changes}.items() if value is not None)
    return f"{request.base_path}{quote(path)}?{_encoded(query)}"


@functools.lru_cache(64)
def _encoded(query: tuple[tuple[str, str], ...]) -> str:
    """A page has many links of one query."""
    return urlencode(query)


def _filled(request: LoginRequest | None, template: str, **values: Any) -> bytes:
    chosen = language.language_of(request) if request else "en"
    texts = language.texts(chosen)

    def text(key: str, **given: object) -> str:
        return texts[key].format(**given)

    def say(message: Message) -> str:
        return text(message.key, **message.values)

    shared: dict[str, Any] = {"language": chosen, "languages": language.LANGUAGES, "t": text, "say": say}
    shared |= {"request": request, "image": lambda name: ""}
    if request is not None:
        images = brand.images(request)
        shared["link"] = functools.partial(link, request)
        shared["asset"] = functools.partial(brand.address, request)
        shared["image"] = lambda name: brand.address(request, name) if name in images else ""
    return _environment().get_template(template).render(**shared, **values).encode()


@functools.cache
def _environment() -> Environment:
    """Templates are compiled once. Whatever is put into one is escaped, and what it asks for has to be there."""
    loader = FileSystemLoader(Path(__file__).with_name("templates"))
    environment = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"error": None, "notice": None, "may_remember": False}
    return environment
