"""PartiQL statements are decided by what they read and write, or not at all."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localcloud.errors import AwsError
from localcloud.iam.actions import Check, checks
from localcloud.iam.actions._params import NotUnderstoodError
from localcloud.iam.actions._partiql import parse
from tests.iam.actions.fakes import RESOURCES, call

TABLE = "arn:aws:dynamodb:us-east-1:000000000000:table/table"
ME, YOU = {"S": "me"}, {"S": "you"}


def found(statement: str, *parameters: Any, **rest: Any) -> list[Check]:
    params = {"Statement": statement, "Parameters": list(parameters), **rest}
    return checks(call("dynamodb", "ExecuteStatement", params), RESOURCES)


@pytest.mark.parametrize(
    ("statement", "parameters", "action", "leading", "attributes"),
    [
        ("SELECT * FROM table WHERE pk = 'me'", [], "Select", ("me",), ("pk",)),
        ('select * from "table" where "pk" = ?', [ME], "Select", ("me",), ("pk",)),
        (
            'SELECT a, b.c[0]."d" FROM table WHERE sk > 1 AND pk = ? AND begins_with(e, ?)',
            [ME, {"S": "x"}],
            "Select",
            ("me",),
            ("a", "b", "e", "pk", "sk"),
        ),
        ("SELECT * FROM table WHERE pk IN ['me', 'you']", [], "Select", ("me", "you"), ("pk",)),
        ("SELECT * FROM table WHERE pk IN (?, 'you')", [ME], "Select", ("me", "you"), ("pk",)),
        ("SELECT * FROM table WHERE pk = 'it''s me'", [], "Select", ("it's me",), ("pk",)),
        ("SELECT * FROM table WHERE pk = '? OR pk = '", [], "Select", ("? OR pk = ",), ("pk",)),
        (
            "SELECT * FROM table WHERE sk BETWEEN 1 AND -2 AND pk='me' AND a IS NOT MISSING ORDER BY sk",
            [],
            "Select",
            ("me",),
            ("a", "pk", "sk"),
        ),
        ("SELECT * FROM other WHERE id = 1.0", [], "Select", ("1", "1.0"), ("id",)),
        (
            "INSERT INTO table VALUE {'pk': ?, 'm': {'pk': 'you', 'l': [1, <<'a'>>, true]}}",
            [ME],
            "Insert",
            ("me",),
            ("m", "pk"),
        ),
        (
            "UPDATE table SET a = b + 1, c = list_append(d, ['x']) REMOVE e.f WHERE pk = 'me' AND sk = ?",
            [YOU],
            "Update",
            ("me",),
            ("a", "b", "c", "d", "e", "pk", "sk"),
        ),
        (
            "UPDATE table SET a=1 SET b=2 WHERE pk='me' AND sk='1' AND size(g) > 3",
            [],
            "Update",
            ("me",),
            ("a", "b", "g", "pk", "sk"),
        ),
        ("DELETE FROM table WHERE pk = 'me' AND sk = 'x'", [], "Delete", ("me",), ("pk", "sk")),
        # no key, or one that only seems to be there: a scan
        ("SELECT * FROM table", [], "Select", None, None),
        ("SELECT pk FROM table WHERE a = 'me'", [], "Select", None, ("a", "pk")),
        ("SELECT * FROM table WHERE pk > 'me'", [], "Select", None, ("pk",)),
        ("SELECT * FROM table WHERE pk <> 'me'", [], "Select", None, ("pk",)),
        ("SELECT * FROM table WHERE pk.x = 'me'", [], "Select", None, ("pk",)),
        ("SELECT * FROM table WHERE begins_with(pk, 'me')", [], "Select", None, ("pk",)),
        ("SELECT * FROM table WHERE \"PK\" = 'me'", [], "Select", None, ("PK",)),
    ],
)
def test_rule_65_statements(
    statement: str,
    parameters: list[Any],
    action: str,
    leading: tuple[str, ...] | None,
    attributes: tuple[str, ...] | None,
) -> None:
    (check,) = found(statement, *parameters)
    assert check.action == f"dynamodb:PartiQL{action}"
    assert check.resource == (TABLE if " other " not in statement else TABLE[:-5] + "other")
    assert check.context.get("dynamodb:LeadingKeys") == leading
    assert check.context.get("dynamodb:Attributes") == attributes
    scans = "true" if leading is None else "false"
    assert check.context.get("dynamodb:FullTableScan") == (scans if action == "Select" else None)
    assert check.context.get("dynamodb:ReturnValues") == (None if action == "Select" else "NONE")


def test_rule_65_an_index_is_decided_by_its_own_key() -> None:
    (check,) = found('SELECT * FROM "table"."by-mail" WHERE mail = \'a@b\'')
    assert check.resource == f"{TABLE}/index/by-mail"
    assert check.context["dynamodb:LeadingKeys"] == ("a@b",)
    assert check.context["dynamodb:Select"] == "ALL_PROJECTED_ATTRIBUTES"
    (check,) = found('SELECT mail FROM "table"."by-mail" WHERE pk = \'me\'')
    assert check.context["dynamodb:FullTableScan"] == "true"
    assert check.context["dynamodb:Select"] == "SPECIFIC_ATTRIBUTES"


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM table WHERE pk = 'me' OR pk = 'you'",
        "SELECT * FROM table WHERE pk = 'me' OR 1 = 1",
        "SELECT * FROM table WHERE NOT pk = 'me'",
        "SELECT * FROM table WHERE (pk = 'me')",
        "SELECT * FROM table WHERE pk = 'me' AND pk = 'you'",
        "SELECT * FROM table WHERE pk = 'me' AND pk IN ['you']",
        "SELECT * FROM table WHERE 'me' = pk",
        "SELECT * FROM table WHERE pk = sk",
        "SELECT * FROM table WHERE pk = ?",
        "SELECT * FROM table WHERE pk = 'me' -- AND",
        "SELECT * FROM table WHERE pk = 'me' /* */",
        "SELECT * FROM table WHERE pk = 'me'; SELECT * FROM other",
        "SELECT * FROM table WHERE pk = 'me';",
        "SELECT * FROM table WHERE pk = 'me",
        "SELECT * FROM table WHERE pk = 'me' || ''",
        "SELECT * FROM table WHERE pk IN []",
        "SELECT * FROM table, other WHERE pk = 'me'",
        "SELECT * FROM table AS t WHERE pk = 'me'",
        "SELECT * FROM table t WHERE pk = 'me'",
        "SELECT COUNT(*) FROM table",
        "SELECT * FROM table.other WHERE pk = 'me'",
        "SELECT * FROM \"table\".other WHERE mail = 'me'",
        "SELECT * FROM table WHERE EXISTS(SELECT * FROM other)",
        "SELECT * FROM table WHERE upper(pk) = 'me'",
        "SELECT * FROM table WHERE \"begins_with\"(pk, 'me')",
        "SELECT FROM table",
        "SELECT * FROM 'table'",
        "EXISTS(SELECT * FROM table WHERE pk = 'me')",
        "INSERT INTO table VALUE {'pk': 'me', 'pk': 'you'}",
        "INSERT INTO table VALUE ?",
        "INSERT INTO table VALUE '{'",
        "INSERT INTO table VALUE {pk: 'me'}",
        "INSERT INTO table VALUE {'pk': 'me'} ON CONFLICT DO NOTHING",
        "INSERT INTO \"table\".\"by-mail\" VALUE {'pk': 'me'}",
        "UPDATE table WHERE pk = 'me'",
        "UPDATE table SET a = 1",
        "UPDATE table SET a = evil(b) WHERE pk = 'me'",
        "DELETE FROM table",
        "DELETE FROM table WHERE pk = 'me' RETURNING ALL OLD",
        "FROM table WHERE pk = 'me' SET a = 1",
        "DROP TABLE table",
        "",
        "'",
        "\x00",
        "INSERT INTO table VALUE " + "[" * 5000,
        "SELECT * FROM table WHERE pk = '" + "a" * 9000 + "'",
    ],
)
def test_what_cannot_be_read_with_certainty_has_no_check(statement: str) -> None:
    assert found(statement) == []


@pytest.mark.parametrize(
    ("statement", "parameters"),
    [
        ("DELETE FROM table WHERE sk = 'x'", []),
        ("DELETE FROM table WHERE pk IN ['me', 'you'] AND sk = 'x'", []),
        ("UPDATE table SET a = 1 WHERE pk > 'me'", []),
        ("INSERT INTO table VALUE {'sk': 'x'}", []),
        ("SELECT * FROM table WHERE pk = ?", [{"S": "me", "N": "1"}]),
        ("SELECT * FROM table WHERE pk = {}", []),
        ("SELECT * FROM \"table/index/by-mail\" WHERE pk = 'me'", []),
    ],
)
def test_statements_that_dynamodb_refuses(statement: str, parameters: list[Any]) -> None:
    with pytest.raises(AwsError) as caught:
        found(statement, *parameters)
    assert caught.value.code == "ValidationException"


def test_parameters_are_counted() -> None:
    assert found("SELECT * FROM table WHERE pk = 'me'", ME) == []
    assert found("SELECT * FROM table WHERE pk = ? AND sk = ?", ME) == []
    assert found("SELECT * FROM table WHERE pk = ?", "me") == []
    # a mark inside a text is no parameter, so the order does not shift
    (check,) = found("SELECT * FROM table WHERE a = '?' AND b = ? AND pk = ?", YOU, ME)
    assert check.context["dynamodb:LeadingKeys"] == ("me",)


def test_what_a_write_returns_is_asked_for() -> None:
    (check,) = found("DELETE FROM table WHERE pk = 'me' AND sk = '1' RETURNING ALL OLD *")
    assert check.context["dynamodb:ReturnValues"] == "ALL_OLD"
    statement = "UPDATE table SET a = 1 WHERE pk = 'me' AND sk = '1' RETURNING MODIFIED NEW *"
    updated, failing = found(statement, ReturnValuesOnConditionCheckFailure="ALL_OLD")
    assert updated.context["dynamodb:ReturnValues"] == "UPDATED_NEW"
    assert failing.context["dynamodb:ReturnValues"] == "ALL_OLD"


@pytest.mark.parametrize(
    ("operation", "member", "enclosing"),
    [("BatchExecuteStatement", "Statements", None), ("ExecuteTransaction", "TransactStatements", "ExecuteTransaction")],
)
def test_rule_65_each_statement_of_several_is_decided(operation: str, member: str, enclosing: str | None) -> None:
    statements = [
        {"Statement": "SELECT * FROM table WHERE pk = ? AND sk = '1'", "Parameters": [ME]},
        {"Statement": "DELETE FROM table WHERE pk = 'you' AND sk = '1'"},
    ]
    first, second = checks(call("dynamodb", operation, {member: statements}), RESOURCES)
    assert [first.context["dynamodb:LeadingKeys"], second.context["dynamodb:LeadingKeys"]] == [("me",), ("you",)]
    assert first.context.get("dynamodb:EnclosingOperation") == enclosing
    # one that cannot be read leaves nothing decided of the others
    unreadable = [*statements, {"Statement": "SELECT * FROM table WHERE pk = 'me' OR true"}]
    assert checks(call("dynamodb", operation, {member: unreadable}), RESOURCES) == []


WORDS = [
    *("SELECT", "*", "FROM", "table", "WHERE", "pk", "=", "'me'", "AND", "OR", "NOT", "IN", "INSERT", "INTO", "VALUE"),
    *("UPDATE", "SET", "(", ")", "[", "]", "{", "}", "<<", ">>", ",", ".", ":", "?", "-", "+"),
]


@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=3), max_size=14).map(" ".join))
def test_no_statement_ends_in_anything_but_not_understood(statement: str) -> None:
    try:
        parsed = parse(statement, [ME])
    except NotUnderstoodError:
        return
    assert parsed.table
