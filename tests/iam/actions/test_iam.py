"""IAM calls become the right actions on the right role; whatever else changes permissions is not mapped."""

from __future__ import annotations

from typing import Any

import pytest

from localcloud.iam.actions import Check, iam
from tests.iam.actions.fakes import RESOURCES, call

ROLE = "arn:aws:iam::000000000000:role/"


def found(operation: str, **params: Any) -> list[Check]:
    return iam.checks(call("iam", operation, params), RESOURCES)


@pytest.mark.parametrize("operation", ["GetRole", "GetRolePolicy", "PutRolePolicy", "DeleteRolePolicy"])
def test_the_role_that_is_named_is_decided_on_with_its_path(operation: str) -> None:
    """Attack: a policy for `role/reader`, used on `role/path/reader`, which is the one that has the name."""
    assert found(operation, RoleName="reader") == [Check(f"iam:{operation}", f"{ROLE}path/reader")]
    assert found(operation, RoleName="unknown") == [Check(f"iam:{operation}", f"{ROLE}unknown")]


def test_the_tags_of_the_role_are_asked_by_either_name() -> None:
    (check,) = found("PutRolePolicy", RoleName="tagged")
    assert check.context == {"aws:ResourceTag/stage": "prod", "iam:ResourceTag/stage": "prod"}


@pytest.mark.parametrize("name", ["", "*", "path/reader", f"{ROLE}reader", "a" * 65, "reader\n"])
def test_what_is_no_name_of_a_role_is_not_understood(name: str) -> None:
    assert found("PutRolePolicy", RoleName=name) == []


@pytest.mark.parametrize(
    "operation", ["CreateRole", "UpdateAssumeRolePolicy", "AttachRolePolicy", "PutUserPolicy", "DeleteRole", "PassRole"]
)
def test_what_is_not_mapped_has_no_check(operation: str) -> None:
    assert found(operation, RoleName="reader", UserName="reader") == []
