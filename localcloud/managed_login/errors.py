"""How a request to a pool's domain is refused. Where nobody is trusted yet, the browser stays here.

OAuthError      to a program, as JSON (RFC 6749, section 5.2)
PageError       to a person, as a page; what is wrong is on the server's log, under the reference that the page shows
RedirectError   to the app, at a redirect URI that is proven to be its own (RFC 6749, section 4.1.2.1)
"""

from __future__ import annotations


class OAuthError(Exception):
    """An error of the token endpoints: `code` is RFC 6749's, `why` is for the developer."""

    def __init__(self, code: str, why: str = "", status: int = 400) -> None:
        super().__init__(f"{code}: {why}")
        self.code, self.why, self.status = code, why, status


class PageError(Exception):
    """A request that goes nowhere. `why` is for the developer: the page itself gives nothing away."""

    def __init__(self, why: str, status: int = 400) -> None:
        super().__init__(why)
        self.why, self.status = why, status


class RedirectError(Exception):
    """An error that the app is told, at `uri`."""

    def __init__(self, uri: str, code: str, why: str, state: str = "") -> None:
        super().__init__(f"{code}: {why}")
        self.uri, self.code, self.why, self.state = uri, code, why, state
