"""Keys that somebody has in hand, every way to use them, and what the roles deny."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from auth import Identity
from tests.journeys.forms import send
from tests.journeys.people import Person, client, keys_of, root_client
from tests.journeys.refusals import is_denied
from tests.local_cloud import LocalCloud


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys that somebody has in hand: nothing renews them."""

    cloud: LocalCloud
    identity_id: str
    s3: Any
    dynamodb: Any

    @classmethod
    def of(cls, cloud: LocalCloud, identity: Identity) -> Keys:
        keys = keys_of(identity)
        s3 = client(cloud, "s3", keys, signature_version="s3v4")
        return cls(cloud, identity.identity_id, s3, client(cloud, "dynamodb", keys))

    @property
    def file(self) -> dict[str, str]:
        return {"Bucket": self.cloud.outputs["UserDataBucket"], "Key": f"private/{self.identity_id}/note"}

    def routes(self) -> dict[str, Callable[[], Any]]:
        """One call of each kind on own data, which the keys may make."""
        bucket, table, own = self.file["Bucket"], self.cloud.outputs["UserDataTable"], {"S": self.identity_id}
        key, whose = {"pk": own, "sk": {"S": "note"}}, {"TableName": table}
        query = {"KeyConditionExpression": "pk = :me", "ExpressionAttributeValues": {":me": own}}
        copy = {"CopySource": self.file, "Bucket": bucket, "Key": f"{self.file['Key']}-2"}
        form = self.s3.generate_presigned_post(**self.file)
        links = {name: self.s3.generate_presigned_url(name, Params=self.file) for name in ("get_object", "put_object")}
        s3, dynamodb = self.s3, self.dynamodb
        return {
            "put": lambda: s3.put_object(**self.file, Body=b"x"),
            "get": lambda: s3.get_object(**self.file),
            "list": lambda: s3.list_objects_v2(Bucket=bucket, Prefix=f"private/{self.identity_id}/"),
            "copy": lambda: s3.copy_object(**copy),
            "multipart": lambda: s3.create_multipart_upload(**self.file),
            "delete": lambda: s3.delete_object(**{**self.file, "Key": copy["Key"]}),
            "form": lambda: uploaded(form),
            "presigned put": lambda: opened(links["put_object"], "PUT"),
            "presigned get": lambda: opened(links["get_object"], "GET"),
            "put item": lambda: dynamodb.put_item(**whose, Item=key),
            "get item": lambda: dynamodb.get_item(**whose, Key=key),
            "query": lambda: dynamodb.query(**whose, **query),
            "batch": lambda: dynamodb.batch_get_item(RequestItems={table: {"Keys": [key]}}),
            "transaction": lambda: dynamodb.transact_get_items(
                TransactItems=[{"Get": {"TableName": table, "Key": key}}]
            ),
        }

    def work(self) -> bool:
        return not is_refused(self.routes()["get item"])


def opened(link: str, method: str) -> None:
    request = urllib.request.Request(link, b"x" if method == "PUT" else None, method=method)
    with urllib.request.urlopen(request, timeout=10):
        pass


def uploaded(form: dict[str, Any]) -> None:
    answer = send(form["url"], form["fields"])
    if answer.status == 403:
        raise PermissionError(answer.body)
    assert answer.status < 300, answer.body


def is_refused(call: Callable[[], Any]) -> bool:
    """Whether IAM refuses it; any other error is the test's."""
    try:
        return is_denied(call)
    except PermissionError:
        return True
    except urllib.error.HTTPError as error:
        with error:
            if error.code == 403:
                return True
            raise


def working_keys(person: Person) -> Keys:
    """Keys of the present sign-in, which work."""
    keys = Keys.of(person.cloud, person.identity())
    assert keys.work()
    return keys


def admin(person: Person, operation: str, **more: Any) -> Any:
    """An administrator's call about a person."""
    pool_id = person.cloud.outputs["UserPoolId"]
    return getattr(root_client(person.cloud, "cognito-idp"), operation)(
        UserPoolId=pool_id, Username=person.email, **more
    )


def policies(cloud: LocalCloud) -> list[Any]:
    """What the roles of signed-in users deny; None for a role that denies nothing."""
    iam, stack = root_client(cloud, "iam"), root_client(cloud, "cloudformation")
    found: list[Any] = []
    for logical_id in ("AuthenticatedRole", "EditorsRole"):
        resource = stack.describe_stack_resource(StackName="gatehouse", LogicalResourceId=logical_id)
        role = resource["StackResourceDetail"]["PhysicalResourceId"]
        names = iam.list_role_policies(RoleName=role)["PolicyNames"]
        held = "cut-off" in names
        found.append(iam.get_role_policy(RoleName=role, PolicyName="cut-off")["PolicyDocument"] if held else None)
    return found
