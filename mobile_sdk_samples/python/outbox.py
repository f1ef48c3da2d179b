"""The code that was mailed to the user: read from the local cloud's outbox, or typed in by the user on AWS."""

from __future__ import annotations

import json
from urllib.parse import quote
from urllib.request import urlopen


def read_code(endpoint_url: str | None, email: str) -> str:
    """The newest code that was sent to an address. Raises OSError if the outbox has none."""
    if endpoint_url is None:
        return input(f"the code that was sent to {email}: ").strip()
    with urlopen(f"{endpoint_url}/_localcloud/outbox?to={quote(email)}", timeout=10) as response:  # noqa: S310 - settings
        code: str = json.load(response)["code"]
    return code
