"""Every operation of ours, every member, wrong in every way that the model rules out: refused by the right code.

The requests are made from botocore's models, so that a new operation is covered as soon as it has a file.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from localcloud.wire import model
from localcloud.wire.model import Operation
from tests.local_cloud import ROOT, LocalCloud
from tests.robustness import shapes
from tests.robustness.wire import Answer, call, signed_call

pytestmark = pytest.mark.usefixtures("unchanged")

_FOLDERS = {"cognito-idp": "userpool", "cognito-identity": "identitypool"}
_INVALID = {"cognito-idp": "InvalidParameterException", "cognito-identity": "ValidationException"}
_MISSING = {
    "UserPoolId": "us-east-1_NoSuchOne",
    "ClientId": "nosuchclient",
    "IdentityPoolId": "us-east-1:00000000-0000-4000-8000-000000000000",
    "IdentityId": "us-east-1:00000000-0000-4000-8000-000000000001",
    "AccessToken": "eyJhbGciOiJSUzI1NiJ9.e30.AAAA",
    "ResourceArn": "arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_NoSuchOne",
}


def operations() -> Iterator[Operation]:
    for service, folder in _FOLDERS.items():
        files = {path.stem for path in Path(ROOT / "localcloud" / folder / "operations").glob("*.py")}
        yield from (each for each in model.load(service).operations.values() if each.snake_name in files)


OURS = sorted(operations(), key=lambda operation: (operation.service, operation.name))


def send(cloud: LocalCloud, operation: Operation, body: dict[str, Any]) -> Answer:
    perform = signed_call if operation.signed else call
    return perform(cloud.port, operation.service, operation.name, body)


def test_all_operations_are_found() -> None:
    assert len(OURS) > 80


@pytest.mark.parametrize("operation", OURS, ids=lambda operation: operation.name)
def test_one_member_that_does_not_fit(cloud: LocalCloud, operation: Operation) -> None:
    service, outputs = model.load(operation.service), cloud.outputs
    known = {
        "UserPoolId": outputs["UserPoolId"],
        "ClientId": outputs["AppClientId"],
        "IdentityPoolId": outputs["IdentityPoolId"],
    }
    for broken in shapes.broken(service, operation, shapes.filled(service, operation, known)):
        answer = send(cloud, operation, broken.request)
        code = "SerializationException" if broken.kind == "type" else _INVALID[operation.service]
        assert (answer.status, answer.code) == (400, code), (broken.path, broken.kind, answer.body)
        if broken.kind != "type":
            assert "validation error" in answer.json["message"], (broken.path, answer.body)


def named_by(operation: Operation) -> list[str]:
    """The members that name something which may not be there."""
    if not operation.input:
        return []
    shape = model.load(operation.service).shapes[operation.input]
    required = shape.get("required", ())
    return [name for name in shape["members"] if name in _MISSING and (name in required or name == "AccessToken")]


@pytest.mark.parametrize("operation", [each for each in OURS if named_by(each)], ids=lambda operation: operation.name)
def test_a_well_formed_request_about_nothing(cloud: LocalCloud, operation: Operation) -> None:
    service = model.load(operation.service)
    required = service.shapes[operation.input].get("required", ())
    filled = shapes.filled(service, operation, _MISSING)
    answer = send(cloud, operation, {name: filled[name] for name in (*required, *named_by(operation))})
    assert answer.status == 400
    assert answer.code in operation.errors, answer.body
