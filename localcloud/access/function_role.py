"""The credentials that a Lambda function runs with: its own role's, if that role trusts Lambda."""

from __future__ import annotations

from collections.abc import Mapping

from localcloud.access.assume_role import assume_role
from localcloud.access.refusals import RefusedError
from localcloud.context import Context
from localcloud.iam.request import Principal

SECONDS = 3600
_LAMBDA = Principal("Service", "lambda.amazonaws.com")


def function_credentials(ctx: Context, role_arn: str, function_name: str) -> Mapping[str, str]:
    """The AWS_* variables of a session of the role. Raises RefusedError where Lambda cannot assume it."""
    role = ctx.cloud.roles(role_arn)
    if role is None:
        raise _cannot_assume(role_arn)
    try:
        session = assume_role(ctx, role, _LAMBDA, "sts:AssumeRole", function_name, seconds=SECONDS, request_context={})
    except RefusedError as refused:
        raise _cannot_assume(role_arn, refused) from refused
    return {
        "AWS_ACCESS_KEY_ID": session.access_key,
        "AWS_SECRET_ACCESS_KEY": session.secret_key,
        "AWS_SESSION_TOKEN": session.session_token,
    }


def _cannot_assume(role_arn: str, refused: RefusedError | None = None) -> RefusedError:
    message = f"The role {role_arn} cannot be assumed by Lambda."
    return RefusedError("AccessDeniedException", message, 403, refused.findings if refused else ())
