"""A catalog of a few resources, and the shorthand with which the tests of `iam/actions` make calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from localcloud.iam.actions import Call

REGION, ACCOUNT = "us-east-1", "000000000000"


@dataclass(frozen=True, slots=True)
class Resources:
    """Two tables, one with an index, and the tags of a few objects."""

    schemas: Mapping[tuple[str, str | None], tuple[str, ...]] = field(
        default_factory=lambda: {
            ("table", None): ("pk", "sk"),
            ("table", "by-mail"): ("mail", "pk"),
            ("other", None): ("id",),
            ("wide", "many"): ("a", "b", "c"),
        }
    )
    tags: Mapping[tuple[str, str, str | None], Mapping[str, str]] = field(
        default_factory=lambda: {
            ("bucket", "tagged", None): {"team": "red"},
            ("bucket", "tagged", "v1"): {"team": "old"},
        }
    )

    def key_schema(self, table: str, index: str | None = None) -> tuple[str, ...]:
        return self.schemas.get((table, index), ())

    def object_tags(self, bucket: str, key: str, version_id: str | None = None) -> Mapping[str, str]:
        return self.tags.get((bucket, key, version_id), {})


RESOURCES = Resources()


def call(service: str, operation: str, params: Mapping[str, Any] | None = None, **rest: Any) -> Call:
    """A call in the test's region and account."""
    return Call(service, operation, REGION, ACCOUNT, params=params or {}, **rest)
