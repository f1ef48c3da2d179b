"""Sign-in on the pool's own pages (managed login), as an app does it: authorization code with PKCE.

    attempt = hosted_ui.begin(redirect_uri)       keep it, and send the browser to `attempt.url`
    tokens = hosted_ui.finish(attempt, url)       `url` is the one that the browser came back to

Rules: RFC 6749, RFC 7636, RFC 9700; OpenID Connect Core 1.0; Cognito developer guide, "User pool endpoints".
"""

from __future__ import annotations

import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import quote, urlencode
from urllib.request import Request

from auth import claims as token_claims
from auth import oauth
from auth.errors import InvalidRequest, NotAuthorized, SettingsInvalid, TokenMalformed
from auth.https import checked_url
from auth.jwks import Jwks
from auth.live_tokens import LiveTokens
from auth.models import Tokens
from auth.settings import Settings
from auth.tokens import Claims, TokenVerifier

SCOPES = ("openid", "email", "profile", "aws.cognito.signin.user.admin")
"""What a sign-in by `AuthClient` may do, too: show the user, and manage it."""


@dataclass(frozen=True, slots=True)
class LoginAttempt:
    """A sign-in that has begun. Keep it where nobody else can put it: in memory, or in that browser's own session.

    The browser goes to `url`. The rest proves that what comes back belongs to this attempt. It is good for one
    `finish`: the pool takes its code once.
    """

    url: str = field(repr=False)
    redirect_uri: str
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


