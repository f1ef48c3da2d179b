"""Login with Amazon: opaque access tokens. Source: Login with Amazon documentation, "Obtain customer profile"."""

from __future__ import annotations

from collections.abc import Collection

from localcloud.context import Cloud
from localcloud.federation import documents
from localcloud.federation.errors import AudienceError, RejectedError, TokenExpiredError
from localcloud.federation.user import FederatedUser

NAME = "www.amazon.com"

API = "https://api.amazon.com"
"""Where its tokens are checked; `--provider www.amazon.com=URL` replaces it."""


def verify(cloud: Cloud, token: str, clients: Collection[str] | None) -> FederatedUser:
    """The user of a Login with Amazon token; `clients` are client ids or app ids. Raises FederationError."""
    address = documents.address_of(cloud, NAME, API)
    info = documents.ask(cloud, NAME, f"{address}/auth/o2/tokeninfo", token)
    client_id, app_id = str(info.get("aud") or ""), str(info.get("app_id") or "")
    # Attack: the token that a user gave to another app, which now signs in as that user.
    if clients is not None and not {client_id, app_id} & set(clients) - {""}:
        raise AudienceError
    seconds = info.get("exp")
    if not isinstance(seconds, int) or seconds <= 0:
        raise TokenExpiredError.at(cloud.clock.now(), cloud.clock.now())
    profile = documents.ask(cloud, NAME, f"{address}/user/profile", token)
    user_id = profile.get("user_id")
    # Attack: an answer without an id, or about somebody else's token.
    if not isinstance(user_id, str) or not user_id or user_id != info.get("user_id"):
        raise RejectedError(f"{NAME} does not say whose the token is.")
    keys: dict[str, str | list[str]] = {f"{NAME}:app_id": app_id or client_id, f"{NAME}:user_id": user_id}
    return FederatedUser(NAME, NAME, user_id, app_id or client_id, profile, keys, frozenset(keys))
