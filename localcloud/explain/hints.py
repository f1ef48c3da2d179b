"""The traps that one gets wrong by hand. Most are found by asking IAM again: what if the request had been this one?

Source: Cognito developer guide, "IAM roles"; DynamoDB developer guide, "Using IAM policy conditions"; and what users of
both report.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from localcloud.access.refusals import Finding, find
from localcloud.iam.request import ContextValue

_IDENTITY = "cognito-identity.amazonaws.com"
_SIGN_IN = ":CognitoSignIn:"
_LISTS = frozenset({"s3:ListBucket", "s3:ListBucketVersions"})
_KEYS = "dynamodb:LeadingKeys"
_SWALLOWED = re.compile(r"[\w-]+//\*")

Hint = Callable[[Finding], str]
"""The hint for a refusal; empty when it is not this trap."""


def hints(finding: Finding) -> Iterator[str]:
    """What to do about a refusal, for each known trap that it fell into."""
    for hint in _HINTS:
        if text := hint(finding):
            yield text


def _sub_instead_of_identity_id(finding: Finding) -> str:
    context = finding.request.context
    identity, methods = context.get(f"{_IDENTITY}:sub"), context.get(f"{_IDENTITY}:amr", ())
    subs = [method.partition(_SIGN_IN)[2] for method in methods if _SIGN_IN in method]
    for sub in subs:
        if isinstance(identity, str) and _allowed_with(finding, lambda text, sub=sub: text.replace(sub, identity)):  # type: ignore[misc]
            return (
                f"{sub} is the user's `sub`, which the user pool gave. The policy goes by the identity id, which the "
                f"identity pool gave: use {identity}."
            )
    return ""


def _missing_slash(finding: Finding) -> str:
    prefix = finding.request.context.get("s3:prefix")
    if finding.request.action in _LISTS and isinstance(prefix, str) and not prefix.endswith("/"):
        context = {**finding.request.context, "s3:prefix": f"{prefix}/"}
        if _allows(finding, context=context):
            return f"End the prefix with a slash: `{prefix}/`. Without it the list would show other folders, too."
    return ""


def _absent_prefix(finding: Finding) -> str:
    wanted = [reason.why for reason in finding.decision.reasons if "s3:prefix" in reason.why]
    if finding.request.action in _LISTS and any("the key is absent" in why for why in wanted):
        return "The policy lets certain prefixes be listed, and the request names none: add `Prefix`."
    return ""


def _scan(finding: Finding) -> str:
    identity = finding.request.context.get(f"{_IDENTITY}:sub")
    query = {**finding.request.context, _KEYS: [identity] if isinstance(identity, str) else []}
    if finding.request.action == "dynamodb:Scan" and _allows(finding, action="dynamodb:Query", context=query):
        return "A Scan reads everybody's items and names no partition: use Query, with your identity id as its key."
    return ""


def _index(finding: Finding) -> str:
    table, index, _ = finding.request.resource.partition("/index/")
    if index and finding.request.action.startswith("dynamodb:") and _allows(finding, resource=table):
        return f"The policy covers the table and not its index: add `{table}/index/*` to the statement's Resource."
    return ""


def _swallowed_variable(finding: Finding) -> str:
    for reason in finding.decision.reasons:
        if not reason.matched and (place := _SWALLOWED.search(reason.why)):
            return (
                f"`{place[0]}` in {_place(reason.policy, reason.statement)} looks like a place where a policy variable "
                "was: inside `!Sub` write `${!cognito-identity.amazonaws.com:sub}`, or CloudFormation takes it away."
            )
    return ""


def _old_version(finding: Finding) -> str:
    for _, group in finding.policies.layers:
        for policy in group:
            for statement in policy.statements:
                patterns = statement.resources.patterns if statement.resources else ()
                told = statement.outcomes.other_resource
                if "${" in told.why and patterns and not any(pattern.tail.variables for pattern in patterns):
                    return (
                        f"{_place(told.policy, told.statement)} has variables that are plain text: they need "
                        '`"Version": "2012-10-17"` in the policy, and stand after the fifth colon only.'
                    )
    return ""


def _tag_session(finding: Finding) -> str:
    if finding.request.action == "sts:TagSession" and finding.policies.trust is not None:
        return (
            "The session gets tags (the identity pool maps claims to principal tags), so the role's trust policy must "
            "allow `sts:TagSession` besides the assume action."
        )
    return ""


def _trust_condition(finding: Finding) -> str:
    if finding.policies.trust is None:
        return ""
    for reason in finding.decision.reasons:
        if ":aud:" in reason.why and "wanted" in reason.why:
            return (
                "The trust policy names another audience. For an identity pool `:aud` is the identity pool's id, not "
                f"the app client's: {finding.request.context.get(f'{_IDENTITY}:aud', 'see the condition above')}."
            )
        if ":amr:" in reason.why and "wanted" in reason.why:
            return (
                "`:amr` has several values: compare it by `ForAnyValue:StringLike`, with `authenticated` in the role "
                "of users and `unauthenticated` in the role of guests."
            )
        if f'"Service": "{_IDENTITY}"' in reason.why or f'{{"Service": ["{_IDENTITY}' in reason.why:
            return f'An identity pool is a provider, no service: write `"Principal": {{"Federated": "{_IDENTITY}"}}`.'
    return ""


def _plain_http(finding: Finding) -> str:
    for reason in finding.decision.reasons:
        if reason.matched and reason.effect == "Deny" and "Tls" in reason.statement:
            return "The local cloud speaks plain HTTP: deploy there with `RequireTls` set to false."
    return ""


def _guest_limits(finding: Finding) -> str:
    lacking = finding.decision.reasons[-1].policy if finding.decision.reasons else ""
    if lacking == "session policy" and "unauthenticated" in finding.request.context.get(f"{_IDENTITY}:amr", ()):
        return (
            "A guest's keys are limited to a list of services, whatever the role allows: AWS adds a session policy to "
            "them. https://docs.aws.amazon.com/cognito/latest/developerguide/iam-roles.html"
        )
    return ""


def _missing_object(finding: Finding) -> str:
    if finding.part == "missing object":
        return (
            "There is no such object. S3 says so only to a caller who may list the bucket without a prefix; to all "
            "others a missing object is a refusal."
        )
    return ""


_HINTS: tuple[Hint, ...] = (
    _sub_instead_of_identity_id,
    _missing_slash,
    _absent_prefix,
    _scan,
    _index,
    _swallowed_variable,
    _old_version,
    _tag_session,
    _trust_condition,
    _plain_http,
    _guest_limits,
    _missing_object,
)


def _allows(
    finding: Finding, *, action: str = "", resource: str = "", context: Mapping[str, ContextValue] | None = None
) -> bool:
    """Whether the same policies would allow the same caller another request."""
    asked = finding.request
    other = replace(
        asked,
        action=action or asked.action,
        resource=resource or asked.resource,
        context=asked.context if context is None else context,
    )
    return find(other, finding.policies).decision.allowed


def _allowed_with(finding: Finding, change: Callable[[str], str]) -> bool:
    """Whether the request would be allowed with its resource and its context keys of the request changed."""
    context = {
        key: value
        if key.lower().startswith(_IDENTITY)
        else change(value)
        if isinstance(value, str)
        else [change(item) for item in value]
        for key, value in finding.request.context.items()
    }
    return _allows(finding, resource=change(finding.request.resource), context=context)


def _place(policy: str, statement: str) -> str:
    return f"statement {statement} of {policy}"
