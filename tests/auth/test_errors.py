"""Whatever botocore raises becomes one member of the `AuthError` tree, and no error shows a secret."""

from __future__ import annotations

import inspect
import re

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError, ProfileNotFound

from auth import errors
from auth.errors import AuthError, aws_errors, from_client_error


def client_error(code: str, message: str = "why") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "InitiateAuth")


@pytest.mark.parametrize(
    ("code", "member"),
    [
        ("NotAuthorizedException", errors.NotAuthorized),
        ("UserNotConfirmedException", errors.UserNotConfirmed),
        ("CodeMismatchException", errors.CodeMismatch),
        ("ExpiredCodeException", errors.CodeExpired),
        ("AliasExistsException", errors.UsernameTaken),
        ("InvalidPasswordException", errors.PasswordPolicy),
        ("LimitExceededException", errors.TooManyRequests),
        ("UserLambdaValidationException", errors.TriggerRefused),
        ("ResourceNotFoundException", errors.ResourceNotFound),
        ("UnrecognizedClientException", errors.CredentialsMissing),
    ],
)
def test_a_code_of_aws_is_a_class_of_ours(code: str, member: type[AuthError]) -> None:
    error = from_client_error(client_error(code))
    assert (type(error), error.code, str(error)) == (member, code, "why")


def test_an_unlisted_code_is_kept_on_the_base_class() -> None:
    error = from_client_error(client_error("SomethingNewException"))
    assert (type(error), error.code) == (AuthError, "SomethingNewException")


def test_no_code_belongs_to_two_classes() -> None:
    codes = [code for member in AuthError.__subclasses__() for code in member.codes]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize(
    ("raised", "member"),
    [
        (client_error("UserNotFoundException"), errors.UserNotFound),
        (NoCredentialsError(), errors.CredentialsMissing),
        (ProfileNotFound(profile="lost"), errors.SettingsInvalid),
        (EndpointConnectionError(endpoint_url="http://127.0.0.1:1"), errors.ServiceUnreachable),
    ],
)
def test_what_botocore_raises_is_translated(raised: Exception, member: type[AuthError]) -> None:
    with pytest.raises(member), aws_errors():
        raise raised


def test_a_refused_parameter_does_not_show_its_value() -> None:
    pools = boto3.client("cognito-idp", region_name="eu-west-1")
    with pytest.raises(errors.InvalidRequest) as caught, aws_errors():
        pools.sign_up(ClientId="c", Username="", Password=["hunter2", "hunter2"])  # type: ignore[arg-type]
    assert "parameter Password" in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    classes = {name for name, member in inspect.getmembers(errors, inspect.isclass) if issubclass(member, AuthError)}
    assert set(re.findall(r"(?:── |^    )([A-Z]\w+)", errors.__doc__ or "", re.MULTILINE)) == classes
