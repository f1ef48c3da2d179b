"""Custom message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.models import User, UserPool
from localcloud.userpool.triggers.answer import read_text
from localcloud.userpool.triggers.call import call_about


def custom_message(
    ctx: Context,
    pool: UserPool,
    client_id: str,
    user: User,
    source: str,
    metadata: Mapping[str, str],
    *,
    username: str = "",
) -> Mapping[str, str]:
    """Ask the custom message trigger; what it leaves out keeps the pool's own text."""
    request: dict[str, Any] = {"codeParameter": "{####}", "linkParameter": "{##Click Here##}"}
    request["usernameParameter"] = "{username}" if username else None
    if metadata:
        request["clientMetadata"] = dict(metadata)
    defaults = {"smsMessage": None, "emailMessage": None, "emailSubject": None}
    answer = call_about(ctx, pool, "CustomMessage", f"CustomMessage_{source}", client_id, user, request, defaults)
    return {name: text for name in defaults if (text := read_text(answer, name))}
