"""A call that can be tried: an operation, the way it takes, and what one must be allowed to get through."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from localcloud.policy.prove.layout import Kind
from localcloud.policy.prove.operations import Operation

Where = Literal["here", "home"]
Level = Literal["place", "resource"]
Transport = Literal["signed", "presigned", "form"]

EMPTY_POLICY = '{"Version": "2012-10-17", "Statement": []}'
"""What a call that sets a policy is tried with."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place with its names filled in: a bucket or table, and the key prefix or partition within.

    Of a table: `key_types`, name and type of each key attribute, partition first; `indexes`, by name the index's
    partition key and the partition of this place.
    """

    resource: str
    within: str = ""
    arn: str = ""
    key_types: tuple[tuple[str, str], ...] = ()
    indexes: Mapping[str, tuple[tuple[str, str], str]] = field(default_factory=dict)


class Uploads(Protocol):
    """Where a call gets an unfinished multipart upload from, made by the owner of the bucket."""

    def shared(self, bucket: str, key: str) -> str:
        """The id of an upload that stays."""
        ...

    def fresh(self, bucket: str, key: str) -> tuple[str, str]:
        """The id of a new upload with one part, and that part's ETag."""
        ...


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a call takes place. `name` is its own for this call: what it writes or deletes is called so."""

    name: str
    here: Spot
    home: Spot | None
    uploads: Uploads

    def spot(self, where: Where) -> Spot:
        """One end of the call. Raises LookupError for a home that is not there."""
        found = self.here if where == "here" else self.home
        if found is None:
            raise LookupError("this call is not made without a place of one's own")
        return found


@dataclass(frozen=True, slots=True)
class Call:
    """One way to call one operation, in a place or (`level`) on the bucket or table as such.

    `kind` is what it does to the place; `needs` is everything that must be allowed, there and at home. A call that
    `goes_home` has another end at the caller's own place.
    """

    operation: Operation
    route: str
    kind: Kind
    needs: tuple[tuple[Where, Kind], ...]
    fill: Callable[[Scene], dict[str, Any]]
    level: Level = "place"
    transport: Transport = "signed"
    goes_home: bool = False

    @property
    def id(self) -> str:
        """`s3:GetObject@direct`."""
        return f"{self.operation.service}:{self.operation.name}@{self.route}"

    @property
    def needs_keys(self) -> bool:
        """Whether only somebody with keys can make it."""
        return self.transport != "signed"