class HostedUi:
    """One app client at the domain of its pool, on AWS or on the local cloud. Safe to share between threads.

    `now()` is in seconds since the epoch. Making one raises SettingsInvalid; what calls the domain raises
    ServiceUnreachable, NotAuthorized, TooManyRequests, InvalidRequest, ….
    """

    def __init__(self, settings: Settings, now: Callable[[], float] = time.time) -> None:
        self._client_id = settings.need("app_client_id")
        self._issuer = settings.issuer
        try:
            self._base = checked_url(settings.need("hosted_ui_url")).rstrip("/")
            jwks = Jwks(settings.jwks_url)
        except ValueError as error:
            raise SettingsInvalid(str(error)) from None
        self._id_tokens = TokenVerifier(
            self._issuer,
            token_use="id",  # noqa: S106 - no password
            client_id=self._client_id,
            jwks=jwks,
            now=now,
        )
        self._now = now

    def begin(
        self,
        redirect_uri: str,
        *,
        provider: str = "",
        scopes: Sequence[str] = SCOPES,
        login_hint: str = "",
        language: str = "",
        step_up: bool = False,
    ) -> LoginAttempt:
        """A new sign-in that ends at `redirect_uri`, which has to be one of the app client's CallbackURLs.

        `provider` goes straight to that one, `COGNITO` to the pool's own form; without it the user chooses.
        `login_hint` fills in the name, `language` is the pages', as `ja`. `step_up` has the user prove again who they
        are, signed in or not. Raises InvalidRequest without `openid`.
        """
        if "openid" not in scopes:
            raise InvalidRequest("the scopes lack openid, without which there is no ID token")
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        asked = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": redirect_uri,
            "scope": " ".join(scopes),
            "state": state,
            "nonce": nonce,
            "code_challenge": _base64url(sha256(verifier.encode()).digest()),
            "code_challenge_method": "S256",
            "identity_provider": provider,
            "login_hint": login_hint,
            "lang": language,
            "prompt": "login" if step_up else "",
        }
        return LoginAttempt(self._url("oauth2/authorize", asked), redirect_uri, state, nonce, verifier)

    def finish(self, attempt: LoginAttempt, callback_url: str, previous: Tokens | None = None) -> Tokens:
        """The tokens of a sign-in whose browser came back to `callback_url`; what is before its `?` does not count.

        `previous` are the tokens of the user who was to prove again who they are.
        Raises CallbackInvalid, LoginJustLinked, TriggerRefused, TokenInvalid, NotAuthorized, ….
        """
        code = oauth.code_of(callback_url, attempt.state, self._issuer)
        form = {"code": code, "redirect_uri": attempt.redirect_uri, "code_verifier": attempt.verifier}
        tokens = self._tokens("authorization_code", form)
        # Attack: code injection. A code that was stolen elsewhere brings a token with the nonce of its own sign-in.
        claims = self.claims(tokens)
        token_claims.bind("nonce", str(claims.get("nonce", "")), attempt.nonce)
        if previous is not None:
            # Attack: a session of another user, in an app that still shows and holds the data of the one before.
            token_claims.bind("sub", str(claims.get("sub", "")), token_claims.sub_of(previous.id_token))
        return tokens

    def refresh(self, tokens: Tokens) -> Tokens:
        """New ID and access tokens for the refresh token. Raises NotAuthorized if it is no longer good."""
        if not tokens.refresh_token:
            raise NotAuthorized("there is no refresh token: sign in again")
        fresh = self._tokens("refresh_token", {"refresh_token": tokens.refresh_token}, tokens)
        # A refresh never changes who the user is (OpenID Connect Core 1.0, section 12.2).
        token_claims.bind("sub", str(self.claims(fresh).get("sub", "")), token_claims.sub_of(tokens.id_token))
        return fresh

    def id_tokens(self, tokens: Tokens) -> LiveTokens:
        """A function that returns an ID token good for a minute at least, refreshed when due: for `Identity`."""
        return LiveTokens(tokens, self.refresh, self._now)

    def claims(self, tokens: Tokens) -> Claims:
        """What the ID token says, verified. Raises TokenInvalid."""
        claims = self._id_tokens.verify(tokens.id_token)
        if "at_hash" in claims:
            # Attack: the ID token of one user beside the access token of another (OpenID Connect Core 1.0, 3.1.3.8).
            half = sha256(tokens.access_token.encode()).digest()[:16]
            token_claims.bind("at_hash", str(claims["at_hash"]), _base64url(half))
        return claims

    def user_info(self, tokens: Tokens) -> dict[str, Any]:
        """The user's attributes as they are now, as far as the scopes go; every value is a text."""
        url = self._url("oauth2/userInfo")
        found = oauth.ask(Request(url, headers={"Authorization": f"Bearer {tokens.access_token}"}))  # noqa: S310
        token_claims.bind("sub", str(found.get("sub", "")), token_claims.sub_of(tokens.id_token))
        return found

    def revoke(self, tokens: Tokens) -> None:
        """End this sign-in: its refresh token, and the access tokens that came of it. The browser's session stays."""
        if tokens.refresh_token:
            oauth.post(self._url("oauth2/revoke"), {"token": tokens.refresh_token, "client_id": self._client_id})

    def sign_out_url(self, logout_uri: str) -> str:
        """Where the browser goes to end its session; it comes back to `logout_uri`, one of the client's LogoutURLs."""
        return self._url("logout", {"client_id": self._client_id, "logout_uri": logout_uri})

    def _tokens(self, grant: str, form: Mapping[str, str], previous: Tokens | None = None) -> Tokens:
        form = {"grant_type": grant, "client_id": self._client_id, **form}
        match oauth.post(self._url("oauth2/token"), form):
            case {"access_token": str(access), "id_token": str(identity), "expires_in": int(seconds), **more}:
                result = {"AccessToken": access, "IdToken": identity, "ExpiresIn": seconds}
                return Tokens.read(result | {"RefreshToken": more.get("refresh_token")}, self._now(), previous)
        raise TokenMalformed("the token endpoint's answer lacks access_token, id_token or expires_in")

    def _url(self, path: str, parameters: Mapping[str, str] | None = None) -> str:
        given = {name: value for name, value in (parameters or {}).items() if value}
        return f"{self._base}/{path}" + (f"?{urlencode(given, quote_via=quote)}" if given else "")


def _base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
