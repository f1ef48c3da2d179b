"""Sign-ins by hand, a challenge at a time: with pycognito's proofs, and answers that a test may bend."""

from __future__ import annotations

from typing import Any

from pycognito.aws_srp import AWSSRP

from tests.journeys.people import PASSWORD, Person
from tests.local_cloud import LocalCloud


def begin(
    cloud: LocalCloud, app: Any, person: Person, password: str = PASSWORD
) -> tuple[dict[str, Any], dict[str, str]]:
    """A sign-in up to the password's proof: the challenge, and pycognito's answer to it."""
    outputs = cloud.outputs
    srp = AWSSRP(person.email, password, outputs["UserPoolId"], outputs["AppClientId"], client=app)
    parameters = srp.get_auth_params()
    challenge = app.initiate_auth(ClientId=outputs["AppClientId"], AuthFlow="USER_SRP_AUTH", AuthParameters=parameters)
    return challenge, srp.process_challenge(challenge["ChallengeParameters"], parameters)


def answer(cloud: LocalCloud, app: Any, name: str, responses: dict[str, str], **more: Any) -> Any:
    """The answer to an answer."""
    return app.respond_to_auth_challenge(
        ClientId=more.pop("ClientId", cloud.outputs["AppClientId"]),
        ChallengeName=name,
        ChallengeResponses=responses,
        **more,
    )


def at_second_factor(cloud: LocalCloud, app: Any, person: Person) -> dict[str, Any]:
    """A sign-in that waits for a code."""
    person.enrol_totp()
    _, proof = begin(cloud, app, person)
    waiting: dict[str, Any] = answer(cloud, app, "PASSWORD_VERIFIER", proof)
    assert waiting["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    return waiting


def totp(cloud: LocalCloud, app: Any, person: Person, session: str, code: str, **more: Any) -> Any:
    """Answer the second factor with a code."""
    responses = {"USERNAME": person.email, "SOFTWARE_TOKEN_MFA_CODE": code}
    return answer(cloud, app, "SOFTWARE_TOKEN_MFA", responses, Session=session, **more)
