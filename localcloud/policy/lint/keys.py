"""What the rules know of condition keys, all in lower case: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html."""

from __future__ import annotations

LEADING_KEYS = (
    "dynamodb:leadingkeys",
    *(f"dynamodb:{place}partitionkeyvalues" for place in ("first", "second", "third", "fourth")),
)
"""The keys that hold a request's partition keys (rule 66)."""

PREFIX = "s3:prefix"

_MULTIVALUED = (
    *LEADING_KEYS,
    "aws:calledvia",
    "aws:principalorgpaths",
    "aws:principalservicenameslist",
    "aws:tagkeys",
    "dynamodb:attributes",
    "s3:requestobjecttagkeys",
)
# Keys that a request, or the session behind it, may well lack, and whose absence a Deny should have meant.
_MAY_BE_ABSENT = (
    *LEADING_KEYS,
    PREFIX,
    "aws:multifactorauthage",
    "aws:multifactorauthpresent",
    "aws:principalorgid",
    "aws:referer",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:username",
    "dynamodb:attributes",
    "dynamodb:select",
    "s3:x-amz-server-side-encryption",
    "s3:x-amz-server-side-encryption-aws-kms-key-id",
)
_TAGS = ("aws:principaltag/", "aws:requesttag/", "aws:resourcetag/", "s3:existingobjecttag/", "s3:requestobjecttag/")


def is_multivalued(key: str) -> bool:
    """Whether a request can have several values under the key (rules 48, 50)."""
    return key in _MULTIVALUED or key.endswith(":amr") or key.startswith("saml:eduperson")


def is_guard(key: str) -> bool:
    """Whether a condition on the key says whose data or which caller it is about."""
    return key in (*LEADING_KEYS, PREFIX) or is_audience(key) or key.endswith((":amr", ":sub"))


def is_audience(key: str) -> bool:
    """Whether the key names whom a web identity token is for; providers spell it in four ways."""
    return key.endswith((":aud", ":app_id", ":oaud", ":azp"))


def may_be_absent(key: str) -> bool:
    """Whether requests lack the key although the caller did nothing unusual."""
    return key in _MAY_BE_ABSENT or key.startswith(_TAGS)
