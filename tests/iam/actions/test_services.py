"""Cognito, CloudWatch Logs, STS, Lambda and execute-api calls become the right actions on the right ARNs."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest

from localcloud.errors import AwsError
from localcloud.iam.actions import Check, checks
from tests.iam.actions.fakes import RESOURCES, call
from tests.iam.scenario import allow, judge, policy, request

POOL = "arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_AbC123"
IDENTITY_POOL_ID = "us-east-1:11111111-2222-3333-4444-555555555555"
IDENTITY_POOL = f"arn:aws:cognito-identity:us-east-1:000000000000:identitypool/{IDENTITY_POOL_ID}"
GROUP = "arn:aws:logs:us-east-1:000000000000:log-group:"
ROLE = "arn:aws:iam::000000000000:role/path/reader"
GRANTED = "arn:aws:kms:us-east-1:000000000000:key/1234abcd-12ab-34cd-56ef-1234567890ab"
FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:"


def found(service: str, operation: str, params: Any = None, **rest: Any) -> list[Check]:
    return checks(call(service, operation, params, **rest), RESOURCES)


def asked(service: str, operation: str, params: Any = None, **rest: Any) -> list[tuple[str, str]]:
    return [(check.action, check.resource) for check in found(service, operation, params, **rest)]


FURTHER: dict[str, tuple[dict[str, Any], list[tuple[str, str]]]] = {
    "DescribeTermsByClient": ({}, [("cognito-idp:DescribeTerms", POOL)]),
    "CreateUserPoolReplica": ({"RegionName": "eu-west-1"}, [("cognito-idp:CreateUserPool", "*")]),
    "UpdateUserPool": ({"LambdaConfig": {"KMSKeyID": GRANTED}}, [("kms:CreateGrant", GRANTED)]),
    "SetLogDeliveryConfiguration": (
        {"LogConfigurations": [{"S3Configuration": {"BucketArn": "arn:aws:s3:::logs"}}]},
        [
            ("logs:CreateLogDelivery", "*"),
            ("logs:DescribeLogGroups", "*"),
            ("logs:DescribeResourcePolicies", "*"),
            ("logs:PutResourcePolicy", "*"),
            ("s3:GetBucketPolicy", "arn:aws:s3:::logs"),
            ("s3:PutBucketPolicy", "arn:aws:s3:::logs"),
        ],
    ),
}
"""What else a caller has to be allowed, by operation: its parameters, and actions with their resources."""


@pytest.mark.parametrize("operation", FURTHER)
def test_what_reaches_further_needs_more_than_its_own_action(operation: str) -> None:
    """Attack: having Cognito read, make or write what the caller itself may not."""
    params, expected = FURTHER[operation]
    decided = asked("cognito-idp", operation, {"UserPoolId": "us-east-1_AbC123", **params})
    assert decided == [(f"cognito-idp:{operation}", POOL), *expected]


@pytest.mark.parametrize(("service", "pool_parameter", "pool_id", "arn"), [
    ("cognito-idp", "UserPoolId", "us-east-1_AbC123", POOL),
    ("cognito-identity", "IdentityPoolId", IDENTITY_POOL_ID, IDENTITY_POOL),
])  # fmt: skip
def test_every_signed_cognito_operation_has_a_check(service: str, pool_parameter: str, pool_id: str, arn: str) -> None:
    model = botocore.session.Session().get_service_model(service)
    for name in model.operation_names:
        operation = model.operation_model(name)
        members = operation.input_shape.members if operation.input_shape else {}
        if operation.auth_type == "none" or name == "GetClientToken":  # not in the authorization reference
            continue
        decided = asked(service, name, {pool_parameter: pool_id, "ResourceArn": arn})
        assert decided[0] in ((f"{service}:{name}", arn), (f"{service}:{name}", "*"))
        assert len(decided) == 1 or name in FURTHER
        if pool_parameter in members and name not in ("SetIdentityPoolRoles", "SetPrincipalTagAttributeMap"):
            assert decided[0][1] == arn


@pytest.mark.parametrize(
    ("service", "operation", "params", "expected"),
    [
        ("cognito-idp", "AdminGetUser", {"UserPoolId": "us-east-1_AbC123"}, [POOL]),
        ("cognito-idp", "ListUserPools", {}, ["*"]),
        ("cognito-idp", "TagResource", {"ResourceArn": POOL}, [POOL]),
        ("cognito-idp", "TagResource", {"ResourceArn": POOL.replace("000000000000", "111111111111")}, []),
        ("cognito-idp", "TagResource", {"ResourceArn": f"x/{POOL}"}, []),
        ("cognito-idp", "TagResource", {"ResourceArn": "us-east-1_AbC123"}, []),
        ("cognito-idp", "AdminGetUser", {}, []),
        ("cognito-idp", "AdminGetUser", {"UserPoolId": "us-east-1_AbC123/../x"}, []),
        ("cognito-idp", "AdminGetUser", {"UserPoolId": "*"}, []),
        ("cognito-identity", "DescribeIdentityPool", {"IdentityPoolId": IDENTITY_POOL_ID}, [IDENTITY_POOL]),
        ("cognito-identity", "DescribeIdentityPool", {"IdentityPoolId": "*"}, []),
        ("cognito-identity", "DeleteIdentities", {"IdentityIdsToDelete": ["x"]}, ["*"]),
        ("cognito-identity", "DeleteIdentities", {"IdentityIdsToDelete": ["x"] * 61}, []),
        ("logs", "CreateLogGroup", {"logGroupName": "/aws/x"}, [f"{GROUP}/aws/x:log-stream:"]),
        ("logs", "CreateLogStream", {"logGroupName": "g", "logStreamName": "s[$]"}, [f"{GROUP}g:log-stream:s[$]"]),
        ("logs", "PutLogEvents", {"logGroupName": "g", "logStreamName": "s/1"}, [f"{GROUP}g:log-stream:s/1"]),
        ("logs", "GetLogEvents", {"logGroupIdentifier": f"{GROUP}g", "logStreamName": "s"}, [f"{GROUP}g:log-stream:s"]),
        ("logs", "FilterLogEvents", {"logGroupIdentifier": f"{GROUP}g:*"}, [f"{GROUP}g:log-stream:"]),
        ("logs", "DescribeLogGroups", {"logGroupNamePrefix": "g"}, [f"{GROUP}:log-stream:"]),
        ("logs", "ListTagsForResource", {"resourceArn": f"{GROUP}g"}, [f"{GROUP}g"]),
        # two names, another account's, one that reaches into another stream
        ("logs", "FilterLogEvents", {"logGroupName": "g", "logGroupIdentifier": "h"}, []),
        ("logs", "FilterLogEvents", {}, []),
        ("logs", "FilterLogEvents", {"logGroupIdentifier": GROUP.replace("0:log", "1:log") + "g"}, []),
        ("logs", "PutLogEvents", {"logGroupName": "g:log-stream:x", "logStreamName": "s"}, []),
        ("logs", "PutLogEvents", {"logGroupName": "g", "logStreamName": "s:t"}, []),
        ("logs", "StartQuery", {"logGroupName": "g"}, []),
        ("sts", "GetCallerIdentity", {}, ["*"]),
        ("sts", "AssumeRole", {"RoleArn": ROLE}, [ROLE]),
        ("sts", "AssumeRoot", {}, []),
        ("sts", "GetSessionToken", {}, []),
    ],
)  # fmt: skip
def test_resources(service: str, operation: str, params: dict[str, Any], expected: list[str]) -> None:
    assert asked(service, operation, params) == [(f"{service}:{operation}", resource) for resource in expected]


@pytest.mark.parametrize("value", [1, True, ["us-east-1_a"], {"a": "b"}])
@pytest.mark.parametrize(
    ("service", "operation", "parameter"),
    [
        ("cognito-idp", "AdminGetUser", "UserPoolId"),
        ("cognito-identity", "DescribeIdentityPool", "IdentityPoolId"),
        ("logs", "DeleteLogGroup", "logGroupName"),
        ("sts", "AssumeRole", "RoleArn"),
    ],
)
def test_a_parameter_of_another_type_is_a_serialization_error(
    service: str, operation: str, parameter: str, value: Any
) -> None:
    with pytest.raises(AwsError) as caught:
        found(service, operation, {parameter: value})
    assert caught.value.code == "SerializationException"


def test_a_pools_arn_has_its_own_region_whatever_the_signature_says() -> None:
    """Attack: going around a Deny on the pool by signing for another Region."""
    assert asked("cognito-idp", "DeleteUserPool", {"UserPoolId": "eu-west-1_AbC123"}) == [
        ("cognito-idp:DeleteUserPool", "arn:aws:cognito-idp:eu-west-1:000000000000:userpool/eu-west-1_AbC123")
    ]


@pytest.mark.parametrize(
    ("service", "operation", "params"),
    [
        ("cognito-idp", "CreateGroup", {"UserPoolId": "us-east-1_AbC123", "RoleArn": ROLE}),
        ("cognito-idp", "CreateUserPool", {"SmsConfiguration": {"SnsCallerArn": ROLE}}),
        ("cognito-identity", "SetIdentityPoolRoles", {"Roles": {"authenticated": ROLE}}),
        ("cognito-identity", "SetIdentityPoolRoles", {"RoleMappings": {"p": {"Rules": [{"RoleARN": ROLE}]}}}),
    ],
)
def test_a_role_that_is_handed_over_must_be_passable(service: str, operation: str, params: dict[str, Any]) -> None:
    """Attack: giving a group or pool a role that is stronger than one's own."""
    first, second = found(service, operation, params)
    assert first.action == f"{service}:{operation}"
    assert (second.action, second.resource) == ("iam:PassRole", ROLE)
    assert second.context == {"iam:PassedToService": f"{service}.amazonaws.com"}


