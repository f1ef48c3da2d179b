"""Every way to reach items by PartiQL: one statement, batches, transactions, and a table as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from localcloud.policy.prove.calls import Call, Scene, Spot
from localcloud.policy.prove.dynamodb_keys import SEED, Params, alone_and_mixed, key, literal, plain
from localcloud.policy.prove.layout import Kind

_VERBS: Mapping[str, Kind] = {"select": "read", "insert": "write", "update": "write", "delete": "delete"}
_STATEMENTS = {
    "select": "SELECT * FROM {source}",
    "insert": "INSERT INTO {source} VALUE {{{item}}}",
    "update": "UPDATE {source} SET note = 'x' WHERE {where}",
    "delete": "DELETE FROM {source} WHERE {where}",
}
_SEVERAL = {"BatchExecuteStatement": "Statements", "ExecuteTransaction": "TransactStatements"}


def partiql_calls() -> Iterator[Call]:
    """All of them."""
    for verb, kind in _VERBS.items():
        yield from _by_statement(verb, kind)
    yield plain("ExecuteStatement", "PartiQL scan", "list", _select_all, "resource")


def _by_statement(verb: str, kind: Kind) -> Iterator[Call]:
    route = f"PartiQL {verb}"

    def one(scene: Scene) -> Params:
        return {"Statement": _statement(verb, scene.here, scene.name)}

    yield plain("ExecuteStatement", route, kind, one)
    for operation, member in _SEVERAL.items():

        def several(scene: Scene, spots: list[Spot], member: str = member) -> Params:
            return {member: [{"Statement": _statement(verb, spot, scene.name)} for spot in spots]}

        yield from alone_and_mixed(operation, route, kind, several)


def _select_all(scene: Scene) -> Params:
    return {"Statement": select_from(scene.here.resource)}


def select_from(table: str, index: str = "", where: str = "") -> str:
    """A statement that reads a table or index, all of it without a condition."""
    source = f'"{table}"."{index}"' if index else f'"{table}"'
    return _STATEMENTS["select"].format(source=source) + (f" WHERE {where}" if where else "")


def _statement(verb: str, spot: Spot, name: str) -> str:
    values = {name: literal(value) for name, value in key(spot, SEED if verb == "select" else name).items()}
    where = " AND ".join(f'"{attribute}" = {value}' for attribute, value in values.items())
    item = ", ".join(f"'{attribute}': {value}" for attribute, value in values.items())
    if verb == "select":
        return select_from(spot.resource, where=where)
    return _STATEMENTS[verb].format(source=f'"{spot.resource}"', where=where, item=item)
