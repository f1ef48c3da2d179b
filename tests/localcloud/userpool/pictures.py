"""Small images in base64, as requests have them."""

from __future__ import annotations

import base64


def encoded(data: bytes) -> str:
    """Base64, as text."""
    return base64.b64encode(data).decode()


PNG = encoded(b"\x89PNG\r\n\x1a\n rest")
JPEG = encoded(b"\xff\xd8\xff\xe0 rest")
ICO = encoded(b"\0\0\1\0 rest")
WEBP = encoded(b"RIFF1234WEBP rest")
SVG_TEXT = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z" fill="#0a5fb4"/></svg>'
SVG = encoded(SVG_TEXT)
