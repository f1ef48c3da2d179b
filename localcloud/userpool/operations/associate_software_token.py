"""AssociateSoftwareToken: a new secret for an authenticator app, in a sign-in or for a signed-in user."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.factors import enrolment


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """The secret; it counts once VerifySoftwareToken has seen a code of it."""
    if request.get("AccessToken"):
        return {"SecretCode": enrolment.begin_for_user(ctx, request["AccessToken"])}
    secret, session = enrolment.begin_in_sign_in(ctx, request.get("Session"))
    return {"SecretCode": secret, "Session": session}
