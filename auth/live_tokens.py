"""One user's tokens, refreshed when they are due."""

from __future__ import annotations

import threading
from collections.abc import Callable

from auth.models import Tokens

RENEW_BEFORE = 60.0  # seconds


class LiveTokens:
    """Gives tokens that are good for a minute at least. Called, it gives the ID token, which is what `Identity` wants.

    Safe to share between threads: two that come at once refresh once. `refresh` and `now` are `AuthClient`'s.
    """

    def __init__(self, tokens: Tokens, refresh: Callable[[Tokens], Tokens], now: Callable[[], float]) -> None:
        self._tokens = tokens
        self._refresh = refresh
        self._now = now
        self._lock = threading.Lock()

    def __call__(self) -> str:
        """The ID token. Raises NotAuthorized if the refresh token is no longer good."""
        return self.current().id_token

    def current(self) -> Tokens:
        """All the tokens. Raises NotAuthorized if the refresh token is no longer good."""
        with self._lock:
            if self._tokens.expires_at - self._now() < RENEW_BEFORE:
                self._tokens = self._refresh(self._tokens)
            return self._tokens
