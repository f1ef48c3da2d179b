"""Cut off: AWS keys that a user already has stop working within seconds, whichever way they are used, and no others."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from auth import Identity
from auth.errors import NotAuthorized
from tests.journeys.cli import Cli
from tests.journeys.forms import send
from tests.journeys.functions import Function
from tests.journeys.people import Person, root_client, settings_of, unsigned_client
from tests.journeys.test_identities_cli import documented_policy, operator
from tests.local_cloud import ROOT, LocalCloud, wait_until

ROLES = ("AuthenticatedRole", "EditorsRole")


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys that somebody has in hand: nothing renews them."""

    cloud: LocalCloud
    identity_id: str
    s3: Any
    dynamodb: Any

    @classmethod
    def of(cls, cloud: LocalCloud, identity: Identity) -> Keys:
        held: Any = identity.session().get_credentials()
        key, secret, token = held.get_frozen_credentials()[:3]
        session = boto3.Session(key, secret, token, "us-east-1")
        config = Config(signature_version="s3v4", retries={"max_attempts": 0})
        s3 = session.client("s3", endpoint_url=cloud.endpoint, config=config)
        return cls(cloud, identity.identity_id, s3, session.client("dynamodb", endpoint_url=cloud.endpoint))

    @property
    def file(self) -> dict[str, str]:
        return {"Bucket": self.cloud.outputs["UserDataBucket"], "Key": f"private/{self.identity_id}/note"}

    def routes(self) -> dict[str, Callable[[], Any]]:
        """One call of each kind on own data, which the keys may make."""
        bucket, table, own = self.file["Bucket"], self.cloud.outputs["UserDataTable"], {"S": self.identity_id}
        key, whose = {"pk": own, "sk": {"S": "note"}}, {"TableName": table}
        query = {"KeyConditionExpression": "pk = :me", "ExpressionAttributeValues": {":me": own}}
        copy = {"CopySource": self.file, "Bucket": bucket, "Key": f"{self.file['Key']}-2"}
        form = self.s3.generate_presigned_post(**self.file)
        links = {name: self.s3.generate_presigned_url(name, Params=self.file) for name in ("get_object", "put_object")}
        s3, dynamodb = self.s3, self.dynamodb
        return {
            "put": lambda: s3.put_object(**self.file, Body=b"x"),
            "get": lambda: s3.get_object(**self.file),
            "list": lambda: s3.list_objects_v2(Bucket=bucket, Prefix=f"private/{self.identity_id}/"),
            "copy": lambda: s3.copy_object(**copy),
            "multipart": lambda: s3.create_multipart_upload(**self.file),
            "delete": lambda: s3.delete_object(**{**self.file, "Key": copy["Key"]}),
            "form": lambda: uploaded(form),
            "presigned put": lambda: opened(links["put_object"], "PUT"),
            "presigned get": lambda: opened(links["get_object"], "GET"),
            "put item": lambda: dynamodb.put_item(**whose, Item=key),
            "get item": lambda: dynamodb.get_item(**whose, Key=key),
            "query": lambda: dynamodb.query(**whose, **query),
            "batch": lambda: dynamodb.batch_get_item(RequestItems={table: {"Keys": [key]}}),
            "transaction": lambda: dynamodb.transact_get_items(
                TransactItems=[{"Get": {"TableName": table, "Key": key}}]
            ),
        }

    def work(self) -> bool:
        return not is_refused(self.routes()["get item"])


def opened(link: str, method: str) -> None:
    request = urllib.request.Request(link, b"x" if method == "PUT" else None, method=method)
    with urllib.request.urlopen(request, timeout=10):
        pass


def uploaded(form: dict[str, Any]) -> None:
    answer = send(form["url"], form["fields"])
    if answer.status == 403:
        raise PermissionError(answer.body)
    assert answer.status < 300, answer.body


def is_refused(call: Callable[[], Any]) -> bool:
    """Whether IAM refuses it; any other error is the test's."""
    try:
        call()
    except ClientError as error:
        if error.response["Error"]["Code"] in ("AccessDenied", "AccessDeniedException"):
            return True
        raise
    except PermissionError:
        return True
    except urllib.error.HTTPError as error:
        with error:
            if error.code == 403:
                return True
            raise
    return False


def keys_of(person: Person) -> Keys:
    keys = Keys.of(person.cloud, person.identity())
    assert keys.work()
    return keys


def again(person: Person) -> Keys:
    """Keys of a new sign-in, some seconds later: issue times are whole seconds."""
    person.cloud.advance(2)
    person.sign_in()
    return keys_of(person)


def admin(person: Person, operation: str, **more: Any) -> Any:
    """An administrator's call about a person."""
    pool_id = person.cloud.outputs["UserPoolId"]
    return getattr(root_client(person.cloud, "cognito-idp"), operation)(
        UserPoolId=pool_id, Username=person.email, **more
    )


def policies(cloud: LocalCloud) -> list[Any]:
    """What the roles of signed-in users deny; None for a role that denies nothing."""
    iam, stack = root_client(cloud, "iam"), root_client(cloud, "cloudformation")
    found: list[Any] = []
    for logical_id in ("AuthenticatedRole", "EditorsRole"):
        resource = stack.describe_stack_resource(StackName="gatehouse", LogicalResourceId=logical_id)
        role = resource["StackResourceDetail"]["PhysicalResourceId"]
        names = iam.list_role_policies(RoleName=role)["PolicyNames"]
        held = "cut-off" in names
        found.append(iam.get_role_policy(RoleName=role, PolicyName="cut-off")["PolicyDocument"] if held else None)
    return found


