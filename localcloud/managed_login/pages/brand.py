"""The brand of an app client on its pages: which colours and images, and where the browser gets them."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from localcloud.managed_login.request import LoginRequest
from localcloud.userpool.branding import appearance
from localcloud.userpool.branding.appearance import Look
from localcloud.userpool.branding.images import Image
from localcloud.userpool.models import AppClient


def look(request: LoginRequest) -> Look:
    """The look of the client that the address names; of a page that is no client's, the default."""
    return appearance.look(request.ctx, request.pool, _client(request))


def images(request: LoginRequest) -> Mapping[str, Image]:
    """The images of that look."""
    return appearance.images_of(request.ctx, request.pool, _client(request))


def stylesheet(request: LoginRequest) -> str:
    """The look as CSS. Its images keep the address of this sheet, and with it the client."""
    chosen = look(request)
    css = chosen.css
    if "background" in chosen.images:
        css += _background(request, "background")
    if "background-dark" in chosen.images and "dark" in chosen.scheme:
        css += f"@media(prefers-color-scheme:dark){{{_background(request, 'background-dark')}}}"
    return css


def address(request: LoginRequest, name: str) -> str:
    """Where an asset is, for the client of this request."""
    client_id = request.query.get("client_id", "")
    query = f"?{urlencode({'client_id': client_id})}" if client_id else ""
    return f"{request.base_path}/assets/{name}{query}"


def _client(request: LoginRequest) -> AppClient:
    client = request.ctx.store.get(AppClient, request.query.get("client_id", ""))
    if client is None or client.pool_id != request.pool.id:
        return AppClient(id="", pool_id=request.pool.id, secrets={}, config={}, created=0, modified=0)
    return client


def _background(request: LoginRequest, name: str) -> str:
    return f'body{{background-image:url("{address(request, name)}")}}'
