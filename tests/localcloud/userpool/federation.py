"""Sign-ins of a provider's users to a pool in memory, with functions that a test writes for its triggers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from localcloud.context import Invocation
from localcloud.userpool.models import AppClient, User
from localcloud.userpool.pools import require_pool
from localcloud.userpool.providers import federated_users
from localcloud.userpool.providers.federation_state import IdentityProvider
from tests.localcloud.userpool.conftest import TRIGGER, Api
from tests.localcloud.userpool.provider_requests import NAMES, make

SUBJECT = "1234"
CLAIMS = {"sub": SUBJECT, "mail": "ada@example.com", "verified": "true", "cn": "Ada"}
MAPPING = {"email": "mail", "email_verified": "verified", "name": "cn"}
TRIGGERS = {
    **dict.fromkeys(("PreSignUp", "PostConfirmation", "PostAuthentication"), TRIGGER),
    "InboundFederation": {"LambdaArn": TRIGGER, "LambdaVersion": "V1_0"},
}

Function = Callable[[dict[str, Any]], None]


@dataclass
class Functions:
    """Stands for the Lambda functions: `does` changes an event of a source, or raises to refuse it."""

    does: dict[str, Function] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)

    def __call__(
        self, arn: str, event: Mapping[str, Any], *, service: str, source_arn: str, seconds: float
    ) -> Invocation:
        given: dict[str, Any] = orjson.loads(orjson.dumps(event))
        self.events.append(orjson.loads(orjson.dumps(event)))
        try:
            if given["triggerSource"] in self.does:
                self.does[given["triggerSource"]](given)
        except ValueError as error:
            return Invocation(error_type="ValueError", error_message=str(error))
        return Invocation(payload=given)

    @property
    def sources(self) -> list[str]:
        return [event["triggerSource"] for event in self.events]


@dataclass
class Federation:
    """A pool with a provider, and an app client."""

    api: Api
    pool_id: str
    client_id: str
    kind: str
    functions: Functions

    @classmethod
    def set_up(
        cls,
        api: Api,
        kind: str = "OIDC",
        mapping: Mapping[str, str] = MAPPING,
        client: Mapping[str, Any] | None = None,
        **pool: Any,
    ) -> Federation:
        """A pool, the provider, and a client; `pool` are settings of CreateUserPool."""
        api.cloud.invoke = functions = Functions()
        pool_id = api.new_pool(**{"LambdaConfig": TRIGGERS, **pool})
        make(api, pool_id, kind, AttributeMapping=mapping)
        return cls(api, pool_id, api.new_client(pool_id, **(client or {})), kind, functions)

    def sign_in(self, subject: str = SUBJECT, **claims: str | list[str]) -> User:
        """Somebody comes back from the provider."""
        store, said = self.api.cloud.store, {**CLAIMS, "sub": subject, **claims}
        client = store.get(AppClient, self.client_id)
        provider = store.get(IdentityProvider, self.pool_id, NAMES[self.kind])
        assert client is not None
        assert provider is not None
        texts = {name: str(value) for name, value in said.items()}
        return federated_users.sign_in(
            self.api.context,
            require_pool(self.api.context, self.pool_id),
            client,
            provider,
            subject,
            {name: value for name, value in said.items() if value},
            {"idToken": texts},
        )

    def link(self, username: str, value: str = SUBJECT, attribute: str = "Cognito_Subject") -> None:
        """Let the provider's user be this user."""
        self.api(
            "AdminLinkProviderForUser",
            UserPoolId=self.pool_id,
            DestinationUser={"ProviderName": "Cognito", "ProviderAttributeValue": username},
            SourceUser=self.source(value, attribute),
        )

    def unlink(self, value: str = SUBJECT, attribute: str = "Cognito_Subject") -> None:
        """Undo a link."""
        self.api("AdminDisableProviderForUser", UserPoolId=self.pool_id, User=self.source(value, attribute))

    def source(self, value: str, attribute: str = "Cognito_Subject") -> dict[str, str]:
        """The provider's user in wire form."""
        return {
            "ProviderName": NAMES[self.kind],
            "ProviderAttributeName": attribute,
            "ProviderAttributeValue": value,
        }

    def attributes(self, username: str) -> dict[str, str]:
        """The attributes that AdminGetUser shows."""
        shown = self.api("AdminGetUser", UserPoolId=self.pool_id, Username=username)["UserAttributes"]
        return {entry["Name"]: entry["Value"] for entry in shown}

    def identities(self, username: str) -> list[dict[str, Any]]:
        """Its `identities` attribute."""
        found: list[dict[str, Any]] = orjson.loads(self.attributes(username).get("identities", "[]"))
        return found

    def usernames(self) -> list[str]:
        """Everybody in the pool."""
        return sorted(user["Username"] for user in self.api("ListUsers", UserPoolId=self.pool_id)["Users"])
