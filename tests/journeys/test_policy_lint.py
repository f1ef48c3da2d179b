"""`gatehouse policy lint --stack` on the running cloud: the deployed backend has no trap, a bad stack has those it was
given, each with the document and the path in it, changes by hand included."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner, Result

from auth.cli.connection import Connection
from localcloud.cli.policy import policy
from tests.journeys.people import root_client
from tests.local_cloud import LocalCloud, wait_until

KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
SUB = "${cognito-identity.amazonaws.com:sub}"


def lint(cloud: LocalCloud, *arguments: str) -> Result:
    connection = Connection(region="us-east-1", endpoint_url=cloud.endpoint, outputs=cloud.data_dir / "outputs.json")
    return CliRunner(env=KEYS).invoke(policy, ["lint", *arguments], obj=connection)


def statement(action: list[str], resource: Any, **condition: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, "Condition": condition}


BAD_STACK = {
    "Pool": {
        "Type": "AWS::Cognito::IdentityPool",
        "Properties": {"AllowUnauthenticatedIdentities": True, "AllowClassicFlow": True},
    },
    "Roles": {
        "Type": "AWS::Cognito::IdentityPoolRoleAttachment",
        "Properties": {
            "IdentityPoolId": {"Ref": "Pool"},
            "Roles": {"unauthenticated": {"Fn::GetAtt": ["Guest", "Arn"]}},
        },
    },
    "Guest": {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "MaxSessionDuration": 7200,
            "AssumeRolePolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"Federated": "cognito-identity.amazonaws.com"},
                        "Action": "sts:AssumeRoleWithWebIdentity",
                        "Condition": {"StringEquals": {"cognito-identity.amazonaws.com:aud": {"Ref": "Pool"}}},
                    }
                ],
            },
            "Policies": [
                {
                    "PolicyName": "own-data",
                    "PolicyDocument": {
                        "Version": "2012-10-17",
                        "Statement": [
                            statement(
                                ["dynamodb:Query"],
                                {"Fn::GetAtt": ["Table", "Arn"]},
                                **{"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": [SUB]}},
                            ),
                            statement(
                                ["s3:ListBucket"],
                                {"Fn::GetAtt": ["Bucket", "Arn"]},
                                StringLike={"s3:prefix": ["public/*", f"private/{SUB}*"]},
                            ),
                        ],
                    },
                }
            ],
        },
    },
    "Table": {
        "Type": "AWS::DynamoDB::Table",
        "Properties": {
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
        },
    },
    "Bucket": {"Type": "AWS::S3::Bucket"},
    "People": {"Type": "AWS::Cognito::UserPool", "Properties": {}},
    "App": {
        "Type": "AWS::Cognito::UserPoolClient",
        "Properties": {
            "UserPoolId": {"Ref": "People"},
            "ClientName": "app",
            "SupportedIdentityProviders": ["COGNITO"],
            "AllowedOAuthFlowsUserPoolClient": True,
            "AllowedOAuthFlows": ["code"],
            "AllowedOAuthScopes": ["openid"],
            "CallbackURLs": ["http://localhost:3000/callback"],
        },
    },
    "Domain": {
        "Type": "AWS::Cognito::UserPoolDomain",
        "Properties": {
            "UserPoolId": {"Ref": "People"},
            "Domain": {"Ref": "AWS::StackName"},
            "ManagedLoginVersion": 2,
        },
    },
}


@pytest.fixture(scope="module")
def bad_stack(cloud: LocalCloud) -> Iterator[str]:
    """A stack that nobody should have deployed."""
    name = f"bad-{uuid.uuid4().hex[:8]}"
    client = root_client(cloud, "cloudformation")
    client.create_stack(
        StackName=name, TemplateBody=json.dumps({"Resources": BAD_STACK}), Capabilities=["CAPABILITY_IAM"]
    )
    wait_until(lambda: client.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"] == "CREATE_COMPLETE")
    yield name
    client.delete_stack(StackName=name)


def test_the_deployed_backend_has_no_trap(cloud: LocalCloud) -> None:
    ran = lint(cloud, "--stack", "gatehouse", "--strict")
    assert (ran.exit_code, ran.stdout) == (0, "gatehouse: nothing found\n"), ran.output


def test_a_bad_stack_has_the_traps_it_was_given(cloud: LocalCloud, bad_stack: str) -> None:
    ran = lint(cloud, "--stack", bad_stack, "--json")
    assert ran.exit_code == 1
    assert {(one["rule"], one["source"], one["path"]) for one in json.loads(ran.stdout)} == {
        ("classic-flow-with-guests", "Pool, AllowClassicFlow", "$"),
        ("trust-without-amr", "Guest, trust policy", "$.Statement[0]"),
        (
            "for-all-values-without-null",
            "Guest, policy own-data",
            "$.Statement[0].Condition['ForAllValues:StringEquals']",
        ),
        (
            "prefix-without-slash",
            "Guest, policy own-data",
            "$.Statement[1].Condition.StringLike['s3:prefix'][1]",
        ),
        ("long-sessions", "Guest, MaxSessionDuration", "$"),
        ("managed-login-without-style", "People, client app, AllowedOAuthFlowsUserPoolClient", "$"),
    }


def test_what_was_changed_by_hand_is_found_too(cloud: LocalCloud, bad_stack: str) -> None:
    bucket = root_client(cloud, "cloudformation").describe_stack_resources(StackName=bad_stack)["StackResources"]
    name = next(one["PhysicalResourceId"] for one in bucket if one["LogicalResourceId"] == "Bucket")
    public = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{name}/*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [public]})
    s3 = root_client(cloud, "s3")
    s3.put_bucket_policy(Bucket=name, Policy=document)
    ran = lint(cloud, "--stack", bad_stack)
    s3.delete_bucket_policy(Bucket=name)
    assert "Bucket, bucket policy: $.Statement[0].Principal: error: public-resource-policy (Bucket, bucket policy)" in (
        ran.stdout
    )


def test_a_stack_that_is_not_there_is_an_error_and_no_traceback(cloud: LocalCloud) -> None:
    ran = lint(cloud, "--stack", "nowhere")
    assert ran.exit_code == 1
    assert "nowhere" in str(ran.exception)
