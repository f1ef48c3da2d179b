"""Data of two owners in one bucket and one table, and keys that only a prefix and a leading key keep to one of them."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

from tests.journeys.people import root_client
from tests.local_cloud import LocalCloud
from tests.robustness.wire import Answer, Keys, request, sign, signed_call

SECRET = "nobody-else-reads-this"


@dataclass(frozen=True, slots=True)
class Place:
    """A bucket and a table (called alike) with an item and an object of `me` and of `you`."""

    cloud: LocalCloud
    name: str
    keys: Keys
    you_version: str

    def s3(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        """A request whose path goes out as it is, and is signed as S3 reads it: decoded once, and encoded again."""
        given = {name.replace("_", "-"): self.named(value) for name, value in headers.items()}
        raw, mark, query = self.named(path).partition("?")
        canonical = f"{quote(unquote(raw), safe='/~')}{mark}{query}"
        signature = sign(self.cloud.port, "s3", body, given, method=method, path=canonical, keys=self.keys)
        return request(self.cloud.port, body, signature, method=method, path=f"{raw}{mark}{query}")

    def dynamodb(self, operation: str, params: dict[str, Any]) -> Answer:
        body = self.named(json.dumps(params)).encode()
        return signed_call(self.cloud.port, "dynamodb", operation, body, keys=self.keys)

    def named(self, text: str) -> str:
        return text.replace("PLACE", self.name).replace("YOUR_VERSION", self.you_version)

    def is_untouched(self) -> bool:
        s3, dynamodb = root_client(self.cloud, "s3"), root_client(self.cloud, "dynamodb")
        content = s3.get_object(Bucket=self.name, Key="private/you/a")["Body"].read()
        pages = dynamodb.query(
            TableName=self.name, KeyConditionExpression="pk = :p", ExpressionAttributeValues={":p": {"S": "you"}}
        )
        kept = {"pk": {"S": "you"}, "sk": {"S": "a"}, "mail": {"S": "you@example.com"}, "secret": {"S": SECRET}}
        return bool(content == SECRET.encode() and pages["Items"] == [kept])


def make_place(cloud: LocalCloud) -> Place:
    """A place of its own: the keys may do everything to what is `me`'s, and nothing to what is `you`'s."""
    name = f"ways-{uuid.uuid4().hex[:8]}"
    iam, s3, dynamodb = (root_client(cloud, service) for service in ("iam", "s3", "dynamodb"))
    s3.create_bucket(Bucket=name)
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket=name, Key="private/me/a", Body=b"mine")
    version = s3.put_object(Bucket=name, Key="private/you/a", Body=SECRET.encode())["VersionId"]
    keys = [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]
    index = {"IndexName": "by-mail", "KeySchema": [{"AttributeName": "mail", "KeyType": "HASH"}]}
    dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=keys,
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in ("pk", "sk", "mail")],
        GlobalSecondaryIndexes=[index | {"Projection": {"ProjectionType": "ALL"}}],
    )
    dynamodb.create_table(
        TableName=f"{name}-other",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=keys[:1],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
    )
    for owner, secret in (("me", "mine"), ("you", SECRET)):
        mail = f"{owner}@example.com"
        item = {"pk": {"S": owner}, "sk": {"S": "a"}, "mail": {"S": mail}, "secret": {"S": secret}}
        dynamodb.put_item(TableName=name, Item=item)
        dynamodb.put_item(TableName=f"{name}-other", Item={"pk": {"S": owner}, "secret": {"S": secret}})
    table = f"arn:aws:dynamodb:us-east-1:000000000000:table/{name}"
    own = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": "me"}, "Null": {"dynamodb:LeadingKeys": "false"}}
    allow: list[dict[str, Any]] = [
        {"Action": "s3:*", "Resource": f"arn:aws:s3:::{name}/private/me/*"},
        {"Action": "s3:ListBucket", "Resource": f"arn:aws:s3:::{name}",
         "Condition": {"StringEquals": {"s3:prefix": "private/me/"}}},
        {"Action": "dynamodb:*", "Resource": [table, f"{table}-other", f"{table}/index/*"], "Condition": own},
    ]  # fmt: skip
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement} for statement in allow]}
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=json.dumps(policy))
    made = iam.create_access_key(UserName=name)["AccessKey"]
    return Place(cloud, name, Keys(made["AccessKeyId"], made["SecretAccessKey"]), version)
