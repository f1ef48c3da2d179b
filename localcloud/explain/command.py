"""`python -m localcloud explain`: ask a running local cloud why it refused a call, and print it for people."""

from __future__ import annotations

import json
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from typing import Any

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


def lines(found: Mapping[str, Any]) -> Iterator[str]:
    """A report as text: the question, then each policy and statement with its answer, then what to do."""
    yield f"request    {found['request_id']}  {found['service']} {found['operation']}"
    yield f"caller     {found['principal'] or 'anonymous'}"
    if error := found["error"]:
        yield f"answer     {error['code']}: {error['message']}"
    for check in found["checks"]:
        yield ""
        yield f"{_mark(check['outcome'] == 'Allowed')} {check['action']} on {check['resource']}: {check['outcome']}"
        yield from _reasons(check["reasons"])
        if check["outcome"] != "Allowed":
            yield "    the request had"
            yield from (f"      {key} = {_plain(value)}" for key, value in sorted(check["context"].items()))
    for hint in found["hints"]:
        yield ""
        yield f"hint: {hint}"


def _reasons(reasons: list[dict[str, Any]]) -> Iterator[str]:
    policy = None
    for reason in reasons:
        if not reason["statement"]:
            yield f"    {reason['why']}"
            continue
        if reason["policy"] != policy:
            policy = reason["policy"]
            yield f"    {policy}"
        verdict = "applies" if reason["matched"] else "does not apply"
        yield f"      {_mark(reason['matched'])} {reason['statement']} ({reason['effect']}) {verdict}: {reason['why']}"


def _mark(good: bool) -> str:
    return "+" if good else "-"


def _plain(value: Any) -> str:
    """A value that the caller chose. Attack: a user agent full of terminal commands, for a developer to print."""
    text = value if isinstance(value, str) else ", ".join(value) or "(nothing)"
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def _fetch(request_id: str, endpoint: str) -> Any:
    query = urllib.parse.urlencode({"request": request_id})
    with urllib.request.urlopen(f"{endpoint.rstrip('/')}/_localcloud/explain?{query}", timeout=_SECONDS) as answer:  # noqa: S310
        return json.load(answer)


def _fail(error: str, hint: str) -> int:
    print(f"error: {error}\nhint: {hint}", file=sys.stderr)
    return 1
