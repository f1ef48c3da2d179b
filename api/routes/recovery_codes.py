"""`/me/recovery-codes`: one-time codes by which, with the password, a lost second factor is reset."""

from __future__ import annotations

import json

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from api import notices, recovery_codes, step_up
from api.caller import Caller

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]


@router.get("/me/recovery-codes")
def read() -> dict[str, int]:
    """How many codes are left, never which."""
    caller: Caller = router.context["caller"]
    return {"left": recovery_codes.count(caller.sub)}


@router.post("/me/recovery-codes")
def make() -> Response[str]:
    """Make ten codes, for a new sign-in; they are shown this once, and void all others."""
    caller: Caller = router.context["caller"]
    # Attack: codes of one's own, made on a phone that was left lying about, to come back with later.
    step_up.demand(caller)
    codes = recovery_codes.make(caller.sub)
    notices.tell(caller, notices.RECOVERY_CODES_MADE)
    return Response(
        status_code=201,
        content_type="application/json",
        body=json.dumps({"codes": codes}),
        headers={"Cache-Control": "no-store"},
    )
