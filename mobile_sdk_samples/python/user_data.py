"""The user's own files and items, straight from the app with the keys of its role."""

from __future__ import annotations

import boto3

from auth import Settings


class UserData:
    """What one identity may reach; `owner` says whose prefix or partition. Refusals are botocore's ClientError."""

    def __init__(self, settings: Settings, session: boto3.Session) -> None:
        self._bucket = settings.need("user_data_bucket")
        self._table = settings.need("user_data_table")
        self._s3 = session.client("s3", endpoint_url=settings.endpoint_url)
        self._dynamodb = session.client("dynamodb", endpoint_url=settings.endpoint_url)

    def upload(self, owner: str, name: str, body: bytes) -> None:
        """Put a file under the owner's private prefix."""
        self._s3.put_object(Bucket=self._bucket, Key=f"private/{owner}/{name}", Body=body)

    def put_item(self, owner: str, name: str, text: str) -> None:
        """Put an item into the owner's partition."""
        item = {"pk": {"S": owner}, "sk": {"S": name}, "text": {"S": text}}
        self._dynamodb.put_item(TableName=self._table, Item=item)
