"""From a request to the actions, resources and context keys that IAM decides on: one file for each service.

A module `actions/<service>.py` has `checks(call, catalog) -> list[Check]`; the service's name has `_` for `-`.
It gives no check for an operation that it does not know, and raises NotUnderstoodError for a request that could be read
in two ways. Either is a denial by name.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, Protocol

from localcloud.iam.actions._params import NotUnderstoodError
from localcloud.iam.request import ContextValue

_SERVICES = frozenset(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))


@dataclass(frozen=True, slots=True)
class Call:
    """One AWS call as it came: `params` is the parsed body of a JSON or query service, empty for S3.

    `inherited_tags` and `source_identity` are what the caller's role session hands on to one that it begins.
    """

    service: str
    operation: str
    region: str
    account: str
    method: str = "POST"
    path: str = "/"
    query: Mapping[str, Sequence[str]] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    params: Mapping[str, Any] = field(default_factory=dict)
    source_ip: str = "127.0.0.1"
    inherited_tags: Mapping[str, str] = field(default_factory=dict)
    source_identity: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to decide. `part` names the piece of the request it stands for, where pieces are refused singly."""

    action: str
    resource: str
    context: Mapping[str, ContextValue] = field(default_factory=dict)
    part: str = ""


class Catalog(Protocol):
    """What a mapping must know of the deployed resources."""

    def key_schema(self, table: str, index: str | None = None) -> tuple[str, ...]:
        """Key attribute names of the DynamoDB table of an ARN, or of its index, partition key first; empty if none."""
        ...

    def role_arn(self, name: str) -> str:
        """The ARN of the IAM role of that name, with its path; of one that does not exist, as if it had none."""
        ...

    def role_tags(self, arn: str) -> Mapping[str, str]:
        """The tags of an IAM role; empty when it does not exist."""
        ...

    def identity_pool_of(self, identity_id: str) -> str:
        """The ARN of the identity pool that an identity is in; empty when there is no such identity."""
        ...

    def object_tags(self, bucket: str, key: str, version_id: str | None = None) -> Mapping[str, str]:
        """Tags of a stored S3 object, for `s3:ExistingObjectTag/…`; empty when there is no such object."""
        ...

    def key_arn(self, region: str, reference: str) -> str:
        """The ARN of a KMS key, from its id, ARN, alias or alias ARN; empty when there is none."""
        ...

    def ciphertext_key_arn(self, region: str, ciphertext: bytes) -> str:
        """The ARN of the KMS key that a ciphertext was made with; empty when it is no ciphertext of ours."""
        ...

    def key_properties(self, arn: str) -> Mapping[str, ContextValue]:
        """What conditions may ask of a KMS key itself, by the name after `kms:`; empty when there is none."""
        ...

    def iterator_stream_arn(self, service: str, region: str, iterator: str) -> str:
        """The ARN of the stream that a shard iterator of `kinesis` or `dynamodbstreams` reads; empty if it is none."""
        ...

    def secret_arn(self, region: str, reference: str) -> str:
        """The ARN of a secret, from its name, its ARN or the beginning of its ARN; empty when there is none."""
        ...

    def mail_identity(self, region: str, address: str) -> str:
        """The verified identity that mail from an address is sent as: the address, or its nearest domain; or empty."""
        ...


def checks(call: Call, catalog: Catalog) -> list[Check]:
    """What to decide for one call; nothing for one that is not understood. Raises AwsError for a malformed one."""
    module = _module(call.service)
    try:
        found: list[Check] = module.checks(call, catalog) if module else []
    except NotUnderstoodError:
        return []
    return found


@functools.lru_cache(maxsize=64)
def _module(service: str) -> ModuleType | None:
    name = {"lambda": "lambda_"}.get(service, service.replace("-", "_"))
    return importlib.import_module(f"{__name__}.{name}") if name in _SERVICES else None
