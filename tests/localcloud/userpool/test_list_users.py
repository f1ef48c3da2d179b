"""ListUsers: filters by each documented attribute, AWS's refusals, pages, and which attributes are shown."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from localcloud.userpool.accounts.users import insert_user
from localcloud.userpool.models import User
from localcloud.userpool.pools import require_pool
from tests.localcloud.userpool.conftest import Api


def names(api: Api, pool: str, text: str, **params: Any) -> list[str]:
    return sorted(user["Username"] for user in api("ListUsers", UserPoolId=pool, Filter=text, **params)["Users"])


@pytest.fixture
def people(api: Api, pool: str) -> dict[str, str]:
    """Subs by username."""
    subs = {
        "ada": api.new_user(
            pool, "ada", email="ada@example.com", given_name="Ada", family_name="L\\ove", phone_number="+4412345"
        ),
        "adam": api.new_user(pool, "adam", email="adam@example.com", name="Adam B", preferred_username="first"),
        "Bob": api.new_user(pool, "Bob", email="bob@example.com", given_name='"Bob"'),
    }
    api("AdminDisableUser", UserPoolId=pool, Username="adam")
    api("AdminCreateUser", UserPoolId=pool, Username="new", MessageAction="SUPPRESS")
    return subs | {"new": api.stored_user(pool, "new").sub}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('email = "ada@example.com"', ["ada"]),
        ('email ^= "ada"', ["ada", "adam"]),
        ('email^="ad"', ["ada", "adam"]),
        ('"email" = "bob@example.com"', ["Bob"]),
        ('  phone_number  ^=  "+44"  ', ["ada"]),
        ('name = "Adam B"', ["adam"]),
        ('given_name = "Ada"', ["ada"]),
        ('given_name = "ada"', []),
        ('given_name = "\\"Bob\\""', ["Bob"]),
        ('family_name = "L\\\\ove"', ["ada"]),
        ('preferred_username = "first"', ["adam"]),
        ('username = "ada"', ["ada"]),
        ('username ^= "ada"', ["ada", "adam"]),
        ('username = "bob"', []),
        ('username = "Bob"', ["Bob"]),
        ('cognito:user_status = "CONFIRMED"', ["Bob", "ada", "adam"]),
        ('cognito:user_status = "force_change_password"', ["new"]),
        ('cognito:user_status ^= "force"', ["new"]),
        ('status = "Enabled"', ["Bob", "ada", "new"]),
        ('status = "Disabled"', ["adam"]),
        ('status = "enabled"', []),
        ("", ["Bob", "ada", "adam", "new"]),
        ("  ", ["Bob", "ada", "adam", "new"]),
        ('email = "%"', []),
        ('email ^= ""', ["Bob", "ada", "adam"]),
    ],
)
@pytest.mark.usefixtures("people")
def test_a_filter_finds_by_each_documented_attribute(api: Api, pool: str, text: str, expected: list[str]) -> None:
    assert names(api, pool, text) == expected


def test_a_filter_finds_by_sub(api: Api, pool: str, people: dict[str, str]) -> None:
    assert names(api, pool, f'sub = "{people["ada"]}"') == ["ada"]
    assert "ada" in names(api, pool, f'sub ^= "{people["ada"][:6]}"')
    assert names(api, pool, f'sub = "{people["ada"][:6]}"') == []


@pytest.mark.parametrize(
    "text",
    [
        "email",
        'email == "a"',
        "email = a",
        'email = "a',
        'email = "a" and name = "b"',
        '= "a"',
        'email *= "a"',
        'email = "a"x',
    ],
)
def test_a_filter_that_cannot_be_read_is_refused(api: Api, pool: str, text: str) -> None:
    with api.refused("InvalidParameterException", "Error while parsing filter"):
        names(api, pool, text)


@pytest.mark.parametrize("name", ["custom:plan", "birthdate", "email_verified"])
def test_an_attribute_that_is_not_searchable_is_refused(api: Api, pool: str, name: str) -> None:
    with api.refused("InvalidParameterException", f"Invalid search attribute: {name}"):
        names(api, pool, f'{name} = "x"')


def test_a_filter_follows_changes_of_a_user(api: Api, pool: str, people: dict[str, str]) -> None:
    api(
        "AdminUpdateUserAttributes", UserPoolId=pool, Username="ada",
        UserAttributes=[{"Name": "email", "Value": "ada@example.org"}],
    )  # fmt: skip
    assert names(api, pool, 'email = "ada@example.com"') == []
    assert names(api, pool, 'email ^= "ada@example.org"') == ["ada"]
    api("AdminDeleteUser", UserPoolId=pool, Username="ada")
    assert names(api, pool, 'email ^= "ada@"') == []


def test_users_of_another_pool_are_never_found(api: Api, people: dict[str, str]) -> None:
    other = api.new_pool()
    for text in ("", 'email ^= "a"', 'status = "Enabled"', 'username ^= "a"', f'sub = "{people["ada"]}"'):
        assert names(api, other, text) == []


@pytest.mark.parametrize("text", ["", 'status = "Enabled"', 'email ^= "u"', 'username ^= "u"', 'sub ^= ""'])
def test_pages_hold_every_user_once(api: Api, pool: str, text: str) -> None:
    expected = {api.new_user(pool, f"u{n}", email=f"u{n % 3}@example.com") for n in range(7)}
    found: list[str] = []
    token: dict[str, str] = {}
    while True:
        page = api("ListUsers", UserPoolId=pool, Filter=text, Limit=3, **token)
        assert len(page["Users"]) <= 3
        found += [user["Attributes"][0]["Value"] for user in page["Users"]]
        if "PaginationToken" not in page:
            break
        token = {"PaginationToken": page["PaginationToken"]}
    assert len(found) == 7
    assert set(found) == expected


def walk(api: Api, pool: str, text: str, between: Callable[[], object] = lambda: None) -> list[str]:
    """The usernames of all pages; between any two, something happens."""
    found: list[str] = []
    token: dict[str, str] = {}
    while True:
        page = api("ListUsers", UserPoolId=pool, Filter=text, Limit=2, **token)
        found += [user["Username"] for user in page["Users"]]
        if "PaginationToken" not in page:
            return found
        token = {"PaginationToken": page["PaginationToken"]}
        between()


@pytest.mark.parametrize("text", ["", 'status = "Enabled"', 'email ^= "u"', 'username ^= "u"', 'sub ^= ""'])
def test_users_who_stay_are_on_one_page_each_whatever_happens_between_pages(api: Api, pool: str, text: str) -> None:
    staying = [f"u{n:02}" for n in range(0, 20, 2)]
    leaving = [f"u{n:02}" for n in range(1, 20, 2)]
    for username in (*staying, *leaving):
        api.new_user(pool, username, email=f"{username}@example.com")
    numbers = itertools.count(20)

    def change() -> None:
        # Sometimes the last user of the page before: the next page starts behind it all the same.
        if leaving:
            api("AdminDeleteUser", UserPoolId=pool, Username=leaving.pop(0))
        if (number := next(numbers)) < 26:
            api.new_user(pool, f"u{number}", email=f"u{number}@example.com")

    found = walk(api, pool, text, change)
    assert len(found) == len(set(found))
    assert set(staying) <= set(found)


def test_names_that_are_written_otherwise_fill_no_page(api: Api) -> None:
    """In a pool that folds usernames, the index has them folded, and a filter is case-sensitive."""
    pool = api.new_pool(UsernameConfiguration={"CaseSensitive": False})
    for number in range(12):
        username = f"{'u' if number % 4 == 0 else 'U'}{number:02}"
        api.cloud.store.put(User(pool, f"s{number:02}", username, username.casefold(), "CONFIRMED", 0.0, 0.0, {}))
    assert walk(api, pool, 'username ^= "u"') == ["u00", "u04", "u08"]
    assert walk(api, pool, 'username ^= "U"')[:3] == ["U01", "U02", "U03"]
    assert len(walk(api, pool, 'username ^= "U"')) == 9
    assert names(api, pool, 'username = "U00"') == []


def test_a_page_has_sixty_users_at_most(api: Api, pool: str) -> None:
    for n in range(61):
        api.cloud.store.put(User(pool, f"s{n:02}", f"u{n}", f"u{n}", "CONFIRMED", 0.0, 0.0, {}))
    page = api("ListUsers", UserPoolId=pool, Limit=0)
    assert len(page["Users"]) == 60
    assert len(api("ListUsers", UserPoolId=pool, PaginationToken=page["PaginationToken"])["Users"]) == 1
    with api.refused("InvalidParameterException", "limit"):
        api("ListUsers", UserPoolId=pool, Limit=61)


@pytest.mark.usefixtures("people")
def test_a_page_token_is_good_for_the_same_list_only(api: Api, pool: str) -> None:
    token = api("ListUsers", UserPoolId=pool, Limit=1)["PaginationToken"]
    with api.refused("InvalidParameterException", "pagination token"):
        api("ListUsers", UserPoolId=pool, Limit=1, PaginationToken=token, Filter='email ^= "a"')
    with api.refused("InvalidParameterException", "pagination token"):
        api("ListUsers", UserPoolId=api.new_pool(), Limit=1, PaginationToken=token)


def test_only_wanted_attributes_are_shown_and_each_user_must_have_them(
    api: Api, pool: str, people: dict[str, str]
) -> None:
    user = api("ListUsers", UserPoolId=pool, Filter='username = "ada"', AttributesToGet=["email", "given_name"])
    shown = {pair["Name"]: pair["Value"] for pair in user["Users"][0]["Attributes"]}
    assert shown == {"email": "ada@example.com", "given_name": "Ada"}
    with api.refused("InvalidParameterException", "One or more requested attributes do not exist."):
        names(api, pool, "", AttributesToGet=["email"])
    assert api("ListUsers", UserPoolId=pool, Limit=1, AttributesToGet=[])["Users"][0]["Attributes"] == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        'email = "u0007@example.com"',
        'email ^= "u"',
        'email ^= "u00"',
        'username = "u0007@example.com"',
        'username ^= "u"',
        'status = "Enabled"',
        'sub = "s0007"',
        'sub ^= "s"',
    ],
)
def test_the_cost_of_a_page_grows_neither_with_the_pool_nor_with_the_pages_before(api: Api, text: str) -> None:
    def steps(users: int, pages: int) -> int:
        pool = api.new_pool()
        stored = require_pool(api.context, pool)
        with api.cloud.store.transaction():
            for n in range(users):
                name = f"u{n:04}@example.com"
                attributes = {"sub": f"s{n:04}", "email": name}
                insert_user(api.context, stored, User(pool, f"s{n:04}", name, name, "CONFIRMED", 0.0, 0.0, attributes))
        token: dict[str, str] = {}
        for _ in range(pages):
            token = {
                "PaginationToken": api("ListUsers", UserPoolId=pool, Limit=5, Filter=text, **token)["PaginationToken"]
            }
        count = 0

        def tick() -> int:
            nonlocal count
            count += 1
            return 0

        database = api.cloud.store._db
        database.set_progress_handler(tick, 1)
        try:
            names(api, pool, text, Limit=5, **token)
        finally:
            database.set_progress_handler(None, 1)
        return count

    one_page = " = " in text and "status" not in text
    many = 15 if '"u00"' in text else 150
    assert steps(1000, 0 if one_page else many) < 1.5 * steps(50, 0 if one_page else 1)
