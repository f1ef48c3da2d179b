"""`/assets/…`: the stylesheet and scripts of the pages, and the colours and images of an app client."""

from __future__ import annotations

import functools
from pathlib import Path

from localcloud.managed_login import routes
from localcloud.managed_login.errors import PageError
from localcloud.managed_login.pages import brand
from localcloud.managed_login.request import Answer, LoginRequest

_FOLDER = Path(__file__).parent.parent / "pages" / "assets"
_CSS, _SCRIPT = "text/css; charset=utf-8", "text/javascript; charset=utf-8"
_FILES = {"style.css": _CSS, "page.js": _SCRIPT, "submit.js": _SCRIPT, "passkey.js": _SCRIPT}


def get(request: LoginRequest) -> Answer:
    """One asset, with the type that it has here, whatever it holds. Raises PageError for a name that there is not."""
    name = request.path.removeprefix(routes.ASSETS)
    if name in _FILES:
        return Answer(200, _read(name), _FILES[name], headers={"cache-control": "max-age=600"})
    if name == "brand.css":
        return Answer(200, brand.stylesheet(request).encode(), _CSS)
    image = brand.images(request).get(name)
    if image is None:
        raise PageError(f"no such asset: {name[:100]!r}", 404)
    return Answer(200, image.data, image.content_type)


@functools.cache
def _read(name: str) -> bytes:
    return (_FOLDER / name).read_bytes()
