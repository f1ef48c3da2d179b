"""How the user of an identity has proven to be somebody: the `amr` of a token, and of a session's condition keys.

Source: Cognito developer guide, "Role trust and permissions".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from localcloud.identitypool import openid_tokens
from localcloud.identitypool.logins import ProvenLogin
from localcloud.identitypool.providers import user_pool_id


def of_logins(logins: Sequence[ProvenLogin]) -> list[str]:
    """`unauthenticated`, or `authenticated` with each provider and each of its users."""
    if not logins:
        return ["unauthenticated"]
    own = next((login for login in logins if login.provider == openid_tokens.NAME), None)
    if own is not None:
        return list(own.claims["amr"])
    return ["authenticated", *(entry for login in logins for entry in _entries(login))]


def _entries(login: ProvenLogin) -> Iterator[str]:
    yield login.provider
    middle = login.audience if user_pool_id(login.provider) is None else "CognitoSignIn"
    yield f"{login.provider}:{middle}:{login.sub}"
