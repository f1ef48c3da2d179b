"""OpenID Connect as a relying party: the code flow with nonce and PKCE, an ID token, and userInfo of the same user.

Rules: OpenID Connect Core 1.0, sections 3.1 and 5.3; RFC 7636 (PKCE).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from localcloud.context import Cloud
from localcloud.federation import documents, openid
from localcloud.federation.errors import AudienceError, TokenError
from localcloud.federation.openid import IdToken, Issuer
from localcloud.relying_party import claims, code_flow, endpoints
from localcloud.relying_party.endpoints import Endpoints
from localcloud.relying_party.models import Arrival, Asked, Departure

_NOTHING: Mapping[str, str] = {}


def begin(
    cloud: Cloud,
    asked: Asked,
    state: str,
    issuer: Issuer,
    *,
    given: Mapping[str, str] = _NOTHING,
    more: Mapping[str, str] = _NOTHING,
) -> Departure:
    """Send the browser to an issuer. `given` are endpoints of its settings, `more` goes into the request.

    Raises FederationError.
    """
    found = endpoints.find(cloud, issuer, given)
    nonce, verifier = _encode(cloud.random(32)), _encode(cloud.random(32))
    if found.pkce:
        challenge = _encode(hashlib.sha256(verifier.encode()).digest())
        more = {**more, "code_challenge": challenge, "code_challenge_method": "S256"}
    url = code_flow.location(found.authorize, asked, state, nonce=nonce, **more)
    return Departure(url, {"nonce": nonce, "verifier": verifier if found.pkce else ""})


def finish(
    cloud: Cloud,
    asked: Asked,
    secrets: Mapping[str, str],
    answer: Mapping[str, str],
    issuer: Issuer,
    *,
    client_secret: str,
    given: Mapping[str, str] = _NOTHING,
) -> Arrival:
    """Who came back from an issuer. Raises FederationError."""
    found = endpoints.find(cloud, issuer, given)
    code = code_flow.code_of(issuer.name, answer, found.names, named=found.named)
    verifier = {"code_verifier": secrets["verifier"]} if secrets["verifier"] else {}
    form = code_flow.redemption(asked, code, client_secret, **verifier)
    tokens = code_flow.redeem(cloud, issuer.name, found.token, form)
    proven = _identify(cloud, found.issuer, asked.details["client_id"], secrets["nonce"], tokens)
    user_info = _ask_about(cloud, found, asked, proven, tokens) if found.user_info else {}
    carried = {name: tokens[name] for name in ("access_token", "id_token") if name in tokens}
    return Arrival(
        subject=proven.subject,
        # AWS lets a pool map the tokens themselves too ("Mapping IdP attributes to profiles and tokens").
        claims=claims.as_attributes({**proven.claims, **user_info, **carried}),
        sources={
            "tokenResponse": claims.as_texts(tokens),
            "idToken": claims.as_texts(proven.claims),
            "userInfo": claims.as_texts(user_info),
        },
    )


def _identify(cloud: Cloud, issuer: Issuer, client_id: str, nonce: str, tokens: Mapping[str, Any]) -> IdToken:
    """The user of the ID token among the tokens, made for this client and this sign-in."""
    token = tokens.get("id_token")
    if not isinstance(token, str):
        raise TokenError(f"{issuer.name} answered without an ID token; authorize_scopes must have openid in it.")
    proven = openid.verify(cloud, token, issuer, [client_id])
    # Attack: a token for another app that this one only asked for. Identity pools take it; a sign-in may not.
    if client_id not in proven.audiences:
        raise AudienceError
    # Attack: somebody else's code or token put into this sign-in. Without its nonce it belongs to another one.
    if not hmac.compare_digest(str(proven.claims.get("nonce", "")).encode(), nonce.encode()):
        raise TokenError("The ID token was made for another sign-in: its nonce is not the one that was sent.")
    if "at_hash" in proven.claims:
        _check_access_token(proven, code_flow.access_token_of(issuer.name, tokens))
    return proven


def _check_access_token(proven: IdToken, access_token: str) -> None:
    """Attack: an access token of somebody else beside a good ID token. Section 3.1.3.6."""
    digest = hashlib.new(f"sha{proven.algorithm[2:]}", access_token.encode()).digest()
    expected = _encode(digest[: len(digest) // 2])
    if not hmac.compare_digest(str(proven.claims["at_hash"]).encode(), expected.encode()):
        raise TokenError("The access token is not the ID token's: at_hash differs.")


def _ask_about(
    cloud: Cloud, found: Endpoints, asked: Asked, proven: IdToken, tokens: Mapping[str, Any]
) -> Mapping[str, Any]:
    """What userInfo says of the user."""
    name = found.issuer.name
    headers = {"Authorization": f"Bearer {code_flow.access_token_of(name, tokens)}"}
    form: Mapping[str, str] | None = {} if asked.details.get("attributes_request_method") == "POST" else None
    said = documents.read_object(cloud, name, found.user_info, form, headers)
    # Attack: token substitution. The claims of another user under this one's name (section 5.3.2).
    if said.get("sub") != proven.subject:
        raise TokenError(f"userInfo of {name} is about another user than the ID token.")
    return said


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
