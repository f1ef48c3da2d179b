"""VerifySoftwareToken: the first code of a new authenticator app."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.factors import enrolment


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Enrol the app if the code is right."""
    if request.get("AccessToken"):
        enrolment.finish_for_user(ctx, request["AccessToken"], request["UserCode"])
        return {"Status": "SUCCESS"}
    session = enrolment.finish_in_sign_in(ctx, request.get("Session"), request["UserCode"])
    return {"Status": "SUCCESS", "Session": session}
