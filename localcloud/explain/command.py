"""`python -m localcloud explain`: ask a running local cloud why it refused a call, and print it for people."""

from __future__ import annotations

import json
import sys
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

from localcloud.explain.text import lines

_SECONDS = 10


def main(request_id: str, endpoint: str, *, as_json: bool) -> int:
    """Print the explanation. 0 done; 1 when the cloud cannot be reached or does not know the request."""
    if urllib.parse.urlsplit(endpoint).hostname not in ("127.0.0.1", "localhost", "::1"):
        return _fail(f"{endpoint} is no local cloud", "AWS explains nothing; name one: --endpoint-url")
    try:
        found = _fetch(request_id, endpoint)
    except urllib.error.HTTPError as error:
        with error:
            return _fail(json.load(error)["error"], "it is in the error's ResponseMetadata, and in its headers")
    except OSError as error:
        return _fail(f"there is no local cloud at {endpoint}: {error}", "start it: make up")
    print(json.dumps(found, indent=2) if as_json else "\n".join(lines(found)))
    return 0


def _fetch(request_id: str, endpoint: str) -> Any:
    query = urllib.parse.urlencode({"request": request_id})
    with urllib.request.urlopen(f"{endpoint.rstrip('/')}/_localcloud/explain?{query}", timeout=_SECONDS) as answer:  # noqa: S310
        return json.load(answer)


def _fail(error: str, hint: str) -> int:
    print(f"error: {error}\nhint: {hint}", file=sys.stderr)
    return 1
