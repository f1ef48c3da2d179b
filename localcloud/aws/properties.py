"""Which properties of which resource types the local cloud really has: each was proven by reading it back.

Attack: a template that a deploy accepts and half ignores, say a bucket policy under a misspelt name. Whatever is not
in these tables stops the deploy before anything is created. `tests/localcloud/aws/test_properties.py` is the proof.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Any

Shape = Mapping[str, "Shape"] | frozenset[str] | None
"""A mapping: an object, or a list of objects, with these properties. A set: one of these values. None: any value."""

ANY: Shape = None
_TAGS: Shape = {"Key": ANY, "Value": ANY}


def _one_of(*values: str) -> Shape:
    return frozenset(values)


PROVEN: Mapping[str, Mapping[str, Shape]] = {
    "AWS::ApiGatewayV2::Api": {
        "Name": ANY,
        "Description": ANY,
        "ProtocolType": _one_of("HTTP"),
        "CorsConfiguration": {
            "AllowOrigins": ANY,
            "AllowMethods": ANY,
            "AllowHeaders": ANY,
            "ExposeHeaders": ANY,
            "AllowCredentials": ANY,
            "MaxAge": ANY,
        },
        "Tags": ANY,
    },
    "AWS::ApiGatewayV2::Authorizer": {
        "ApiId": ANY,
        "Name": ANY,
        # Attack: a Lambda authorizer that nobody asks would leave its routes open.
        "AuthorizerType": _one_of("JWT"),
        "IdentitySource": ANY,
        "JwtConfiguration": {"Issuer": ANY, "Audience": ANY},
    },
    "AWS::ApiGatewayV2::Integration": {
        "ApiId": ANY,
        "Description": ANY,
        "IntegrationType": _one_of("AWS_PROXY"),
        "IntegrationUri": ANY,
        "PayloadFormatVersion": _one_of("2.0"),
    },
    "AWS::ApiGatewayV2::Route": {
        "ApiId": ANY,
        "RouteKey": ANY,
        "AuthorizationType": _one_of("AWS_IAM", "JWT", "NONE"),
        "AuthorizerId": ANY,
        "AuthorizationScopes": ANY,
        "OperationName": ANY,
        "Target": ANY,
    },
    "AWS::ApiGatewayV2::Stage": {"ApiId": ANY, "StageName": ANY, "Description": ANY, "AutoDeploy": ANY, "Tags": ANY},
    "AWS::DynamoDB::Table": {
        "TableName": ANY,
        "BillingMode": _one_of("PAY_PER_REQUEST"),
        "AttributeDefinitions": {"AttributeName": ANY, "AttributeType": ANY},
        "KeySchema": {"AttributeName": ANY, "KeyType": ANY},
        "DeletionProtectionEnabled": ANY,
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": ANY},
        "TimeToLiveSpecification": {"AttributeName": ANY, "Enabled": ANY},
        "Tags": _TAGS,
    },
    "AWS::Events::Rule": {
        "Name": ANY,
        "Description": ANY,
        "EventPattern": ANY,
        "State": _one_of("ENABLED", "DISABLED"),
        "Targets": {
            "Id": ANY,
            "Arn": ANY,
            "Input": ANY,
            "DeadLetterConfig": {"Arn": ANY},
            "RetryPolicy": {"MaximumRetryAttempts": ANY, "MaximumEventAgeInSeconds": ANY},
        },
    },
    "AWS::IAM::ManagedPolicy": {
        "ManagedPolicyName": ANY,
        "Path": ANY,
        "Description": ANY,
        "PolicyDocument": ANY,
        "Roles": ANY,
    },
    "AWS::IAM::Policy": {"PolicyName": ANY, "PolicyDocument": ANY, "Roles": ANY},
    "AWS::IAM::Role": {
        "RoleName": ANY,
        "Path": ANY,
        "Description": ANY,
        "MaxSessionDuration": ANY,
        "AssumeRolePolicyDocument": ANY,
        "ManagedPolicyArns": ANY,
        "PermissionsBoundary": ANY,
        "Policies": {"PolicyName": ANY, "PolicyDocument": ANY},
        "Tags": _TAGS,
    },
    "AWS::Lambda::Alias": {"FunctionName": ANY, "FunctionVersion": ANY, "Name": ANY, "Description": ANY},
    "AWS::Lambda::EventInvokeConfig": {
        "FunctionName": ANY,
        "Qualifier": ANY,
        "MaximumRetryAttempts": ANY,
        "DestinationConfig": {"OnFailure": {"Destination": ANY}},
    },
    "AWS::Lambda::Function": {
        "FunctionName": ANY,
        "Description": ANY,
        # Only what the deploy itself points to: an archive that nobody uploaded would run as an empty function.
        "Code": {"S3Bucket": _one_of("localcloud-build"), "S3Key": ANY, "S3ObjectVersion": ANY},
        "Handler": ANY,
        "Runtime": ANY,
        "Architectures": ANY,
        "MemorySize": ANY,
        "Timeout": ANY,
        "Role": ANY,
        "Environment": {"Variables": ANY},
        "LoggingConfig": {"LogGroup": ANY},
        "Tags": _TAGS,
    },
    "AWS::Lambda::Permission": {
        "Action": ANY,
        "FunctionName": ANY,
        "Principal": ANY,
        "SourceArn": ANY,
        "SourceAccount": ANY,
    },
    "AWS::Lambda::Version": {"FunctionName": ANY, "Description": ANY},
    "AWS::Logs::LogGroup": {"LogGroupName": ANY, "RetentionInDays": ANY, "Tags": _TAGS},
    "AWS::S3::Bucket": {
        "BucketName": ANY,
        "BucketEncryption": {
            "ServerSideEncryptionConfiguration": {"ServerSideEncryptionByDefault": {"SSEAlgorithm": _one_of("AES256")}}
        },
        "PublicAccessBlockConfiguration": {
            "BlockPublicAcls": ANY,
            "BlockPublicPolicy": ANY,
            "IgnorePublicAcls": ANY,
            "RestrictPublicBuckets": ANY,
        },
        "OwnershipControls": {"Rules": {"ObjectOwnership": ANY}},
        "CorsConfiguration": {
            "CorsRules": {
                "AllowedOrigins": ANY,
                "AllowedMethods": ANY,
                "AllowedHeaders": ANY,
                "ExposedHeaders": ANY,
                "MaxAge": ANY,
            }
        },
        "LifecycleConfiguration": {
            "Rules": {
                "Id": ANY,
                "Status": ANY,
                "Prefix": ANY,
                "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": ANY},
            }
        },
        "Tags": _TAGS,
    },
    "AWS::S3::BucketPolicy": {"Bucket": ANY, "PolicyDocument": ANY},
    "AWS::SQS::Queue": {
        "QueueName": ANY,
        "MessageRetentionPeriod": ANY,
        "VisibilityTimeout": ANY,
        "SqsManagedSseEnabled": ANY,
        "RedrivePolicy": {"deadLetterTargetArn": ANY, "maxReceiveCount": ANY},
        "Tags": _TAGS,
    },
    "AWS::SQS::QueuePolicy": {"Queues": ANY, "PolicyDocument": ANY},
}

_ATTRIBUTES = frozenset(
    {"Type", "Properties", "DependsOn", "Condition", "DeletionPolicy", "UpdateReplacePolicy", "Metadata"}
)


def unsupported(
    resources: Mapping[str, Any], parameters: Mapping[str, str], types: Mapping[str, Mapping[str, Shape]]
) -> list[str]:
    """One line for each resource type, attribute and property that the local cloud does not have.

    `resources` as the template has them after SAM, `parameters` with their values, `types` what is supported.
    """
    return [
        f"resource `{name}` ({_type(resource)}): {problem}"
        for name, resource in resources.items()
        for problem in _problems(resource, parameters, types)
    ]


def _type(resource: Any) -> str:
    return str(resource.get("Type")) if isinstance(resource, dict) else "no type"


def _problems(resource: Any, parameters: Mapping[str, str], types: Mapping[str, Mapping[str, Shape]]) -> Iterator[str]:
    shape = types.get(_type(resource))
    if shape is None:
        yield "this type is not supported by the local cloud"
        return
    for attribute in resource.keys() - _ATTRIBUTES:
        yield f"attribute `{attribute}` is not supported by the local cloud"
    yield from _walk("", resource.get("Properties") or {}, shape, parameters)


def _walk(path: str, value: Any, shape: Shape, parameters: Mapping[str, str]) -> Iterator[str]:
    if shape is None or value == {"Ref": "AWS::NoValue"}:
        return
    if isinstance(value, list):
        for item in value:
            yield from _walk(path, item, shape, parameters)
    elif isinstance(value, dict) and value.keys() == {"Fn::If"}:
        for branch in value["Fn::If"][1:]:
            yield from _walk(path, branch, shape, parameters)
    elif isinstance(shape, frozenset):
        known = parameters.get(str(value["Ref"])) if isinstance(value, dict) and value.keys() == {"Ref"} else value
        if str(known) not in shape:
            yield f"property `{path}`: {_shown(value)} is not supported by the local cloud, only {_listed(shape)}"
    elif not isinstance(value, dict) or any(name == "Ref" or name.startswith("Fn::") for name in value):
        yield f"property `{path}` must be written out: what {_shown(value)} gives cannot be checked"
    else:
        for name, part in value.items():
            inner = f"{path}.{name}".lstrip(".")
            if name in shape:
                yield from _walk(inner, part, shape[name], parameters)
            else:
                yield f"property `{inner}` is not supported by the local cloud{_hint(name, shape)}"


def _hint(name: str, shape: Mapping[str, Shape]) -> str:
    close = difflib.get_close_matches(name, shape, 1)
    return f"; did you mean `{close[0]}`?" if close else ""


def _listed(values: frozenset[str]) -> str:
    return " or ".join(f"`{value}`" for value in sorted(values))


def _shown(value: Any) -> str:
    text = str(value)
    return f"`{text if len(text) <= 60 else text[:57] + '...'}`"
