"""Which operations are ours: whole services, and of IAM what has a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from localcloud import own_services
from localcloud.errors import AwsError
from localcloud.wire import model


def test_whole_services_are_ours_even_where_an_operation_is_not_written() -> None:
    for service in ("cognito-idp", "cognito-identity", "sts"):
        assert own_services.is_ours(service, "NoSuchOperation")
    assert not own_services.is_ours("s3", "GetObject")


def test_of_iam_what_has_a_file_is_ours() -> None:
    assert own_services.is_ours("iam", "CreateSAMLProvider")
    assert not own_services.is_ours("iam", "CreateRole")


@pytest.mark.parametrize("name", ["", "..", "../sts/GetCallerIdentity", "a.b", "__init__", "Create\nSAMLProvider"])
def test_attack_a_name_that_is_no_operation(name: str) -> None:
    """Attack: a module of ours that is run because a request names it."""
    assert not own_services.is_ours("iam", name)
    with pytest.raises(AwsError, match="UnknownOperationException"):
        own_services.find_operation("sts", name)


def test_what_is_not_written_is_refused_by_name() -> None:
    operation = own_services.find_operation("sts", "GetSessionToken")
    with pytest.raises(AwsError, match="GetSessionToken is not supported by the local cloud"):
        own_services.find_handler(operation)


@pytest.mark.parametrize("service", own_services.OWN)
def test_every_file_is_an_operation_of_the_model_that_can_be_called(service: str) -> None:
    """What `docs/operations.md` calls supported."""
    operations = model.load(service).operations.values()
    written = {operation.snake_name: operation for operation in operations if own_services.has_file(operation)}
    folder = Path(own_services.__file__).parent / own_services.OWN[service].package / "operations"
    assert {file.stem for file in folder.glob("*.py")} - {"__init__"} == set(written)
    assert all(callable(own_services.find_handler(operation)) for operation in written.values())


@pytest.mark.parametrize("service", ["cognito-idp", "cognito-identity"])
def test_every_operation_of_cognito_is_written(service: str) -> None:
    operations = model.load(service).operations.values()
    assert [operation.name for operation in operations if not own_services.has_file(operation)] == []
