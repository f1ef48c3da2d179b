"""A remembered device proves itself: behind the password only, once, and soon."""

from __future__ import annotations

from typing import Any

from pycognito.aws_srp import AWSSRP

from tests.journeys.people import PASSWORD, Person
from tests.journeys.refusals import refusal
from tests.local_cloud import LocalCloud


class DeviceSignIn:
    """A sign-in of a remembered device, step by step, and without a session as pycognito sends it."""

    def __init__(self, cloud: LocalCloud, app: Any, person: Person) -> None:
        device = person.sign_in(remember=True).device
        assert device
        self.app, self.client_id, self.email = app, cloud.outputs["AppClientId"], person.email
        keys = {"device_key": device.key, "device_group_key": device.group_key, "device_password": device.password}
        self.srp = AWSSRP(person.email, PASSWORD, cloud.outputs["UserPoolId"], self.client_id, client=app, **keys)

    def prove_password(self) -> Any:
        parameters = self.srp.get_auth_params()
        begun = self.app.initiate_auth(ClientId=self.client_id, AuthFlow="USER_SRP_AUTH", AuthParameters=parameters)
        return self.respond("PASSWORD_VERIFIER", self.srp.process_challenge(begun["ChallengeParameters"], parameters))

    def begin_device(self, **changes: str) -> Any:
        responses = {"USERNAME": self.email, "DEVICE_KEY": self.srp.device_key, "SRP_A": f"{self.srp.large_a_value:x}"}
        return self.respond("DEVICE_SRP_AUTH", {**responses, **changes})

    def prove_device(self, begun: Any) -> Any:
        answer = self.srp.process_device_challenge(begun["ChallengeParameters"])
        return self.respond("DEVICE_PASSWORD_VERIFIER", answer)

    def respond(self, name: str, responses: Any) -> Any:
        return self.app.respond_to_auth_challenge(
            ClientId=self.client_id, ChallengeName=name, ChallengeResponses=responses
        )


def test_a_device_proves_itself_behind_the_password_only(cloud: LocalCloud, app: Any, person: Person) -> None:
    """Attack: starting at the device, so that its secret alone would be enough."""
    steps = DeviceSignIn(cloud, app, person)
    assert refusal(steps.begin_device).code == "NotAuthorizedException"
    assert steps.prove_password()["ChallengeName"] == "DEVICE_SRP_AUTH"
    other = Person.new(cloud, f"other-{person.email}")
    assert refusal(steps.begin_device, USERNAME=other.email).code == "NotAuthorizedException"
    begun = steps.begin_device()
    assert refusal(steps.begin_device).code == "NotAuthorizedException", "once"
    assert steps.prove_device(begun)["AuthenticationResult"]["AccessToken"]
    assert refusal(steps.prove_device, begun=begun).code == "NotAuthorizedException"


def test_a_device_may_not_wait_for_ever(cloud: LocalCloud, app: Any, person: Person) -> None:
    steps = DeviceSignIn(cloud, app, person)
    steps.prove_password()
    cloud.advance(901)
    assert refusal(steps.begin_device).code == "NotAuthorizedException"
