"""Every way to reach items by an index of their table."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.prove.calls import Call, Scene
from localcloud.policy.prove.dynamodb_keys import Params, condition, literal, plain, table, typed
from localcloud.policy.prove.partiql_calls import select_from


def index_calls(name: str) -> Iterator[Call]:
    """Ways to one partition of the index."""

    def query(scene: Scene) -> Params:
        attribute, partition = scene.here.indexes[name]
        return {**table(scene), "IndexName": name, **condition(attribute, partition)}

    def select(scene: Scene) -> Params:
        (attribute, kind), partition = scene.here.indexes[name]
        found = f'"{attribute}" = {literal(typed(kind, partition))}'
        return {"Statement": select_from(scene.here.resource, name, found)}

    yield plain("Query", f"index {name}", "list", query)
    yield plain("ExecuteStatement", f"PartiQL index {name}", "list", select)


def index_scans(name: str) -> Iterator[Call]:
    """Ways to the whole index."""

    def scan(scene: Scene) -> Params:
        return {**table(scene), "IndexName": name}

    def select(scene: Scene) -> Params:
        return {"Statement": select_from(scene.here.resource, name)}

    yield plain("Scan", f"index {name}", "list", scan, "resource")
    yield plain("ExecuteStatement", f"PartiQL scan of index {name}", "list", select, "resource")
