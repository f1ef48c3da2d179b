"""What ends a user's access ends the keys, too, where the stack's parameter says so; and nothing else does."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.journeys.cli import Cli
from tests.journeys.held_keys import admin, is_refused, policies, working_keys
from tests.journeys.people import Person, root_client, unsigned_client
from tests.local_cloud import ROOT, LocalCloud, wait_until


def by_the_user(operation: str, **more: str) -> Callable[[Person], Any]:
    def end(person: Person) -> None:
        assert person.signed_in is not None
        users = unsigned_client(person.cloud, "cognito-idp")
        getattr(users, operation)(AccessToken=person.signed_in.tokens.access_token, **more)

    return end


ENDINGS: dict[str, Callable[[Person], Any]] = {
    "GlobalSignOut": by_the_user("global_sign_out"),
    "DeleteUser": by_the_user("delete_user"),
    "AdminUserGlobalSignOut": lambda person: admin(person, "admin_user_global_sign_out"),
    "AdminDisableUser": lambda person: admin(person, "admin_disable_user"),
    "AdminDeleteUser": lambda person: admin(person, "admin_delete_user"),
}


@pytest.mark.parametrize("name", ENDINGS)
def test_the_end_of_access_ends_the_keys(person: Person, name: str) -> None:
    keys = working_keys(person)
    ENDINGS[name](person)
    wait_until(lambda: not keys.work())
    assert [route for route, call in keys.routes().items() if not is_refused(call)] == []


@pytest.mark.parametrize("by_user", [True, False])
def test_a_forgotten_device_ends_the_keys(person: Person, by_user: bool) -> None:
    signed_in = person.sign_in(remember=True)
    assert signed_in.device is not None
    keys, key = working_keys(person), signed_in.device.key
    if by_user:
        by_the_user("forget_device", DeviceKey=key)(person)
    else:
        admin(person, "admin_forget_device", DeviceKey=key)
    wait_until(lambda: not keys.work())


def test_other_changes_end_nothing(cloud: LocalCloud, person: Person) -> None:
    keys = working_keys(person)
    with pytest.raises(ClientError):
        admin(person, "admin_forget_device", DeviceKey=f"us-east-1_{'0' * 8}-0000-4000-8000-{'0' * 12}")
    admin(person, "admin_update_user_attributes", UserAttributes=[{"Name": "name", "Value": "Ada"}])
    other = Person.new(cloud, f"other-{person.email}")
    others = working_keys(other)
    admin(other, "admin_user_global_sign_out")
    wait_until(lambda: not others.work())  # what came before it has been delivered
    assert keys.work()


def test_attack_a_sign_out_that_never_was(cloud: LocalCloud, person: Person) -> None:
    """An event in CloudTrail's form, put by somebody who may put events: nobody may for AWS's own services."""
    keys = working_keys(person)
    detail = json.loads((ROOT / "tests" / "events" / "cut_off.json").read_text())["detail"]
    sub = admin(person, "admin_get_user")["Username"]
    forged = {
        "Source": "aws.cognito-idp",
        "DetailType": "AWS API Call via CloudTrail",
        "Detail": json.dumps(detail | {"additionalEventData": {"sub": sub}}),
    }
    (entry,) = root_client(cloud, "events").put_events(Entries=[forged])["Entries"]
    assert entry["ErrorCode"] == "NotAuthorizedForSourceException"
    with pytest.raises(ClientError, match="events:PutEvents"):
        person.identity().client("events").put_events(Entries=[{**forged, "Source": "app"}])
    (entry,) = root_client(cloud, "events").put_events(Entries=[{**forged, "Source": "app"}])["Entries"]
    assert "ErrorCode" not in entry
    assert keys.work()


def test_nothing_happens_by_itself_where_the_parameter_says_no(fresh_cloud: LocalCloud, tmp_path: Path) -> None:
    parameters = json.loads((ROOT / "cloudformation" / "parameters" / "local.json").read_text())
    for parameter in parameters:
        if parameter["ParameterKey"] == "CutOffOnSignOut":
            parameter["ParameterValue"] = "false"
    path = tmp_path / "parameters.json"
    path.write_text(json.dumps(parameters))
    fresh_cloud.options = ("--parameters", str(path))
    cloud = fresh_cloud.start()
    person = Person.new(cloud, "ada@example.com")
    keys = working_keys(person)
    admin(person, "admin_user_global_sign_out")
    assert root_client(cloud, "events").list_rules()["Rules"] == []
    assert policies(cloud) == [None, None]
    assert keys.work()
    Cli(cloud).done("users", "cut-off", person.email, "--yes")
    assert not keys.work()
