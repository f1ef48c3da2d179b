"""Where policy documents stand in the properties of each resource type, and which roles they are for."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud.policy.lint.node import Node
from localcloud.policy.lint.policy import Policy

FUNCTIONS = ("AWS::Serverless::Function", "AWS::Lambda::Function")

# The property that holds the policy of a resource.
OF_RESOURCES = {
    "AWS::DynamoDB::Table": ("ResourcePolicy", "PolicyDocument"),
    "AWS::KMS::Key": ("KeyPolicy",),
    "AWS::S3::BucketPolicy": ("PolicyDocument",),
    "AWS::SNS::TopicPolicy": ("PolicyDocument",),
    "AWS::SQS::QueuePolicy": ("PolicyDocument",),
    "AWS::SecretsManager::ResourcePolicy": ("ResourcePolicy",),
}
# Types that hold one document, and the property that names its roles; None: it is for nobody who has a role.
OF_PRINCIPALS = {
    "AWS::IAM::Policy": "Roles",
    "AWS::IAM::ManagedPolicy": "Roles",
    "AWS::IAM::RolePolicy": "RoleName",
    "AWS::IAM::UserPolicy": None,
    "AWS::IAM::GroupPolicy": None,
}
_WITH_POLICIES = ("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group", "AWS::Serverless::Function")


def policies_of(name: str, kind: str, properties: Node) -> Iterator[tuple[Policy, tuple[Node, ...]]]:
    """The policies of a resource, each with the roles that it names besides the resource itself."""
    if properties.get("AssumeRolePolicyDocument").exists:
        yield Policy("trust", name, properties.get("AssumeRolePolicyDocument"), role=True), ()
    if path := OF_RESOURCES.get(kind):
        yield Policy("resource", name, properties.get(*path)), ()
    if kind in OF_PRINCIPALS:
        roles = properties.get(OF_PRINCIPALS[kind] or "").each()
        yield Policy("identity", name, properties.get("PolicyDocument"), role=bool(roles)), roles
    if kind in _WITH_POLICIES:
        for entry in properties.get("Policies").each():
            # SAM takes the document itself, beside names of managed policies and templates of its own.
            document = entry.get("PolicyDocument") if entry.get("PolicyDocument").exists else entry
            if document.get("Statement").exists:
                yield Policy("identity", name, document, role=kind not in ("AWS::IAM::User", "AWS::IAM::Group")), ()
