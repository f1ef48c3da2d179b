"""Where an identity's data is, where a moved thing goes, and what is told of it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from auth.settings import Settings

if TYPE_CHECKING:
    import boto3
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True, slots=True)
class Home:
    """The data of one identity, and clients that may reach it."""

    identity_id: str
    s3: S3Client
    dynamodb: DynamoDBClient
    bucket: str
    table: str

    @classmethod
    def of(cls, identity_id: str, session: boto3.Session, settings: Settings) -> Home:
        """An identity's data, reached with the keys of a session. Raises SettingsInvalid."""
        return cls(
            identity_id,
            session.client("s3", endpoint_url=settings.endpoint_url),
            session.client("dynamodb", endpoint_url=settings.endpoint_url),
            settings.need("user_data_bucket"),
            settings.need("user_data_table"),
        )


@dataclass(frozen=True, slots=True)
class Place:
    """A name in the new home; `is_beside` if it is not the one that the original had."""

    name: str
    is_beside: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One file or item was copied and read back, or its original deleted. `name` is the one in the new home."""

    done: Literal["copied", "deleted"]
    kind: Literal["file", "item"]
    name: str


@dataclass(frozen=True, slots=True)
class Moved:
    """What one run moved. `beside`: the new names of those whose own was taken."""

    files: int = 0
    items: int = 0
    beside: tuple[str, ...] = ()


Progress = Callable[[Step], None]


def no_progress(_: Step) -> None:
    """Tells nobody."""


def places(name: str, source: Home) -> Iterator[Place]:
    """The names to try, one after the other, without end."""
    yield Place(name, is_beside=False)
    yield Place(f"from/{source.identity_id}/{name}", is_beside=True)
    for number in itertools.count(2):
        yield Place(f"from/{source.identity_id}/{number}/{name}", is_beside=True)
