"""Which S3 operation a request is: S3 has no operation name on the wire, only method, path and query words.

A row lists every query word that its operation knows. A word outside the row makes the request unknown, because the
service might read that word and run another operation than the one that was decided. Only operations that the engine
answers are here: for `GET ?inventory` and others it lists the bucket's objects instead.
https://docs.aws.amazon.com/service-authorization/latest/reference/list_s3.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["service", "bucket", "object"]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: where it lives, the words it needs and knows, and the action it is.

    `versioned` is the action in its place when `versionId` is given; empty where AWS has none.
    """

    name: str
    method: str
    level: Level
    action: str
    needs: frozenset[str] = frozenset()
    knows: frozenset[str] = frozenset()
    versioned: str = ""

    @property
    def writes_content(self) -> bool:
        """Whether it takes an object's content, from its body or from another object."""
        return self.method == "PUT" and self.action == "PutObject"

    @property
    def copies(self) -> bool:
        """Whether it takes the content from another object, named by `x-amz-copy-source`."""
        return self.writes_content and "Copy" in self.name


_LISTING = "delimiter encoding-type max-keys prefix"
_ANSWER = (
    "partNumber response-cache-control response-content-disposition response-content-encoding "
    "response-content-language response-content-type response-expires versionId"
)


def _row(
    name: str, method: str, level: Level, action: str, needs: str = "", knows: str = "", versioned: str = ""
) -> Operation:
    words = frozenset(needs.split())
    return Operation(name, method, level, action, words, words | frozenset(knows.split()), versioned)


