"""Device limits of the stack, over the socket: no third device unasked, and no trust for ever."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from auth import Ask, AuthClient, SignedIn
from auth.errors import NotAuthorized, TriggerRefused
from tests.journeys.people import PASSWORD, Person, root_client, settings_of
from tests.local_cloud import ROOT, LocalCloud

DAY = 86_400


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    """The stack with two devices for each user, trusted for thirty days."""
    folder = tmp_path_factory.mktemp("limited")
    values = json.loads((ROOT / "cloudformation/parameters/local.json").read_text())
    wished = {"MaxDevices": "2", "DeviceLimitPolicy": "ask", "DeviceTrustDays": "30"}
    kept = [entry for entry in values if entry["ParameterKey"] not in wished]
    given = [{"ParameterKey": name, "ParameterValue": value} for name, value in wished.items()]
    (folder / "parameters.json").write_text(json.dumps([*kept, *given]))
    running = LocalCloud(folder / "data", ("--parameters", str(folder / "parameters.json"))).start()
    yield running
    running.stop()


def keys_of(cloud: LocalCloud, email: str) -> set[str]:
    found = root_client(cloud, "cognito-idp").admin_list_devices(UserPoolId=cloud.outputs["UserPoolId"], Username=email)
    return {device["DeviceKey"] for device in found["Devices"]}


def test_a_third_device_is_let_in_only_for_the_oldest(limited: LocalCloud, email: str) -> None:
    ada, found = Person.new(limited, email), list[SignedIn]()
    for _ in range(2):
        found.append(ada.sign_in())
        limited.advance(60)
    with pytest.raises(TriggerRefused, match="as many devices as it may have"):
        ada.sign_in()
    ada.sign_in(device=found[0].device)  # now the other one was used least recently
    third = ada.sign_in(make_room=True)
    first_key, third_key = found[0].tokens.device_key, third.tokens.device_key
    assert first_key
    assert third_key
    assert keys_of(limited, email) == {first_key, third_key}
    assert ada.client.refresh(found[0].tokens).access_token
    with pytest.raises(NotAuthorized):
        ada.client.refresh(found[1].tokens)


def test_a_trusted_device_proves_a_second_factor_again_after_its_days(limited: LocalCloud, email: str) -> None:
    ada = Person.new(limited, email)
    ada.enrol_totp()
    client = AuthClient(settings_of(limited), now=limited.now)
    asked: list[str] = []

    def answer(ask: Ask) -> str:
        asked.append(ask.kind)
        return ada.next_code()

    device = client.sign_in(email, PASSWORD, answer, remember=True, make_room=True).device
    for _ in range(2):
        client.sign_in(email, PASSWORD, answer, device=device)
    assert asked == ["totp_code"]
    limited.advance(31 * DAY)
    # Cognito asks before it tells the trigger: the sign-in after this one is the first that has to prove it.
    for _ in range(2):
        client.sign_in(email, PASSWORD, answer, device=device)
    assert asked == ["totp_code", "totp_code"]
