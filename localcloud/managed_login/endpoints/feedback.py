"""`/feedback`: where the two links of a mail about a sign-in with a risk lead."""

from __future__ import annotations

from localcloud.managed_login.errors import PageError
from localcloud.managed_login.pages import render
from localcloud.managed_login.request import Answer, LoginRequest
from localcloud.userpool.models import User
from localcloud.userpool.protection import feedback


def get(request: LoginRequest) -> Answer:
    """Keep what the link says, at one click, and say thank you. Raises PageError, and AwsError for a wrong token."""
    query, pool = request.query, request.pool
    value = query.get("value", "")
    if value not in feedback.VALUES:
        raise PageError("value: Valid or Invalid")
    user = request.ctx.store.get(User, pool.id, query.get("user", ""))
    feedback.by_user(request.ctx, pool, user, query.get("event", ""), query.get("token", ""), value)
    return render.page(request, "feedback.html", valid=value == "Valid")
