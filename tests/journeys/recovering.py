"""What journeys of recovery codes have in common: codes, proofs of passwords, and a stranger who answers by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from auth import Ask, make_recovery_codes
from auth.recovery import KIND
from auth.srp import Handshake
from tests.journeys.people import PASSWORD, Person, settings_of, unsigned_client
from tests.local_cloud import ROOT, LocalCloud

WRONG = "0000-0000-0000-0000"
"""A code that nobody has."""


def with_app(cloud: LocalCloud, email: str) -> Person:
    """Somebody with an authenticator app."""
    person = Person.new(cloud, email)
    person.enrol_totp()
    return person


def with_parameters(folder: Path, **changes: str) -> tuple[str, ...]:
    """Options of a cloud whose stack has other parameters."""
    kept = json.loads((ROOT / "cloudformation/parameters/local.json").read_text())
    given = [{"ParameterKey": name, "ParameterValue": value} for name, value in changes.items()]
    (folder / "parameters.json").write_text(json.dumps([*kept, *given]))
    return ("--parameters", str(folder / "parameters.json"))


def codes_of(person: Person) -> list[str]:
    """Ten new codes, for a new sign-in."""
    return make_recovery_codes(settings_of(person.cloud), person.sign_in().tokens)


def proof_of(app: Any, person: Person, password: str = PASSWORD) -> dict[str, str]:
    """What answers PASSWORD_VERIFIER."""
    handshake = Handshake()
    given = {"USERNAME": person.email, "SRP_A": handshake.srp_a}
    client_id, pool = person.cloud.outputs["AppClientId"], person.cloud.outputs["UserPoolId"].partition("_")[2]
    asked = app.initiate_auth(ClientId=client_id, AuthFlow="USER_SRP_AUTH", AuthParameters=given)["ChallengeParameters"]
    return handshake.prove(pool, asked["USER_ID_FOR_SRP"], password, asked, person.cloud.now())


class Stranger:
    """Answers the stack's questions by hand, in the name of `email`, and notes whether tokens come of it."""

    def __init__(self, cloud: LocalCloud, email: str) -> None:
        self.app, self.email = unsigned_client(cloud, "cognito-idp"), email
        self.client_id = cloud.outputs["AppClientId"]
        self.asked: dict[str, Any] = {}

    def begin(self, kind: str = KIND, **parameters: str) -> str:
        """Begin CUSTOM_AUTH and choose; the challenge that comes."""
        about = {"USERNAME": self.email, **parameters}
        self.asked = self.app.initiate_auth(ClientId=self.client_id, AuthFlow="CUSTOM_AUTH", AuthParameters=about)
        return self.answer(kind, kind)

    def answer(self, text: str, kind: str = "") -> str:
        """Answer what is asked; what follows. Tokens fail the test."""
        self.asked = self.app.respond_to_auth_challenge(
            ClientId=self.client_id,
            ChallengeName=self.asked["ChallengeName"],
            Session=self.asked["Session"],
            ChallengeResponses={"USERNAME": self.email, "ANSWER": text},
            ClientMetadata={"kind": kind} if kind else {},
        )
        assert "AuthenticationResult" not in self.asked
        return str(self.asked["ChallengeParameters"]["challenge"])


def is_still_asked(person: Person) -> bool:
    """Whether a sign-in wants the authenticator app's code."""
    asked: list[str] = []

    def answer(ask: Ask) -> str:
        asked.append(ask.kind)
        return person.next_code()

    person.client.sign_in(person.email, PASSWORD, answer)
    return asked == ["totp_code"]
