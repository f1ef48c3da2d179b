"""`--quotas`: over its rate a caller is told to slow down, and one that tries again as AWS advises gets through."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.journeys.people import root_client
from tests.local_cloud import LocalCloud

CALLS = 24
"""More than the 15 a second of UserPoolRead, and sooner made than in a second."""


@pytest.fixture
def throttled(fresh_cloud: LocalCloud) -> LocalCloud:
    fresh_cloud.options = ("--no-stack", "--quotas")
    return fresh_cloud.start()


def patient_client(cloud: LocalCloud) -> Any:
    """One that tries again; boto3's default mode does not know this error."""
    return boto3.client(
        "cognito-idp",
        endpoint_url=cloud.endpoint,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"mode": "standard", "max_attempts": 8}),
    )


def until_refused(call: Callable[..., Any], **arguments: Any) -> Any:
    for _ in range(200):
        try:
            call(**arguments)
        except ClientError as error:
            return error.response
    return pytest.fail("200 calls, and none was too many")


def test_a_client_that_tries_again_gets_through(throttled: LocalCloud) -> None:
    answer = until_refused(root_client(throttled, "cognito-idp").list_user_pools, MaxResults=1)
    assert (answer["Error"]["Code"], answer["Error"]["Message"]) == ("TooManyRequestsException", "Rate exceeded")
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 400
    patient = patient_client(throttled)
    answers = [patient.list_user_pools(MaxResults=1)["ResponseMetadata"] for _ in range(CALLS)]
    assert sum(answer["RetryAttempts"] for answer in answers) > 0


def test_without_the_option_nobody_is_throttled(cloud: LocalCloud) -> None:
    eager = root_client(cloud, "cognito-idp")
    for _ in range(CALLS):
        assert eager.list_user_pools(MaxResults=1)
