"""A cloud in memory whose operations are called as the pipeline calls them: validated before, and checked after."""

from __future__ import annotations

import importlib
import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest

from localcloud import outbox
from localcloud.clock import Clock
from localcloud.context import Cloud, Context, Invocation
from localcloud.errors import AwsError
from localcloud.jws import Key
from localcloud.seal import Sealer
from localcloud.store import Store
from localcloud.userpool import tokens
from localcloud.userpool.accounts.users import require_user
from localcloud.userpool.factors import passwords
from localcloud.userpool.models import KINDS, AppClient, User
from localcloud.userpool.pools import require_pool
from localcloud.wire import model, validation

START = 1_790_000_000.0
PASSWORD = "Correct1!horse"
TRIGGER = "arn:aws:lambda:us-east-1:000000000000:function:trigger"


@dataclass
class Triggers:
    """Stands for the Lambda functions: keeps each event, answers what a test has set for its source."""

    events: list[Mapping[str, Any]] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    answers: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def __call__(
        self, arn: str, event: Mapping[str, Any], *, service: str, source_arn: str, seconds: float
    ) -> Invocation:
        self.events.append(event)
        if refusal := self.errors.get(event["triggerSource"]):
            return Invocation(error_type="Exception", error_message=refusal)
        response = {**event["response"], **self.answers.get(event["triggerSource"], {})}
        return Invocation(payload={**event, "response": response})

    def later(self, arn: str, event: Mapping[str, Any], *, service: str, source_arn: str) -> None:
        """Stands for functions that nobody waits for."""
        self.events.append(event)

    def request(self, source: str) -> Mapping[str, Any]:
        """What the trigger of that source was asked last."""
        request: Mapping[str, Any] = next(e["request"] for e in reversed(self.events) if e["triggerSource"] == source)
        return request

    @property
    def sources(self) -> list[str]:
        return [event["triggerSource"] for event in self.events]


@dataclass
class Api:
    """Calls operations by their AWS names."""

    cloud: Cloud
    triggers: Triggers
    key: Key

    def __call__(self, operation: str, **params: Any) -> dict[str, Any]:
        service = model.load("cognito-idp")
        declared = service.operations[operation]
        handler = importlib.import_module(f"localcloud.userpool.operations.{declared.snake_name}")
        try:
            validation.check(service, declared, params, "InvalidParameterException")
            answer: dict[str, Any] = handler.handle(self.context, params)
        except AwsError as error:
            if error.code not in declared.errors:
                raise AssertionError(f"{operation} does not declare {error.code}") from error
            raise
        check_shape(service, f"{operation}Response", answer)
        orjson.dumps(answer)
        return answer

    @property
    def context(self) -> Context:
        return Context(self.cloud, user_agent="tests")

    def new_pool(self, **settings: Any) -> str:
        return str(self("CreateUserPool", PoolName="people", **settings)["UserPool"]["Id"])

    def new_client(self, pool_id: str, **settings: Any) -> str:
        return str(
            self("CreateUserPoolClient", UserPoolId=pool_id, ClientName="app", **settings)["UserPoolClient"]["ClientId"]
        )

    def new_user(self, pool_id: str, username: str, /, **attributes: str) -> str:
        """A confirmed user; gives its sub."""
        self.make_user(pool_id, username, UserAttributes=pairs(**attributes), MessageAction="SUPPRESS")
        self("AdminSetUserPassword", UserPoolId=pool_id, Username=username, Password=PASSWORD, Permanent=True)
        return self.stored_user(pool_id, username).sub

    def make_user(self, pool_id: str, username: str, /, **params: Any) -> dict[str, Any]:
        """What AdminCreateUser answers."""
        user: dict[str, Any] = self("AdminCreateUser", UserPoolId=pool_id, Username=username, **params)["User"]
        return user

    def describe_pool(self, pool_id: str) -> dict[str, Any]:
        shown: dict[str, Any] = self("DescribeUserPool", UserPoolId=pool_id)["UserPool"]
        return shown

    def schema_entry(self, pool_id: str, name: str) -> dict[str, Any] | None:
        """One attribute of a pool's schema."""
        return next((entry for entry in self.describe_pool(pool_id)["SchemaAttributes"] if entry["Name"] == name), None)

    def has_password(self, pool_id: str, username: str, password: str) -> bool:
        stored = require_pool(self.context, pool_id)
        return passwords.is_right(self.context, stored, self.stored_user(pool_id, username), password)

    def stored_user(self, pool_id: str, username: str) -> User:
        return require_user(self.context, require_pool(self.context, pool_id), username)

    def sign_in(self, pool_id: str, client_id: str, username: str) -> dict[str, Any]:
        """Tokens of a user, without a sign-in."""
        self.cloud.keys[pool_id] = self.key
        client = self.cloud.store.get(AppClient, client_id)
        assert client is not None
        pool, user = require_pool(self.context, pool_id), self.stored_user(pool_id, username)
        return tokens.issue(self.context, pool, client, user, "TokenGeneration_Authentication")

    def sent_to(self, address: str) -> list[Mapping[str, Any]]:
        """Messages, newest first."""
        found = outbox.read(self.cloud.store, address)
        return list(found["messages"]) if found else []

    @contextmanager
    def refused(self, code: str, text: str = "") -> Iterator[None]:
        with pytest.raises(AwsError) as caught:
            yield
        assert caught.value.code == code
        assert text in caught.value.message


def pairs(**attributes: str) -> list[dict[str, str]]:
    """Attributes in wire form."""
    return [{"Name": name, "Value": value} for name, value in attributes.items()]


def check_shape(service: model.ServiceModel, shape_name: str, value: Any) -> None:
    """Fail on anything that the model does not have in this place."""
    shape = service.shapes.get(shape_name, {"type": "structure", "members": {}})
    if shape.get("document"):
        return
    if shape["type"] == "structure":
        assert set(value) <= set(shape["members"]), f"{shape_name}: {set(value) - set(shape['members'])}"
        for name, part in value.items():
            check_shape(service, shape["members"][name]["shape"], part)
    elif shape["type"] == "list":
        for item in value:
            check_shape(service, shape["member"]["shape"], item)


@pytest.fixture(scope="session")
def key() -> Key:
    return Key.make()


@pytest.fixture
def api(key: Key) -> Iterator[Api]:
    store = Store(None, (*KINDS, outbox.Message))
    triggers = Triggers()
    cloud = Cloud(
        store=store,
        clock=Clock(source=lambda: START),
        sealer=Sealer(b"the sealing key of these tests"),
        invoke=triggers,
        invoke_later=triggers.later,
        random=random.Random(7).randbytes,
    )
    yield Api(cloud, triggers, key)
    store.close()


@pytest.fixture
def pool(api: Api) -> str:
    return api.new_pool()


@pytest.fixture
def mail_pool(api: Api) -> str:
    """Sign-in by e-mail in any case, with triggers."""
    return api.new_pool(
        UsernameAttributes=["email"],
        UsernameConfiguration={"CaseSensitive": False},
        AutoVerifiedAttributes=["email"],
        LambdaConfig={"PreSignUp": TRIGGER, "PostConfirmation": TRIGGER, "CustomMessage": TRIGGER},
    )