def test_tags_are_context() -> None:
    (check,) = found("cognito-idp", "CreateUserPool", {"UserPoolTags": {"Stage": "dev"}})
    assert check.context == {"aws:TagKeys": ("Stage",), "aws:RequestTag/Stage": "dev"}
    (check,) = found("cognito-identity", "UntagResource", {"ResourceArn": IDENTITY_POOL, "TagKeys": ["Stage"]})
    assert check.context == {"aws:TagKeys": ("Stage",)}
    create, tag = found("logs", "CreateLogGroup", {"logGroupName": "g", "tags": {"a": "1"}})
    assert (create.action, tag.action) == ("logs:CreateLogGroup", "logs:TagResource")


def pools_asked(operation: str, params: dict[str, Any]) -> list[str | None]:
    """The pool that each check is about, by its last part; None for a check that names none."""
    arns = [
        check.context.get("cognito-identity:IdentityPoolArn") for check in found("cognito-identity", operation, params)
    ]
    return [arn.rpartition("/")[2] if isinstance(arn, str) else None for arn in arns]


def test_a_call_about_identities_names_the_pool_of_each() -> None:
    """Attack: an identity of a guarded pool among one's own, or beside one that nobody has."""
    assert pools_asked("DescribeIdentity", {"IdentityId": "a/1"}) == ["a"]
    assert pools_asked("DescribeIdentity", {"IdentityId": "unknown"}) == [None]
    assert pools_asked("DeleteIdentities", {"IdentityIdsToDelete": ["b/1", "a/1", "b/2"]}) == ["a", "b"]
    assert pools_asked("DeleteIdentities", {"IdentityIdsToDelete": ["a/1", "unknown"]}) == [None, "a"]
    assert pools_asked("DeleteIdentities", {}) == [None]


