"""Facebook: opaque access tokens, which only the Graph API can read.

An identity pool has no app secret, so it cannot call `/debug_token`; `/app` and `/me` answer the same two questions
with the token alone. The ID tokens of Limited Login (issuer https://www.facebook.com) are refused, as by AWS, which
knows only this provider (aws-sdk-ios issue 5311): a pool takes them where www.facebook.com is registered in IAM.
"""

from __future__ import annotations

from collections.abc import Collection

from localcloud.context import Cloud
from localcloud.federation import documents
from localcloud.federation.errors import AudienceError, RejectedError, TokenError
from localcloud.federation.user import FederatedUser

NAME = "graph.facebook.com"


def verify(cloud: Cloud, token: str, clients: Collection[str] | None) -> FederatedUser:
    """The user of a Facebook access token; `clients` are app ids. Raises FederationError."""
    if token.count(".") == 2:
        raise TokenError("Facebook Limited Login tokens are not supported; register www.facebook.com in IAM.")
    address = documents.address_of(cloud, NAME, f"https://{NAME}")
    app_id = _id(documents.ask(cloud, NAME, f"{address}/app", token, fields="id").get("id"))
    # Attack: the token that a user gave to another app, which now signs in as that user.
    if clients is not None and app_id not in clients:
        raise AudienceError
    profile = documents.ask(cloud, NAME, f"{address}/me", token, fields="id,name,email")
    user_id = _id(profile.get("id"))
    keys: dict[str, str | list[str]] = {f"{NAME}:app_id": app_id, f"{NAME}:id": user_id}
    return FederatedUser(NAME, NAME, user_id, app_id, profile, keys, frozenset(keys))


def _id(value: object) -> str:
    # Attack: an answer without an id would make everybody the same user.
    if not isinstance(value, str) or not value:
        raise RejectedError(f"{NAME} does not say whose the token is.")
    return value
