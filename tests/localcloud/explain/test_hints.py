"""Each known trap is recognised, and nothing is said where it is not the reason."""

from __future__ import annotations

from typing import Any

import pytest

from localcloud.access.refusals import find
from localcloud.explain.hints import hints
from localcloud.iam import Policies, Principal, Request, compile_policy

ME = "us-east-1:11111111-2222-4333-8444-555555555555"
SUB = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"
POOL = "us-east-1:99999999-2222-4333-8444-555555555555"
PROVIDER = "cognito-identity.amazonaws.com"
USER_POOL = "cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEf123"
SESSION = Principal("AWS", "arn:aws:sts::000000000000:assumed-role/users/CognitoIdentityCredentials")
TABLE = "arn:aws:dynamodb:us-east-1:000000000000:table/data"
CONTEXT = {
    f"{PROVIDER}:sub": ME,
    f"{PROVIDER}:aud": POOL,
    f"{PROVIDER}:amr": ["authenticated", USER_POOL, f"{USER_POOL}:CognitoSignIn:{SUB}"],
}


def document(*statements: dict[str, Any], version: str = "2012-10-17") -> dict[str, Any]:
    return {"Version": version, "Statement": list(statements)}


OWN_FILES = {
    "Effect": "Allow",
    "Action": "s3:GetObject",
    "Resource": f"arn:aws:s3:::bucket/private/${{{PROVIDER}:sub}}/*",
}
OWN_LIST = {
    "Effect": "Allow",
    "Action": "s3:ListBucket",
    "Resource": "arn:aws:s3:::bucket",
    "Condition": {"StringLike": {"s3:prefix": f"private/${{{PROVIDER}:sub}}/*"}},
}
OWN_ITEMS = {
    "Effect": "Allow",
    "Action": ["dynamodb:GetItem", "dynamodb:Query"],
    "Resource": TABLE,
    "Condition": {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": [f"${{{PROVIDER}:sub}}"]}},
}
SWALLOWED = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/private//*"}


def trusting(*actions: str, **condition: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": {"Federated": PROVIDER}, "Action": list(actions)}
    return document(statement | ({"Condition": condition} if condition else {}))


def asked(action: str, resource: str, policy: dict[str, Any], **context: Any) -> list[str]:
    request = Request(SESSION, action, resource, context={**CONTEXT, **context})
    finding = find(request, Policies([compile_policy(policy, "own-data")]))
    assert not finding.decision.allowed
    return list(hints(finding))


def assumed(action: str, trust: dict[str, Any]) -> list[str]:
    request = Request(Principal("Federated", PROVIDER), action, "arn:aws:iam::000000000000:role/users", context=CONTEXT)
    finding = find(request, Policies(trust=compile_policy(trust, "trust policy", "trust")))
    assert not finding.decision.allowed
    return list(hints(finding))


@pytest.mark.parametrize(
    ("action", "resource", "policy", "context", "words"),
    [
        ("s3:GetObject", f"arn:aws:s3:::bucket/private/{SUB}/a", document(OWN_FILES), {}, f"use {ME}"),
        (
            "dynamodb:GetItem",
            TABLE,
            document(OWN_ITEMS),
            {"dynamodb:LeadingKeys": [SUB]},
            "is the user's `sub`",
        ),
        (
            "s3:ListBucket",
            "arn:aws:s3:::bucket",
            document(OWN_LIST),
            {"s3:prefix": f"private/{ME}"},
            "End the prefix with a slash",
        ),
        ("s3:ListBucket", "arn:aws:s3:::bucket", document(OWN_LIST), {}, "add `Prefix`"),
        ("dynamodb:Scan", TABLE, document(OWN_ITEMS), {}, "use Query"),
        (
            "dynamodb:Query",
            f"{TABLE}/index/by-date",
            document(OWN_ITEMS),
            {"dynamodb:LeadingKeys": [ME]},
            f"add `{TABLE}/index/*`",
        ),
        ("s3:GetObject", f"arn:aws:s3:::bucket/private/{ME}/a", document(SWALLOWED), {}, "inside `!Sub`"),
        (
            "s3:GetObject",
            f"arn:aws:s3:::bucket/private/{ME}/a",
            document(OWN_FILES, version="2008-10-17"),
            {},
            '"Version": "2012-10-17"',
        ),
    ],
)
def test_trap_of_a_call(
    action: str, resource: str, policy: dict[str, Any], context: dict[str, Any], words: str
) -> None:
    (hint,) = asked(action, resource, policy, **context)
    assert words in hint


@pytest.mark.parametrize(
    ("action", "trust", "words"),
    [
        ("sts:TagSession", trusting("sts:AssumeRoleWithWebIdentity"), "must allow `sts:TagSession`"),
        (
            "sts:AssumeRoleWithWebIdentity",
            trusting("sts:AssumeRoleWithWebIdentity", StringEquals={f"{PROVIDER}:aud": "client-id"}),
            f"identity pool's id, not the app client's: {POOL}",
        ),
        (
            "sts:AssumeRoleWithWebIdentity",
            trusting("sts:AssumeRoleWithWebIdentity", StringEquals={f"{PROVIDER}:amr": "authenticated"}),
            "ForAnyValue:StringLike",
        ),
        (
            "sts:AssumeRoleWithWebIdentity",
            document(
                {"Effect": "Allow", "Principal": {"Service": PROVIDER}, "Action": "sts:AssumeRoleWithWebIdentity"}
            ),
            '"Federated"',
        ),
    ],
)
def test_trap_of_a_trust_policy(action: str, trust: dict[str, Any], words: str) -> None:
    (hint,) = assumed(action, trust)
    assert words in hint


def test_a_plain_refusal_gets_no_hint() -> None:
    other = "us-east-1:77777777-2222-4333-8444-555555555555"
    assert asked("s3:GetObject", f"arn:aws:s3:::bucket/private/{other}/a", document(OWN_FILES)) == []
    assert asked("dynamodb:DeleteTable", TABLE, document(OWN_ITEMS)) == []
