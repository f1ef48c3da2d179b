"""Sign-ins by hand at a cloud in memory: a pool with every factor, and one step at a time."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pyotp

from auth.srp import Handshake
from localcloud.context import Invocation
from localcloud.store import replaced
from localcloud.userpool.models import User
from tests.localcloud.userpool.conftest import PASSWORD, START, TRIGGER, Api, pairs

EMAIL, PHONE = "ada@example.com", "+819012345678"
SMS = {"SnsCallerArn": "arn:aws:iam::000000000000:role/sms", "ExternalId": "x"}
SES = {"EmailSendingAccount": "DEVELOPER", "SourceArn": "arn:aws:ses:us-east-1:000000000000:identity/example.com"}
FACTORS = ["PASSWORD", "EMAIL_OTP", "SMS_OTP"]
FLOWS = [
    "ALLOW_USER_SRP_AUTH",
    "ALLOW_USER_PASSWORD_AUTH",
    "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "ALLOW_CUSTOM_AUTH",
    "ALLOW_USER_AUTH",
    "ALLOW_REFRESH_TOKEN_AUTH",
]
CUSTOM = dict.fromkeys(("DefineAuthChallenge", "CreateAuthChallenge", "VerifyAuthChallengeResponse"), TRIGGER)
ALL_SECOND: Mapping[str, Mapping[str, Any]] = {
    "SmsMfaConfiguration": {"SmsConfiguration": SMS},
    "EmailMfaConfiguration": {},
    "SoftwareTokenMfaConfiguration": {"Enabled": True},
}


@dataclass
class Door:
    """A pool with a client, and what was answered last."""

    api: Api
    pool: str
    client: str
    handshake: Handshake | None = None
    last: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def open(cls, api: Api, first: list[str] | None = None, **settings: Any) -> Door:
        """A pool that takes all first factors, or those, and a client that allows all flows and hides users."""
        settings = {"EmailConfiguration": SES, "LambdaConfig": CUSTOM, **settings}
        client = settings.pop("client", {})
        policies = {"SignInPolicy": {"AllowedFirstAuthFactors": first or FACTORS}}
        pool = api.new_pool(Policies=policies, SmsConfiguration=SMS, **settings)
        hiding = {"PreventUserExistenceErrors": "ENABLED", "ExplicitAuthFlows": FLOWS, **client}
        return cls(api, pool, api.new_client(pool, **hiding))

    def second(self, mfa: str, *names: str) -> None:
        """Take these second factors, or all: `Sms`, `Email`, `SoftwareToken`."""
        wanted = {n: v for n, v in ALL_SECOND.items() if not names or n.removesuffix("MfaConfiguration") in names}
        self.api("SetUserPoolMfaConfig", UserPoolId=self.pool, MfaConfiguration=mfa, **wanted)

    def user(self, name: str = "ada", **attributes: str) -> str:
        """A confirmed user with a password, a mail address and a phone number, neither verified."""
        given = pairs(**{"email": EMAIL, "phone_number": PHONE, **attributes})
        # In a passwordless pool, a user without an address needs a password from the start.
        self.api.make_user(self.pool, name, UserAttributes=given, TemporaryPassword=PASSWORD, MessageAction="SUPPRESS")
        self.api("AdminSetUserPassword", UserPoolId=self.pool, Username=name, Password=PASSWORD, Permanent=True)
        return self.api.stored_user(self.pool, name).sub

    def passwordless(self, name: str = "ada", **attributes: str) -> None:
        """A confirmed user without a password."""
        self.user(name, **attributes)
        self.change(name, salt="", verifier="", password_digest="")

    def with_app(self, name: str = "ada") -> str:
        """Give a user an authenticator app; its secret."""
        secret = pyotp.random_base32()
        self.change(name, totp_secret=secret)
        return secret

    def change(self, name: str, **fields: Any) -> None:
        """Write fields of a user past all rules."""
        kept = self.api.stored_user(self.pool, name)
        self.api.cloud.store.update(User, (kept.pool_id, kept.sub), lambda user: replaced(user, **fields))

    def prefer(self, name: str = "ada", **settings: Mapping[str, bool]) -> None:
        """AdminSetUserMFAPreference."""
        self.api("AdminSetUserMFAPreference", UserPoolId=self.pool, Username=name, **settings)

    def begin(self, flow: str, name: str = "ada", **parameters: str) -> dict[str, Any]:
        """InitiateAuth; with `SRP_A="new"` by a new handshake."""
        request = self._with_srp({"USERNAME": name, **parameters})
        self.last = self.api("InitiateAuth", ClientId=self.client, AuthFlow=flow, AuthParameters=request)
        return self.last

    def answer(self, challenge: str, name: str = "ada", *, session: str = "", **responses: str) -> dict[str, Any]:
        """RespondToAuthChallenge, with the last session or another."""
        session = session or self.last.get("Session", "")
        request = {"ChallengeName": challenge, "ChallengeResponses": self._with_srp({"USERNAME": name, **responses})}
        extra = {"Session": session} if session else {}
        self.last = self.api("RespondToAuthChallenge", ClientId=self.client, **request, **extra)
        return self.last

    def prove(self, name: str = "ada", password: str = PASSWORD) -> dict[str, Any]:
        """Answer PASSWORD_VERIFIER."""
        assert self.handshake is not None
        parameters = self.last["ChallengeParameters"]
        user = parameters["USER_ID_FOR_SRP"]
        proof = self.handshake.prove(self.pool.split("_")[1], user, password, parameters, START)
        return self.answer("PASSWORD_VERIFIER", user if name == "ada" else name, **proof)

    def by_password(self, name: str = "ada", password: str = PASSWORD) -> dict[str, Any]:
        """USER_PASSWORD_AUTH."""
        return self.begin("USER_PASSWORD_AUTH", name, PASSWORD=password)

    def code(self, address: str) -> str:
        """The newest code that was sent there."""
        return str(self.api.sent_to(address)[0]["code"])

    def _with_srp(self, parameters: dict[str, str]) -> dict[str, str]:
        # Messages are found by time: those of two calls must not be of one moment.
        self.api.cloud.clock.advance(0.001)
        if parameters.get("SRP_A") == "new":
            self.handshake = Handshake(random.Random(5).randbytes)
            parameters["SRP_A"] = self.handshake.srp_a
        return parameters


class Script:
    """Stands for the three triggers of CUSTOM_AUTH: keeps their events, answers as a test tells it."""

    def __init__(self, *decisions: Mapping[str, Any], answer: str = "right") -> None:
        """Each call of the define trigger takes the next decision, the last one again and again."""
        self.decisions, self.right, self.events = list(decisions), answer, list[Mapping[str, Any]]()

    def __call__(self, arn: str, event: Mapping[str, Any], **_: Any) -> Invocation:
        self.events.append(event)
        match event["triggerSource"].partition("_")[0]:
            case "DefineAuthChallenge":
                response = self.decisions.pop(0) if len(self.decisions) > 1 else self.decisions[0]
            case "CreateAuthChallenge":
                response = {
                    "publicChallengeParameters": {"question": "?"},
                    "privateChallengeParameters": {"answer": self.right},
                    "challengeMetadata": f"round {len(event['request']['session'])}",
                }
            case "VerifyAuthChallengeResponse":
                request = event["request"]
                right = request["challengeAnswer"] == request["privateChallengeParameters"]["answer"]
                response = {"answerCorrect": right}
            case _:
                response = event["response"]
        return Invocation(payload={**event, "response": response})

    def of(self, kind: str) -> list[Mapping[str, Any]]:
        """The requests of one trigger."""
        return [event["request"] for event in self.events if event["triggerSource"].startswith(kind)]


ASK = {"challengeName": "CUSTOM_CHALLENGE", "issueTokens": False, "failAuthentication": False}
VERIFY = {"challengeName": "PASSWORD_VERIFIER", "issueTokens": False, "failAuthentication": False}
DONE = {"challengeName": None, "issueTokens": True, "failAuthentication": False}
FAIL = {"challengeName": None, "issueTokens": False, "failAuthentication": True}
