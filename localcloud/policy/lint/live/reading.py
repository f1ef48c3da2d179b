"""What the readers share: clients, pages, and nodes that say which document they stand in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from localcloud.policy.lint.node import Node, Place, from_json
from localcloud.policy.lint.stack import Resource

Clients = Callable[[str], Any]
"""A boto3 client of the service of that name."""


@dataclass(frozen=True, slots=True)
class Found:
    """A resource as CloudFormation lists it."""

    name: str
    type: str
    id: str

    def resource(self, properties: Mapping[str, Node | None]) -> Resource:
        """The resource with what was read of it."""
        place = Place(self.name, path="$")
        there = {key: node for key, node in properties.items() if node is not None}
        return Resource(self.name, self.type, Node(there, place), self.id, place)

    def document(self, content: Any, title: str = "") -> Node:
        """The nodes of one document of this resource: `title` says which."""
        return from_json(content, f"{self.name}, {title}" if title else self.name)


Reader = Callable[[Clients, Found], Iterator[Resource]]


def pages(client: Any, operation: str, key: str, **arguments: Any) -> Iterator[Any]:
    """The items under `key` in all pages of an operation."""
    for page in client.get_paginator(operation).paginate(**arguments):
        yield from page[key]


def unless(code: str, call: Callable[..., Any], **arguments: Any) -> Any:
    """What a call answers; None where it fails with this code, which says that there is none."""
    try:
        return call(**arguments)
    except ClientError as error:
        if error.response["Error"]["Code"] != code:
            raise
        return None
