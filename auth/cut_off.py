"""Cutting a user off: the stack's own function does it, and says what it has read back from the roles.

Only that function may write policies. An administrator needs `lambda:InvokeFunction` on it, and no right on IAM.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from auth.errors import AuthError, aws_errors
from auth.settings import Settings


@dataclass(frozen=True, slots=True)
class CutOff:
    """What a role denies since when: keys that were issued up to that moment, the user's own or everybody's.

    It is everybody's where the users who were cut off are too many for one policy; clients fetch new keys then.
    """

    role: str
    since: datetime
    everybody: bool


def cut_off(settings: Settings, sub: str) -> tuple[CutOff, ...]:
    """Make the keys useless that a user has by now, and give what each role denies.

    Raises SettingsInvalid, AccessDenied, ResourceNotFound, …, and AuthError where the function fails.
    """
    name = settings.need("cut_off_function")
    functions = settings.session().client("lambda", endpoint_url=settings.endpoint_url)
    with aws_errors():
        answer = functions.invoke(FunctionName=name, Payload=json.dumps({"sub": sub}))
        body: Any = json.load(answer["Payload"])
    told = body if isinstance(body, dict) else {}
    denied = tuple(
        CutOff(role["role"], datetime.fromisoformat(role["since"]), role["everybody"]) for role in told.get("roles", ())
    )
    # No role that denies anything is no cut-off, whatever the function is that answers.
    if "FunctionError" in answer or not denied:
        why = told.get("errorMessage", "no reason given")
        raise AuthError(f"the cut-off failed: {why}", hint="run it again; the function's log says more")
    return denied
