"""Which operations are ours: whole services, and of IAM what has a file."""

from __future__ import annotations

import pytest

from localcloud import own_services
from localcloud.errors import AwsError


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
