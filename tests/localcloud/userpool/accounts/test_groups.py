"""Groups: made, changed, joined, left, listed; and what goes with a deleted one."""

from __future__ import annotations

import pytest

from tests.localcloud.userpool.conftest import START, Api

ROLE = "arn:aws:iam::000000000000:role/admins"


@pytest.fixture
def group(api: Api, pool: str) -> str:
    api("CreateGroup", UserPoolId=pool, GroupName="admins")
    return "admins"


def join(api: Api, pool: str, username: str, group: str) -> None:
    api("AdminAddUserToGroup", UserPoolId=pool, Username=username, GroupName=group)


def test_a_group_shows_what_it_was_made_with(api: Api, pool: str) -> None:
    made = api("CreateGroup", UserPoolId=pool, GroupName="admins", Description="All", RoleArn=ROLE, Precedence=0)[
        "Group"
    ]
    assert made == {
        "GroupName": "admins",
        "UserPoolId": pool,
        "Description": "All",
        "RoleArn": ROLE,
        "Precedence": 0,
        "CreationDate": START,
        "LastModifiedDate": START,
    }
    assert api("GetGroup", UserPoolId=pool, GroupName="admins")["Group"] == made


def test_a_name_is_taken_once_in_a_pool(api: Api, pool: str, group: str) -> None:
    with api.refused("GroupExistsException", "A group with the name already exists."):
        api("CreateGroup", UserPoolId=pool, GroupName=group)
    api("CreateGroup", UserPoolId=api.new_pool(), GroupName=group)


def test_an_update_changes_what_it_names(api: Api, pool: str, group: str) -> None:
    api("UpdateGroup", UserPoolId=pool, GroupName=group, RoleArn=ROLE, Precedence=3)
    api.cloud.clock.advance(5)
    shown = api("UpdateGroup", UserPoolId=pool, GroupName=group, Description="All")["Group"]
    assert (shown["RoleArn"], shown["Precedence"], shown["Description"]) == (ROLE, 3, "All")
    assert (shown["CreationDate"], shown["LastModifiedDate"]) == (START, START + 5)


def test_an_unknown_group_is_not_found(api: Api, pool: str) -> None:
    api.new_user(pool, "ada")
    for operation in ("GetGroup", "UpdateGroup", "DeleteGroup", "ListUsersInGroup"):
        with api.refused("ResourceNotFoundException", "Group not found."):
            api(operation, UserPoolId=pool, GroupName="none")
    for operation in ("AdminAddUserToGroup", "AdminRemoveUserFromGroup"):
        with api.refused("ResourceNotFoundException", "Group not found."):
            api(operation, UserPoolId=pool, GroupName="none", Username="ada")


def test_users_join_and_leave(api: Api, pool: str, group: str) -> None:
    api.new_user(pool, "ada")
    join(api, pool, "ada", group)
    join(api, pool, "ada", group)
    members = api("ListUsersInGroup", UserPoolId=pool, GroupName=group)["Users"]
    assert [member["Username"] for member in members] == ["ada"]
    shown = api("AdminListGroupsForUser", UserPoolId=pool, Username="ada")["Groups"]
    assert [entry["GroupName"] for entry in shown] == ["admins"]
    api("AdminRemoveUserFromGroup", UserPoolId=pool, Username="ada", GroupName=group)
    assert api("ListUsersInGroup", UserPoolId=pool, GroupName=group) == {"Users": []}
    assert api("AdminListGroupsForUser", UserPoolId=pool, Username="ada") == {"Groups": []}


def test_an_unknown_user_is_not_found(api: Api, pool: str, group: str) -> None:
    for operation in ("AdminAddUserToGroup", "AdminRemoveUserFromGroup"):
        with api.refused("UserNotFoundException", "User does not exist."):
            api(operation, UserPoolId=pool, GroupName=group, Username="nobody")
    with api.refused("UserNotFoundException"):
        api("AdminListGroupsForUser", UserPoolId=pool, Username="nobody")


def test_groups_of_another_pool_do_not_count(api: Api, pool: str, group: str) -> None:
    other = api.new_pool()
    api.new_user(other, "ada")
    with api.refused("ResourceNotFoundException", "Group not found."):
        join(api, other, "ada", group)


def test_a_deleted_group_has_no_members_even_when_its_name_comes_back(api: Api, pool: str, group: str) -> None:
    api.new_user(pool, "ada")
    join(api, pool, "ada", group)
    api("DeleteGroup", UserPoolId=pool, GroupName=group)
    api("CreateGroup", UserPoolId=pool, GroupName=group)
    assert api("ListUsersInGroup", UserPoolId=pool, GroupName=group) == {"Users": []}
    assert api("AdminListGroupsForUser", UserPoolId=pool, Username="ada") == {"Groups": []}


def test_lists_come_in_pages(api: Api, pool: str) -> None:
    names = [f"g{n}" for n in range(5)]
    subs = {api.new_user(pool, f"u{n}") for n in range(3)}
    for name in names:
        api("CreateGroup", UserPoolId=pool, GroupName=name)
        join(api, pool, "u0", name)
    for n in (1, 2):
        join(api, pool, f"u{n}", "g0")

    def names_of(operation: str, **params: str) -> list[str]:
        found: list[str] = []
        token: dict[str, str] = {}
        while True:
            page = api(operation, UserPoolId=pool, Limit=2, **params, **token)
            assert len(page["Groups"]) <= 2
            found += [entry["GroupName"] for entry in page["Groups"]]
            if "NextToken" not in page:
                return found
            token = {"NextToken": page["NextToken"]}

    assert names_of("ListGroups") == names
    assert names_of("AdminListGroupsForUser", Username="u0") == names
    first = api("ListUsersInGroup", UserPoolId=pool, GroupName="g0", Limit=2)
    rest = api("ListUsersInGroup", UserPoolId=pool, GroupName="g0", Limit=2, NextToken=first["NextToken"])
    assert "NextToken" not in rest
    shown = [user["Attributes"][0]["Value"] for user in first["Users"] + rest["Users"]]
    assert shown == sorted(subs)
    with api.refused("InvalidParameterException", "pagination token"):
        api("ListUsersInGroup", UserPoolId=pool, GroupName="g1", Limit=2, NextToken=first["NextToken"])
