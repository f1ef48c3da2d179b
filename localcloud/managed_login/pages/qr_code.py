"""The secret of an authenticator app as apps take it: an address, and a picture of the address.

Source: the key URI format of Google Authenticator, which other apps read as well.
"""

from __future__ import annotations

from urllib.parse import quote, urlencode

import segno

from localcloud.managed_login.request import LoginRequest


def otpauth(request: LoginRequest, account: str, secret: str) -> str:
    """The `otpauth:` address of a user's secret; the app files it under the pool's name and the account."""
    issuer = str(request.pool.config.get("Name") or request.pool.config.get("PoolName") or request.domain)
    # A colon divides issuer and account: neither may bring its own.
    label = quote(f"{issuer.replace(':', ' ')}:{account.replace(':', ' ')}", safe=":@")
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': issuer})}"


def as_data(text: str) -> str:
    """The QR code of a text as the address of an SVG image, black on white whatever the page's colours are."""
    code = segno.make(text, error="m", micro=False)
    return code.svg_data_uri(scale=4, border=4, dark="#000", light="#fff", xmldecl=False, nl=False)
