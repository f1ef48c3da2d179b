"""What a refused call says, and what must be refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from botocore.exceptions import ClientError

from auth.errors import NotAuthorized
from tests.journeys.people import PASSWORD, Person


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


def code_of(call: Callable[..., Any], **arguments: Any) -> str:
    """The code that a call is refused with."""
    return refusal(call, **arguments).code


def is_denied(call: Callable[..., Any], **arguments: Any) -> bool:
    """Whether IAM refuses a call; any other error is the test's."""
    try:
        call(**arguments)
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("AccessDenied", "AccessDeniedException"):
            raise
        return True
    return False


def may_sign_in(person: Person, name: str, password: str = PASSWORD) -> bool:
    """Whether the person's client gets in under that name."""
    try:
        person.client.sign_in(name, password)
    except NotAuthorized:
        return False
    return True


def another_code(code: str) -> str:
    """Six other digits than these."""
    return f"{(int(code) + 1) % 1_000_000:06}"
