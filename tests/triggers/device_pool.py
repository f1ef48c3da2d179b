"""A stand-in for AdminGetUser, and for what moto lacks of devices. botocore still checks the parameters."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import boto3

CREATED = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
SEEN = datetime(2026, 11, 22, 3, 7, 0, 500_000, tzinfo=UTC)


def device(key: str, name: str = "phone", remembered: bool = True) -> dict[str, Any]:
    """A device as Cognito lists it."""
    attributes = {
        "device_status": "valid",
        "device_name": name,
        "last_ip_used": "192.0.2.1",
        "dev:device_remembered_status": "remembered" if remembered else "not_remembered",
    }
    return {
        "DeviceKey": key,
        "DeviceAttributes": [{"Name": n, "Value": v} for n, v in attributes.items()],
        "DeviceCreateDate": CREATED,
        "DeviceLastModifiedDate": SEEN,
        "DeviceLastAuthenticatedDate": SEEN,
    }


class DevicePool:
    """The devices of each user, by key. `failure` makes every call end in that error code."""

    def __init__(self) -> None:
        self.users: dict[str, dict[str, dict[str, Any]]] = {}
        self.factors: dict[str, list[str]] = {}
        self.changes: list[tuple[str, str]] = []
        self.failure = ""

    def attach(self) -> None:
        """Answer for every client made from now on."""
        boto3.setup_default_session()
        events = boto3.DEFAULT_SESSION.events  # type: ignore[union-attr]
        answers = {
            "AdminListDevices": self._list,
            "AdminForgetDevice": self._forget,
            "AdminGetUser": self._get,
            "AdminUpdateDeviceStatus": self._update,
        }
        for operation, answer in answers.items():
            events.register(f"before-call.cognito-identity-provider.{operation}", self._answer(answer))

    def add(self, username: str, *devices: dict[str, Any]) -> None:
        """Track devices for a user."""
        self.users.setdefault(username, {}).update({d["DeviceKey"]: d for d in devices})

    def _answer(self, answer: Any) -> Any:
        def before_call(params: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]]:
            request = json.loads(params["body"])
            code = self.failure or ("UserNotFoundException" if request["Username"] not in self.users else "")
            parsed = {"Error": {"Code": code}} if code else answer(request)
            parsed.setdefault("ResponseMetadata", {})
            return SimpleNamespace(status_code=400 if "Error" in parsed else 200), parsed

        return before_call

    def _list(self, request: dict[str, Any]) -> dict[str, Any]:
        first, devices = int(request.get("PaginationToken", 0)), list(self.users[request["Username"]].values())
        after = first + request["Limit"]
        more = {"PaginationToken": str(after)} if after < len(devices) else {}
        return {"Devices": devices[first:after], **more}

    def _update(self, request: dict[str, Any]) -> dict[str, Any]:
        found = self.users[request["Username"]][request["DeviceKey"]]
        for attribute in found["DeviceAttributes"]:
            if attribute["Name"] == "dev:device_remembered_status":
                attribute["Value"] = request["DeviceRememberedStatus"]
        self.changes.append(("end trust", request["DeviceKey"]))
        return {}

    def _get(self, request: dict[str, Any]) -> dict[str, Any]:
        return {"Username": request["Username"], "UserMFASettingList": self.factors.get(request["Username"], [])}

    def _forget(self, request: dict[str, Any]) -> dict[str, Any]:
        self.changes.append(("forget", request["DeviceKey"]))
        found = self.users[request["Username"]].pop(request["DeviceKey"], None)
        return {} if found else {"Error": {"Code": "ResourceNotFoundException"}}
