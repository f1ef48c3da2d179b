"""Sign in with Apple: the client's secret is a token that the team's key signs, and a name comes once, with the answer.

Source: Apple developer documentation, "Creating a client secret" and "Request an authorization to the server".
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from localcloud.context import Cloud
from localcloud.federation import strict_json
from localcloud.federation.providers.appleid_apple_com import ISSUER
from localcloud.relying_party import client_secret, openid_connect
from localcloud.relying_party.models import Arrival, Asked, Departure

MAX_USER = 4096
"""Characters of the `user` that comes with the answer."""


def begin(cloud: Cloud, asked: Asked, state: str) -> Departure:
    """Send a browser to Apple, which posts its answer when it is asked for a name or an address."""
    # The secret is made only when the code is redeemed; a key that is no key is said now, not after the sign-in.
    _secret(cloud, asked)
    scopes = asked.details["authorize_scopes"].split()
    more = {"response_mode": "form_post"} if {"name", "email"} & set(scopes) else {}
    return openid_connect.begin(cloud, asked, state, ISSUER, more=more)


def finish(cloud: Cloud, asked: Asked, secrets: Mapping[str, str], answer: Mapping[str, str]) -> Arrival:
    """Who came back. Raises FederationError."""
    arrival = openid_connect.finish(cloud, asked, secrets, answer, ISSUER, client_secret=_secret(cloud, asked))
    named = _names(answer.get("user", ""))
    return dataclasses.replace(
        arrival, claims={**named, **arrival.claims}, sources={**arrival.sources, "userInfo": named}
    )


def _secret(cloud: Cloud, asked: Asked) -> str:
    details = asked.details
    return client_secret.sign(
        details["private_key"],
        key_id=details["key_id"],
        issuer=details["team_id"],
        subject=details["client_id"],
        audience=ISSUER.address,
        now=cloud.clock.now(),
    )


def _names(user: str) -> dict[str, str]:
    """The names in the `user` of a first answer; nothing where there are none.

    Attack: nobody signed it, it comes from the browser. So no address is taken from it, nor anything else that counts.
    """
    try:
        name = strict_json.read(user.encode())["name"] if len(user) <= MAX_USER else {}
        found = {key: name[key] for key in ("firstName", "lastName") if name.get(key)}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}
    texts = {key: value for key, value in found.items() if isinstance(value, str)}
    return {**texts, "name": " ".join(texts.values())} if texts else {}
