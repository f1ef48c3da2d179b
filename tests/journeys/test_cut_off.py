"""Cut off: AWS keys that a user already has stop working within seconds, whichever way they are used, and no others."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from auth import Identity
from auth.errors import NotAuthorized
from tests.journeys.cli import Cli
from tests.journeys.functions import Function
from tests.journeys.held_keys import Keys, is_refused, policies, working_keys
from tests.journeys.operators import documented_policy, operator
from tests.journeys.people import Person, root_client, settings_of
from tests.local_cloud import ROOT, LocalCloud


def again(person: Person) -> Keys:
    """Keys of a new sign-in, some seconds later: issue times are whole seconds."""
    person.cloud.advance(2)
    person.sign_in()
    return working_keys(person)


def test_every_route_is_shut_and_a_new_sign_in_opens_them(cli: Cli, person: Person) -> None:
    keys = working_keys(person)
    routes = keys.routes()
    assert [name for name, call in routes.items() if is_refused(call)] == []
    shown = cli.json("users", "cut-off", person.email, "--yes")
    assert [name for name, call in routes.items() if not is_refused(call)] == []
    assert [set(role) for role in shown] == [{"role", "since", "everybody"}] * 2
    assert ["Authenticated" in shown[0]["role"], "Editors" in shown[1]["role"]] == [True, True]
    renewed = again(person)
    assert [name for name, call in renewed.routes().items() if is_refused(call)] == []
    assert not keys.work()


def test_others_and_guests_feel_nothing(cloud: LocalCloud, cli: Cli, person: Person) -> None:
    other = working_keys(Person.new(cloud, f"other-{person.email}"))
    guest = Keys.of(cloud, Identity(settings_of(cloud)))
    keys = working_keys(person)
    cli.done("users", "cut-off", person.email, "--yes")
    assert [keys.work(), other.work(), guest.work()] == [False, True, True]


def test_members_of_a_group_are_cut_off_from_its_role(cli: Cli, person: Person) -> None:
    cli.done("groups", "add", person.email, "editors")
    keys = working_keys(person)
    shared = {"Bucket": keys.file["Bucket"], "Key": "group/editors/plan"}
    keys.s3.put_object(**shared, Body=b"x")
    cli.done("users", "cut-off", person.email, "--yes")
    assert is_refused(lambda: keys.s3.get_object(**shared))
    assert not keys.work()
    assert again(person).s3.get_object(**shared)


def test_it_holds_on_a_clock_that_was_moved(cloud: LocalCloud, cli: Cli, person: Person) -> None:
    cloud.advance(86_400)
    keys = working_keys(person)
    cli.done("users", "cut-off", person.email, "--yes")
    assert not keys.work()


def test_the_old_sign_in_gets_no_new_keys(cli: Cli, person: Person) -> None:
    identity = person.identity()
    assert identity.identity_id
    cli.done("users", "cut-off", person.email, "--yes")
    with pytest.raises(NotAuthorized):
        identity.client("s3").list_buckets()


def test_twice_is_fine(cli: Cli, person: Person) -> None:
    keys = working_keys(person)
    for _ in range(2):
        head, *lines = cli.done("users", "cut-off", person.email, "--yes").splitlines()
        assert head.split() == ["ROLE", "DENIES", "ISSUED", "UNTIL"]
        assert ["the user's" in line for line in lines] == [True, True]
    assert not keys.work()


def test_whoever_is_unknown_and_a_no_change_nothing(cli: Cli, person: Person) -> None:
    keys = working_keys(person)
    unknown = cli("users", "cut-off", "nobody@example.com", "--yes")
    assert (unknown.exit_code, unknown.stdout) == (1, "")
    assert unknown.stderr.startswith("error: ")
    asked = cli("users", "cut-off", person.email, input="n\n")
    assert (asked.exit_code, asked.stdout) == (1, "")
    assert "make its AWS keys useless?" in asked.stderr
    assert keys.work()
    assert person.client.refresh(person.sign_in().tokens)


def test_the_refusal_is_explained(cloud: LocalCloud, cli: Cli, person: Person) -> None:
    keys = working_keys(person)
    cli.done("users", "cut-off", person.email, "--yes")
    with pytest.raises(ClientError, match="explicit deny in an identity-based policy") as refused:
        keys.routes()["get item"]()
    request_id = refused.value.response["ResponseMetadata"]["RequestId"]
    command = [sys.executable, "-m", "localcloud", "explain", "--endpoint-url", cloud.endpoint, request_id]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60).stdout
    assert "cut-off" in shown
    assert "(Deny) applies" in shown


def test_administrators_need_no_right_on_policies(cloud: LocalCloud, person: Person) -> None:
    guard = operator(cloud, documented_policy(cloud))
    keys = working_keys(person)
    guard.done("users", "cut-off", person.email, "--yes")
    assert not keys.work()
    session = boto3.Session(guard.keys["AWS_ACCESS_KEY_ID"], guard.keys["AWS_SECRET_ACCESS_KEY"], None, "us-east-1")
    iam = session.client("iam", endpoint_url=cloud.endpoint)
    with pytest.raises(ClientError, match="iam:PutRolePolicy"):
        iam.put_role_policy(RoleName="any", PolicyName="cut-off", PolicyDocument=json.dumps(policies(cloud)[0]))


def test_who_may_not_invoke_the_function_cuts_nobody_off(cloud: LocalCloud, person: Person) -> None:
    policy = documented_policy(cloud)
    less = {**policy, "Statement": [it for it in policy["Statement"] if it["Action"] != "lambda:InvokeFunction"]}
    assert len(less["Statement"]) < len(policy["Statement"])
    refused = operator(cloud, less)("users", "cut-off", person.email, "--yes")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "lambda:InvokeFunction" in refused.stderr


def test_attack_the_one_role_that_writes_policies_is_used_for_something_else(cloud: LocalCloud) -> None:
    """Code of an attacker, run by the cut-off's own role: it reaches two roles and its own items, and no more."""
    package, outputs = ROOT / "build" / "cut_off", cloud.outputs
    source = (
        f"import sys; sys.path.append({str(package)!r})\n"
        + """
import boto3
from botocore.exceptions import ClientError

def handler(event, context):
    codes = []
    for service, method, params in event["calls"]:
        try:
            getattr(boto3.client(service), method)(**params)
            codes.append("done")
        except ClientError as error:
            codes.append(error.response["Error"]["Code"])
    return codes
"""
    )
    stack, lambda_ = root_client(cloud, "cloudformation"), root_client(cloud, "lambda")
    resources = stack.describe_stack_resources(StackName="gatehouse")["StackResources"]
    roles = {it["LogicalResourceId"]: it["PhysicalResourceId"] for it in resources}
    function = Function.make(cloud, source, timeout=20)
    own = lambda_.get_function(FunctionName=outputs["CutOffFunction"])["Configuration"]["Role"]
    lambda_.update_function_configuration(FunctionName=function.name, Role=own)
    allow = json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})
    put = {"PolicyName": "more", "PolicyDocument": allow}
    table = {"TableName": outputs["AppDataTable"]}
    item = {"pk": {"S": "USER#somebody"}, "sk": {"S": "PROFILE"}}
    forbidden: list[Any] = [
        *(["iam", "put_role_policy", {"RoleName": roles[it], **put}] for it in ("GuestRole", "CutOffRole", "ApiRole")),
        ["iam", "update_assume_role_policy", {"RoleName": roles["EditorsRole"], "PolicyDocument": allow}],
        ["iam", "delete_role_permissions_boundary", {"RoleName": roles["EditorsRole"]}],
        [
            "iam",
            "attach_role_policy",
            {"RoleName": roles["EditorsRole"], "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"},
        ],
        ["dynamodb", "scan", table],
        ["dynamodb", "update_item", {**table, "Key": item}],
        ["dynamodb", "delete_item", {**table, "Key": item}],
        [
            "dynamodb",
            "query",
            {**table, "KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": {":p": item["pk"]}},
        ],
    ]
    allowed = [["iam", "get_role", {"RoleName": roles["EditorsRole"]}]]
    event = {"calls": [*forbidden, *allowed]}
    answer = lambda_.invoke(FunctionName=function.name, Payload=json.dumps(event))
    codes = json.load(answer["Payload"])
    assert codes[-1] == "done"
    assert set(codes[:-1]) <= {"AccessDenied", "AccessDeniedException"}, codes
