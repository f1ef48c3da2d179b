"""A catalog of a few resources of every kind, and the shorthand with which the tests of `iam/actions` make calls.

An identity `POOL/x` is in the pool POOL, and any other in none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from localcloud.iam.actions import Call
from localcloud.iam.request import ContextValue

REGION, ACCOUNT = "us-east-1", "000000000000"


@dataclass(frozen=True, slots=True)
class Resources:
    """Two tables, one with an index, and the tags of a few objects."""

    schemas: Mapping[tuple[str, str | None], tuple[str, ...]] = field(
        default_factory=lambda: {
            ("table", None): ("pk", "sk"),
            ("table", "by-mail"): ("mail", "pk"),
            ("other", None): ("id",),
        }
    )
    tags: Mapping[tuple[str, str, str | None], Mapping[str, str]] = field(
        default_factory=lambda: {
            ("bucket", "tagged", None): {"team": "red"},
            ("bucket", "tagged", "v1"): {"team": "old"},
        }
    )

    keys: Mapping[str, str] = field(default_factory=lambda: {"mine-1": "alias/mine", "yours-1": "alias/yours"})
    identities: tuple[str, ...] = ("example.com", "ada@example.com")

    def key_schema(self, table: str, index: str | None = None) -> tuple[str, ...]:
        return self.schemas.get((table.removeprefix(f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/"), index), ())

    def identity_pool_of(self, identity_id: str) -> str:
        pool = identity_id.partition("/")[0]
        return f"arn:aws:cognito-identity:{REGION}:{ACCOUNT}:identitypool/{pool}" if "/" in identity_id else ""

    def object_tags(self, bucket: str, key: str, version_id: str | None = None) -> Mapping[str, str]:
        return self.tags.get((bucket, key, version_id), {})

    def role_arn(self, name: str) -> str:
        path = "path/" if name in ("reader", "tagged") else ""
        return f"arn:aws:iam::{ACCOUNT}:role/{path}{name}"

    def role_tags(self, arn: str) -> Mapping[str, str]:
        return {"stage": "prod"} if arn.endswith("/tagged") else {}

    def key_arn(self, region: str, reference: str) -> str:
        own = f"arn:aws:kms:{region}:{ACCOUNT}:"
        plain = reference.removeprefix(own).removeprefix("key/")
        return next((f"{own}key/{key}" for key, alias in self.keys.items() if plain in (key, alias)), "")

    def ciphertext_key_arn(self, region: str, ciphertext: bytes) -> str:
        return self.key_arn(region, ciphertext.decode())

    def key_properties(self, arn: str) -> Mapping[str, ContextValue]:
        alias = self.keys.get(arn.rpartition("/")[2])
        return {"KeySpec": "SYMMETRIC_DEFAULT", "ResourceAliases": (alias,)} if alias else {}

    def iterator_stream_arn(self, service: str, region: str, iterator: str) -> str:
        return iterator

    def secret_arn(self, region: str, reference: str) -> str:
        arn = f"arn:aws:secretsmanager:{region}:{ACCOUNT}:secret:db-AbCdEf"
        return arn if reference == "db" or (reference and arn.startswith(reference)) else ""

    def mail_identity(self, region: str, address: str) -> str:
        domain = address.rpartition("@")[2]
        return next((name for name in (address, domain) if name in self.identities), "")


RESOURCES = Resources()


def call(service: str, operation: str, params: Mapping[str, Any] | None = None, **rest: Any) -> Call:
    """A call in the test's region and account."""
    return Call(service, operation, REGION, ACCOUNT, params=params or {}, **rest)
