"""Keys of items, as requests, conditions and PartiQL write them; and calls that go by them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from localcloud.policy.prove.calls import Call, Level, Scene, Spot
from localcloud.policy.prove.layout import Kind
from localcloud.policy.prove.operations import operation

Params = dict[str, Any]

SEED = "seed"
"""The sort key of an item that is there."""


def key(spot: Spot, name: str) -> Params:
    """The key of the item of that name in a partition."""
    (partition, kind), *sort = spot.key_types
    return {partition: typed(kind, spot.within), **{attribute: typed(kind, name) for attribute, kind in sort}}


def typed(kind: str, text: str) -> Params:
    """A text as an attribute value of that type."""
    # A sort key that is a number only has to be one; a partition that is, is written as one in the layout.
    if kind == "N":
        return {"N": text if text.isdigit() else str(sum(text.encode()))}
    return {kind: text.encode() if kind == "B" else text}


def literal(value: Params) -> str:
    """An attribute value as PartiQL writes it."""
    ((kind, content),) = value.items()
    return str(content) if kind == "N" else "'" + str(content).replace("'", "''") + "'"


def condition(attribute: tuple[str, str], value: str) -> Params:
    """What makes a Query ask for one partition; `attribute` is its name and type."""
    name, kind = attribute
    return {
        "KeyConditionExpression": "#partition = :partition",
        "ExpressionAttributeNames": {"#partition": name},
        "ExpressionAttributeValues": {":partition": typed(kind, value)},
    }


def table(scene: Scene) -> Params:
    """The member that names the table."""
    return {"TableName": scene.here.resource}


def plain(name: str, route: str, kind: Kind, fill: Callable[[Scene], Params], level: Level = "place") -> Call:
    """A call that concerns one place."""
    return Call(operation("dynamodb", name), route, kind, (("here", kind),), fill, level)


def alone_and_mixed(name: str, route: str, kind: Kind, fill: Callable[[Scene, list[Spot]], Params]) -> Iterator[Call]:
    """The call with one item, and with an item of one's own before it, which must not open the way for the other."""

    def mixed(scene: Scene) -> Params:
        return fill(scene, [*filter(None, [scene.home]), scene.here])

    found = operation("dynamodb", name)
    yield Call(found, route, kind, (("here", kind),), lambda scene: fill(scene, [scene.here]))
    yield Call(found, f"{route} with own", kind, (("home", kind), ("here", kind)), mixed, goes_home=True)
