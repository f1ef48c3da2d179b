"""A stand-in for GetId, which moto answers with a new id each time. botocore still checks parameters by its model."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import boto3

PROVIDER = "cognito-idp.us-east-1.amazonaws.com/us-east-1_EXAMPLE12"
POOL = "us-east-1:00000000-0000-4000-8000-00000000000a"


class IdentityPool:
    """The identity of each good token. `failure` makes every call end in that error code."""

    def __init__(self) -> None:
        self.logins: dict[str, str] = {}
        self.failure = ""
        self.asked = 0

    def attach(self) -> None:
        """Answer for every client made from now on, in the session that the device pool made."""
        events = boto3.DEFAULT_SESSION.events  # type: ignore[union-attr]
        answer: Any = self._answer
        events.register("before-call.cognito-identity.GetId", answer)

    def _answer(self, params: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]]:
        assert "Authorization" not in params["headers"], "a call that anybody may make needs no signature"
        request = json.loads(params["body"])
        self.asked += 1
        assert request["IdentityPoolId"] == POOL
        ((provider, token),) = request["Logins"].items()
        assert provider == PROVIDER
        code = self.failure or ("" if token in self.logins else "NotAuthorizedException")
        parsed: dict[str, Any] = {"Error": {"Code": code}} if code else {"IdentityId": self.logins[token]}
        return SimpleNamespace(status_code=400 if code else 200), {**parsed, "ResponseMetadata": {}}
