"""Which calls and resources store a policy, and how each service refuses one that AWS would not take.

Attack, or just a slip: a policy with a misspelt element, which is stored, protects nothing, and is found out on AWS.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from localcloud.aws import policy_documents
from localcloud.aws.catalog import Catalog
from localcloud.errors import AwsError
from localcloud.iam.actions import Call
from localcloud.iam.policy import PolicyError, PolicyKind

_MANAGED, _TRUST, _INLINE = 6_144, 2_048, {"Role": 10_240, "User": 2_048, "Group": 5_120}
"""Characters, white space not counted. Source: IAM quotas (a role's trust policy: the default one)."""


@dataclass(frozen=True, slots=True)
class Write:
    """A policy that is to be stored. `taken` is what others have of the same quota; `over` is said of too large a one.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    """

    name: str
    document: Any
    kind: PolicyKind
    limit: int
    over: str
    taken: int = 0
    bucket: str = ""


class TooLargeError(ValueError):
    """A policy that does not fit its quota."""


def check(call: Call, catalog: Catalog) -> None:
    """Raise AwsError, in the service's own words, for a call that would store a policy which AWS refuses."""
    for write in _of_call(call, catalog):
        try:
            _check(write)
        except TooLargeError as error:
            if call.service == "iam":
                raise AwsError("LimitExceeded", str(error), 409) from None
            raise _malformed(call.service, str(error)) from None
        except PolicyError as error:
            raise _malformed(call.service, str(error)) from None


def check_resource(catalog: Catalog, resource_type: str, properties: Mapping[str, Any]) -> None:
    """Raise ValueError for a resource of CloudFormation with a policy that AWS refuses."""
    for write in _of_resource(resource_type, properties, catalog):
        _check(write)


def _check(write: Write) -> None:
    size = policy_documents.size(write.document)
    # Attack: megabytes of statements, which take their time to read; they are too many anyhow.
    if size <= write.limit:
        policy_documents.check(write.document, write.name, write.kind, bucket=write.bucket)
    if write.taken + size > write.limit:
        raise TooLargeError(write.over)


def _of_call(call: Call, catalog: Catalog) -> Iterator[Write]:
    if call.service == "iam":
        yield from _of_iam(call.operation, call.params, catalog)
    elif (call.service, call.operation) == ("s3", "PutBucketPolicy"):
        bucket = call.path.split("/")[1]
        yield _of_bucket("bucket policy", call.body.decode("utf-8", "replace"), bucket)
    elif parameter := _PARAMETERS.get((call.service, call.operation)):
        document = _attribute(call) if parameter == "Attributes" else call.params.get(parameter)
        if document not in (None, ""):
            yield _of_service(call.service, f"{call.service} resource policy", document)


def _of_iam(operation: str, params: Mapping[str, Any], catalog: Catalog) -> Iterator[Write]:
    document = params.get("PolicyDocument", "")
    match operation:
        case "CreatePolicy" | "CreatePolicyVersion":
            yield _managed(params.get("PolicyName", "managed policy"), document)
        case "CreateRole":
            yield _trust(params.get("AssumeRolePolicyDocument", ""))
        case "UpdateAssumeRolePolicy":
            yield _trust(document)
        case "PutRolePolicy" | "PutUserPolicy" | "PutGroupPolicy":
            owner = operation.removeprefix("Put").removesuffix("Policy")
            name = params.get("PolicyName", "")
            others = _inline_of(catalog, owner, params.get(f"{owner}Name", ""))
            yield _inline(owner, params.get(f"{owner}Name", ""), name, document, others)


def _of_resource(resource_type: str, properties: Mapping[str, Any], catalog: Catalog) -> Iterator[Write]:
    document = properties.get("PolicyDocument", {})
    match resource_type:
        case "AWS::IAM::ManagedPolicy":
            yield _managed("PolicyDocument", document)
        case "AWS::IAM::Policy":
            for role in properties.get("Roles", ()):
                name = properties.get("PolicyName", "")
                yield _inline("Role", role, name, document, _inline_of(catalog, "Role", role), "PolicyDocument")
        case "AWS::IAM::Role":
            yield _trust(properties.get("AssumeRolePolicyDocument", {}), "AssumeRolePolicyDocument")
            own: dict[str, Any] = {}
            for policy in properties.get("Policies", ()):
                name, inline = policy.get("PolicyName", ""), policy.get("PolicyDocument", {})
                yield _inline("Role", properties.get("RoleName", ""), name, inline, own, f"Policies: {name}")
                own[name] = inline
        case "AWS::S3::BucketPolicy":
            yield _of_bucket("PolicyDocument", document, str(properties.get("Bucket", "")))
        case "AWS::SQS::QueuePolicy":
            yield _of_service("sqs", "PolicyDocument", document)


def _managed(name: str, document: Any) -> Write:
    return Write(name, document, "identity", _MANAGED, f"Cannot exceed quota for PolicySize: {_MANAGED}")


def _trust(document: Any, name: str = "trust policy") -> Write:
    return Write(name, document, "trust", _TRUST, f"Cannot exceed quota for ACLSizePerRole: {_TRUST}")


def _inline(owner: str, of: str, name: str, document: Any, all_inline: Mapping[str, Any], label: str = "") -> Write:
    limit = _INLINE[owner]
    over = f"Maximum policy size of {limit} bytes exceeded for {owner.lower()} {of}"
    taken = sum(policy_documents.size(other) for key, other in all_inline.items() if key != name)
    return Write(label or name, document, "identity", limit, over, taken)


def _of_bucket(name: str, document: Any, bucket: str) -> Write:
    return Write(name, document, "resource", 20_480, "Policy exceeds the maximum allowed document size.", bucket=bucket)


def _of_service(service: str, name: str, document: Any) -> Write:
    limit = _LIMITS[service]
    return Write(name, document, "resource", limit, f"The policy is larger than {limit} bytes.")


_PARAMETERS: Mapping[tuple[str, str], str] = {
    ("dynamodb", "CreateTable"): "ResourcePolicy",
    ("dynamodb", "PutResourcePolicy"): "Policy",
    ("kinesis", "PutResourcePolicy"): "Policy",
    ("kms", "CreateKey"): "Policy",
    ("kms", "PutKeyPolicy"): "Policy",
    ("secretsmanager", "PutResourcePolicy"): "ResourcePolicy",
    ("sns", "CreateTopic"): "Attributes",
    ("sns", "SetTopicAttributes"): "Attributes",
    ("sqs", "CreateQueue"): "Attributes",
    ("sqs", "SetQueueAttributes"): "Attributes",
}

# Bytes, of each service's own quotas. SQS names none; a queue's policy has the limit of its attributes then.
_LIMITS = {
    "dynamodb": 20_480,
    "kinesis": 20_480,
    "kms": 32_768,
    "secretsmanager": 20_480,
    "sns": 30_720,
    "sqs": 262_144,
}

# What each service answers; S3, KMS and IAM have a code of their own for it.
_MALFORMED = {
    "dynamodb": ("ValidationException", "One or more parameter values were invalid: Invalid policy document: {}"),
    "iam": ("MalformedPolicyDocument", "{}"),
    "kinesis": ("InvalidArgumentException", "Invalid policy: {}"),
    "kms": ("MalformedPolicyDocumentException", "{}"),
    "s3": ("MalformedPolicy", "{}"),
    "secretsmanager": ("MalformedPolicyDocumentException", "{}"),
    "sns": ("InvalidParameter", "Invalid parameter: Policy Error: {}"),
    "sqs": ("InvalidAttributeValue", "Invalid value for the parameter Policy. {}"),
}


def _malformed(service: str, problem: str) -> AwsError:
    code, text = _MALFORMED[service]
    return AwsError(code, text.format(problem))


def _attribute(call: Call) -> Any:
    """The attribute `Policy` of a topic or queue, however the call spells its attributes."""
    params = call.params
    if params.get("AttributeName") == "Policy":
        return params.get("AttributeValue", "")
    if isinstance(params.get("Attributes"), Mapping):
        return params["Attributes"].get("Policy")
    keys = [name.removesuffix(".key") for name, value in params.items() if name.endswith(".key") and value == "Policy"]
    return next((params.get(f"{key}.value", "") for key in keys), None)


def _inline_of(catalog: Catalog, owner: str, name: str) -> Mapping[str, Any]:
    """The inline policies that a role, user or group has."""
    if owner == "Role":
        role = catalog.role(name)
        return role.inline_policies if role else {}
    iam = catalog.module("iam")
    with catalog.scope():
        store = iam._user_inline_policies if owner == "User" else iam._group_inline_policies
        return dict(store.get(name) or {})
