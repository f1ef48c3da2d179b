"""A recovery code and the password together reset the second factor. It gives no tokens: the next sign-in does.

So neither alone ever opens anything: the password is asked again, by Cognito, and the code is used up by then.
"""

from __future__ import annotations

import json

from triggers import notices, password_proof, recovery_codes, second_factor
from triggers.trigger import Event


def redeem(event: Event, attempt: str, answer: str) -> bool:
    """Reset the user's second factor if the answer holds one of its codes and a proof of its password.

    A run that was cut short goes on when Cognito calls again, or the app answers the same question again.
    """
    given, request = _read(answer), event["request"]
    if not given:
        return False
    code, sub = given["code"], (request.get("userAttributes") or {}).get("sub", "")
    goes_on = recovery_codes.is_taken(sub, code, attempt)
    # Attack: guessing codes without the password, or using up somebody's tries. The password comes first. A name that
    # nobody has, and so no sub, takes the same steps: who exists shows neither in the answer nor in its time.
    if not goes_on and not (password_proof.is_given(event, given) and recovery_codes.take(sub, code, attempt)):
        return False
    notices.tell(event, notices.SECOND_FACTOR_RESET)
    second_factor.reset(event["userPoolId"], event["userName"])
    return True


def _read(answer: str) -> dict[str, str] | None:
    try:
        given = json.loads(answer)
    except (ValueError, RecursionError):
        return None
    names = {"code", *password_proof.PARTS}
    whole = isinstance(given, dict) and given.keys() == names and all(isinstance(v, str) for v in given.values())
    return given if whole else None
