"""Writes of many kinds, one after another each, until the server is gone; and what must be there when it is back."""

from __future__ import annotations

import json
import secrets
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from auth.devices import new_device
from tests.journeys.people import PASSWORD, root_client, unsigned_client
from tests.journeys.pools import FLOWS, Pool, add_client
from tests.local_cloud import LocalCloud

LARGE = 20_000
"""Times that the text of an object is repeated: more than one write of the file system."""


@dataclass(slots=True)
class Writes:
    """One kind of write. `holds(n)`: all is as after the n-th write, and nothing of the next one is there."""

    name: str
    write: Callable[[int], None]
    holds: Callable[[int], bool]
    answered: int = 0
    tried: int = 0

    def go_on(self) -> None:
        """Write until the server does not answer. Raises ClientError where it refuses."""
        while True:
            self.tried = self.answered + 1
            try:
                self.write(self.tried)
            except BotoCoreError:  # the server is gone, in the middle of whatever it was
                return
            self.answered = self.tried

    def check(self) -> None:
        """What was answered is there; what was not is there as a whole, or not at all."""
        found = next((number for number in (self.answered, self.tried) if self.holds(number)), None)
        assert found is not None, f"{self.name}: neither as after {self.answered}, nor as after {self.tried}"
        self.answered = found


def all_kinds(cloud: LocalCloud) -> list[Writes]:
    """One of each kind, in pools, a bucket and a table of their own."""
    pool = Pool.make(cloud)
    return [
        *(sign_ups(pool, f"crowd{number}") for number in range(2)),
        passwords(pool),
        refreshes(pool),
        devices(Pool.make(cloud, DeviceConfiguration={"DeviceOnlyRememberedOnUserPrompt": False})),
        groups(pool),
        objects(cloud),
        items(cloud),
    ]


def sign_ups(pool: Pool, crowd: str) -> Writes:
    """Sign up one person after another; each is found by their address and in the list, or not at all."""
    app, root = unsigned_client(pool.cloud, "cognito-idp"), root_client(pool.cloud, "cognito-idp")

    def address(number: int) -> str:
        return f"{crowd}-{number:06}@example.com"

    def write(number: int) -> None:
        attributes = [{"Name": "email", "Value": address(number)}]
        app.sign_up(ClientId=pool.client_id, Username=address(number), Password=PASSWORD, UserAttributes=attributes)

    def found(number: int) -> bool:
        try:
            root.admin_get_user(UserPoolId=pool.id, Username=address(number))
        except root.exceptions.UserNotFoundException:
            return False
        return True

    def holds(number: int) -> bool:
        pages = root.get_paginator("list_users").paginate(UserPoolId=pool.id, Filter=f'email ^= "{crowd}-"')
        listed = {_attribute(user, "email") for page in pages for user in page["Users"]}
        wanted = range(1, number + 1)
        # All are listed; that they are found by their address, too, is asked of the latest.
        alike = listed == {address(each) for each in wanted}
        return alike and all(map(found, wanted[-20:])) and not found(number + 1)

    return Writes(f"sign-ups of {crowd}", write, holds)


def passwords(pool: Pool) -> Writes:
    """Change a password again and again; of the new and the old one, one signs in."""
    app = unsigned_client(pool.cloud, "cognito-idp")
    name = _user(pool, "changing", _password(0))
    tokens = _sign_in(app, pool.client_id, name, _password(0))

    def write(number: int) -> None:
        app.change_password(
            AccessToken=tokens["AccessToken"],
            PreviousPassword=_password(number - 1),
            ProposedPassword=_password(number),
        )

    def holds(number: int) -> bool:
        try:
            return bool(_sign_in(app, pool.client_id, name, _password(number)))
        except app.exceptions.NotAuthorizedException:
            return False

    return Writes("password changes", write, holds)


def refreshes(pool: Pool) -> Writes:
    """Rotate a refresh token; the latest that the client was given is good, whether or not the next was made."""
    app = unsigned_client(pool.cloud, "cognito-idp")
    client_id = add_client(
        pool.cloud,
        pool.id,
        ExplicitAuthFlows=[flow for flow in FLOWS if flow != "ALLOW_REFRESH_TOKEN_AUTH"],
        RefreshTokenRotation={"Feature": "ENABLED", "RetryGracePeriodSeconds": 60},
    )
    name = _user(pool, "refreshing", PASSWORD)
    latest = [_sign_in(app, client_id, name, PASSWORD)["RefreshToken"]]

    def write(_: int) -> None:
        answer = app.get_tokens_from_refresh_token(ClientId=client_id, RefreshToken=latest[0])
        latest[0] = answer["AuthenticationResult"]["RefreshToken"]

    def holds(number: int) -> bool:
        write(number)
        return True

    return Writes("refreshes", write, holds)


