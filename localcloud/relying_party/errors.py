"""Why nobody arrives, beyond what `federation.errors` knows."""

from __future__ import annotations

from localcloud.federation.errors import FederationError


class DeclinedError(FederationError):
    """The provider sent the browser back with an error. `code` is OAuth's, such as `access_denied`."""

    def __init__(self, provider: str, code: str, description: str = "") -> None:
        super().__init__(f"{provider} answered with {code}" + (f": {description}" if description else ""))
        self.code = code
