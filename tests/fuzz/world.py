"""What random requests are about: a furnished world, and all that answers name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.fuzz.examples import answer_to, examples
from tests.fuzz.furniture import BOBS, EMAIL, Furniture, furnish
from tests.journeys.people import PASSWORD
from tests.local_cloud import LocalCloud
from tests.robustness.wire import Answer, signed_call

_LATEST = 6

_FIXED: dict[str, list[Any]] = {
    "Password": [PASSWORD, "short"],
    "PreviousPassword": [PASSWORD],
    "ProposedPassword": [PASSWORD, "Another-Horse-8"],
    "Name": ["email", "phone_number", "name", "custom:colour", "sub", "cognito:user_status"],
    "Value": [EMAIL, "+15555550100", "true", "red"],
    "AttributeName": ["email", "phone_number"],
    "UserAttributeNames": ["email", "custom:colour"],
    "AttributesToGet": ["email", "sub"],
    "Filter": ['email = "ann@example.com"', 'sub ^= "a"', 'name = "', "status"],
    "ConfirmationCode": ["123456", "000000"],
    "UserCode": ["123456"],
    "Code": ["123456"],
    "DestinationUser": [{"ProviderName": "Cognito", "ProviderAttributeValue": "ann"}],
    "RoleArn": ["arn:aws:iam::000000000000:role/any"],
}

_MAPS: dict[str, list[tuple[str, str]]] = {
    "ProviderDetails": [
        ("client_id", "a"),
        ("client_secret", "a"),
        ("authorize_scopes", "openid"),
        ("attributes_request_method", "GET"),
        ("oidc_issuer", "http://127.0.0.1:9"),
        ("MetadataFile", "<EntityDescriptor/>"),
    ],
    "AttributeMapping": [("email", "email"), ("username", "sub")],
    "UserAttributes": [("email", EMAIL), ("custom:colour", "red"), ("phone_number", "+15555550100"), ("name", "Ann")],
    "SupportedLoginProviders": [("graph.facebook.com", "123456"), ("accounts.google.com", "a")],
}


@dataclass(slots=True)
class World:
    """Values by the name of the member that they were seen under: the first, which stays, and the latest few.

    `maps` has the entries that maps may have, and names and values of attributes; `examples` requests that are taken.
    """

    cloud: LocalCloud
    known: dict[str, list[Any]] = field(default_factory=lambda: {name: [*values] for name, values in _FIXED.items()})
    maps: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: {**_MAPS})
    examples: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    there: Furniture = field(default_factory=Furniture)

    def learn(self, value: Any, member: str = "") -> None:
        """Keep each text of a request that was taken, or of its answer."""
        if isinstance(value, dict):
            for name, inner in value.items():
                self.learn(inner, name)
        elif isinstance(value, list):
            for inner in value:
                self.learn(inner, member)
        elif isinstance(value, str) and member not in _FIXED:
            for name in _called(member):
                seen = self.known.setdefault(name, [])
                if value not in seen:
                    self.known[name] = [*seen[:1], *seen[1:][-_LATEST:], value]

    def notice(self, answer: Mapping[str, Any]) -> None:
        """Know what an answer asks for next, and the codes that were sent."""
        code = self._code(EMAIL)
        if answer.get("ChallengeName"):
            one, pool = answer_to(answer, self.there, code), {"UserPoolId": self.there.pool}
            for operation, more in (("RespondToAuthChallenge", {}), ("AdminRespondToAuthChallenge", pool)):
                self.examples[operation] = [*self.examples.get(operation, ())[-_LATEST:], {**one, **more}]
        self.examples |= examples(self.there, code, self._code(BOBS))
        for name in ("ConfirmationCode", "UserCode", "Code"):
            self.known[name] = [code, *_FIXED[name]]

    def furnish(self) -> None:
        """Make what most requests need, and know requests that are taken."""
        self.there = furnish(self)
        self.examples = {**examples(self.there, self._code(EMAIL), self._code(BOBS))}
        self.maps |= _maps(self.there.tokens, self.there.provider)

    def make(self, operation: str, **request: Any) -> dict[str, Any]:
        """Make a call that has to be taken."""
        service = "cognito-identity" if operation in _OF_IDENTITIES else "cognito-idp"
        answer = ask(self.cloud, service, operation, request)
        if answer.status != 200:
            raise RuntimeError(f"{operation}: {answer.body!r}")
        self.learn(request)
        self.learn(answer.json)
        return answer.json

    def _code(self, email: str) -> str:
        status, found = self.cloud.get(f"outbox?to={email}")
        return str(found.get("code") or _NO_CODE) if status == 200 else _NO_CODE


_NO_CODE = "123456"
_OF_IDENTITIES = ("CreateIdentityPool", "GetId", "SetIdentityPoolRoles", "GetOpenIdTokenForDeveloperIdentity")


def ask(cloud: LocalCloud, service: str, operation: str, request: dict[str, Any]) -> Answer:
    """One call with the root's keys, which operations that nobody signs do not mind."""
    return signed_call(cloud.port, service, operation, request)


def _maps(tokens: dict[str, Any], provider: str) -> dict[str, list[tuple[str, str]]]:
    """The entries of maps whose keys are words of the protocol."""
    device = tokens.get("NewDeviceMetadata", {}).get("DeviceKey", "")
    parameters = [
        ("USERNAME", "ann"), ("PASSWORD", PASSWORD), ("REFRESH_TOKEN", tokens["RefreshToken"]), ("SRP_A", "ab" * 40),
        ("DEVICE_KEY", device), ("SECRET_HASH", "AAAA"), ("PREFERRED_CHALLENGE", "PASSWORD"),
        ("CHALLENGE_NAME", "SRP_A"),
    ]  # fmt: skip
    answers = [
        ("USERNAME", "ann"), ("PASSWORD", PASSWORD), ("NEW_PASSWORD", PASSWORD), ("ANSWER", "PASSWORD"),
        ("SRP_A", "ab" * 40), ("PASSWORD_CLAIM_SIGNATURE", "AAAA"), ("PASSWORD_CLAIM_SECRET_BLOCK", "AAAA"),
        ("TIMESTAMP", "Mon Jan 2 03:04:05 UTC 2034"), ("SMS_MFA_CODE", "123456"), ("EMAIL_OTP_CODE", "123456"),
        ("SOFTWARE_TOKEN_MFA_CODE", "123456"), ("CREDENTIAL", "{}"), ("DEVICE_KEY", device),
        ("userAttributes.email", EMAIL),
    ]  # fmt: skip
    logins = [(provider, tokens["IdToken"]), ("login.example", "somebody"), ("graph.facebook.com", "AAAA")]
    return {"AuthParameters": parameters, "ChallengeResponses": answers, "Logins": logins}


def _called(member: str) -> Iterator[str]:
    """The names that requests use for what an answer calls `member`."""
    yield member
    yield from {
        "Id": ("UserPoolId", "ClientId", "JobId"),
        "Arn": ("ResourceArn",),
        "UserPoolArn": ("ResourceArn",),
        "RefreshToken": ("Token",),
        "DeviceKey": ("DeviceKey",),
        "UserSub": ("Username",),
    }.get(member, ())