def test_what_is_set_with_a_role_is_asked_for_too() -> None:
    decided = found(
        "sts",
        "AssumeRole",
        {
            "RoleArn": ROLE,
            "RoleSessionName": "s",
            "ExternalId": "e",
            "SourceIdentity": "me",
            "Tags": [{"Key": "team", "Value": "red"}],
            "TransitiveTagKeys": ["team"],
        },
    )
    assert [check.action for check in decided] == ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]
    assert decided[0].context == {
        "aws:TagKeys": ("team",),
        "aws:RequestTag/team": "red",
        "sts:ExternalId": "e",
        "sts:RoleSessionName": "s",
        "sts:SourceIdentity": "me",
        "sts:TransitiveTagKeys": ("team",),
    }


def test_what_a_session_hands_on_counts_as_if_it_were_passed() -> None:
    """Attack: a role that lets no session be tagged, taken by one whose tags come with it."""
    chained = call("sts", "AssumeRole", {"RoleArn": ROLE}, inherited_tags={"team": "red"}, source_identity="me")
    decided = checks(chained, RESOURCES)
    assert [check.action for check in decided] == ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]
    assert decided[0].context == {
        "aws:TagKeys": ("team",),
        "aws:RequestTag/team": "red",
        "sts:SourceIdentity": "me",
        "sts:TransitiveTagKeys": ("team",),
    }


def test_the_tags_of_the_role_are_context() -> None:
    (check,) = found("sts", "AssumeRole", {"RoleArn": "arn:aws:iam::000000000000:role/tagged"})
    assert check.context == {"aws:ResourceTag/stage": "prod"}


@pytest.mark.parametrize("role", ["", "reader", "arn:aws:iam::000000000000:user/reader", f"{ROLE} "])
def test_what_is_no_role_cannot_be_assumed(role: str) -> None:
    with pytest.raises(AwsError, match="ValidationError"):
        found("sts", "AssumeRole", {"RoleArn": role})


INVOCATIONS = "/2015-03-31/functions/{}/invocations"


