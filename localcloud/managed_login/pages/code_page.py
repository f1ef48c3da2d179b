"""A page that takes a sent code: for the account that this browser has just dealt with, or for one that is named."""

from __future__ import annotations

from typing import Any

from localcloud.managed_login.pages import carried, fields, render
from localcloud.managed_login.pages.messages import Message
from localcloud.managed_login.request import Answer, LoginRequest


def show(request: LoginRequest, template: str, username: str, error: Message | None, **values: Any) -> Answer:
    """The page; `username` is what was typed into it, `values` are what else its template needs."""
    left = carried.read(request)
    return render.page(
        request,
        template,
        status=400 if error else 200,
        username=fields.username(request.pool),
        value=username or left.username,
        fixed=bool(left.username),
        destination=left.destination,
        error=error,
        notice=Message(left.notice) if left.notice and not error else None,
        **values,
    )
