"""Reads deployed resources back through their services' own APIs, in CloudFormation's shapes (`test_properties.py`)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from localcloud.errors import AwsError
from tests.localcloud.aws.local_engine import LocalEngine
from tests.localcloud.aws.samples import MANAGED_POLICY, ROLE


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
        except AwsError:
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
    ends = proof.call("dynamodb", "DescribeTimeToLive", TableName="proof")["TimeToLiveDescription"]
    enabled = ends["TimeToLiveStatus"] == "ENABLED"
    return {
        **found,
        "BillingMode": found["BillingModeSummary"]["BillingMode"],
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": status == "ENABLED"},
        "TimeToLiveSpecification": {"AttributeName": ends["AttributeName"], "Enabled": "true"} if enabled else None,
        "Tags": own(tags),
    }


def role(proof: Proof) -> dict[str, Any]:
    found = proof.call("iam", "GetRole", RoleName="proof-role")["Role"]
    assert found["Arn"] == ROLE
    names = proof.call("iam", "ListRolePolicies", RoleName="proof-role")["PolicyNames"]
    policies = [{"PolicyName": name, "PolicyDocument": inline(proof, name)} for name in names if name != "more"]
    return {
        **found,
        "AssumeRolePolicyDocument": document(found["AssumeRolePolicyDocument"]),
        "ManagedPolicyArns": [arn for arn in attached(proof) if arn != MANAGED_POLICY],
        "PermissionsBoundary": found.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
        "Policies": policies,
        "Tags": own(found["Tags"]),
    }


def attached(proof: Proof) -> list[str]:
    found = proof.call("iam", "ListAttachedRolePolicies", RoleName="proof-role")["AttachedPolicies"]
    return [policy["PolicyArn"] for policy in found]


def managed_policy(proof: Proof) -> dict[str, Any]:
    found = proof.call("iam", "GetPolicy", PolicyArn=MANAGED_POLICY)["Policy"]
    parameters = {"PolicyArn": MANAGED_POLICY, "VersionId": found["DefaultVersionId"]}
    version = proof.call("iam", "GetPolicyVersion", **parameters)["PolicyVersion"]
    return {
        **found,
        "ManagedPolicyName": found["PolicyName"],
        "PolicyDocument": document(version["Document"]),
        "Roles": ["proof-role"] if MANAGED_POLICY in attached(proof) else [],
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
    code = {"S3Bucket": "localcloud-build", "S3Key": str(record.package), "S3ObjectVersion": "1"}
    return {
        **found["Configuration"],
        "Code": code,
        "Environment": {"Variables": record.environment},
        "LoggingConfig": {"LogGroup": record.log_group},
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


def event_invoke_config(proof: Proof) -> dict[str, Any]:
    found = proof.call("lambda", "GetFunctionEventInvokeConfig", FunctionName="proof", Qualifier="live")
    *_, name, qualifier = found["FunctionArn"].split(":")
    return {**found, "FunctionName": name, "Qualifier": qualifier}


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


def rule(proof: Proof) -> dict[str, Any]:
    found = proof.call("events", "DescribeRule", Name="proof")
    targets = proof.call("events", "ListTargetsByRule", Rule="proof")["Targets"]
    return {**found, "EventPattern": json.loads(found["EventPattern"]), "Targets": targets}


def queue(proof: Proof) -> dict[str, Any]:
    attributes = queue_attributes(proof)
    return {
        "QueueName": attributes["QueueArn"].rpartition(":")[2],
        "MessageRetentionPeriod": int(attributes["MessageRetentionPeriod"]),
        "VisibilityTimeout": int(attributes["VisibilityTimeout"]),
        "SqsManagedSseEnabled": attributes["SqsManagedSseEnabled"] == "true",
        "RedrivePolicy": json.loads(attributes.get("RedrivePolicy", "null")),
        "Tags": as_list(proof.call("sqs", "ListQueueTags", QueueUrl=proof.ids["Queue"]).get("Tags", {})),
    }


def queue_policy(proof: Proof) -> dict[str, Any]:
    return {"Queues": [proof.ids["Queue"]], "PolicyDocument": json.loads(queue_attributes(proof)["Policy"])}


def queue_attributes(proof: Proof) -> dict[str, Any]:
    asked = {"QueueUrl": proof.ids["Queue"], "AttributeNames": ["All"]}
    attributes: dict[str, Any] = proof.call("sqs", "GetQueueAttributes", **asked)["Attributes"]
    return attributes


READERS: dict[str, Callable[[Proof], dict[str, Any]]] = {
    "AWS::ApiGatewayV2::Api": api,
    "AWS::ApiGatewayV2::Authorizer": of_api("GetAuthorizer", "AuthorizerId", "Authorizer"),
    "AWS::ApiGatewayV2::Integration": of_api("GetIntegration", "IntegrationId", "Integration"),
    "AWS::ApiGatewayV2::Route": of_api("GetRoute", "RouteId", "Route"),
    "AWS::ApiGatewayV2::Stage": stage,
    "AWS::DynamoDB::Table": table,
    "AWS::Events::Rule": rule,
    "AWS::IAM::ManagedPolicy": managed_policy,
    "AWS::IAM::Policy": lambda proof: {
        "PolicyName": "more", "PolicyDocument": inline(proof, "more"), "Roles": ["proof-role"],
    },
    "AWS::IAM::Role": role,
    "AWS::Lambda::Alias": alias,
    "AWS::Lambda::EventInvokeConfig": event_invoke_config,
    "AWS::Lambda::Function": function,
    "AWS::Lambda::Permission": permission,
    "AWS::Lambda::Version": version,
    "AWS::Logs::LogGroup": log_group,
    "AWS::S3::Bucket": bucket,
    "AWS::S3::BucketPolicy": lambda proof: {
        "Bucket": "proof-bucket", "PolicyDocument": proof.local.engine.resource_policy("arn:aws:s3:::proof-bucket"),
    },
    "AWS::SQS::Queue": queue,
    "AWS::SQS::QueuePolicy": queue_policy,
}  # fmt: skip
