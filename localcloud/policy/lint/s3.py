"""What the rules know of S3: which actions are asked of buckets and which of objects, and what an ARN means.

Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon S3".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from localcloud.policy.lint.node import Node
from localcloud.policy.lint.policy import Statement, matches
from localcloud.policy.lint.stack import Stack
from localcloud.policy.lint.text import arn_parts, is_known

# Tables: one on each line would be eighty lines of nothing to read.
# fmt: off
_OBJECT = (
    "AbortMultipartUpload", "BypassGovernanceRetention", "DeleteObject", "DeleteObjectTagging", "DeleteObjectVersion",
    "DeleteObjectVersionTagging", "GetObject", "GetObjectAcl", "GetObjectAttributes", "GetObjectLegalHold",
    "GetObjectRetention", "GetObjectTagging", "GetObjectVersion", "GetObjectVersionAcl", "GetObjectVersionAttributes",
    "GetObjectVersionTagging", "ListMultipartUploadParts", "PutObject", "PutObjectAcl", "PutObjectLegalHold",
    "PutObjectRetention", "PutObjectTagging", "PutObjectVersionAcl", "PutObjectVersionTagging", "RestoreObject",
)
_BUCKET = (
    "CreateBucket", "DeleteBucket", "DeleteBucketPolicy", "GetAccelerateConfiguration", "GetBucketAcl", "GetBucketCORS",
    "GetBucketLocation", "GetBucketLogging", "GetBucketNotification", "GetBucketPolicy", "GetBucketPolicyStatus",
    "GetBucketPublicAccessBlock", "GetBucketTagging", "GetBucketVersioning", "GetBucketWebsite",
    "GetEncryptionConfiguration", "GetLifecycleConfiguration", "GetReplicationConfiguration", "ListBucket",
    "ListBucketMultipartUploads", "ListBucketVersions", "PutBucketAcl", "PutBucketCORS", "PutBucketNotification",
    "PutBucketPolicy", "PutBucketTagging", "PutBucketVersioning", "PutEncryptionConfiguration",
    "PutLifecycleConfiguration",
)
# fmt: on
OBJECT_ACTIONS = tuple(f"s3:{name}" for name in _OBJECT)
WRITES = ("s3:PutObject", "s3:DeleteObject", "s3:PutObjectAcl", "s3:PutObjectTagging", "s3:DeleteObjectVersion")
BUCKET_ACTIONS = tuple(f"s3:{name}" for name in _BUCKET)


def kinds_of(action: str) -> set[str]:
    """What an entry of Action is asked of: `bucket`, `object`, or both."""
    kinds = {"bucket": BUCKET_ACTIONS, "object": OBJECT_ACTIONS}
    return {kind for kind, actions in kinds.items() if any(matches(action, each) for each in actions)}


def never_matched(stack: Stack, kind: Literal["bucket", "object"]) -> Iterator[tuple[Statement, Node]]:
    """Actions that are asked of one kind, in statements none of whose resources can be of that kind."""
    actions, may_be = (BUCKET_ACTIONS, may_be_bucket) if kind == "bucket" else (OBJECT_ACTIONS, may_be_object)
    for statement in stack.statements("identity", "resource"):
        if statement.resources and not any(may_be(node.text) for node in statement.resources):
            yield from ((statement, node) for node in statement.covering(actions) if kinds_of(node.text) == {kind})


def bucket_of(resource: str) -> str:
    """The bucket's name in an ARN of S3; empty for anything else."""
    parts = arn_parts(resource)
    return parts[5].partition("/")[0] if parts and parts[2] == "s3" else ""


def may_be_bucket(resource: str) -> bool:
    """Whether a resource can cover a bucket itself, as far as it is known."""
    parts = arn_parts(resource)
    if parts and parts[2] == "s3":
        return "/" not in parts[5]
    return parts is not None or "/" not in resource


def may_be_object(resource: str) -> bool:
    """Whether a resource can cover an object, as far as it is known."""
    parts = arn_parts(resource)
    if parts is None or parts[2] != "s3":
        return True
    return "/" in parts[5] or "*" in parts[5] or not is_known(parts[5])


def is_whole_bucket(resource: str) -> bool:
    """Whether a resource is all objects of a bucket."""
    parts = arn_parts(resource)
    if not parts or parts[2] != "s3":
        return False
    _, slash, key = parts[5].partition("/")
    return bool(slash) and not key.strip("*")
