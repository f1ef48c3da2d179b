"""Sign-in as a state machine: whatever the order of calls, whosever sessions and names, no tokens without every factor.

The model keeps for each session what was really shown on the way to it, and knows from the settings alone what has to
be. Answers are right or wrong, to the challenge that was asked or to any other one, in any session that ever was.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyotp
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from auth.srp import Handshake
from localcloud import outbox
from localcloud.clock import Clock
from localcloud.context import Cloud, Invocation
from localcloud.errors import AwsError
from localcloud.jws import Key
from localcloud.seal import Sealer
from localcloud.store import Store
from localcloud.userpool.models import KINDS
from tests.localcloud.userpool.conftest import PASSWORD, START, Api
from tests.localcloud.userpool.conftest import Triggers as NoTriggers
from tests.localcloud.userpool.sign_ins import ASK, DONE, FACTORS, VERIFY, Door

KEY = Key.make()
SRP_A = Handshake(random.Random(5).randbytes).srp_a
"""One A for all of them: making one takes its time."""

CHALLENGES = [
    "SELECT_CHALLENGE",
    "PASSWORD",
    "PASSWORD_SRP",
    "PASSWORD_VERIFIER",
    "SMS_OTP",
    "EMAIL_OTP",
    "SMS_MFA",
    "SOFTWARE_TOKEN_MFA",
    "SELECT_MFA_TYPE",
    "MFA_SETUP",
    "CUSTOM_CHALLENGE",
    "NEW_PASSWORD_REQUIRED",
    "DEVICE_SRP_AUTH",
]
CHOICES = ["PASSWORD", "PASSWORD_SRP", "EMAIL_OTP", "SMS_OTP", "SMS_MFA", "SOFTWARE_TOKEN_MFA"]
ADDRESSES = {
    "ada": ("ada@example.com", "+819012345678"),
    "bob": ("bob@example.com", "+819087654321"),
    "nobody": ("nobody@example.com", "+819000000000"),
}
PREFERENCES = ("SMSMfaSettings", "EmailMfaSettings", "SoftwareTokenMfaSettings")


@dataclass(frozen=True)
class Waiting:
    """A session, and what was shown to get there."""

    session: str
    who: str
    challenge: str
    flow: str
    parameters: Mapping[str, str]
    shown: frozenset[str]


@dataclass(frozen=True)
class Step:
    """One call, drawn."""

    kind: str
    back: int
    who: str
    flow: str
    right: bool
    preferred: str
    by_srp: bool
    challenge: str
    choice: str
    name: str


STEPS = st.builds(
    Step,
    kind=st.sampled_from(["begin", "go on", "go on", "go on", "answer", "answer", "app"]),
    back=st.sampled_from([0, 0, 0, 1, 4]),
    who=st.sampled_from(["ada", "ada", "ada", "bob", "nobody"]),
    flow=st.sampled_from(["USER_SRP_AUTH", "USER_PASSWORD_AUTH", "USER_AUTH", "CUSTOM_AUTH"]),
    right=st.sampled_from([True, True, False]),
    preferred=st.sampled_from(["", "PASSWORD", "PASSWORD_SRP", "EMAIL_OTP", "SMS_OTP"]),
    by_srp=st.booleans(),
    challenge=st.sampled_from([*[""] * 6, *CHALLENGES]),
    choice=st.sampled_from(CHOICES),
    name=st.sampled_from(["", "", "", "ada", "bob"]),
)


def custom(arn: str, event: Mapping[str, Any], **_: Any) -> Invocation:
    """Triggers that want one right answer, behind the password where the client begins with it."""
    source, request = event["triggerSource"], event["request"]
    if source.startswith("Define"):
        passed = {entry["challengeName"] for entry in request["session"] if entry["challengeResult"]}
        by_password = "SRP_A" in passed and "PASSWORD_VERIFIER" not in passed
        response: Mapping[str, Any] = VERIFY if by_password else DONE if "CUSTOM_CHALLENGE" in passed else ASK
    elif source.startswith("Create"):
        response = {"publicChallengeParameters": {}, "privateChallengeParameters": {"answer": "right"}}
    elif source.startswith("Verify"):
        response = {"answerCorrect": request["challengeAnswer"] == request["privateChallengeParameters"]["answer"]}
    else:
        response = event["response"]
    return Invocation(payload={**event, "response": response})


class SignIns(RuleBasedStateMachine):
    """Calls in any order."""

    @initialize(
        mfa=st.sampled_from(["OFF", "OPTIONAL", "ON"]),
        methods=st.sets(st.sampled_from(PREFERENCES)),
        app=st.booleans(),
        without=st.sampled_from(["", "email", "phone_number", "email phone_number"]),
    )
    def make(self, mfa: str, methods: set[str], app: bool, without: str) -> None:
        """A pool in which Ada has the factors that are drawn, Bob has none but his addresses, and Nobody is not."""
        store = Store(None, (*KINDS, outbox.Message))
        clock = Clock(source=lambda: START)
        cloud = Cloud(store=store, clock=clock, sealer=Sealer(b"machine"), random=random.Random(7).randbytes)
        cloud.invoke = custom
        self.api = Api(cloud, NoTriggers(), KEY)
        self.door = Door.open(self.api, first=["PASSWORD"] if mfa == "ON" else FACTORS)
        cloud.keys[self.door.pool] = KEY
        self.secret, self.mfa, self.setups = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", mfa, dict[str, str]()
        self.waiting: list[Waiting] = []
        for name in ("ada", "bob"):
            email, phone = ADDRESSES[name]
            given = {"email": email, "phone_number": phone}
            self.door.user(name, **{n: "" if name == "ada" and n in without else v for n, v in given.items()})
        if app or "SoftwareTokenMfaSettings" in methods:
            self.door.change("ada", totp_secret=self.secret)
        if mfa != "OFF":
            self.door.second(mfa)
            lacking = {"email": "EmailMfaSettings", "phone_number": "SMSMfaSettings"}
            self.methods = methods - {lacking[name] for name in without.split()}
            self.door.prefer("ada", **{name: {"Enabled": True} for name in self.methods})
        else:
            self.methods = set()

    def teardown(self) -> None:
        self.api.cloud.store.close()

    @rule(step=STEPS)
    def step(self, step: Step) -> None:
        """One call; more often than not one that goes on."""
        at = self.waiting[-1 - step.back % len(self.waiting)] if self.waiting else None
        if at is None or step.kind == "begin":
            self._begin(step)
        elif step.kind == "app":
            self._set_up_an_app(at)
        elif step.kind == "go on":
            offered = json.loads(at.parameters.get("MFAS_CAN_CHOOSE", "[]")) or CHOICES
            self._respond(at, at.challenge, True, offered[len(step.choice) % len(offered)], at.who)
        else:
            self._respond(at, step.challenge or at.challenge, step.right, step.choice, step.name or at.who)

    def _begin(self, step: Step) -> None:
        parameters = {"USERNAME": step.who, "PASSWORD": PASSWORD if step.right else "wrong"}
        if step.flow == "USER_SRP_AUTH" or step.by_srp:
            parameters |= {"SRP_A": SRP_A, "CHALLENGE_NAME": "SRP_A"}
        if step.preferred:
            parameters["PREFERRED_CHALLENGE"] = step.preferred
        sends = step.flow == "USER_PASSWORD_AUTH" or (step.flow, step.preferred) == ("USER_AUTH", "PASSWORD")
        shown = frozenset({"password"} if sends and step.right else ())
        call = {"ClientId": self.door.client, "AuthFlow": step.flow, "AuthParameters": parameters}
        self._call("InitiateAuth", call, step.who, step.flow, shown)

    def _set_up_an_app(self, at: Waiting) -> None:
        """AssociateSoftwareToken and VerifySoftwareToken in the middle of a sign-in."""
        self.api.cloud.clock.advance(31)
        try:
            made = self.api("AssociateSoftwareToken", Session=at.session)
            code = pyotp.TOTP(made["SecretCode"]).at(int(self.api.context.now))
            verified = self.api("VerifySoftwareToken", Session=made["Session"], UserCode=code)
        except AwsError:
            return
        self.setups[at.who] = made["SecretCode"]
        self.waiting.append(Waiting(verified["Session"], at.who, "MFA_SETUP", at.flow, {}, at.shown | {"second"}))

    def _respond(self, at: Waiting, challenge: str, right: bool, choice: str, name: str) -> None:
        self.api.cloud.clock.advance(31)
        responses, proof = self._answer(at, challenge, right, choice)
        call: dict[str, Any] = {
            "ClientId": self.door.client,
            "ChallengeName": challenge,
            "ChallengeResponses": {**responses, "USERNAME": name},
            **({"Session": at.session} if at.challenge != "PASSWORD_VERIFIER" else {}),
        }
        shown = at.shown | ({proof} if right and proof else set())
        self._call("RespondToAuthChallenge", call, at.who, at.flow, shown)

    def _answer(self, at: Waiting, challenge: str, right: bool, choice: str) -> tuple[dict[str, str], str]:
        """The responses to a challenge, and what a right one shows."""
        email, phone = ADDRESSES[at.who]
        match challenge:
            case "SELECT_CHALLENGE" | "PASSWORD":
                parts = {"ANSWER": choice, "PASSWORD": PASSWORD if right else "wrong", "SRP_A": SRP_A}
                return parts, "password" if challenge == "PASSWORD" or choice == "PASSWORD" else ""
            case "PASSWORD_SRP" | "DEVICE_SRP_AUTH":
                return {"SRP_A": SRP_A}, ""
            case "PASSWORD_VERIFIER":
                return self._proof(at, right), "password"
            case "EMAIL_OTP" | "SMS_OTP" | "SMS_MFA":
                sent = self.api.sent_to(email if challenge == "EMAIL_OTP" else phone)
                code = str(sent[0]["code"]) if sent and right else "000000"
                # With a first factor behind it, a code by mail is the second.
                first = challenge == "SMS_OTP" or (challenge == "EMAIL_OTP" and "password" not in at.shown)
                return {f"{challenge}_CODE": code}, "code" if first else "second"
            case "SOFTWARE_TOKEN_MFA":
                secret = self.setups.get(at.who, self.secret)
                code = pyotp.TOTP(secret).at(int(self.api.context.now)) if right else "000000"
                return {"SOFTWARE_TOKEN_MFA_CODE": code}, "second"
            case "CUSTOM_CHALLENGE":
                return {"ANSWER": "right" if right else "wrong"}, "custom"
            case _:
                return {"ANSWER": choice, "NEW_PASSWORD": "Another1!horse", "email": "mallory@example.com"}, ""

    def _proof(self, at: Waiting, right: bool) -> dict[str, str]:
        if at.challenge != "PASSWORD_VERIFIER":
            return {}
        user, group = at.parameters["USER_ID_FOR_SRP"], self.door.pool.split("_")[1]
        handshake = Handshake(random.Random(5).randbytes)
        return handshake.prove(group, user, PASSWORD if right else "wrong", at.parameters, START)

    def _call(self, operation: str, call: dict[str, Any], who: str, flow: str, shown: frozenset[str]) -> None:
        try:
            result = self.api(operation, **call)
        except AwsError:
            return
        if "AuthenticationResult" in result:
            self._check(who, flow, shown)
            return
        parameters = result["ChallengeParameters"]
        session = result.get("Session") or parameters["SECRET_BLOCK"]
        self.waiting.append(Waiting(session, who, result["ChallengeName"], flow, parameters, shown))

    def _check(self, who: str, flow: str, shown: frozenset[str]) -> None:
        """Whether what was shown was enough, by the settings alone."""
        assert who != "nobody"
        has_to = self.mfa == "ON" or (self.mfa == "OPTIONAL" and who == "ada" and bool(self.methods))
        if flow == "CUSTOM_AUTH":
            assert "custom" in shown
            assert "password" not in shown or not has_to or "second" in shown
            return
        assert shown & {"password", "code"}, shown
        assert flow == "USER_AUTH" or "password" in shown
        assert not has_to or {"password", "second"} <= shown, shown


SignIns.TestCase.settings = settings(
    max_examples=30,
    stateful_step_count=20,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
TestSignIns = SignIns.TestCase
