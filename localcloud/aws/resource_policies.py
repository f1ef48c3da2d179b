"""The policies that resources carry themselves, by the ARN of the resource.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from localcloud.aws import kms_keys
from localcloud.aws.records import Document, document

if TYPE_CHECKING:
    from localcloud.aws.catalog import Catalog


def find(catalog: Catalog, arn: str) -> Document | None:
    """The policy of a resource of our account; None where it has none, or its service knows no such policies."""
    parts = arn.split(":", 5)
    reader = _READERS.get(parts[2]) if len(parts) == 6 else None
    if reader is None:
        return None
    with catalog.scope(parts[3]):
        found = reader(catalog, arn, parts[5])
    return document(found) if found else None


def _bucket_policy(catalog: Catalog, arn: str, resource: str) -> Any:
    return catalog.module("s3")._bucket_policies.get(resource.split("/", 1)[0])


def _table_policy(catalog: Catalog, arn: str, resource: str) -> Any:
    """A stream has a policy of its own; an index stands under its table's."""
    named = resource.split("/")
    if named[0] != "table" or len(named) < 2:
        return None
    owner = arn if named[2:3] == ["stream"] else f"{arn.removesuffix(resource)}table/{named[1]}"
    entry = catalog.module("dynamodb")._resource_policies.get(owner)
    return entry["Policy"] if entry else None


def _key_policy(catalog: Catalog, arn: str, resource: str) -> Any:
    return kms_keys.policy(catalog.module("kms"), arn, catalog.account) if resource.startswith("key/") else None


def _queue_policy(catalog: Catalog, arn: str, resource: str) -> Any:
    queue = catalog.module("sqs")._queue_by_arn(arn)
    return queue["attributes"].get("Policy") if queue else None


def _topic_policy(catalog: Catalog, arn: str, resource: str) -> Any:
    topic = catalog.module("sns")._topics.get(arn)
    return topic["attributes"].get("Policy") if topic else None


def _function_policy(catalog: Catalog, arn: str, resource: str) -> Any:
    """As on AWS, a permission given on an alias says nothing about the bare function, nor the other way round."""
    name = resource.split(":")[1] if resource.startswith("function:") else ""
    function: Mapping[str, Any] | None = catalog.module("lambda_svc")._functions.get(name)
    statements = [] if function is None else function["policy"]["Statement"]
    mine = [statement for statement in statements if statement["Resource"] == arn]
    return {"Version": "2012-10-17", "Statement": mine} if mine else None


def _stream_policy(catalog: Catalog, arn: str, resource: str) -> Any:
    return catalog.module("kinesis")._resource_policies.get(arn)


def _secret_policy(catalog: Catalog, arn: str, resource: str) -> Any:
    return catalog.module("secretsmanager")._resource_policies.get(arn)


_READERS: Mapping[str, Callable[[Catalog, str, str], Any]] = {
    "dynamodb": _table_policy,
    "kinesis": _stream_policy,
    "kms": _key_policy,
    "lambda": _function_policy,
    "s3": _bucket_policy,
    "secretsmanager": _secret_policy,
    "sns": _topic_policy,
    "sqs": _queue_policy,
}
