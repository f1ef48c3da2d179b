"""Who may do what: each line is a real call, and has an outcome that it must have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from auth import Identity
from localcloud.cli.demo.cloud import Stage
from localcloud.cli.demo.story import People


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    who: str
    what: str
    allowed: bool
    expected: bool
    why: str

    @property
    def as_expected(self) -> bool:
        """Whether the outcome is the one it must be."""
        return self.allowed == self.expected


def try_all(stage: Stage, people: People) -> list[Row]:
    """Make every call of the table."""
    attempts = _Attempts(stage, people.ann.identity_id)
    for who, identity, owns in (("Ann", people.ann, True), ("Bob", people.bob, False), ("guest", people.guest, False)):
        attempts.on_her_data(who, identity, owns)
    attempts.on_everything(people.ann)
    return attempts.rows


class _Attempts:
    def __init__(self, stage: Stage, hers: str) -> None:
        self.rows: list[Row] = []
        self._bucket, self._table = stage.cloud.outputs["UserDataBucket"], stage.cloud.outputs["UserDataTable"]
        self._functions_table = stage.cloud.outputs["AppDataTable"]
        self._folder, self._item = f"private/{hers}/", {"pk": {"S": hers}, "sk": {"S": "hello"}}

    def on_her_data(self, who: str, identity: Identity, owns: bool) -> None:
        """Ann's file and item, by every route, and the caller's own."""
        s3, dynamodb = identity.client("s3"), identity.client("dynamodb")
        file = {"Bucket": self._bucket, "Key": self._folder + "hello.txt"}
        own = {"Bucket": self._bucket, "Key": f"private/{identity.identity_id}/own.txt"}
        batch = {self._table: {"Keys": [self._item]}}
        self._try(who, "read Ann's private file", owns, s3.get_object, **file)
        self._try(who, "write Ann's private file", owns, s3.put_object, **file, Body=b"x")
        self._try(who, "list Ann's private files", owns, s3.list_objects_v2, Bucket=self._bucket, Prefix=self._folder)
        self._try(who, "read Ann's item", owns, dynamodb.get_item, TableName=self._table, Key=self._item)
        self._try(who, "read Ann's item in a batch", owns, dynamodb.batch_get_item, RequestItems=batch)
        self._try(who, "write a file of its own", True, s3.put_object, **own, Body=b"own")

    def on_everything(self, ann: Identity) -> None:
        """What nobody may do with a user's keys."""
        s3, dynamodb = ann.client("s3"), ann.client("dynamodb")
        theirs = {"TableName": self._functions_table, "Item": self._item}
        self._try("Ann", "list the whole bucket", False, s3.list_objects_v2, Bucket=self._bucket)
        self._try("Ann", "scan the whole table", False, dynamodb.scan, TableName=self._table)
        self._try("Ann", "write to the functions' table", False, dynamodb.put_item, **theirs)

    def _try(self, who: str, what: str, expected: bool, call: Callable[..., Any], **arguments: Any) -> None:
        try:
            call(**arguments)
        except ClientError as error:
            self.rows.append(Row(who, what, False, expected, _why(error)))
        else:
            why = "a policy of its role allows it" if expected else "nothing stopped it"
            self.rows.append(Row(who, what, True, expected, why))


def _why(error: ClientError) -> str:
    message = error.response["Error"].get("Message", "")
    because = message.partition(" because ")[2]
    return because or message or str(error.response["Error"]["Code"])
