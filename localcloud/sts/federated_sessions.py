"""Sessions for those who come with a proof from a provider instead of a signature: only the role decides about them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.access.assume_role import assume_role
from localcloud.access.request_context import request_keys
from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.federation.principal import FederatedPrincipal
from localcloud.iam.request import ContextValue, Principal
from localcloud.sts import answers, durations, packed_size, requests, session_policies, session_tags


def begin(
    ctx: Context, request: Mapping[str, Any], action: str, proven: FederatedPrincipal, session_name: str
) -> dict[str, Any]:
    """Begin a session of the role that the request names; the part of the answer that all assume calls have.

    Raises AwsError: AccessDenied, ValidationError, InvalidParameterValue, MalformedPolicyDocument and
    PackedPolicyTooLarge.
    """
    requests.refuse_unsupported(request)
    role = requests.find_role(ctx, request["RoleArn"])
    if role is None:
        raise AwsError("AccessDenied", f"Not authorized to perform {action}", 403)
    seconds = durations.session_seconds(role, request.get("DurationSeconds"))
    policies = session_policies.read(ctx, request)
    tags = session_tags.read(proven.tags.items(), proven.transitive_tags, None)
    packed = packed_size.percentage(session_policies.text_of(request), tags.values)
    session = assume_role(
        ctx,
        role,
        Principal("Federated", proven.provider),
        action,
        session_name,
        seconds=seconds if proven.session_seconds is None else min(seconds, proven.session_seconds),
        request_context={**_request_keys(ctx), **proven.context},
        session_context={**proven.session_context, "aws:FederatedProvider": proven.provider},
        tags=tags.values,
        transitive_tag_keys=tags.transitive,
        source_identity=proven.source_identity,
        session_policies=policies,
    )
    return answers.of_session(session, packed)


def _request_keys(ctx: Context) -> dict[str, ContextValue]:
    headers = {"user-agent": ctx.user_agent} if ctx.user_agent else {}
    return request_keys(ctx.source_ip, ctx.cloud.region, headers, ctx.now)
