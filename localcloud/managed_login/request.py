"""A request to a pool's domain and what is answered, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from localcloud.context import Context
from localcloud.userpool.models import UserPool

PREFIX = "/_aws/auth/"
"""`/_aws/auth/DOMAIN` stands for `https://DOMAIN.auth.REGION.amazoncognito.com`, whose name does not resolve here."""


@dataclass(frozen=True, slots=True)
class LoginRequest:
    """One request. `path` is what follows the domain; `base` is the domain's whole URL, without a slash at its end.

    A parameter that comes twice never gets here.
    """

    ctx: Context
    pool: UserPool
    domain: str
    base: str
    method: str
    path: str
    raw_query: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def base_path(self) -> str:
        """The path of the domain: what its cookies are for."""
        return PREFIX + self.domain


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer; the door adds the headers that all of them have. `cookies` are whole Set-Cookie values.

    `form_targets` are origins that a form on this page is posted to, besides the page's own.
    """

    status: int = 200
    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    location: str = ""
    cookies: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    form_targets: tuple[str, ...] = ()


def redirect(location: str, *cookies: str) -> Answer:
    """Send the browser on with a GET, whatever it came with."""
    return Answer(303, location=location, cookies=cookies)
