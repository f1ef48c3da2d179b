"""SQS, SNS, Kinesis and stream calls are decided on the one queue, topic or stream that they will reach."""

from __future__ import annotations

from typing import Any

import pytest

from localcloud.errors import AwsError
from localcloud.iam.actions import Check, checks
from tests.iam.actions.fakes import RESOURCES, call

QUEUE = "arn:aws:sqs:us-east-1:000000000000:"
TOPIC = "arn:aws:sns:us-east-1:000000000000:"
STREAM = "arn:aws:kinesis:us-east-1:000000000000:stream/"
CONSUMER = f"{STREAM}s/consumer/c:1700000000"
CHANGES = "arn:aws:dynamodb:us-east-1:000000000000:table/table/stream/2026-01-01T00:00:00.000"
ENDPOINT = f"{TOPIC}endpoint/GCM/app/12345678-1234-1234-1234-123456789012"
URL = "http://127.0.0.1:4566/000000000000/jobs"


def found(service: str, operation: str, **params: Any) -> list[Check]:
    return checks(call(service, operation, params), RESOURCES)


def asked(service: str, operation: str, **params: Any) -> list[tuple[str, str]]:
    return [(check.action, check.resource) for check in found(service, operation, **params)]


@pytest.mark.parametrize(
    ("operation", "action"),
    [
        ("SendMessage", "SendMessage"),
        ("SendMessageBatch", "SendMessage"),
        ("DeleteMessageBatch", "DeleteMessage"),
        ("ChangeMessageVisibilityBatch", "ChangeMessageVisibility"),
        ("ReceiveMessage", "ReceiveMessage"),
    ],
)
def test_a_batch_is_the_action_of_its_messages(operation: str, action: str) -> None:
    assert asked("sqs", operation, QueueUrl=URL) == [(f"sqs:{action}", f"{QUEUE}jobs")]


@pytest.mark.parametrize(
    "url",
    [
        "https://sqs.us-east-1.amazonaws.com/000000000000/jobs",
        "https://us-east-1.queue.amazonaws.com/000000000000/jobs",
        "https://queue.amazonaws.com/000000000000/jobs",
        "http://localhost:4566/000000000000/jobs",
    ],
)
def test_queues_of_this_region(url: str) -> None:
    assert asked("sqs", "SendMessage", QueueUrl=url) == [("sqs:SendMessage", f"{QUEUE}jobs")]


@pytest.mark.parametrize(
    "url",
    [
        "https://sqs.eu-west-1.amazonaws.com/000000000000/jobs",
        "https://sqs.us-east-1.amazonaws.com/111111111111/jobs",
        "http://127.0.0.1/000000000000/other/../jobs",
        "http://127.0.0.1/000000000000/jobs?x",
        "http://127.0.0.1/111111111111/000000000000/jobs",
        "http://127.0.0.1/000000000000/jobs\n",
        "000000000000/jobs",
        "jobs",
    ],
)
def test_a_queue_of_elsewhere_is_not_understood(url: str) -> None:
    """Attack: a URL that is decided as one queue and read as another."""
    assert found("sqs", "SendMessage", QueueUrl=url) == []


def test_queues_by_name() -> None:
    assert asked("sqs", "CreateQueue", QueueName="a.fifo", tags={"t": "1"}) == [
        ("sqs:CreateQueue", f"{QUEUE}a.fifo"), ("sqs:TagQueue", f"{QUEUE}a.fifo"),
    ]  # fmt: skip
    assert asked("sqs", "GetQueueUrl", QueueName="jobs") == [("sqs:GetQueueUrl", f"{QUEUE}jobs")]
    assert found("sqs", "GetQueueUrl", QueueName="jobs", QueueOwnerAWSAccountId="111111111111") == []
    assert found("sqs", "GetQueueUrl", QueueName="*") == []
    assert asked("sqs", "ListQueues") == [("sqs:ListQueues", "*")]
    with pytest.raises(AwsError) as caught:
        found("sqs", "SendMessage")
    assert caught.value.code == "MissingParameter"


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"TopicArn": f"{TOPIC}news"}, [f"{TOPIC}news"]),
        ({"TargetArn": f"{TOPIC}news"}, [f"{TOPIC}news"]),
        ({"TargetArn": ENDPOINT}, [ENDPOINT]),
        ({"PhoneNumber": "+15550100"}, ["*"]),
        ({"TopicArn": f"{TOPIC}news", "TargetArn": f"{TOPIC}other"}, []),
        ({"TopicArn": f"{TOPIC}news", "PhoneNumber": "+15550100"}, []),
        ({"TopicArn": TOPIC.replace("000000000000", "") + "news"}, []),
        ({"TopicArn": TOPIC.replace("us-east-1", "eu-west-1") + "news"}, []),
        ({"TopicArn": f"{TOPIC}news:12345678"}, []),
        ({"TopicArn": ENDPOINT}, []),
        ({}, []),
    ],
)
def test_where_a_message_is_published(params: dict[str, str], expected: list[str]) -> None:
    assert asked("sns", "Publish", **params) == [("sns:Publish", resource) for resource in expected]


