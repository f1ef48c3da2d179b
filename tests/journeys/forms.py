"""Upload forms of S3 as browsers send them, and the users who sign them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import urllib3

from auth import Identity
from tests.journeys.people import ROOT, client, keys_of, root_client
from tests.local_cloud import LocalCloud

Field = tuple[str, Any]


@dataclass(slots=True)
class Answer:
    """What the browser got."""

    status: int
    headers: Mapping[str, str]
    body: str

    @property
    def refusal(self) -> tuple[int, str, str]:
        """Status, code and message of an error."""
        code, message = re.findall(r"<(?:Code|Message)>(.*?)</", self.body)[:2]
        return self.status, code, message.replace("&amp;", "&").replace("&lt;", "<")


def send(
    url: str,
    fields: Mapping[str, str] | Sequence[Field],
    content: bytes = b"hello",
    filename: str = "note.txt",
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Send a form as browsers do, the file last."""
    listed = list(fields.items()) if isinstance(fields, Mapping) else list(fields)
    body, kind = urllib3.encode_multipart_formdata([*listed, ("file", (filename, content, "text/plain"))])
    return post(url, body, {"content-type": kind, **(headers or {})})


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    with urllib3.PoolManager() as pool:
        got = pool.request("POST", url, body=body, headers=headers, redirect=False, retries=False)
        return Answer(got.status, got.headers, got.data.decode())


def signer(cloud: LocalCloud, keys: Mapping[str, Any] = ROOT) -> Any:
    """A client of S3 that signs forms with these keys."""
    return client(cloud, "s3", keys, signature_version="s3v4", s3={"addressing_style": "path"})


@dataclass(slots=True)
class User:
    """A user who signs forms with their own keys."""

    cloud: LocalCloud
    identity: Identity

    @property
    def bucket(self) -> str:
        return self.cloud.outputs["UserDataBucket"]

    @property
    def own(self) -> str:
        return f"private/{self.identity.identity_id}"

    @property
    def s3(self) -> Any:
        return signer(self.cloud, keys_of(self.identity))

    def sign(self, key: str = "a.txt", *, seconds: int = 600, **options: Any) -> tuple[str, dict[str, str]]:
        """The form for a key of the user's own (or, with a slash in front, for any key)."""
        name = key[1:] if key.startswith("/") else f"{self.own}/{key}"
        form = self.s3.generate_presigned_post(self.bucket, name, ExpiresIn=seconds, **options)
        return form["url"], form["fields"]

    def read(self, key: str) -> Any:
        return self.s3.get_object(Bucket=self.bucket, Key=f"{self.own}/{key}")

    def has(self, key: str) -> bool:
        found = root_client(self.cloud, "s3").list_objects_v2(Bucket=self.bucket, Prefix=f"{self.own}/{key}")
        return bool(found["KeyCount"])
