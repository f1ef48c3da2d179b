"""A directory behind an HTTPS address: it is sent the name and the password as JSON, and answers with attributes.

Answers: 200 and an object with `email`, and perhaps `email_verified` (true), `name` and others; 401, 403 or 404 for
nobody. `Authorization: Bearer` is the key `token` of a secret in Secrets Manager.
"""

from __future__ import annotations

import functools
import json
import os
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from triggers.aws import one_try

_SECONDS = 3
_NOBODY = (401, 403, 404)
_MOST = 64 << 10


class _NoRedirects(HTTPRedirectHandler):
    """Attack: an answer that sends the password, or our token, on to somebody else."""

    def redirect_request(self, *_: Any) -> None:
        return None


_open = build_opener(_NoRedirects).open


def find(username: str, password: str | None) -> dict[str, Any] | None:
    """The user (environment: MIGRATION_URL, MIGRATION_SECRET). Raises OSError, ValueError without a proper answer."""
    asked = {"username": username} | ({"password": password} if password is not None else {})
    headers = {"authorization": f"Bearer {_token()}", "content-type": "application/json"}
    request = Request(os.environ["MIGRATION_URL"], json.dumps(asked).encode(), headers)  # noqa: S310 - the template's
    try:
        with _open(request, timeout=_SECONDS) as answer:
            found: dict[str, Any] = json.loads(answer.read(_MOST))
    except HTTPError as error:
        with error:
            if error.code in _NOBODY:
                return None
            # Not the error itself, which the log would show with its address.
            raise ValueError(f"the directory answered {error.code}") from None
    return found


@functools.cache
def _token() -> str:
    secret = one_try("secretsmanager", 1).get_secret_value(SecretId=os.environ["MIGRATION_SECRET"])
    token: str = json.loads(secret["SecretString"])["token"]
    return token
