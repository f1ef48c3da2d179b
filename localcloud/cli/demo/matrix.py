"""Who may do what: each line is a real call, and has an outcome that it must have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from auth import Identity
from localcloud.cli.demo.cloud import RunningCloud
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


def try_all(cloud: RunningCloud, people: People) -> list[Row]:
    """Make every call of the table."""
    bucket, table = cloud.outputs["UserDataBucket"], cloud.outputs["UserDataTable"]
    hers = people.ann.identity_id
    rows: list[Row] = []

    def attempt(who: str, identity: Identity, what: str, expected: bool, call: Callable[[Any, Any], Any]) -> None:
        try:
            call(identity.client("s3"), identity.client("dynamodb"))
        except ClientError as error:
            rows.append(Row(who, what, False, expected, _why(error)))
        else:
            rows.append(Row(who, what, True, expected, "its own, or shared" if expected else "no policy stopped it"))

    file, item = f"private/{hers}/hello.txt", {"pk": {"S": hers}, "sk": {"S": "hello"}}
    for who, identity, owns in (("Ann", people.ann, True), ("Bob", people.bob, False), ("guest", people.guest, False)):
        attempt(who, identity, "read Ann's private file", owns, lambda s3, _: s3.get_object(Bucket=bucket, Key=file))
        attempt(
            who, identity, "write Ann's private file", owns, lambda s3, _: s3.put_object(Bucket=bucket, Key=file, Body=b"x")
        )
        attempt(
            who, identity, "list Ann's private files", owns,
            lambda s3, _: s3.list_objects_v2(Bucket=bucket, Prefix=f"private/{hers}/"),
        )  # fmt: skip
        attempt(who, identity, "read Ann's item", owns, lambda _, ddb: ddb.get_item(TableName=table, Key=item))
        attempt(
            who, identity, "read Ann's item in a batch", owns,
            lambda _, ddb: ddb.batch_get_item(RequestItems={table: {"Keys": [item]}}),
        ) if who != "guest" else None  # fmt: skip
        attempt(
            who, identity, "write own file", True,
            lambda s3, _, identity=identity: s3.put_object(
                Bucket=bucket, Key=f"private/{identity.identity_id}/own.txt", Body=b"own"
            ),
        )  # fmt: skip
    attempt("Ann", people.ann, "list the whole bucket", False, lambda s3, _: s3.list_objects_v2(Bucket=bucket))
    attempt("Ann", people.ann, "scan the whole table", False, lambda _, ddb: ddb.scan(TableName=table))
    attempt(
        "Ann", people.ann, "write to the functions' table", False,
        lambda _, ddb: ddb.put_item(TableName=cloud.outputs["AppDataTable"], Item=item),
    )  # fmt: skip
    return rows


def _why(error: ClientError) -> str:
    message = error.response["Error"].get("Message", "")
    because = message.partition(" because ")[2]
    return because or message or str(error.response["Error"]["Code"])
