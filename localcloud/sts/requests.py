"""What the requests for a session have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context, Role
from localcloud.errors import AwsError

_UNSUPPORTED = ("MinimumSessionTokenSize", "ProvidedContexts")


def find_role(ctx: Context, arn: str) -> Role | None:
    """The role of an ARN. Attack: a role by its bare name, which the trust decision would have read as another one."""
    return ctx.cloud.roles(arn) if arn.startswith("arn:") else None


def refuse_unsupported(request: Mapping[str, Any]) -> None:
    """Raise ValidationError for what the local cloud would have to ignore."""
    for name in _UNSUPPORTED:
        if name in request:
            raise AwsError("ValidationError", f"{name} is not supported by the local cloud.")
