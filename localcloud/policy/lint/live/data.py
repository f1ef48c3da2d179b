"""Buckets and tables with the policies on them, and functions with their roles."""

from __future__ import annotations

import json
from collections.abc import Iterator

from localcloud.policy.lint.live.reading import Clients, Found, unless
from localcloud.policy.lint.node import Node, Place
from localcloud.policy.lint.stack import Resource


def bucket(clients: Clients, found: Found) -> Iterator[Resource]:
    """The bucket, and its policy as a resource of its own."""
    yield found.resource({})
    answer = unless("NoSuchBucketPolicy", clients("s3").get_bucket_policy, Bucket=found.id)
    if answer:
        part = Found(f"{found.name}, bucket policy", "AWS::S3::BucketPolicy", found.id)
        yield part.resource({"PolicyDocument": part.document(json.loads(answer["Policy"]))})


def table(clients: Clients, found: Found) -> Iterator[Resource]:
    """The table: its indexes, and its policy."""
    dynamodb = clients("dynamodb")
    settings = dynamodb.describe_table(TableName=found.id)["Table"]
    indexes = {key: settings.get(key) for key in ("GlobalSecondaryIndexes", "LocalSecondaryIndexes")}
    properties: dict[str, Node | None] = {key: found.document(value, key) for key, value in indexes.items() if value}
    answer = unless("PolicyNotFoundException", dynamodb.get_resource_policy, ResourceArn=settings["TableArn"])
    if answer:
        document = found.document(json.loads(answer["Policy"]), "resource policy")
        properties["ResourcePolicy"] = Node({"PolicyDocument": document}, Place(found.name, path="$.ResourcePolicy"))
    yield found.resource(properties)


def function(clients: Clients, found: Found) -> Iterator[Resource]:
    """The function: which role it has."""
    settings = clients("lambda").get_function_configuration(FunctionName=found.id)
    yield found.resource({"Role": found.document(settings["Role"], "Role")})
