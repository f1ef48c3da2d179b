"""The `gatehouse` command against the running cloud: what it prints, how it exits, and what its users feel of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from auth import Ask
from auth.errors import NotAuthorized, PasswordResetRequired
from tests.journeys.claims import claims_of
from tests.journeys.cli import ROOT_KEYS, Cli
from tests.journeys.people import Person, root_client
from tests.local_cloud import LocalCloud

PROGRAM = Path(sys.executable).with_name("gatehouse")


@pytest.fixture
def person(cloud: LocalCloud, email: str) -> Person:
    return Person.new(cloud, email, name="Ann")


def asked_for(person: Person, **options: Any) -> list[str]:
    """What a sign-in asks for."""
    asked: list[str] = []

    def answer(ask: Ask) -> str:
        asked.append(ask.kind)
        return person.answer(ask)

    person.signed_in = person.client.sign_in(person.email, person.password, answer, **options)
    return asked


def test_users_are_listed_and_shown(cli: Cli, person: Person) -> None:
    (listed,) = cli.json("users", "list", "--filter", f'email = "{person.email}"')
    assert set(listed) == {"username", "status", "enabled", "created", "modified", "attributes"}
    assert (listed["status"], listed["enabled"]) == ("CONFIRMED", True)
    assert listed["attributes"] == {
        "sub": listed["username"],
        "email": person.email,
        "email_verified": "true",
        "name": "Ann",
    }
    assert datetime.fromisoformat(listed["created"]).tzinfo is not None
    shown = cli.json("users", "show", person.email)
    assert shown == {**listed, "groups": [], "mfa": [], "preferred_mfa": None}
    assert cli.json("users", "show", listed["username"]) == shown, "by sub as by e-mail address"
    assert len(cli.json("users", "list", "--limit", "1")) == 1
    heading, line = cli.done("users", "list", "--filter", f'email = "{person.email}"').splitlines()
    assert heading.split() == ["USERNAME", "EMAIL", "STATUS", "ENABLED", "CREATED"]
    assert line.split()[:4] == [listed["username"], person.email, "CONFIRMED", "yes"]
    assert f"email: {person.email}\n" in cli("users", "show", person.email).stdout


def test_a_disabled_user_is_out_until_enabled(cli: Cli, person: Person) -> None:
    tokens = person.sign_in().tokens
    assert cli.done("users", "disable", person.email, "--yes") == f"disabled {person.email}"
    assert cli.json("users", "show", person.email)["enabled"] is False
    with pytest.raises(NotAuthorized, match="User is disabled"):
        person.sign_in()
    with pytest.raises(NotAuthorized):
        person.client.refresh(tokens)
    assert cli.done("users", "enable", person.email) == f"enabled {person.email}"
    assert person.sign_in()
    with pytest.raises(NotAuthorized):
        person.client.refresh(tokens)


def test_a_reset_password_opens_nothing(cloud: LocalCloud, cli: Cli, person: Person) -> None:
    assert cli.done("users", "reset-password", person.email, "--yes") == f"reset the password of {person.email}"
    assert cli.json("users", "show", person.email)["status"] == "RESET_REQUIRED"
    with pytest.raises(PasswordResetRequired):
        person.sign_in()
    person.client.confirm_forgot_password(person.email, cloud.code(person.email), "Another-Horse-8")
    with pytest.raises(NotAuthorized):
        person.sign_in()
    person.password = "Another-Horse-8"
    assert person.sign_in()


def test_reset_mfa_lets_in_who_lost_the_second_factor(cli: Cli, person: Person) -> None:
    person.enrol_totp()
    assert asked_for(person) == ["totp_code"]
    shown = cli.json("users", "show", person.email)
    assert (shown["mfa"], shown["preferred_mfa"]) == (["SOFTWARE_TOKEN_MFA"], "SOFTWARE_TOKEN_MFA")
    assert cli.done("users", "reset-mfa", person.email, "--yes") == f"reset MFA of {person.email}"
    shown = cli.json("users", "show", person.email)
    assert (shown["mfa"], shown["preferred_mfa"]) == ([], None)
    assert asked_for(person) == []
    assert cli("users", "reset-mfa", person.email, "--yes").exit_code == 0, "there is none to reset any more"
    person.signed_in = None  # every session has ended
    person.enrol_totp()
    assert asked_for(person) == ["totp_code"]


def test_a_forgotten_device_needs_the_second_factor_again(cli: Cli, person: Person) -> None:
    assert cli.json("devices", "list", person.email) == []
    person.enrol_totp()
    assert asked_for(person, remember=True, device_name="phone") == ["totp_code"]
    assert person.signed_in
    device = person.signed_in.device
    assert device
    assert asked_for(person, device=device) == []
    (phone,) = [listed for listed in cli.json("devices", "list", person.email) if listed["key"] == device.key]
    assert set(phone) == {"key", "name", "remembered", "last_ip", "created", "last_used"}
    assert (phone["name"], phone["remembered"], phone["last_ip"]) == ("phone", True, "127.0.0.1")
    assert "KEY" in cli.done("devices", "list", person.email)
    assert cli.done("devices", "forget", person.email, device.key, "--yes") == f"forgot {device.key}"
    assert device.key not in [listed["key"] for listed in cli.json("devices", "list", person.email)]
    assert asked_for(person, device=device) == ["totp_code"]
    again = cli("devices", "forget", person.email, device.key, "--yes")
    assert (again.exit_code, again.stdout) == (1, "")
    assert again.stderr.startswith("error: ")


def test_a_group_is_in_the_next_tokens(cloud: LocalCloud, cli: Cli, person: Person) -> None:
    group = f"editors-{person.email}"
    root_client(cloud, "cognito-idp").create_group(UserPoolId=cloud.outputs["UserPoolId"], GroupName=group)
    before = person.sign_in().tokens
    assert cli.done("groups", "add", person.email, group) == f"added {person.email} to {group}"
    assert cli.json("users", "show", person.email)["groups"] == [group]
    assert "cognito:groups" not in claims_of(before.access_token)
    inside = person.client.refresh(before)
    assert claims_of(inside.access_token)["cognito:groups"] == claims_of(inside.id_token)["cognito:groups"] == [group]
    assert cli.done("groups", "remove", person.email, group, "--yes") == f"removed {person.email} from {group}"
    assert "cognito:groups" not in claims_of(person.client.refresh(inside).access_token)
    assert cli("groups", "add", person.email, "no-such-group").exit_code == 1


def test_a_dangerous_command_asks_first(cli: Cli, person: Person) -> None:
    asked = cli("users", "disable", person.email, input="n\n")
    assert (asked.exit_code, asked.stdout) == (1, "")
    assert f"Disable {person.email}?" in asked.stderr
    assert person.sign_in()
    assert cli("users", "disable", person.email, input="y\n").exit_code == 0
    with pytest.raises(NotAuthorized):
        person.sign_in()


def test_what_a_policy_does_not_allow_is_refused(cloud: LocalCloud, person: Person) -> None:
    """An operator who may only look: the same command, other keys."""
    iam, name = root_client(cloud, "iam"), f"operator-{person.email.partition('@')[0]}"
    pool = f"arn:aws:cognito-idp:us-east-1:000000000000:userpool/{cloud.outputs['UserPoolId']}"
    actions = ["cognito-idp:ListUsers", "cognito-idp:AdminGetUser", "cognito-idp:AdminListGroupsForUser"]
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": pool}]}
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="look", PolicyDocument=json.dumps(policy))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    cli = Cli(cloud, {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]})
    assert cli.json("users", "show", person.email)["attributes"]["email"] == person.email
    refused = cli("users", "disable", person.email, "--yes")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "is not authorized to perform: cognito-idp:AdminDisableUser" in refused.stderr
    assert person.sign_in()


def run(cloud: LocalCloud, *args: str) -> subprocess.CompletedProcess[str]:
    """The installed program in a process of its own, away from the repository."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "GATEHOUSE_"))}
    command = [str(PROGRAM), "--outputs", str(cloud.data_dir / "outputs.json"), *args]
    env = {**clean, **ROOT_KEYS}
    return subprocess.run(command, env=env, cwd=cloud.data_dir, capture_output=True, text=True, check=False)


