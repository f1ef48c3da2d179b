"""What signed-in people come for: a folder of the bucket that is theirs, and no other."""

from __future__ import annotations

from collections.abc import Mapping

from tests.browser.app import App
from tests.journeys.refusals import is_denied

_SOMEBODY_ELSE = "us-east-1:00000000-0000-4000-8000-000000000000"


def check_upload(app: App, tokens: Mapping[str, str]) -> str:
    """The credentials for these tokens write under the user's own prefix and no other. The identity's id."""
    identity = app.identity(tokens)
    s3, bucket = identity.client("s3"), app.settings.need("user_data_bucket")
    own, other = (f"private/{owner}/note" for owner in (identity.identity_id, _SOMEBODY_ELSE))
    s3.put_object(Bucket=bucket, Key=own, Body=b"mine")
    assert s3.get_object(Bucket=bucket, Key=own)["Body"].read() == b"mine"
    assert is_denied(s3.put_object, Bucket=bucket, Key=other, Body=b"not mine")
    return identity.identity_id
