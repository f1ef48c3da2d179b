"""AWS::S3::Bucket: the engine drops encryption, ownership, life cycle and tags."""

from __future__ import annotations

from typing import Any

from localcloud.aws.resources import Attributes, MendedType, Properties
from localcloud.errors import AwsError


class Bucket(MendedType):
    """A bucket with its configurations put through S3's API."""

    def _apply(self, physical_id: str, old: Properties, new: Properties, attributes: Attributes) -> Attributes:
        for name, (put, delete, parameters) in _CONFIGURATIONS.items():
            if name in new and new[name] != old.get(name):
                self._call("s3", put, {"Bucket": physical_id, **parameters(new[name])})
            elif name in old and name not in new:
                self._call("s3", delete, {"Bucket": physical_id})
        return attributes

    def delete(self, physical_id: str, properties: Properties) -> None:
        """Delete an empty bucket, as AWS does: the engine drops any, and finds the objects on disk again."""
        try:
            self._call("s3", "DeleteBucket", {"Bucket": physical_id})
        except AwsError as error:
            if error.code != "NoSuchBucket":
                raise


def _encryption(configuration: Any) -> dict[str, Any]:
    rules = [
        {"ApplyServerSideEncryptionByDefault": rule["ServerSideEncryptionByDefault"]}
        for rule in configuration["ServerSideEncryptionConfiguration"]
    ]
    return {"ServerSideEncryptionConfiguration": {"Rules": rules}}


def _ownership(configuration: Any) -> dict[str, Any]:
    return {"OwnershipControls": configuration}


def _lifecycle(configuration: Any) -> dict[str, Any]:
    return {"LifecycleConfiguration": {"Rules": [_lifecycle_rule(rule) for rule in configuration["Rules"]]}}


def _lifecycle_rule(rule: Any) -> dict[str, Any]:
    # CloudFormation and the API have different names for the same things here.
    mended = {"Status": rule["Status"], "Filter": {"Prefix": rule.get("Prefix", "")}}
    if "Id" in rule:
        mended["ID"] = rule["Id"]
    if "AbortIncompleteMultipartUpload" in rule:
        days = int(rule["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"])
        mended["AbortIncompleteMultipartUpload"] = {"DaysAfterInitiation": days}
    return mended


def _tags(tags: Any) -> dict[str, Any]:
    return {"Tagging": {"TagSet": list(tags)}}


_CONFIGURATIONS = {
    "BucketEncryption": ("PutBucketEncryption", "DeleteBucketEncryption", _encryption),
    "OwnershipControls": ("PutBucketOwnershipControls", "DeleteBucketOwnershipControls", _ownership),
    "LifecycleConfiguration": ("PutBucketLifecycleConfiguration", "DeleteBucketLifecycle", _lifecycle),
    "Tags": ("PutBucketTagging", "DeleteBucketTagging", _tags),
}
