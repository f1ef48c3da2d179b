"""The cut-off reaches every role that a signed-in user can get, and has the room there that it counts on."""

from __future__ import annotations

import json
import re
from typing import Any

from localcloud.aws.template import read_template
from tests.cloudformation.test_parameters import FOLDER
from triggers import cut_off_policy
from triggers.cut_off import ENDINGS

RESOURCES: dict[str, Any] = read_template(FOLDER / "backend.yaml")["Resources"]


def properties(name: str) -> Any:
    return RESOURCES[name]["Properties"]


def role_of(reference: Any) -> str:
    name, attribute = (
        reference["Fn::GetAtt"] if isinstance(reference["Fn::GetAtt"], list) else (reference["Fn::GetAtt"].split("."))
    )
    assert attribute == "Arn"
    return str(name)


def users_roles() -> set[str]:
    """The role of the identity pool for signed-in users, and those of groups."""
    groups = [it["Properties"] for it in RESOURCES.values() if it["Type"] == "AWS::Cognito::UserPoolGroup"]
    of_groups = {role_of(group["RoleArn"]) for group in groups if "RoleArn" in group}
    return {role_of(properties("IdentityPoolRoles")["Roles"]["authenticated"]), *of_groups}


def test_every_role_of_signed_in_users_is_cut_off() -> None:
    assert len(users_roles()) > 1
    variables = properties("CutOffFunction")["Environment"]["Variables"]
    assert set(re.findall(r"\$\{(\w+)\}", variables["USER_ROLES"]["Fn::Sub"])) == users_roles()
    (policy,) = properties("CutOffRole")["Policies"]
    (statement,) = [it for it in policy["PolicyDocument"]["Statement"] if it.get("Sid") == "UserRoles"]
    assert {role_of(arn) for arn in statement["Resource"]} == users_roles()


def test_every_role_of_signed_in_users_is_bounded() -> None:
    """Attack: the one function that may write policies on roles gives a user more than users' data."""
    for role in users_roles():
        assert properties(role)["PermissionsBoundary"] == {"Ref": "UserBoundary"}
    assert "iam:" not in json.dumps(properties("UserBoundary"))


def test_their_own_inline_policies_leave_the_room_that_the_cut_off_takes() -> None:
    for role in users_roles():
        taken = sum(len(json.dumps(it["PolicyDocument"])) for it in properties(role).get("Policies", ()))
        # What stands for an ARN is shorter than the ARN.
        assert taken + 500 + cut_off_policy.ROOM <= 10_240


def test_the_rule_waits_for_what_the_function_knows() -> None:
    pattern = properties("CutOffRule")["EventPattern"]["detail"]
    by_user, by_administrator = pattern["$or"]
    assert {*by_user["eventName"], *by_administrator["eventName"]} == ENDINGS
    assert [name for name in by_user["eventName"] if name.startswith("Admin")] == []
    assert by_administrator["requestParameters"] == {"userPoolId": [{"Ref": "UserPool"}]}
    assert pattern["errorCode"] == [{"exists": False}]


def test_sessions_carry_the_user_that_the_deny_names() -> None:
    assert properties("IdentityPoolTags")["UseDefaults"] is True
    for role in users_roles():
        (statement,) = properties(role)["AssumeRolePolicyDocument"]["Statement"]
        assert "sts:TagSession" in statement["Action"]