def test_exit_codes_of_the_program(cloud: LocalCloud, email: str) -> None:
    nobody = run(cloud, "users", "list", "--json", "--filter", f'email = "{email}"')
    assert (nobody.returncode, json.loads(nobody.stdout), nobody.stderr) == (0, [], "")
    missing = run(cloud, "users", "show", email)
    assert (missing.returncode, missing.stdout, missing.stderr) == (1, "", "error: User does not exist.\n")
    misspelt = run(cloud, "users", "sho", email)
    assert (misspelt.returncode, misspelt.stdout) == (2, "")
    assert misspelt.stderr.startswith("error: ")


def test_wrong_keys_and_a_wrong_endpoint_are_named(cloud: LocalCloud) -> None:
    forged = Cli(cloud, {**ROOT_KEYS, "AWS_SECRET_ACCESS_KEY": "wrong"})("users", "list")
    assert (forged.exit_code, forged.stdout) == (1, "")
    assert "hint: set AWS_PROFILE, or AWS_ACCESS_KEY_ID" in forged.stderr
    impatient = Cli(cloud, {**ROOT_KEYS, "AWS_MAX_ATTEMPTS": "1"})
    nowhere = impatient("--endpoint-url", "http://127.0.0.1:9", "users", "list")
    assert (nowhere.exit_code, nowhere.stdout) == (1, "")
    assert "hint: is the endpoint right" in nowhere.stderr