OPERATIONS = (
    _row("ListBuckets", "GET", "service", "ListAllMyBuckets", "",
         "bucket-region continuation-token max-buckets prefix"),
    # objects
    _row("GetObject", "GET", "object", "GetObject", "", _ANSWER, "GetObjectVersion"),
    _row("HeadObject", "HEAD", "object", "GetObject", "", _ANSWER, "GetObjectVersion"),
    _row("SelectObjectContent", "POST", "object", "GetObject", "select select-type"),
    _row("GetObjectAcl", "GET", "object", "GetObjectAcl", "acl", "versionId", "GetObjectVersionAcl"),
    _row("GetObjectAttributes", "GET", "object", "GetObjectAttributes", "attributes", "versionId",
         "GetObjectVersionAttributes"),
    _row("GetObjectLegalHold", "GET", "object", "GetObjectLegalHold", "legal-hold", "versionId"),
    _row("GetObjectRetention", "GET", "object", "GetObjectRetention", "retention", "versionId"),
    _row("GetObjectTagging", "GET", "object", "GetObjectTagging", "tagging", "versionId", "GetObjectVersionTagging"),
    _row("ListParts", "GET", "object", "ListMultipartUploadParts", "uploadId", "max-parts part-number-marker"),
    _row("PutObject", "PUT", "object", "PutObject"),
    _row("CopyObject", "PUT", "object", "PutObject"),
    _row("UploadPart", "PUT", "object", "PutObject", "partNumber uploadId"),
    _row("UploadPartCopy", "PUT", "object", "PutObject", "partNumber uploadId"),
    _row("PutObjectAcl", "PUT", "object", "PutObjectAcl", "acl", "versionId", "PutObjectVersionAcl"),
    _row("PutObjectLegalHold", "PUT", "object", "PutObjectLegalHold", "legal-hold", "versionId"),
    _row("PutObjectRetention", "PUT", "object", "PutObjectRetention", "retention", "versionId"),
    _row("PutObjectTagging", "PUT", "object", "PutObjectTagging", "tagging", "versionId", "PutObjectVersionTagging"),
    _row("CreateMultipartUpload", "POST", "object", "PutObject", "uploads"),
    _row("CompleteMultipartUpload", "POST", "object", "PutObject", "uploadId"),
    _row("RestoreObject", "POST", "object", "RestoreObject", "restore", "versionId"),
    _row("DeleteObject", "DELETE", "object", "DeleteObject", "", "versionId", "DeleteObjectVersion"),
    _row("DeleteObjectTagging", "DELETE", "object", "DeleteObjectTagging", "tagging", "versionId",
         "DeleteObjectVersionTagging"),
    _row("AbortMultipartUpload", "DELETE", "object", "AbortMultipartUpload", "uploadId"),
    # buckets: what is in them
    _row("ListObjects", "GET", "bucket", "ListBucket", "", f"{_LISTING} marker"),
    _row("ListObjectsV2", "GET", "bucket", "ListBucket", "list-type",
         f"{_LISTING} continuation-token fetch-owner start-after"),
    _row("ListObjectVersions", "GET", "bucket", "ListBucketVersions", "versions",
         f"{_LISTING} key-marker version-id-marker"),
    _row("ListMultipartUploads", "GET", "bucket", "ListBucketMultipartUploads", "uploads",
         "delimiter encoding-type key-marker max-uploads prefix upload-id-marker"),
    _row("HeadBucket", "HEAD", "bucket", "ListBucket"),
    _row("DeleteObjects", "POST", "bucket", "DeleteObject", "delete"),
    # buckets: themselves. Removing a configuration is its Put action where AWS has no Delete action.
    _row("CreateBucket", "PUT", "bucket", "CreateBucket"),
    _row("DeleteBucket", "DELETE", "bucket", "DeleteBucket"),
    _row("GetBucketLocation", "GET", "bucket", "GetBucketLocation", "location"),
    _row("GetBucketAccelerateConfiguration", "GET", "bucket", "GetAccelerateConfiguration", "accelerate"),
    _row("PutBucketAccelerateConfiguration", "PUT", "bucket", "PutAccelerateConfiguration", "accelerate"),
    _row("GetBucketAcl", "GET", "bucket", "GetBucketAcl", "acl"),
    _row("PutBucketAcl", "PUT", "bucket", "PutBucketAcl", "acl"),
    _row("GetBucketCors", "GET", "bucket", "GetBucketCORS", "cors"),
    _row("PutBucketCors", "PUT", "bucket", "PutBucketCORS", "cors"),
    _row("DeleteBucketCors", "DELETE", "bucket", "PutBucketCORS", "cors"),
    _row("GetBucketEncryption", "GET", "bucket", "GetEncryptionConfiguration", "encryption"),
    _row("PutBucketEncryption", "PUT", "bucket", "PutEncryptionConfiguration", "encryption"),
    _row("DeleteBucketEncryption", "DELETE", "bucket", "PutEncryptionConfiguration", "encryption"),
    _row("GetBucketLifecycleConfiguration", "GET", "bucket", "GetLifecycleConfiguration", "lifecycle"),
    _row("PutBucketLifecycleConfiguration", "PUT", "bucket", "PutLifecycleConfiguration", "lifecycle"),
    _row("DeleteBucketLifecycle", "DELETE", "bucket", "PutLifecycleConfiguration", "lifecycle"),
    _row("GetBucketLogging", "GET", "bucket", "GetBucketLogging", "logging"),
    _row("PutBucketLogging", "PUT", "bucket", "PutBucketLogging", "logging"),
    _row("GetBucketNotificationConfiguration", "GET", "bucket", "GetBucketNotification", "notification"),
    _row("PutBucketNotificationConfiguration", "PUT", "bucket", "PutBucketNotification", "notification"),
    _row("GetObjectLockConfiguration", "GET", "bucket", "GetBucketObjectLockConfiguration", "object-lock"),
    _row("PutObjectLockConfiguration", "PUT", "bucket", "PutBucketObjectLockConfiguration", "object-lock"),
    _row("GetBucketOwnershipControls", "GET", "bucket", "GetBucketOwnershipControls", "ownershipControls"),
    _row("PutBucketOwnershipControls", "PUT", "bucket", "PutBucketOwnershipControls", "ownershipControls"),
    _row("DeleteBucketOwnershipControls", "DELETE", "bucket", "PutBucketOwnershipControls", "ownershipControls"),
    _row("GetBucketPolicy", "GET", "bucket", "GetBucketPolicy", "policy"),
    _row("PutBucketPolicy", "PUT", "bucket", "PutBucketPolicy", "policy"),
    _row("DeleteBucketPolicy", "DELETE", "bucket", "DeleteBucketPolicy", "policy"),
    _row("GetPublicAccessBlock", "GET", "bucket", "GetBucketPublicAccessBlock", "publicAccessBlock"),
    _row("PutPublicAccessBlock", "PUT", "bucket", "PutBucketPublicAccessBlock", "publicAccessBlock"),
    _row("DeletePublicAccessBlock", "DELETE", "bucket", "PutBucketPublicAccessBlock", "publicAccessBlock"),
    _row("GetBucketReplication", "GET", "bucket", "GetReplicationConfiguration", "replication"),
    _row("DeleteBucketReplication", "DELETE", "bucket", "PutReplicationConfiguration", "replication"),
    _row("GetBucketRequestPayment", "GET", "bucket", "GetBucketRequestPayment", "requestPayment"),
    _row("PutBucketRequestPayment", "PUT", "bucket", "PutBucketRequestPayment", "requestPayment"),
    _row("GetBucketTagging", "GET", "bucket", "GetBucketTagging", "tagging"),
    _row("PutBucketTagging", "PUT", "bucket", "PutBucketTagging", "tagging"),
    _row("DeleteBucketTagging", "DELETE", "bucket", "PutBucketTagging", "tagging"),
    _row("GetBucketVersioning", "GET", "bucket", "GetBucketVersioning", "versioning"),
    _row("PutBucketVersioning", "PUT", "bucket", "PutBucketVersioning", "versioning"),
    _row("GetBucketWebsite", "GET", "bucket", "GetBucketWebsite", "website"),
    _row("PutBucketWebsite", "PUT", "bucket", "PutBucketWebsite", "website"),
    _row("DeleteBucketWebsite", "DELETE", "bucket", "DeleteBucketWebsite", "website"),
)  # fmt: skip
