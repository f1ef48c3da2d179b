"""From a role's trust policy to a session: the one place that decides who may become a role without its keys.

Identity pools, STS and the runner of functions all come here. The one exception is AssumeRole, whose callers have
policies of their own: the pipeline decides it with those, by the same `trust_policy`, before its operation runs.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from localcloud.access import credentials, refusals
from localcloud.access.credentials import RoleSession
from localcloud.access.refusals import Finding, RefusedError
from localcloud.access.request_context import time_keys
from localcloud.context import Context, Role
from localcloud.iam.actions import sts
from localcloud.iam.evaluator import Policies
from localcloud.iam.policy import Policy, PolicyError, compile_policy
from localcloud.iam.request import ContextValue, Principal, Request

_log = logging.getLogger(__name__)


def assume_role(
    ctx: Context,
    role: Role,
    principal: Principal,
    action: str,
    session_name: str,
    *,
    seconds: int,
    request_context: Mapping[str, ContextValue],
    session_context: Mapping[str, ContextValue] | None = None,
    tags: Mapping[str, str] | None = None,
    transitive_tag_keys: Sequence[str] = (),
    source_identity: str = "",
    session_policies: Sequence[Mapping[str, Any]] = (),
) -> RoleSession:
    """A session of the role, for a principal whom its trust policy lets do `action` (`sts:AssumeRole…`).

    `request_context` holds the condition keys of the assume call, `session_context` those of the session's own calls;
    the name of the session, its tags and the time are added here. Session tags ask the same trust policy for
    `sts:TagSession` besides (rule 49), a source identity for `sts:SetSourceIdentity`.

    Raises RefusedError, AccessDenied.
    """
    context = {
        **time_keys(ctx.now),
        **request_context,
        **sts.tag_keys(tags or {}, transitive_tag_keys),
        "sts:RoleSessionName": session_name,
    }
    if source_identity:
        context["sts:SourceIdentity"] = source_identity
    _check_trust(role, principal, sts.needed_actions(action, context), context)
    return begin_session(
        ctx,
        role,
        session_name,
        seconds=seconds,
        context=session_context or {},
        tags=tags or {},
        transitive_tag_keys=transitive_tag_keys,
        source_identity=source_identity,
        session_policies=session_policies,
    )


def begin_session(
    ctx: Context,
    role: Role,
    session_name: str,
    *,
    seconds: int,
    context: Mapping[str, ContextValue],
    tags: Mapping[str, str],
    transitive_tag_keys: Sequence[str] = (),
    source_identity: str = "",
    session_policies: Sequence[Mapping[str, Any]] = (),
) -> RoleSession:
    """A session of the role, whose trust has been decided. Its tags become `aws:PrincipalTag/…`."""
    own = {f"aws:PrincipalTag/{key}": value for key, value in tags.items()}
    if source_identity:
        own["aws:SourceIdentity"] = source_identity
    return credentials.issue(
        ctx,
        role,
        session_name,
        seconds=seconds,
        context={**context, **own},
        session_policies=session_policies,
        transitive_tag_keys=transitive_tag_keys,
    )


def trust_policy(document: Mapping[str, Any], role_arn: str) -> Policy:
    """A role's trust policy, compiled; one that cannot be read trusts nobody."""
    return _compiled(orjson.dumps(document), role_arn)


def _check_trust(role: Role, principal: Principal, actions: Sequence[str], context: Mapping[str, ContextValue]) -> None:
    """Attack: a guest, another pool's user, another service, in a role that never meant to let them in."""
    policies = Policies(trust=trust_policy(role.trust_policy, role.arn))
    findings: list[Finding] = []
    for action in actions:
        finding = refusals.find(Request(principal, action, role.arn, context=context), policies)
        findings.append(finding)
        if not finding.decision.allowed:
            raise RefusedError("AccessDenied", finding.decision.message, 403, findings)


@functools.lru_cache(maxsize=512)
def _compiled(document: bytes, role_arn: str) -> Policy:
    name = f"trust policy of {role_arn}"
    try:
        return compile_policy(orjson.loads(document), name, "trust")
    except PolicyError as error:
        _log.warning("%s: nobody is trusted, for it cannot be read", error)
        return Policy(name, "trust", ())
