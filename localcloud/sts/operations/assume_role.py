"""AssumeRole: a session of a role for whoever signed the call.

Who may is decided before: the pipeline asks the caller's own policies and the role's trust policy, together.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.access import assume_role, credentials
from localcloud.access.credentials import RoleSession
from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.iam.actions import sts
from localcloud.sts import answers, durations, packed_size, requests, session_policies, session_tags


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """A session of the role, and of what the calling session hands on.

    Raises AwsError: AccessDenied, ValidationError, InvalidParameterValue, MalformedPolicyDocument and
    PackedPolicyTooLarge.
    """
    _refuse_unsupported(request)
    caller = credentials.find(ctx.store, ctx.session_key)
    role = requests.find_role(ctx, request["RoleArn"])
    if role is None:
        message = f"User: {ctx.principal_arn} is not authorized to perform: sts:AssumeRole on resource: "
        raise AwsError("AccessDenied", message + request["RoleArn"], 403)
    seconds = durations.session_seconds(role, request.get("DurationSeconds"), chained=caller is not None)
    policies = session_policies.read(ctx, request)
    tags = session_tags.read(sts.session_tags(request), request.get("TransitiveTagKeys", ()), caller)
    packed = packed_size.percentage(session_policies.text_of(request), tags.values)
    session = assume_role.begin_session(
        ctx,
        role,
        request["RoleSessionName"],
        seconds=seconds,
        context={},
        tags=tags.values,
        transitive_tag_keys=tags.transitive,
        source_identity=_source_identity(request, caller),
        session_policies=policies,
    )
    return answers.of_session(session, packed)


def _source_identity(request: Mapping[str, Any], caller: RoleSession | None) -> str:
    wanted, inherited = str(request.get("SourceIdentity", "")), caller.source_identity if caller else ""
    if wanted.lower().startswith("aws:"):
        raise AwsError("ValidationError", "SourceIdentity may not begin with aws:")
    # Attack: a session that names another person as the one who stands at the beginning of its chain.
    if inherited and wanted not in ("", inherited):
        raise AwsError("ValidationError", "The source identity is already set for this assume role session")
    return inherited or wanted


def _refuse_unsupported(request: Mapping[str, Any]) -> None:
    requests.refuse_unsupported(request)
    if "SerialNumber" in request or "TokenCode" in request:
        # No user here has such a device, so the number is always a wrong one.
        raise AwsError(
            "AccessDenied",
            "MultiFactorAuthentication failed, unable to validate MFA code.  "
            "Please verify your MFA serial number is valid and associated with this user.",
            403,
        )