def devices(pool: Pool) -> Writes:
    """Sign in on one new device after another, and confirm it."""
    app, root = unsigned_client(pool.cloud, "cognito-idp"), root_client(pool.cloud, "cognito-idp")
    name = _user(pool, "travelling", PASSWORD)
    confirmed: dict[int, str] = {}

    def write(number: int) -> None:
        tokens = _sign_in(app, pool.client_id, name, PASSWORD)
        metadata = tokens["NewDeviceMetadata"]
        confirmed[number] = metadata["DeviceKey"]
        _, verifier = new_device(metadata["DeviceKey"], metadata["DeviceGroupKey"], secrets.token_bytes)
        whose = {"AccessToken": tokens["AccessToken"], "DeviceKey": metadata["DeviceKey"]}
        app.confirm_device(**whose, DeviceSecretVerifierConfig=verifier)

    def known(key: str) -> bool:
        try:
            root.admin_get_device(UserPoolId=pool.id, Username=name, DeviceKey=key)
        except root.exceptions.ResourceNotFoundException:
            return False
        return True

    def holds(number: int) -> bool:
        return all(known(key) == (each <= number) for each, key in confirmed.items())

    return Writes("devices", write, holds)


def groups(pool: Pool) -> Writes:
    """Put somebody into a group, take them out, and so on."""
    root = root_client(pool.cloud, "cognito-idp")
    whose = {"UserPoolId": pool.id, "Username": _user(pool, "moving", PASSWORD)}
    root.create_group(UserPoolId=pool.id, GroupName="editors")

    def write(number: int) -> None:
        change = root.admin_add_user_to_group if number % 2 else root.admin_remove_user_from_group
        change(**whose, GroupName="editors")

    def holds(number: int) -> bool:
        theirs = bool(root.admin_list_groups_for_user(**whose)["Groups"])
        members = bool(root.list_users_in_group(UserPoolId=pool.id, GroupName="editors")["Users"])
        return theirs == members == bool(number % 2)

    return Writes("group changes", write, holds)


def objects(cloud: LocalCloud) -> Writes:
    """Write one object anew and anew; it has the bytes of one of them, and its own entity tag."""
    s3 = root_client(cloud, "s3")
    where = {"Bucket": f"writes-{uuid.uuid4().hex[:8]}", "Key": "kept"}
    s3.create_bucket(Bucket=where["Bucket"])
    tags: dict[int, str] = {}

    def body(number: int) -> bytes:
        return f"{number:05}".encode() * LARGE

    def write(number: int) -> None:
        tags[number] = s3.put_object(**where, Body=body(number))["ETag"]

    def holds(number: int) -> bool:
        try:
            found = s3.get_object(**where)
        except ClientError as error:
            return number == 0 and error.response["Error"]["Code"] == "NoSuchKey"
        tag = found["ETag"]
        return bool(found["Body"].read() == body(number) and tag == tags.get(number, tag))

    return Writes("objects", write, holds)


def items(cloud: LocalCloud) -> Writes:
    """Write one item anew and anew, and one more each time; the two are each of them there."""
    dynamodb, name = root_client(cloud, "dynamodb"), f"writes-{uuid.uuid4().hex[:8]}"
    dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
    )

    def item(key: str, number: int) -> dict[str, Any]:
        return {"pk": {"S": key}, "number": {"N": str(number)}, "text": {"S": f"{number}" * 1000}}

    def write(number: int) -> None:
        puts = [{"Put": {"TableName": name, "Item": item(key, number)}} for key in ("latest", str(number))]
        dynamodb.transact_write_items(TransactItems=puts)

    def holds(number: int) -> bool:
        pages: Iterator[Any] = dynamodb.get_paginator("scan").paginate(TableName=name)
        found = [each for page in pages for each in page["Items"]]
        wanted = [item(str(each), each) for each in range(1, number + 1)]
        return _sorted(found) == _sorted(wanted + ([item("latest", number)] if number else []))

    return Writes("items", write, holds)


def _sorted(found: list[dict[str, Any]]) -> list[str]:
    return sorted(json.dumps(each, sort_keys=True) for each in found)


def _password(number: int) -> str:
    return f"{PASSWORD}-{number}"


def _user(pool: Pool, name: str, password: str) -> str:
    root = root_client(pool.cloud, "cognito-idp")
    email = f"{name}@example.com"
    root.admin_create_user(UserPoolId=pool.id, Username=email, MessageAction="SUPPRESS")
    root.admin_set_user_password(UserPoolId=pool.id, Username=email, Password=password, Permanent=True)
    return email


def _sign_in(app: Any, client_id: str, name: str, password: str) -> dict[str, Any]:
    answer = app.initiate_auth(
        ClientId=client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": name, "PASSWORD": password},
    )
    result: dict[str, Any] = answer["AuthenticationResult"]
    return result


def _attribute(user: dict[str, Any], name: str) -> str:
    return str(next(each["Value"] for each in user["Attributes"] if each["Name"] == name))
