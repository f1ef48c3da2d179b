"""Images that a pool's pages show: what they say they are, and nothing that a browser would run."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass

from localcloud.errors import AwsError
from localcloud.userpool.branding import svg

CONTENT_TYPES: Mapping[str, str] = {
    "ICO": "image/x-icon",
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "SVG": "image/svg+xml",
    "WEBP": "image/webp",
}
"""`Extension` → what a browser is told."""

_BEGINNINGS = {"ICO": b"\0\0\1\0", "JPEG": b"\xff\xd8\xff", "PNG": b"\x89PNG\r\n\x1a\n"}


@dataclass(frozen=True, slots=True)
class Image:
    """An image as a browser gets it."""

    data: bytes
    content_type: str


def check(name: str, text: str, extensions: tuple[str, ...], most: int) -> None:
    """Raise InvalidParameterException unless base64 `text` is such an image of `most` bytes; `name` is for the error.

    Attack: a page under the name of a picture, which runs when somebody opens it by its address.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise _bad(f"{name} is not base64.") from error
    if len(data) > most:
        raise _bad(f"{name} is larger than {most} bytes.")
    if not any(_is(data, extension) for extension in extensions):
        raise _bad(f"{name} is not a valid {' or '.join(extensions)} image.")


def image(text: str, extension: str) -> Image:
    """The image of checked base64 text."""
    return Image(base64.b64decode(text), CONTENT_TYPES[extension])


def extension_of(text: str, extensions: tuple[str, ...]) -> str:
    """Which of these a checked base64 text is."""
    data = base64.b64decode(text)
    return next(extension for extension in extensions if _is(data, extension))


def _is(data: bytes, extension: str) -> bool:
    if extension == "SVG":
        return svg.is_harmless(data)
    if extension == "WEBP":
        return data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    return data.startswith(_BEGINNINGS[extension])


def _bad(message: str) -> AwsError:
    return AwsError("InvalidParameterException", message)
