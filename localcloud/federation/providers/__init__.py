"""The kinds of providers, one file each: how its token is verified, and which condition keys come of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TypeAlias

from localcloud.context import Cloud
from localcloud.federation.providers import (
    accounts_google_com,
    appleid_apple_com,
    graph_facebook_com,
    www_amazon_com,
)
from localcloud.federation.user import FederatedUser

Verifier: TypeAlias = Callable[[Cloud, str, Collection[str] | None], FederatedUser]
"""(cloud, token, the clients it may be made for) → its user. No clients, None: the caller decides on the audience."""

VERIFIERS: Mapping[str, Verifier] = {
    accounts_google_com.NAME: accounts_google_com.verify,
    appleid_apple_com.NAME: appleid_apple_com.verify,
    graph_facebook_com.NAME: graph_facebook_com.verify,
    www_amazon_com.NAME: www_amazon_com.verify,
}
"""The public providers that need no entity in IAM."""

REFUSED: Mapping[str, str] = {
    "api.twitter.com": "Twitter's OAuth 1.0a tokens",
    "www.digits.com": "Digits, which has ended,",
}
"""Login providers that AWS names and that cannot be verified here, with how a refusal calls them."""
