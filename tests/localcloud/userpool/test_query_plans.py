"""What every call and the sweep ask of the database is found by an index, and comes out in order: no scan, no sort."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from localcloud.housekeeping import sweep
from localcloud.userpool.models import KINDS
from tests.localcloud.userpool.conftest import PASSWORD, Api
from tests.localcloud.userpool.imports.conftest import Desk, desk, people, person

__all__ = ["desk", "people"]


@contextmanager
def plans(database: sqlite3.Connection) -> Iterator[set[str]]:
    """The steps of each statement that is carried out inside."""
    statements: list[str] = []
    steps: set[str] = set()
    database.set_trace_callback(statements.append)
    try:
        yield steps
    finally:
        database.set_trace_callback(None)
    for statement in statements:
        if statement.startswith(("SELECT", "DELETE", "UPDATE")):
            steps.update(row[3] for row in database.execute(f"EXPLAIN QUERY PLAN {statement}"))


def check(steps: set[str]) -> None:
    assert any(step.startswith("SEARCH") for step in steps)
    # A list of values that came with the statement is gone through, of course.
    slow = [
        step
        for step in steps
        if step.startswith(("SCAN", "USE TEMP")) and step != "SCAN json_each VIRTUAL TABLE INDEX 1:"
    ]
    assert slow == []


@pytest.fixture
def pool(api: Api) -> str:
    pool = api.new_pool()
    for number in range(5):
        api.new_user(pool, f"u{number}", email=f"u{number}@example.com", email_verified="true")
        for group in ("first", "second"):
            if number == 0:
                api("CreateGroup", UserPoolId=pool, GroupName=group)
            api("AdminAddUserToGroup", UserPoolId=pool, Username=f"u{number}", GroupName=group)
    return pool


@pytest.mark.parametrize("sign", ["=", "^="])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("", ""),
        ("email", "u"),
        ("username", "u"),
        ("sub", ""),
        ("status", "Enabled"),
        ("cognito:user_status", "CONFIRMED"),
    ],
)
def test_pages_of_users(api: Api, pool: str, name: str, value: str, sign: str) -> None:
    text = f'{name} {sign} "{value}"' if name else ""
    with plans(api.cloud.store._db) as steps:
        page = api("ListUsers", UserPoolId=pool, Limit=2, Filter=text)
        if token := page.get("PaginationToken"):
            api("ListUsers", UserPoolId=pool, Limit=2, Filter=text, PaginationToken=token)
    check(steps)


@pytest.mark.parametrize(
    ("operation", "params"),
    [("ListUsersInGroup", {"GroupName": "first"}), ("AdminListGroupsForUser", {"Username": "u1"})],
)
def test_pages_of_groups(api: Api, pool: str, operation: str, params: dict[str, str]) -> None:
    with plans(api.cloud.store._db) as steps:
        page = api(operation, UserPoolId=pool, Limit=1, **params)
        api(operation, UserPoolId=pool, Limit=1, NextToken=page["NextToken"], **params)
    check(steps)


@pytest.mark.parametrize("username", ["u1", "nobody"])
def test_one_user_and_its_sign_in(api: Api, pool: str, username: str) -> None:
    client = api.new_client(pool, ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"])
    login = {"USERNAME": username, "PASSWORD": PASSWORD}
    with plans(api.cloud.store._db) as steps:
        if username == "u1":
            api("AdminGetUser", UserPoolId=pool, Username=username)
            api("InitiateAuth", ClientId=client, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=login)
            api("AdminDeleteUser", UserPoolId=pool, Username=username)
        else:
            with api.refused("UserNotFoundException"):
                api("AdminGetUser", UserPoolId=pool, Username=username)
            with api.refused("UserNotFoundException"):
                api("InitiateAuth", ClientId=client, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=login)
    check(steps)


def test_an_import(api: Api, desk: Desk, people: str) -> None:
    with plans(api.cloud.store._db) as steps:
        desk.rows(people, person("ada"), person("bob"))
    check(steps)


def test_the_sweep(api: Api) -> None:
    with plans(api.cloud.store._db) as steps:
        sweep(api.cloud.store, KINDS, 2e9)
    check(steps)