def test_topics() -> None:
    assert asked("sns", "PublishBatch", TopicArn=f"{TOPIC}news") == [("sns:Publish", f"{TOPIC}news")]
    (subscribe,) = found("sns", "Subscribe", TopicArn=f"{TOPIC}news", Protocol="sqs", Endpoint=f"{QUEUE}jobs")
    assert subscribe.context == {"sns:Protocol": "sqs", "sns:Endpoint": f"{QUEUE}jobs"}
    tags = {"Tags.member.1.Key": "team", "Tags.member.1.Value": "red"}
    create, tagging = found("sns", "CreateTopic", Name="news", **tags)
    assert (create.action, tagging.action) == ("sns:CreateTopic", "sns:TagResource")
    assert create.context["aws:RequestTag/team"] == "red"
    assert asked("sns", "Unsubscribe", SubscriptionArn=f"{TOPIC}news:1") == [("sns:Unsubscribe", "*")]
    assert found("sns", "VerifySMSSandboxPhoneNumber") == []


def test_tags_with_a_gap_are_not_understood() -> None:
    """Attack: one reader stops at the gap, another goes on."""
    assert found("sns", "CreateTopic", **{"Name": "x", "Tags.member.2.Key": "a", "Tags.member.2.Value": "b"}) == []
    assert found("sns", "CreateTopic", **{"Name": "x", "Tags.member.01.Key": "a", "Tags.member.01.Value": "b"}) == []


def test_a_role_that_sns_gets_has_to_be_passed() -> None:
    role = "arn:aws:iam::000000000000:role/logs"
    given = {"TopicArn": f"{TOPIC}t", "AttributeName": "SQSSuccessFeedbackRoleArn", "AttributeValue": role}
    assert asked("sns", "SetTopicAttributes", **given)[1:] == [("iam:PassRole", role)]
    listed = {"Name": "t", "Attributes.entry.1.key": "LambdaFailureFeedbackRoleArn", "Attributes.entry.1.value": role}
    assert asked("sns", "CreateTopic", **listed)[1:] == [("iam:PassRole", role)]


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"StreamName": "s"}, [f"{STREAM}s"]),
        ({"StreamARN": f"{STREAM}s"}, [f"{STREAM}s"]),
        ({"StreamName": "s", "StreamARN": f"{STREAM}s"}, [f"{STREAM}s"]),
        ({"StreamName": "s", "StreamARN": f"{STREAM}other"}, []),
        ({"StreamARN": f"{STREAM}s".replace("us-east-1", "eu-west-1")}, []),
        ({"StreamARN": CONSUMER}, []),
        ({"StreamName": "*"}, []),
        ({}, []),
    ],
)
def test_a_stream_by_name_and_by_arn(params: dict[str, str], expected: list[str]) -> None:
    for operation in ("PutRecord", "PutRecords", "GetShardIterator"):
        assert asked("kinesis", operation, **params) == [(f"kinesis:{operation}", arn) for arn in expected]


def test_an_iterator_is_its_stream() -> None:
    assert asked("kinesis", "GetRecords", ShardIterator=f"{STREAM}s") == [("kinesis:GetRecords", f"{STREAM}s")]
    assert found("kinesis", "GetRecords", ShardIterator=f"{STREAM}s", StreamARN=f"{STREAM}mine") == []
    assert asked("dynamodbstreams", "GetRecords", ShardIterator=CHANGES) == [("dynamodb:GetRecords", CHANGES)]
    for service in ("kinesis", "dynamodbstreams"):
        with pytest.raises(AwsError):
            found(service, "GetRecords")


def test_consumers_tags_and_what_has_no_resource() -> None:
    assert asked("kinesis", "DescribeStreamConsumer", ConsumerARN=CONSUMER) == [
        ("kinesis:DescribeStreamConsumer", CONSUMER)
    ]
    assert found("kinesis", "DescribeStreamConsumer", StreamARN=f"{STREAM}s", ConsumerName="c") == []
    assert asked("kinesis", "TagResource", ResourceARN=CONSUMER) == [("kinesis:TagResource", CONSUMER)]
    assert asked("kinesis", "GetResourcePolicy", ResourceARN=f"{STREAM}s") == [
        ("kinesis:GetResourcePolicy", f"{STREAM}s")
    ]
    assert asked("kinesis", "ListStreams") == [("kinesis:ListStreams", "*")]
    create, tagging = found("kinesis", "CreateStream", StreamName="s", Tags={"a": "b"})
    assert (create.action, tagging.action) == ("kinesis:CreateStream", "kinesis:AddTagsToStream")
    assert found("kinesis", "SubscribeToShard", ConsumerARN=CONSUMER) == []


def test_changes_of_a_table() -> None:
    assert asked("dynamodbstreams", "ListStreams", TableName="table") == [("dynamodb:ListStreams", "*")]
    for operation in ("DescribeStream", "GetShardIterator"):
        assert asked("dynamodbstreams", operation, StreamArn=CHANGES) == [(f"dynamodb:{operation}", CHANGES)]
        assert found("dynamodbstreams", operation, StreamArn=CHANGES.replace("us-east-1", "eu-west-1")) == []
        assert found("dynamodbstreams", operation, StreamArn=f"{CHANGES}/x") == []


def test_tags_that_differ_in_case_only() -> None:
    with pytest.raises(AwsError) as caught:
        found("sqs", "TagQueue", QueueUrl=URL, Tags={"Team": "red", "team": "blue"})
    assert caught.value.code == "ValidationException"
