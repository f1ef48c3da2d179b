"""The tags that resources carry, which conditions know as `aws:ResourceTag/…`, by the ARN of the resource.

An S3 bucket's count only where its attribute-based access control is on, which no bucket here can be; a role's come
with the calls that take it. Source: Service Authorization Reference, "Resource types" of each service.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from localcloud.aws import kms_keys

if TYPE_CHECKING:
    from localcloud.aws.catalog import Catalog

Tags = Mapping[str, str]


def find(catalog: Catalog, arn: str) -> Tags:
    """The tags of a resource of our account; none where it is not there, or its service has no such condition key."""
    parts = arn.split(":", 5)
    reader = _READERS.get(parts[2]) if len(parts) == 6 and parts[4] == catalog.account else None
    if reader is None:
        return {}
    with catalog.scope(parts[3]):
        return reader(catalog, arn, parts[5])


def _pool_tags(catalog: Catalog, arn: str, resource: str) -> Tags:
    return catalog.pool_tags(arn)


def _table_tags(catalog: Catalog, arn: str, resource: str) -> Tags:
    """An index and a stream go by their table's."""
    named = resource.split("/")
    if named[0] != "table" or len(named) < 2:
        return {}
    return _listed(catalog.module("dynamodb")._tags.get(f"{arn.removesuffix(resource)}table/{named[1]}"))


def _stream_tags(catalog: Catalog, arn: str, resource: str) -> Tags:
    return _kept(catalog.module("kinesis")._streams.get(resource.removeprefix("stream/")))


def _key_tags(catalog: Catalog, arn: str, resource: str) -> Tags:
    key = kms_keys.find(catalog.module("kms"), arn) if resource.startswith("key/") else None
    return _listed(key["Tags"], "TagKey", "TagValue") if key else {}


def _function_tags(catalog: Catalog, arn: str, resource: str) -> Tags:
    """A version and an alias go by their function's."""
    name = resource.split(":")[1] if resource.startswith("function:") else ""
    return _kept(catalog.module("lambda_svc")._functions.get(name))


def _log_group_tags(catalog: Catalog, arn: str, resource: str) -> Tags:
    """A log stream goes by its group's."""
    name = resource.split(":")[1] if resource.startswith("log-group:") else ""
    return _kept(catalog.module("cloudwatch_logs")._log_groups.get(name))


def _secret_tags(catalog: Catalog, arn: str, resource: str) -> Tags:
    _, secret = catalog.module("secretsmanager")._resolve(arn)
    return _listed(secret["Tags"]) if secret else {}


def _topic_tags(catalog: Catalog, arn: str, resource: str) -> Tags:
    return _kept(catalog.module("sns")._topics.get(arn))


def _queue_tags(catalog: Catalog, arn: str, resource: str) -> Tags:
    return _kept(catalog.module("sqs")._queue_by_arn(arn))


def _kept(record: Mapping[str, Any] | None) -> Tags:
    return dict(record.get("tags") or {}) if record else {}


def _listed(tags: Iterable[Mapping[str, str]] | None, key: str = "Key", value: str = "Value") -> Tags:
    return {tag[key]: tag.get(value, "") for tag in tags or ()}


_READERS: Mapping[str, Callable[[Catalog, str, str], Tags]] = {
    "cognito-identity": _pool_tags,
    "cognito-idp": _pool_tags,
    "dynamodb": _table_tags,
    "kinesis": _stream_tags,
    "kms": _key_tags,
    "lambda": _function_tags,
    "logs": _log_group_tags,
    "secretsmanager": _secret_tags,
    "sns": _topic_tags,
    "sqs": _queue_tags,
}
