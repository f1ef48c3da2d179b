"""Whatever JSON or form stands where a parameter belongs: a mapping gives checks or AWS's error, and never fails."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from typing import Any

import botocore.session
import pytest

from localcloud.errors import AwsError
from localcloud.iam.actions import checks
from tests.iam.actions.fakes import RESOURCES, call

JSON_SERVICES = ("dynamodb", "dynamodbstreams", "kinesis", "kms", "logs", "secretsmanager", "sqs")
NONSENSE: tuple[Any, ...] = (
    None,
    True,
    7,
    1.5,
    "",
    "x",
    "arn:aws:",
    [],
    [None],
    ["x"],
    [{}],
    [[]],
    {},
    {"x": 1},
    {"Key": 7},
)
PATHS = ("/v2/email/outbound-emails", "/v2/email/identities/x", "/v2/email/templates/..", "/")


def operations(service: str) -> Mapping[str, list[str]]:
    model = botocore.session.get_session().get_service_model(service)
    inputs = {name: model.operation_model(name).input_shape for name in model.operation_names}
    return {name: sorted(shape.members) if shape else [] for name, shape in inputs.items()}


def ask(service: str, operation: str, params: Mapping[str, Any], **rest: Any) -> None:
    with contextlib.suppress(AwsError):
        assert isinstance(checks(call(service, operation, params, **rest), RESOURCES), list)


@pytest.mark.parametrize("service", JSON_SERVICES)
def test_json(service: str) -> None:
    for operation, members in operations(service).items():
        for nonsense in NONSENSE:
            ask(service, operation, dict.fromkeys(members, nonsense))
            for member in members:
                ask(service, operation, {member: nonsense})


@pytest.mark.parametrize("service", ["ses", "sns"])
def test_forms(service: str) -> None:
    endings = ("", ".member.1", ".member.1.Key", ".member.x", ".member", ".entry.1.key", ".Data", ".1", ".")
    for operation, members in operations(service).items():
        for text in ("", "x", "*", "a@example.com", "%%", "AAAA"):
            ask(service, operation, {f"{member}{ending}": text for member in members for ending in endings})
            ask(service, operation, dict.fromkeys(members, text))


def test_rest() -> None:
    for operation, members in operations("sesv2").items():
        for nonsense in NONSENSE:
            for path in PATHS:
                ask("sesv2", operation, {}, path=path, body=json.dumps(dict.fromkeys(members, nonsense)).encode())
        for body in (b"", b"[]", b"{", b'"x"', b"\xff"):
            ask("sesv2", operation, {}, body=body)
