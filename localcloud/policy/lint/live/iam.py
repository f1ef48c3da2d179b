"""A role with all its policies, whoever attached them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from localcloud.policy.lint.live.reading import Clients, Found, pages
from localcloud.policy.lint.node import Node, Place
from localcloud.policy.lint.stack import Resource


def role(clients: Clients, found: Found) -> Iterator[Resource]:
    """The role: trust policy, inline and attached policies."""
    iam = clients("iam")
    settings = iam.get_role(RoleName=found.id)["Role"]
    policies = [*_inline(iam, found), *_attached(iam, found)]
    yield found.resource(
        {
            "AssumeRolePolicyDocument": found.document(settings["AssumeRolePolicyDocument"], "trust policy"),
            "MaxSessionDuration": found.document(settings.get("MaxSessionDuration"), "MaxSessionDuration"),
            "Policies": Node(tuple(policies), Place(found.name, path="$.Policies")),
        }
    )


def _inline(iam: Any, found: Found) -> Iterator[Node]:
    for name in pages(iam, "list_role_policies", "PolicyNames", RoleName=found.id):
        document = iam.get_role_policy(RoleName=found.id, PolicyName=name)["PolicyDocument"]
        yield found.document(document, f"policy {name}")


def _attached(iam: Any, found: Found) -> Iterator[Node]:
    for policy in pages(iam, "list_attached_role_policies", "AttachedPolicies", RoleName=found.id):
        arn = policy["PolicyArn"]
        version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        document = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
        yield found.document(document, f"managed policy {policy['PolicyName']}")
