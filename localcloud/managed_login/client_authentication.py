"""Which app client calls the token endpoint, and whether it is really that one: `client_secret_basic` and `_post`.

Source: Cognito developer guide, "The token issuer endpoint"; RFC 6749, section 2.3.1.
"""

from __future__ import annotations

import base64
from urllib.parse import unquote_plus

from localcloud.managed_login.errors import OAuthError
from localcloud.managed_login.request import LoginRequest
from localcloud.userpool.models import AppClient
from localcloud.userpool.pools import knows_secret


def authenticate(request: LoginRequest, status: int = 400) -> AppClient:
    """The client that calls. Raises OAuthError `invalid_client` with the status, `invalid_request`."""
    client_id, secret = _from_header(request) or (request.form.get("client_id"), request.form.get("client_secret"))
    if not client_id:
        raise OAuthError("invalid_request", "client_id is missing")
    client = request.ctx.store.get(AppClient, client_id)
    # Attack: a client with a secret called without it, another pool's client, and a public one that is given a secret
    # to look like one that proves itself.
    if client is None or client.pool_id != request.pool.id or not knows_secret(client, secret):
        raise OAuthError("invalid_client", "client_id and client_secret belong to no app client", status)
    return client


def _from_header(request: LoginRequest) -> tuple[str, str] | None:
    header = request.headers.get("authorization")
    if header is None:
        return None
    scheme, _, text = header.partition(" ")
    try:
        pair = base64.b64decode(text, validate=True).decode() if scheme.lower() == "basic" else ""
    except ValueError:
        pair = ""
    client_id, colon, secret = pair.partition(":")
    if not colon:
        raise OAuthError("invalid_request", "the Authorization header is not Basic Base64(client_id:client_secret)")
    # Attack: two clients in one request, of which the code belongs to one and the secret to the other.
    if "client_secret" in request.form or request.form.get("client_id", client_id) != client_id:
        raise OAuthError("invalid_request", "the client names itself in the Authorization header and in the body")
    return unquote_plus(client_id), unquote_plus(secret)
