"""The images of a managed login style: which there may be, and which one stands in place of another.

Source: Cognito developer guide, "The branding editor and customizing managed login", image assets; WebP is from the
API reference.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from localcloud.errors import AwsError
from localcloud.userpool.branding import images

_MOST = 40
_MOST_BYTES = 1_000_000

_PICTURE = ("PNG", "SVG", "JPEG", "WEBP")
_EXTENSIONS: Mapping[str, tuple[str, ...]] = {
    "FAVICON_ICO": ("ICO",),
    "FAVICON_SVG": ("SVG",),
    "IDP_BUTTON_ICON": ("ICO", "SVG"),
}
"""`Category` → `Extension`s; all others are pictures."""


def merged(kept: Sequence[Mapping[str, Any]], given: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What is kept, and what a request brings in place of the same category and color mode.

    Raises InvalidParameterException.
    """
    assets = {_key(asset): dict(asset) for asset in kept}
    for asset in given:
        _check(asset)
        assets[_key(asset)] = dict(asset)
    if len(assets) > _MOST:
        raise AwsError("InvalidParameterException", f"A style has {_MOST} assets at most.")
    return list(assets.values())


def _key(asset: Mapping[str, Any]) -> tuple[str, str]:
    return asset["Category"], asset["ColorMode"]


def _check(asset: Mapping[str, Any]) -> None:
    category, extension = asset["Category"], asset["Extension"]
    if extension not in _EXTENSIONS.get(category, _PICTURE):
        raise AwsError("InvalidParameterException", f"The asset {category} cannot be of type {extension}.")
    images.check(f"The asset {category}", asset.get("Bytes") or "", (extension,), _MOST_BYTES)
