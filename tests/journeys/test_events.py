"""Events reach the functions that let them in, are tried again, and are kept where nobody could take them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.journeys.functions import ACCOUNT, Function
from tests.journeys.people import PASSWORD, root_client
from tests.journeys.pools import Pool
from tests.local_cloud import LocalCloud, wait_until

ECHO = "def handler(event, context): print('GOT', event['detail']['text'], event['source'], event['time'])"
FAILING = "def handler(event, context):\n    print('TRIED')\n    raise ValueError('no')"


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue that a test makes for itself."""

    cloud: LocalCloud
    url: str
    arn: str

    @classmethod
    def make(cls, cloud: LocalCloud, sender: str = "") -> Queue:
        """A queue that takes messages of EventBridge on behalf of the rule `sender`."""
        name, sqs = f"own-{uuid.uuid4().hex[:8]}", root_client(cloud, "sqs")
        arn = f"arn:aws:sqs:us-east-1:{ACCOUNT}:{name}"
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": arn,
            "Condition": {"ArnEquals": {"aws:SourceArn": sender}},
        }
        policy = {"Policy": json.dumps({"Version": "2012-10-17", "Statement": [statement]})} if sender else {}
        return cls(cloud, sqs.create_queue(QueueName=name, Attributes=policy)["QueueUrl"], arn)

    def take(self) -> list[dict[str, Any]]:
        """The messages that are there now, which are gone then."""
        sqs = root_client(self.cloud, "sqs")
        found = sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10, MessageAttributeNames=["All"])
        messages: list[dict[str, Any]] = found.get("Messages", [])
        for message in messages:
            sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
        return messages

    def wait(self, count: int = 1) -> list[dict[str, Any]]:
        """So many messages."""
        messages: list[dict[str, Any]] = []

        def enough() -> bool:
            messages.extend(self.take())
            return len(messages) >= count

        wait_until(enough)
        return messages


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule for the events of one source, which only its test puts."""

    cloud: LocalCloud
    name: str
    source: str

    @classmethod
    def make(cls, cloud: LocalCloud, pattern: Mapping[str, Any] | None = None) -> Rule:
        name = f"own-{uuid.uuid4().hex[:8]}"
        pattern = pattern or {"source": [name]}
        root_client(cloud, "events").put_rule(Name=name, EventPattern=json.dumps(pattern))
        return cls(cloud, name, name)

    @property
    def arn(self) -> str:
        return f"arn:aws:events:us-east-1:{ACCOUNT}:rule/{self.name}"

    def to(self, arn: str, dead_letters: str = "") -> None:
        target = {"Id": "one", "Arn": arn, **({"DeadLetterConfig": {"Arn": dead_letters}} if dead_letters else {})}
        root_client(self.cloud, "events").put_targets(Rule=self.name, Targets=[target])

    def put(self, text: str) -> None:
        entry = {"Source": self.source, "DetailType": "test", "Detail": json.dumps({"text": text})}
        assert root_client(self.cloud, "events").put_events(Entries=[entry])["FailedEntryCount"] == 0

    def may_invoke(self, function: Function, source_arn: str = "") -> None:
        root_client(self.cloud, "lambda").add_permission(
            FunctionName=function.name,
            StatementId=f"rule-{uuid.uuid4().hex[:8]}",
            Action="lambda:InvokeFunction",
            Principal="events.amazonaws.com",
            SourceArn=source_arn or self.arn,
        )

    def remove(self) -> None:
        events = root_client(self.cloud, "events")
        events.remove_targets(Rule=self.name, Ids=["one"])
        events.delete_rule(Name=self.name)


def test_a_function_that_lets_the_rule_in_gets_its_events(cloud: LocalCloud) -> None:
    function, rule = Function.make(cloud, ECHO), Rule.make(cloud)
    rule.may_invoke(function)
    rule.to(function.arn)
    rule.put("hello")
    wait_until(lambda: any(line.startswith(f"GOT hello {rule.source} 20") for line in function.log()))


def test_attack_a_rule_of_a_function_that_never_let_it_in(cloud: LocalCloud) -> None:
    function, rule = Function.make(cloud, ECHO), Rule.make(cloud)
    rule.may_invoke(function, source_arn=f"{rule.arn}-other")
    queue = Queue.make(cloud, sender=rule.arn)
    rule.to(function.arn, queue.arn)
    rule.put("secret")
    (message,) = queue.wait()
    assert json.loads(message["Body"])["detail"] == {"text": "secret"}
    attributes = {name: it["StringValue"] for name, it in message["MessageAttributes"].items()}
    assert attributes == {"RULE_ARN": rule.arn, "TARGET_ARN": function.arn, "ERROR_CODE": "NO_PERMISSIONS"}
    assert function.log() == []


def test_attack_a_rule_that_fills_a_queue_that_never_let_it_in(cloud: LocalCloud) -> None:
    closed, open_ = Rule.make(cloud), Rule.make(cloud)
    queue = Queue.make(cloud, sender=open_.arn)
    nowhere = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:nowhere"
    for rule in (closed, open_):
        rule.to(nowhere, queue.arn)
        rule.put(rule.name)
    assert [json.loads(message["Body"])["detail"]["text"] for message in queue.wait()] == [open_.name]
    assert queue.take() == []


@pytest.mark.parametrize("retries", [0, 1])
def test_what_fails_is_tried_again_and_then_kept(cloud: LocalCloud, retries: int) -> None:
    queue, rule = Queue.make(cloud), Rule.make(cloud)
    function = Function.make(cloud, FAILING, allow=[{"Action": "sqs:SendMessage", "Resource": queue.arn}])
    root_client(cloud, "lambda").put_function_event_invoke_config(
        FunctionName=function.name,
        MaximumRetryAttempts=retries,
        DestinationConfig={"OnFailure": {"Destination": queue.arn}},
    )
    rule.may_invoke(function)
    rule.to(function.arn)
    rule.put("x")
    (message,) = queue.wait()
    record = json.loads(message["Body"])
    assert record["requestPayload"]["detail"] == {"text": "x"}
    assert record["requestContext"]["condition"] == "RetriesExhausted"
    assert record["requestContext"]["approximateInvokeCount"] == retries + 1
    assert record["responsePayload"]["errorType"] == "ValueError"
    wait_until(lambda: function.log().count("TRIED") == retries + 1)


def test_a_failure_is_sent_with_the_rights_of_the_functions_role(cloud: LocalCloud) -> None:
    queue, rule = Queue.make(cloud), Rule.make(cloud)
    function = Function.make(cloud, FAILING)
    config = {"MaximumRetryAttempts": 0, "DestinationConfig": {"OnFailure": {"Destination": queue.arn}}}
    root_client(cloud, "lambda").put_function_event_invoke_config(FunctionName=function.name, **config)
    rule.may_invoke(function)
    rule.to(function.arn)
    rule.put("x")
    wait_until(lambda: any(f"an event of {rule.arn} was lost" in line for line in cloud.lines))
    assert queue.take() == []


@pytest.fixture
def trail(cloud: LocalCloud) -> Any:
    """A queue that gets what CloudTrail records of user pools."""
    rule, queue = Rule.make(cloud, {"source": ["aws.cognito-idp"]}), Queue.make(cloud)
    rule.to(queue.arn)
    yield queue
    rule.remove()


def test_cloudtrail_records_calls_and_hides_what_is_secret(cloud: LocalCloud, trail: Queue, email: str) -> None:
    pool = Pool.make(cloud)
    person = pool.confirmed_person(email)
    tokens = person.sign_in().tokens
    root = root_client(cloud, "cognito-idp")
    sub = root.admin_get_user(UserPoolId=pool.id, Username=email)["Username"]
    with pytest.raises(ClientError):
        root.admin_disable_user(UserPoolId=pool.id, Username="nobody@example.com")
    person.client.sign_out(tokens)
    root.admin_delete_user(UserPoolId=pool.id, Username=email)
    records: dict[str, Any] = {}

    def seen() -> bool:
        found = [json.loads(message["Body"]) for message in trail.take()]
        records.update({it["detail"]["eventName"]: it for it in found if email not in records})
        return "AdminDeleteUser" in records

    wait_until(seen)
    assert {"CreateUserPool", "SignUp", "ConfirmSignUp", "InitiateAuth", "GlobalSignOut"} < records.keys()
    assert not {"AdminGetUser", "AdminDisableUser"} & records.keys(), "reads and failures are not recorded"
    text = json.dumps(records)
    assert not [it for it in (PASSWORD, email, tokens.access_token, str(tokens.refresh_token)) if it in text]
    by_user, by_root = records["GlobalSignOut"], records["AdminDeleteUser"]
    assert by_user["detail-type"] == "AWS API Call via CloudTrail"
    assert by_user["detail"]["userIdentity"] == {"type": "Unknown", "principalId": "Anonymous"}
    assert by_user["detail"]["requestParameters"] == {"accessToken": "HIDDEN_DUE_TO_SECURITY_REASONS"}
    assert by_user["detail"]["eventTime"] == by_user["time"]
    assert by_root["detail"]["requestParameters"] == {
        "userPoolId": pool.id,
        "username": "HIDDEN_DUE_TO_SECURITY_REASONS",
    }
    assert by_root["detail"]["userIdentity"]["type"] == "Root"
    assert [it["detail"]["additionalEventData"] for it in (by_user, by_root)] == [{"sub": sub}] * 2
