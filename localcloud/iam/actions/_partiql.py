"""PartiQL statements of DynamoDB, read for their table, index, key equality and named attributes.

The subset that can be read with certainty: one statement, conditions joined by AND only. OR, NOT, brackets around
conditions, EXISTS and anything else raise NotUnderstoodError, which is a denial.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from localcloud.iam.actions._params import NotUnderstoodError
from localcloud.iam.actions._partiql_reader import Reader

_COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")
_CONDITION_FUNCTIONS = frozenset({"begins_with", "contains", "size", "attribute_type"})
_UPDATE_FUNCTIONS = frozenset({"list_append", "set_add", "set_delete"})
_RETURNS = {
    ("ALL", "OLD"): "ALL_OLD",
    ("ALL", "NEW"): "ALL_NEW",
    ("MODIFIED", "OLD"): "UPDATED_OLD",
    ("MODIFIED", "NEW"): "UPDATED_NEW",
}


@dataclass(slots=True)
class Statement:
    """One statement: `verb` is Select, Insert, Update or Delete.

    `keys` holds for each attribute that the statement fixes the attribute values it may have, `attributes` the
    top-level attributes it names, `return_values` what RETURNING asks for.
    """

    verb: str
    table: str = ""
    index: str = ""
    keys: dict[str, list[Any]] = field(default_factory=dict)
    attributes: set[str] = field(default_factory=set)
    selects_all: bool = False
    return_values: str = "NONE"


def parse(text: str, parameters: Sequence[Any]) -> Statement:
    """Read a statement, its `?` filled from `parameters`. Raises NotUnderstoodError."""
    reader = Reader(text, parameters)
    verb = reader.expect(*_CLAUSES)
    statement = Statement(verb.capitalize())
    _CLAUSES[verb](reader, statement)
    reader.finish()
    return statement


def _read_select(reader: Reader, statement: Statement) -> None:
    if reader.accept("*"):
        statement.selects_all = True
    else:
        reader.each(lambda: statement.attributes.add(reader.path()[0]))
    reader.expect("FROM")
    # `T.I` without quotes may just as well be a table with a dot in its name.
    quoted = reader.peek().kind == "quoted"
    statement.table = reader.name()
    if quoted and reader.accept("."):
        if reader.peek().kind != "quoted":
            raise NotUnderstoodError
        statement.index = reader.name()
    if reader.accept("WHERE"):
        _read_conditions(reader, statement)
    if reader.accept("ORDER"):
        reader.expect("BY")
        reader.each(lambda: _read_order(reader, statement))


def _read_order(reader: Reader, statement: Statement) -> None:
    statement.attributes.add(reader.path()[0])
    reader.accept("ASC", "DESC")


def _read_insert(reader: Reader, statement: Statement) -> None:
    reader.expect("INTO")
    statement.table = reader.name()
    reader.expect("VALUE")
    # `VALUE ?` hands over a whole item; nothing says how the service reads that.
    item = None if reader.peek().text == "?" else reader.value().get("M")
    if item is None:
        raise NotUnderstoodError
    statement.keys = {name: [value] for name, value in item.items()}
    statement.attributes = set(item)


def _read_update(reader: Reader, statement: Statement) -> None:
    statement.table = reader.name()
    clause = reader.expect("SET", "REMOVE")
    while clause:
        if clause == "SET":
            reader.each(lambda: _read_assignment(reader, statement))
        else:
            reader.each(lambda: statement.attributes.add(reader.path()[0]))
        clause = reader.accept("SET", "REMOVE")
    reader.expect("WHERE")
    _read_conditions(reader, statement)
    _read_returning(reader, statement)


def _read_delete(reader: Reader, statement: Statement) -> None:
    reader.expect("FROM")
    statement.table = reader.name()
    reader.expect("WHERE")
    _read_conditions(reader, statement)
    _read_returning(reader, statement)


_CLAUSES: Mapping[str, Callable[[Reader, Statement], None]] = {
    "SELECT": _read_select,
    "INSERT": _read_insert,
    "UPDATE": _read_update,
    "DELETE": _read_delete,
}


def _read_assignment(reader: Reader, statement: Statement) -> None:
    statement.attributes.add(reader.path()[0])
    reader.expect("=")
    _read_operand(reader, statement, _UPDATE_FUNCTIONS)
    while reader.accept("+", "-"):
        _read_operand(reader, statement, frozenset())


def _read_conditions(reader: Reader, statement: Statement) -> None:
    _read_condition(reader, statement)
    while reader.accept("AND"):
        _read_condition(reader, statement)


def _read_condition(reader: Reader, statement: Statement) -> None:
    if reader.at_function():
        _read_operand(reader, statement, _CONDITION_FUNCTIONS)
        if reader.accept(*_COMPARISONS):
            reader.value()
        return
    attribute, alone = reader.path()
    statement.attributes.add(attribute)
    if reader.accept("IS"):
        reader.accept("NOT")
        reader.expect("MISSING", "NULL")
    elif reader.accept("BETWEEN"):
        reader.value()
        reader.expect("AND")
        reader.value()
    elif reader.accept("IN"):
        _fix(statement, attribute, alone, _read_choices(reader))
    else:
        operator, value = reader.expect(*_COMPARISONS), reader.value()
        if operator == "=":
            _fix(statement, attribute, alone, [value])


def _read_choices(reader: Reader) -> list[Any]:
    close = {"[": "]", "(": ")"}[reader.expect("[", "(")]
    choices: list[Any] = []
    reader.each(lambda: choices.append(reader.value()))
    reader.expect(close)
    return choices


def _fix(statement: Statement, attribute: str, alone: bool, values: list[Any]) -> None:
    if not alone:
        return
    # `pk = 'mine' AND pk = 'yours'`: which of the two the service takes for the key is its own affair.
    if attribute in statement.keys:
        raise NotUnderstoodError
    statement.keys[attribute] = values


def _read_operand(reader: Reader, statement: Statement, functions: frozenset[str]) -> None:
    """A value, a path, or one of `functions` of these."""
    if reader.at_value():
        reader.value()
    elif reader.at_function():
        if reader.take().text.lower() not in functions:
            raise NotUnderstoodError
        reader.expect("(")
        reader.each(lambda: _read_operand(reader, statement, frozenset()))
        reader.expect(")")
    else:
        statement.attributes.add(reader.path()[0])


def _read_returning(reader: Reader, statement: Statement) -> None:
    if reader.accept("RETURNING"):
        statement.return_values = _RETURNS[reader.expect("ALL", "MODIFIED"), reader.expect("OLD", "NEW")]
        reader.expect("*")