# --------------------------------------------------------------------------------------------------- by administrators


def test_every_route_is_shut_and_a_new_sign_in_opens_them(cli: Cli, person: Person) -> None:
    keys = keys_of(person)
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
    other = keys_of(Person.new(cloud, f"other-{person.email}"))
    guest = Keys.of(cloud, Identity(settings_of(cloud)))
    keys = keys_of(person)
    cli.done("users", "cut-off", person.email, "--yes")
    assert [keys.work(), other.work(), guest.work()] == [False, True, True]


def test_members_of_a_group_are_cut_off_from_its_role(cli: Cli, person: Person) -> None:
    cli.done("groups", "add", person.email, "editors")
    keys = keys_of(person)
    shared = {"Bucket": keys.file["Bucket"], "Key": "group/editors/plan"}
    keys.s3.put_object(**shared, Body=b"x")
    cli.done("users", "cut-off", person.email, "--yes")
    assert is_refused(lambda: keys.s3.get_object(**shared))
    assert not keys.work()
    assert again(person).s3.get_object(**shared)


def test_it_holds_on_a_clock_that_was_moved(cloud: LocalCloud, cli: Cli, person: Person) -> None:
    cloud.advance(86_400)
    keys = keys_of(person)
    cli.done("users", "cut-off", person.email, "--yes")
    assert not keys.work()


def test_the_old_sign_in_gets_no_new_keys(cli: Cli, person: Person) -> None:
    identity = person.identity()
    assert identity.identity_id
    cli.done("users", "cut-off", person.email, "--yes")
    with pytest.raises(NotAuthorized):
        identity.client("s3").list_buckets()


def test_twice_is_fine_and_whoever_is_unknown_changes_nothing(cloud: LocalCloud, cli: Cli, person: Person) -> None:
    keys = keys_of(person)
    for _ in range(2):
        head, *lines = cli.done("users", "cut-off", person.email, "--yes").splitlines()
        assert head.split() == ["ROLE", "DENIES", "ISSUED", "UNTIL"]
        assert ["the user's" in line for line in lines] == [True, True]
    assert not keys.work()
    before = policies(cloud)
    unknown = cli("users", "cut-off", "nobody@example.com", "--yes")
    assert (unknown.exit_code, unknown.stdout) == (1, "")
    assert unknown.stderr.startswith("error: ")
    asked = cli("users", "cut-off", person.email, input="n\n")
    assert (asked.exit_code, asked.stdout) == (1, "")
    assert "make its AWS keys useless?" in asked.stderr
    assert policies(cloud) == before


def test_the_refusal_is_explained(cloud: LocalCloud, cli: Cli, person: Person) -> None:
    keys = keys_of(person)
    cli.done("users", "cut-off", person.email, "--yes")
    with pytest.raises(ClientError, match="explicit deny in an identity-based policy") as refused:
        keys.routes()["get item"]()
    request_id = refused.value.response["ResponseMetadata"]["RequestId"]
    command = [sys.executable, "-m", "localcloud", "explain", "--endpoint-url", cloud.endpoint, request_id]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60).stdout
    assert "cut-off" in shown
    assert "(Deny) applies" in shown


def test_administrators_need_no_right_on_policies(cloud: LocalCloud, person: Person) -> None:
    guard = operator(cloud, f"guard-{person.email.partition('@')[0]}", documented_policy(cloud))
    keys = keys_of(person)
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
    name = f"nobody-{person.email.partition('@')[0]}"
    refused = operator(cloud, name, less)("users", "cut-off", person.email, "--yes")
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
            {"RoleName": roles["EditorsRole"], "PolicyArn": f"arn:aws:iam::aws:policy/{'x'}"},
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


# ------------------------------------------------------------------------------------------------------- automatically


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
    keys = keys_of(person)
    ENDINGS[name](person)
    wait_until(lambda: not keys.work())
    assert [route for route, call in keys.routes().items() if not is_refused(call)] == []


@pytest.mark.parametrize("by_user", [True, False])
def test_a_forgotten_device_ends_the_keys(person: Person, by_user: bool) -> None:
    signed_in = person.sign_in(remember=True)
    assert signed_in.device is not None
    keys, key = keys_of(person), signed_in.device.key
    if by_user:
        by_the_user("forget_device", DeviceKey=key)(person)
    else:
        admin(person, "admin_forget_device", DeviceKey=key)
    wait_until(lambda: not keys.work())


def test_other_changes_end_nothing(cloud: LocalCloud, person: Person) -> None:
    keys = keys_of(person)
    with pytest.raises(ClientError):
        admin(person, "admin_forget_device", DeviceKey=f"us-east-1_{'0' * 8}-0000-4000-8000-{'0' * 12}")
    admin(person, "admin_update_user_attributes", UserAttributes=[{"Name": "name", "Value": "Ada"}])
    other = Person.new(cloud, f"other-{person.email}")
    others = keys_of(other)
    admin(other, "admin_user_global_sign_out")
    wait_until(lambda: not others.work())  # what came before it has been delivered
    assert keys.work()


def test_attack_a_sign_out_that_never_was(cloud: LocalCloud, person: Person) -> None:
    """An event in CloudTrail's form, put by somebody who may put events: nobody may for AWS's own services."""
    keys = keys_of(person)
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
    keys = keys_of(person)
    admin(person, "admin_user_global_sign_out")
    assert root_client(cloud, "events").list_rules()["Rules"] == []
    assert policies(cloud) == [None, None]
    assert keys.work()
    Cli(cloud).done("users", "cut-off", person.email, "--yes")
    assert not keys.work()