@pytest.mark.parametrize(
    ("operation", "method", "path", "query", "expected"),
    [
        ("Invoke", "POST", INVOCATIONS.format("f"), {}, ("InvokeFunction", "f")),
        ("Invoke", "POST", INVOCATIONS.format("f"), {"Qualifier": ["live"]}, ("InvokeFunction", "f:live")),
        ("Invoke", "POST", INVOCATIONS.format("f:live"), {}, ("InvokeFunction", "f:live")),
        ("Invoke", "POST", INVOCATIONS.format(f"{FUNCTION}f:live"), {}, ("InvokeFunction", "f:live")),
        ("Invoke", "POST", INVOCATIONS.format("000000000000:function:f"), {}, ("InvokeFunction", "f")),
        ("Invoke", "POST", INVOCATIONS.format("f:live"), {"Qualifier": ["live"]}, ("InvokeFunction", "f:live")),
        ("GetFunction", "GET", "/2015-03-31/functions/f", {}, ("GetFunction", "f")),
        ("GetAlias", "GET", "/2015-03-31/functions/f/aliases/live", {}, ("GetAlias", "f")),
        ("Invoke", "POST", INVOCATIONS.format("f:live"), {"Qualifier": ["test"]}, None),
        ("Invoke", "POST", INVOCATIONS.format("f"), {"Qualifier": ["live", "test"]}, None),
        ("Invoke", "POST", INVOCATIONS.format("f"), {"Qualifier": ["a:b"]}, None),
        ("Invoke", "POST", INVOCATIONS.format("f"), {"Qualifier": [""]}, None),
        ("Invoke", "POST", INVOCATIONS.format("f*"), {}, None),
        ("Invoke", "POST", INVOCATIONS.format(f"{FUNCTION}f".replace("0:f", "1:f")), {}, None),
        ("Invoke", "GET", INVOCATIONS.format("f"), {}, None),
        ("GetFunction", "GET", "/2015-03-31/functions/f/policy", {}, None),
        ("GetFunction", "GET", "/2015-03-31/functions/f/../g", {}, None),
        ("UpdateFunctionCode", "PUT", "/2015-03-31/functions/f/code", {}, None),
        ("AddPermission", "POST", "/2015-03-31/functions/f/policy", {}, None),
    ],
)
def test_functions(
    operation: str, method: str, path: str, query: dict[str, list[str]], expected: tuple[str, str] | None
) -> None:
    wanted = [] if expected is None else [(f"lambda:{expected[0]}", f"{FUNCTION}{expected[1]}")]
    assert asked("lambda", operation, method=method, path=path, query=query) == wanted
    assert asked("lambda", "ListFunctions", method="GET", path="/2015-03-31/functions/") == [
        ("lambda:ListFunctions", "*")
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("GET a1/$default/me", "Invoke a1/$default/GET/me"),
        ("GET a1/prod/", "Invoke a1/prod/GET/"),
        ("GET a1/prod", "Invoke a1/prod/GET/"),
        ("DELETE a1/prod/me/devices/k 1", "Invoke a1/prod/DELETE/me/devices/k 1"),
        ("POST a1/prod/pets/", "Invoke a1/prod/POST/pets/"),
        ("POST a1/prod/@connections/c=", "ManageConnections a1/prod/POST/@connections/c="),
        ("GET a1/prod/public/../private", None),
        ("GET a1/prod/public//private", None),
        ("GET a1/prod//private", None),
        ("GET a1/prod/./private", None),
        ("GET a1", None),
        ("GET A1/prod/x", None),
        ("GET a1/pr*d/x", None),
        ("TRACE a1/prod/x", None),
        ("get a1/prod/x", None),
    ],
)
def test_rule_70_routes_of_an_api(line: str, expected: str | None) -> None:
    method, _, path = line.partition(" ")
    decided = asked("execute-api", "", method=method, path=f"/_aws/execute-api/{path}")
    if expected is None:
        assert decided == []
    else:
        action, _, resource = expected.partition(" ")
        assert decided == [(f"execute-api:{action}", f"arn:aws:execute-api:us-east-1:000000000000:{resource}")]


def test_rule_70_a_star_crosses_slashes() -> None:
    """Attack: a route whose path ends like another method's, for a rule that says `api/*/DELETE/*`."""
    own = policy(allow("execute-api:Invoke", "arn:aws:execute-api:us-east-1:000000000000:a1/*/DELETE/*"))

    def may(line: str) -> bool:
        method, _, path = line.partition(" ")
        (check,) = found("execute-api", "", method=method, path=f"/_aws/execute-api/{path}")
        return judge(request(check.action, check.resource), own).allowed

    lines = ("DELETE a1/prod/x", "GET a1/prod/x/DELETE/y", "GET a1/prod/x", "DELETE a2/prod/x")
    assert [may(line) for line in lines] == [True, True, False, False]


def test_a_log_group_that_is_named_twice_is_refused() -> None:
    """Attack: `{"logGroupName": "mine", "logGroupName": "yours"}`, of which two readers keep different ones."""
    body = b'{"logGroupName": "mine", "logGroupName": "yours"}'
    with pytest.raises(AwsError) as caught:
        found("logs", "DeleteLogGroup", {"logGroupName": "mine"}, body=body)
    assert caught.value.code == "SerializationException"


@pytest.mark.parametrize("service", ["_params", "_forms", "s3.x", "", ".", "unknown"])
def test_a_service_that_is_none_has_no_checks(service: str) -> None:
    """Attack: a signature for a service of the name of a file."""
    assert found(service, "GetObject") == []
