"""A request to a pool's domain, as a plain value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from localcloud.context import Context
from localcloud.userpool.configuration.domains import PREFIX
from localcloud.userpool.models import UserPool
from localcloud.wire.web import Answer, redirect

__all__ = ["PREFIX", "Answer", "LoginRequest", "redirect"]


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
