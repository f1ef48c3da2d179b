"""The proof of `properties.py`: each property of each type is deployed, and read back through the service's own API.

Then everything is changed or dropped in an update, and read back again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from localcloud.aws.properties import PROVEN, Shape, unsupported
from tests.localcloud.aws.local_engine import ACCOUNT, LocalEngine

TAGS = [{"Key": "a", "Value": "b"}]
ROLE = f"arn:aws:iam::{ACCOUNT}:role/team/proof-role"
FUNCTION = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:proof"
POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
OTHER_POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
}
GUARD = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::proof-bucket/*"}
BUCKET_POLICY = {"Version": "2012-10-17", "Statement": [GUARD]}

SAMPLES: dict[str, dict[str, Any]] = {
    "AWS::ApiGatewayV2::Api": {
        "Name": "proof",
        "Description": "an API",
        "ProtocolType": "HTTP",
        "CorsConfiguration": {
            "AllowOrigins": ["https://a.example"],
            "AllowMethods": ["GET"],
            "AllowHeaders": ["authorization"],
            "ExposeHeaders": ["x-a"],
            "AllowCredentials": True,
            "MaxAge": 60,
        },
        "Tags": {"a": "b"},
    },
    "AWS::ApiGatewayV2::Authorizer": {
        "ApiId": {"Ref": "Api"},
        "Name": "tokens",
        "AuthorizerType": "JWT",
        "IdentitySource": ["$request.header.Authorization"],
        "JwtConfiguration": {"Issuer": "https://issuer.example", "Audience": ["app"]},
    },
    "AWS::ApiGatewayV2::Integration": {
        "ApiId": {"Ref": "Api"},
        "Description": "a function",
        "IntegrationType": "AWS_PROXY",
        "IntegrationUri": {"Ref": "Alias"},
        "PayloadFormatVersion": "2.0",
    },
    "AWS::ApiGatewayV2::Route": {
        "ApiId": {"Ref": "Api"},
        "RouteKey": "GET /a/{b}",
        "AuthorizationType": "JWT",
        "AuthorizerId": {"Ref": "Authorizer"},
        "AuthorizationScopes": ["scope"],
        "OperationName": "GetA",
        "Target": {"Fn::Sub": "integrations/${Integration}"},
    },
    "AWS::ApiGatewayV2::Stage": {
        "ApiId": {"Ref": "Api"},
        "StageName": "$default",
        "Description": "a stage",
        "AutoDeploy": True,
        "Tags": {"a": "b"},
    },
    "AWS::DynamoDB::Table": {
        "TableName": "proof",
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
        "DeletionProtectionEnabled": True,
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
        "Tags": TAGS,
    },
    "AWS::IAM::Policy": {"PolicyName": "more", "PolicyDocument": POLICY, "Roles": [{"Ref": "Role"}]},
    "AWS::IAM::Role": {
        "RoleName": "proof-role",
        "Path": "/team/",
        "Description": "a role",
        "MaxSessionDuration": 7200,
        "AssumeRolePolicyDocument": TRUST,
        "Policies": [{"PolicyName": "own", "PolicyDocument": POLICY}],
        "Tags": TAGS,
    },
    "AWS::Lambda::Alias": {
        "FunctionName": {"Ref": "Function"},
        "FunctionVersion": {"Fn::GetAtt": ["Version", "Version"]},
        "Name": "live",
        "Description": "an alias",
    },
    "AWS::Lambda::Function": {
        "FunctionName": "proof",
        "Description": "a function",
        "Code": {"S3Bucket": "localcloud-build", "S3Key": "FOLDER", "S3ObjectVersion": "1"},
        "Handler": "a.handler",
        "Runtime": "python3.11",
        "Architectures": ["arm64"],
        "MemorySize": 512,
        "Timeout": 7,
        "Role": {"Fn::GetAtt": ["Role", "Arn"]},
        "Environment": {"Variables": {"A": "b"}},
        "LoggingConfig": {"LogGroup": {"Ref": "LogGroup"}},
        "Tags": TAGS,
    },
    "AWS::Lambda::Permission": {
        "Action": "lambda:InvokeFunction",
        "FunctionName": {"Ref": "Alias"},
        "Principal": "cognito-idp.amazonaws.com",
        "SourceArn": "arn:aws:cognito-idp:us-east-1:000000000000:userpool/p",
        "SourceAccount": ACCOUNT,
    },
    "AWS::Lambda::Version": {"FunctionName": {"Ref": "Function"}, "Description": "a version"},
    "AWS::Logs::LogGroup": {"LogGroupName": "/proof", "RetentionInDays": 7, "Tags": TAGS},
    "AWS::S3::Bucket": {
        "BucketName": "proof-bucket",
        "BucketEncryption": {
            "ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
        },
        "PublicAccessBlockConfiguration": {
            "BlockPublicAcls": True,
            "BlockPublicPolicy": False,
            "IgnorePublicAcls": True,
            "RestrictPublicBuckets": False,
        },
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]},
        "CorsConfiguration": {
            "CorsRules": [
                {
                    "AllowedOrigins": ["https://a.example"],
                    "AllowedMethods": ["PUT"],
                    "AllowedHeaders": ["*"],
                    "ExposedHeaders": ["ETag"],
                    "MaxAge": 60,
                }
            ]
        },
        "LifecycleConfiguration": {
            "Rules": [
                {
                    "Id": "abort",
                    "Status": "Enabled",
                    "Prefix": "private/",
                    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
                }
            ]
        },
        "Tags": TAGS,
    },
    "AWS::S3::BucketPolicy": {"Bucket": {"Ref": "Bucket"}, "PolicyDocument": BUCKET_POLICY},
}

CHANGES: dict[str, dict[str, Any]] = {
    "AWS::ApiGatewayV2::Api": {"Description": "other", "CorsConfiguration": None, "Tags": {"a": "c"}},
    "AWS::ApiGatewayV2::Authorizer": {"JwtConfiguration": {"Issuer": "https://issuer.example", "Audience": ["x", "y"]}},
    "AWS::ApiGatewayV2::Route": {"AuthorizationScopes": None},
    "AWS::ApiGatewayV2::Stage": {"Description": "other", "Tags": None},
    "AWS::DynamoDB::Table": {
        "DeletionProtectionEnabled": False,
        "PointInTimeRecoverySpecification": None,
        "Tags": None,
    },
    "AWS::IAM::Policy": {"PolicyDocument": OTHER_POLICY},
    "AWS::IAM::Role": {"Description": "other", "Policies": None, "Tags": [{"Key": "a", "Value": "c"}]},
    "AWS::Lambda::Alias": {"Description": "other"},
    "AWS::Lambda::Function": {
        "Timeout": 9,
        "Environment": {"Variables": {"A": "c"}},
        "Tags": [{"Key": "c", "Value": "d"}],
    },
    "AWS::Lambda::Permission": {"SourceArn": "arn:aws:cognito-idp:us-east-1:000000000000:userpool/other"},
    "AWS::Logs::LogGroup": {"RetentionInDays": 14, "Tags": None},
    "AWS::S3::Bucket": {
        "BucketEncryption": None,
        "PublicAccessBlockConfiguration": None,
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        "CorsConfiguration": None,
        "LifecycleConfiguration": None,
        "Tags": None,
    },
    "AWS::S3::BucketPolicy": {"PolicyDocument": {"Version": "2012-10-17", "Statement": [{**GUARD, "Sid": "New"}]}},
}


@dataclass(slots=True)
class Proof:
    """A deployed sample of every type."""

    local: LocalEngine
    folder: Path
    ids: Mapping[str, str]

    def call(self, service: str, operation: str, **parameters: Any) -> dict[str, Any]:
        return self.local.call(service, operation, **parameters)

    def optional(self, operation: str) -> dict[str, Any]:
        """A configuration of the bucket, empty where S3 has none."""
        try:
            return self.call("s3", operation, Bucket="proof-bucket")
        except Exception:
            return {}

    def api(self, operation: str, **more: str) -> dict[str, Any]:
        return self.call("apigatewayv2", operation, ApiId=self.ids["Api"], **more)


def own(tags: Any) -> Any:
    """Tags without those that CloudFormation adds."""
    if isinstance(tags, dict):
        return {key: value for key, value in tags.items() if not key.startswith("aws:")}
    return [tag for tag in tags if not tag["Key"].startswith("aws:")]


def as_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in own(tags).items()]


def bucket(proof: Proof) -> dict[str, Any]:
    encryption = proof.optional("GetBucketEncryption").get("ServerSideEncryptionConfiguration", {}).get("Rules", [])
    defaults = [{"ServerSideEncryptionByDefault": rule["ApplyServerSideEncryptionByDefault"]} for rule in encryption]
    cors = [
        {name: rule[there] for name, there in _CORS.items()}
        for rule in proof.optional("GetBucketCors").get("CORSRules", [])
    ]
    lifecycle = [
        {"Id": rule["ID"], "Status": rule["Status"], "Prefix": rule["Filter"]["Prefix"]}
        | {"AbortIncompleteMultipartUpload": rule["AbortIncompleteMultipartUpload"]}
        for rule in proof.optional("GetBucketLifecycleConfiguration").get("Rules", [])
    ]
    return {
        "BucketName": next(
            b["Name"] for b in proof.call("s3", "ListBuckets")["Buckets"] if b["Name"].startswith("proof")
        ),
        "BucketEncryption": {"ServerSideEncryptionConfiguration": defaults},
        "PublicAccessBlockConfiguration": proof.optional("GetPublicAccessBlock").get("PublicAccessBlockConfiguration"),
        "OwnershipControls": proof.optional("GetBucketOwnershipControls")["OwnershipControls"],
        "CorsConfiguration": {"CorsRules": cors},
        "LifecycleConfiguration": {"Rules": lifecycle},
        "Tags": proof.optional("GetBucketTagging").get("TagSet", []),
    }


_CORS = {
    **{name: name for name in ("AllowedOrigins", "AllowedMethods", "AllowedHeaders")},
    **{"ExposedHeaders": "ExposeHeaders", "MaxAge": "MaxAgeSeconds"},
}


def table(proof: Proof) -> dict[str, Any]:
    found = proof.call("dynamodb", "DescribeTable", TableName="proof")["Table"]
    backups = proof.call("dynamodb", "DescribeContinuousBackups", TableName="proof")["ContinuousBackupsDescription"]
    status = backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"]
    tags = proof.call("dynamodb", "ListTagsOfResource", ResourceArn=found["TableArn"])["Tags"]
    return found | {
        "BillingMode": found["BillingModeSummary"]["BillingMode"],
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": status == "ENABLED"},
        "Tags": own(tags),
    }


def role(proof: Proof) -> dict[str, Any]:
    found = proof.call("iam", "GetRole", RoleName="proof-role")["Role"]
    assert found["Arn"] == ROLE
    names = proof.call("iam", "ListRolePolicies", RoleName="proof-role")["PolicyNames"]
    policies = [{"PolicyName": name, "PolicyDocument": inline(proof, name)} for name in names if name != "more"]
    return found | {
        "AssumeRolePolicyDocument": document(found["AssumeRolePolicyDocument"]),
        "Policies": policies,
        "Tags": own(found["Tags"]),
    }


def document(text: str) -> Any:
    """A policy document: IAM writes it percent-encoded."""
    return json.loads(unquote(text))


def inline(proof: Proof, name: str) -> Any:
    return document(proof.call("iam", "GetRolePolicy", RoleName="proof-role", PolicyName=name)["PolicyDocument"])


def function(proof: Proof) -> dict[str, Any]:
    found = proof.call("lambda", "GetFunction", FunctionName="proof")
    record = proof.local.engine.function("proof")
    assert record is not None
    code = {"S3Bucket": "localcloud-build", "S3Key": str(record.function.package), "S3ObjectVersion": "1"}
    return found["Configuration"] | {
        "Code": code,
        "Environment": {"Variables": record.function.environment},
        "LoggingConfig": {"LogGroup": record.function.log_group},
        "Tags": as_list(found["Tags"]),
    }


def permission(proof: Proof) -> dict[str, Any]:
    policy = json.loads(proof.call("lambda", "GetPolicy", FunctionName="proof", Qualifier="live")["Policy"])
    (statement,) = policy["Statement"]
    return {
        "Action": statement["Action"],
        "FunctionName": statement["Resource"],
        "Principal": statement["Principal"]["Service"],
        "SourceArn": statement["Condition"]["ArnLike"]["AWS:SourceArn"],
        "SourceAccount": statement["Condition"]["StringEquals"]["AWS:SourceAccount"],
    }


def version(proof: Proof) -> dict[str, Any]:
    versions = proof.call("lambda", "ListVersionsByFunction", FunctionName="proof")["Versions"]
    return {"FunctionName": "proof", "Description": versions[-1]["Description"]}


def alias(proof: Proof) -> dict[str, Any]:
    return proof.call("lambda", "GetAlias", FunctionName="proof", Name="live") | {"FunctionName": "proof"}


def log_group(proof: Proof) -> dict[str, Any]:
    (found,) = proof.call("logs", "DescribeLogGroups", logGroupNamePrefix="/proof")["logGroups"]
    tags = proof.call("logs", "ListTagsForResource", resourceArn=found["arn"].removesuffix(":*"))["tags"]
    return {"LogGroupName": found["logGroupName"], "RetentionInDays": found["retentionInDays"], "Tags": as_list(tags)}


def api(proof: Proof) -> dict[str, Any]:
    found = proof.api("GetApi")
    return found | {"CorsConfiguration": found.get("CorsConfiguration"), "Tags": own(found["Tags"])}


def of_api(operation: str, key: str, logical_id: str) -> Callable[[Proof], dict[str, Any]]:
    def read(proof: Proof) -> dict[str, Any]:
        physical_id = proof.ids[logical_id].rpartition("/")[2]
        return proof.api(operation, **{key: physical_id}) | {"ApiId": proof.ids["Api"]}

    return read


def stage(proof: Proof) -> dict[str, Any]:
    found = proof.api("GetStage", StageName="$default")
    return found | {"ApiId": proof.ids["Api"], "Tags": own(found["Tags"])}


READERS: dict[str, Callable[[Proof], dict[str, Any]]] = {
    "AWS::ApiGatewayV2::Api": api,
    "AWS::ApiGatewayV2::Authorizer": of_api("GetAuthorizer", "AuthorizerId", "Authorizer"),
    "AWS::ApiGatewayV2::Integration": of_api("GetIntegration", "IntegrationId", "Integration"),
    "AWS::ApiGatewayV2::Route": of_api("GetRoute", "RouteId", "Route"),
    "AWS::ApiGatewayV2::Stage": stage,
    "AWS::DynamoDB::Table": table,
    "AWS::IAM::Policy": lambda proof: {
        "PolicyName": "more", "PolicyDocument": inline(proof, "more"), "Roles": ["proof-role"],
    },
    "AWS::IAM::Role": role,
    "AWS::Lambda::Alias": alias,
    "AWS::Lambda::Function": function,
    "AWS::Lambda::Permission": permission,
    "AWS::Lambda::Version": version,
    "AWS::Logs::LogGroup": log_group,
    "AWS::S3::Bucket": bucket,
    "AWS::S3::BucketPolicy": lambda proof: {
        "Bucket": "proof-bucket", "PolicyDocument": proof.local.engine.bucket_policy("proof-bucket"),
    },
}  # fmt: skip


def logical_id(resource_type: str) -> str:
    return resource_type.rpartition("::")[2]


def resources(folder: Path, samples: Mapping[str, Any]) -> dict[str, Any]:
    text = json.dumps({logical_id(name): {"Type": name, "Properties": sample} for name, sample in samples.items()})
    found: dict[str, Any] = json.loads(text.replace("FOLDER", str(folder)))
    return found


def resolved(value: Any, proof: Proof) -> Any:
    """The sample as it is after the deploy."""
    if isinstance(value, list):
        return [resolved(item, proof) for item in value]
    if not isinstance(value, dict):
        return str(proof.folder) if value == "FOLDER" else value
    if value.keys() == {"Ref"}:
        return proof.ids[value["Ref"]]
    if "Fn::Sub" in value:
        return value["Fn::Sub"].replace("${Integration}", proof.ids["Integration"])
    if "Fn::GetAtt" in value:
        return {"Version": "1", "Role": ROLE}[value["Fn::GetAtt"][0]]
    return {name: resolved(part, proof) for name, part in value.items()}


def paths(value: Any, shape: Shape, prefix: str = "") -> Iterator[str]:
    """The leaves of a sample, as far as the shape goes."""
    if shape is None or isinstance(shape, frozenset):
        yield prefix
        return
    for item in value if isinstance(value, list) else [value]:
        for name, part in item.items():
            yield from paths(part, shape[name], f"{prefix}.{name}")


def leaves(shape: Shape, prefix: str = "") -> Iterator[str]:
    if shape is None or isinstance(shape, frozenset):
        yield prefix
        return
    for name, part in shape.items():
        yield from leaves(part, f"{prefix}.{name}")


@dataclass(slots=True)
class Readings:
    """What was expected and what was read, by type, after the create and after the update."""

    expected: dict[str, dict[str, Any]]
    found: dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def readings(local: LocalEngine, tmp_path_factory: pytest.TempPathFactory) -> tuple[Readings, Readings]:
    folder = tmp_path_factory.mktemp("proof")
    return read(local, folder, SAMPLES), read(local, folder, changed())


def read(local: LocalEngine, folder: Path, samples: Mapping[str, Any]) -> Readings:
    local.deploy_resources(resources(folder, samples), folder, "proof")
    found = local.call("cloudformation", "DescribeStackResources", StackName="proof")["StackResources"]
    proof = Proof(local, folder, {r["LogicalResourceId"]: r["PhysicalResourceId"] for r in found})
    expected = {name: resolved(sample, proof) for name, sample in samples.items()}
    return Readings(expected, {name: reader(proof) for name, reader in READERS.items()})


def changed() -> dict[str, dict[str, Any]]:
    """The samples after the update; a property that it drops is not there."""
    both = {name: sample | CHANGES.get(name, {}) for name, sample in SAMPLES.items()}
    return {name: {key: v for key, v in sample.items() if v is not None} for name, sample in both.items()}


def is_gone(value: Any) -> bool:
    return all(is_gone(part) for part in value.values()) if isinstance(value, dict) else not value


@pytest.mark.parametrize("resource_type", PROVEN)
def test_the_samples_have_every_proven_property(resource_type: str) -> None:
    sample, shape = SAMPLES[resource_type], PROVEN[resource_type]
    assert set(paths(sample, shape)) == set(leaves(shape))


@pytest.mark.parametrize("resource_type", PROVEN)
def test_each_property_reads_back(readings: tuple[Readings, Readings], resource_type: str) -> None:
    expected, found = readings[0].expected[resource_type], readings[0].found[resource_type]
    assert {name: found.get(name) for name in expected} == expected


@pytest.mark.parametrize("resource_type", CHANGES)
def test_each_change_reads_back(readings: tuple[Readings, Readings], resource_type: str) -> None:
    expected, found = readings[1].expected[resource_type], readings[1].found[resource_type]
    assert {name: found.get(name) for name in expected} == expected
    dropped = SAMPLES[resource_type].keys() - expected.keys()
    assert {name: found.get(name) for name in dropped if not is_gone(found.get(name))} == {}


def test_an_update_changes_no_id(readings: tuple[Readings, Readings]) -> None:
    ids = [
        (after.found["AWS::ApiGatewayV2::Api"]["ApiId"], after.found["AWS::IAM::Role"]["RoleId"]) for after in readings
    ]
    assert ids[0] == ids[1]


BUCKET = {"Type": "AWS::S3::Bucket"}


@pytest.mark.parametrize(
    ("resource", "problem"),
    [
        ({"Type": "AWS::S3::Buckt"}, "this type is not supported by the local cloud"),
        ({}, "this type is not supported by the local cloud"),
        ("text", "this type is not supported by the local cloud"),
        (BUCKET | {"UpdatePolicy": {}}, "attribute `UpdatePolicy` is not supported by the local cloud"),
        (
            BUCKET | {"Properties": {"Tags": [{"Key": "a", "Vlaue": "b"}]}},
            "property `Tags.Vlaue` is not supported by the local cloud; did you mean `Value`?",
        ),
        (
            BUCKET | {"Properties": {"Tags": {"Ref": "Some"}}},
            "property `Tags` must be written out: what `{'Ref': 'Some'}` gives cannot be checked",
        ),
        (BUCKET | {"Properties": "text"}, "property `` must be written out: what `text` gives cannot be checked"),
        (
            {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"ProtocolType": {"Ref": "Protocol"}}},
            "property `ProtocolType`: `{'Ref': 'Protocol'}` is not supported by the local cloud, only `HTTP`",
        ),
        (
            BUCKET | {"Properties": {"OwnershipControls": {"Fn::If": ["C", {"Nope": 1}, {"Ref": "AWS::NoValue"}]}}},
            "property `OwnershipControls.Nope` is not supported by the local cloud",
        ),
    ],
)
def test_what_is_not_proven_is_refused_by_name(resource: Any, problem: str) -> None:
    (line,) = unsupported({"R": resource}, {"Protocol": "WEBSOCKET"}, PROVEN)
    assert line.startswith("resource `R` (")
    assert line.endswith(f"): {problem}")


def test_what_is_proven_passes_by_parameter_and_condition_too() -> None:
    protocol = {"Fn::If": ["C", "HTTP", {"Ref": "Protocol"}]}
    resource = {"Type": "AWS::ApiGatewayV2::Api", "Condition": "C", "Properties": {"ProtocolType": protocol}}
    assert unsupported({"R": resource}, {"Protocol": "HTTP"}, PROVEN) == []
