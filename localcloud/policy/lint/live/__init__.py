"""Reads a deployed stack, on AWS or on the local cloud, as the same `Stack` that a template gives.

The one part of the linter that makes calls, all of which only read. Errors of boto3 are the caller's to show.
"""

from __future__ import annotations

from localcloud.policy.lint.live import cognito, data, iam
from localcloud.policy.lint.live.reading import Clients, Found, Reader, pages
from localcloud.policy.lint.stack import Resource, Stack

__all__ = ["Clients", "read_stack"]

READERS: dict[str, Reader] = {
    "AWS::Cognito::IdentityPool": cognito.identity_pool,
    "AWS::Cognito::UserPool": cognito.user_pool,
    "AWS::DynamoDB::Table": data.table,
    "AWS::IAM::Role": iam.role,
    "AWS::Lambda::Function": data.function,
    "AWS::S3::Bucket": data.bucket,
}


def read_stack(clients: Clients, name: str) -> Stack:
    """The stack of that name, as it is now, changes by hand included. Raises what boto3 raises."""
    listed = pages(clients("cloudformation"), "list_stack_resources", "StackResourceSummaries", StackName=name)
    resources: dict[str, Resource] = {}
    for summary in listed:
        read = READERS.get(summary["ResourceType"])
        if read and summary.get("PhysicalResourceId") and summary["ResourceStatus"] != "DELETE_COMPLETE":
            found = Found(summary["LogicalResourceId"], summary["ResourceType"], summary["PhysicalResourceId"])
            resources |= {resource.name: resource for resource in read(clients, found)}
    return Stack(resources)
