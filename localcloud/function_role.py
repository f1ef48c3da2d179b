"""The credentials that a Lambda function runs with: its own role's, if that role trusts Lambda."""

from __future__ import annotations

import functools
from collections.abc import Mapping

import orjson

from localcloud import credentials
from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.iam.evaluator import decide_trust
from localcloud.iam.policy import Policy, compile_policy
from localcloud.iam.request import Principal, Request

SECONDS = 3600


def function_credentials(ctx: Context, role_arn: str, function_name: str) -> Mapping[str, str]:
    """The AWS_* variables of a session of the role. Raises AwsError where Lambda cannot assume it."""
    role = ctx.cloud.roles(role_arn)
    request = Request(Principal("Service", "lambda.amazonaws.com"), "sts:AssumeRole", role_arn)
    if role is None or not decide_trust(request, _compiled(orjson.dumps(role.trust_policy))).allowed:
        raise AwsError("AccessDeniedException", f"The role {role_arn} cannot be assumed by Lambda.", 403)
    session = credentials.issue(ctx, role, function_name, seconds=SECONDS, context={})
    return {
        "AWS_ACCESS_KEY_ID": session.access_key,
        "AWS_SECRET_ACCESS_KEY": session.secret_key,
        "AWS_SESSION_TOKEN": session.session_token,
    }


@functools.lru_cache(maxsize=64)
def _compiled(document: bytes) -> Policy:
    return compile_policy(orjson.loads(document), "trust policy", "trust")
