"""The policies that narrow a session, one group (rule 37): an inline document, and managed policies by ARN."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.iam.policy import PolicyError, compile_policy, read_json

MAX_TEXT = 2048
"""Characters of the inline document and the ARNs together. Source: AssumeRole, `PolicyArns`."""

MAX_ARNS = 10


def read(ctx: Context, request: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The session policies of a request; empty where it names none, which narrows nothing.

    Raises AwsError: MalformedPolicyDocument, PackedPolicyTooLarge, ValidationError.
    """
    _check_size(text_of(request), len(_arns_of(request)))
    inline = [_inline(request["Policy"])] if "Policy" in request else []
    return [*inline, *(_managed(ctx, arn) for arn in _arns_of(request))]


def text_of(request: Mapping[str, Any]) -> str:
    """All that counts for the size of a request's policies."""
    return "".join([request.get("Policy", ""), *_arns_of(request)])


def _arns_of(request: Mapping[str, Any]) -> list[str]:
    """The ARNs of the managed policies that a request names."""
    return [str(entry.get("arn", "")) for entry in request.get("PolicyArns", ())]


def _check_size(text: str, arns: int) -> None:
    if arns > MAX_ARNS:
        problem = f"Member must have length less than or equal to {MAX_ARNS}"
        raise AwsError("ValidationError", f"1 validation error detected: Value at 'policyArns': {problem}")
    if len(text) > MAX_TEXT:
        message = f"The session policies have {len(text)} characters of plain text, and may have {MAX_TEXT}."
        raise AwsError("PackedPolicyTooLarge", message)


def _inline(text: str) -> Mapping[str, Any]:
    try:
        document = read_json(text)
        compile_policy(document, "session policy")
    except (PolicyError, ValueError) as error:
        raise AwsError("MalformedPolicyDocument", f"The policy is not in the valid JSON format. {error}") from error
    return dict(document)


def _managed(ctx: Context, arn: str) -> Mapping[str, Any]:
    # What is there when the session begins counts until it ends.
    document = ctx.cloud.managed_policies(arn)
    if document is None:
        raise AwsError("ValidationError", f"Policy {arn[:128]} does not exist or is not attachable.")
    return document
