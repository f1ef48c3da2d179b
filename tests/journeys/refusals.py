"""What a refused call says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from botocore.exceptions import ClientError


class Refusal(NamedTuple):
    """The code and message of an error that a service answered with."""

    code: str
    message: str


def refusal(call: Callable[..., Any], **arguments: Any) -> Refusal:
    """How a call is refused; the test fails where it is not."""
    with pytest.raises(ClientError) as raised:
        call(**arguments)
    error = raised.value.response["Error"]
    return Refusal(str(error["Code"]), str(error.get("Message", "")))
