"""Triggers that a test writes itself: they really run, as their own role, and what they do wrong refuses the call."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from auth import AuthClient
from auth.errors import NotAuthorized
from tests.journeys.claims import claims_of
from tests.journeys.functions import ACCOUNT, WITH_BOTO3, Function
from tests.journeys.people import PASSWORD, root_client
from tests.journeys.pools import Pool
from tests.journeys.refusals import Refusal, refusal
from tests.journeys.trigger_pools import (
    SHOW,
    add_user,
    app_of,
    doing,
    is_there,
    pool_with,
    sign_in,
    sign_up,
    token_pool,
)
from tests.local_cloud import LocalCloud, wait_until


def user(pool: Pool, email: str) -> Any:
    return root_client(pool.cloud, "cognito-idp").admin_get_user(UserPoolId=pool.id, Username=email)


def events_of(function: Function, count: int = 1) -> list[dict[str, Any]]:
    """The events that a function made of SHOW has seen."""

    def seen() -> list[dict[str, Any]]:
        return [json.loads(line[6:]) for line in function.log() if line.startswith("EVENT ")]

    wait_until(lambda: len(seen()) >= count)
    return seen()


def test_a_refusal_leaves_no_user_behind(cloud: LocalCloud, email: str) -> None:
    pool = pool_with(cloud, "PreSignUp", Function.make(cloud, doing("raise ValueError('no such team')")))
    refused = refusal(sign_up, pool=pool, email=email)
    assert refused == ("UserLambdaValidationException", "PreSignUp failed with error no such team.")
    assert not is_there(pool, email)
    assert cloud.get(f"outbox?to={email}")[0] == 404
    root = root_client(cloud, "cognito-idp")
    by_admin = refusal(root.admin_create_user, UserPoolId=pool.id, Username=email)
    assert by_admin == refused
    assert not is_there(pool, email)


def test_a_confirmed_user_needs_no_code(cloud: LocalCloud, email: str) -> None:
    confirm = doing("response['autoConfirmUser'] = response['autoVerifyEmail'] = True")
    before, after = Function.make(cloud, confirm), Function.make(cloud, SHOW)
    pool = Pool.make(cloud, LambdaConfig={"PreSignUp": before.arn, "PostConfirmation": after.arn})
    before.let_in(pool)
    after.let_in(pool)
    made = sign_up(pool, email)
    assert made["UserConfirmed"] is True
    assert "CodeDeliveryDetails" not in made
    assert cloud.get(f"outbox?to={email}")[0] == 404
    assert {"Name": "email_verified", "Value": "true"} in user(pool, email)["UserAttributes"]
    assert claims_of(sign_in(pool, email)["AccessToken"])["sub"] == made["UserSub"]
    (event,) = events_of(after)
    assert (event["triggerSource"], event["userName"]) == ("PostConfirmation_ConfirmSignUp", made["UserSub"])
    assert event["request"]["userAttributes"]["cognito:user_status"] == "CONFIRMED"


def test_what_a_trigger_is_told(cloud: LocalCloud, email: str) -> None:
    function = Function.make(cloud, SHOW)
    pool = pool_with(cloud, "PreSignUp", function)
    validation: Any = [{"Name": "invitation", "Value": "abc"}]
    sub = sign_up(pool, email, ValidationData=validation, ClientMetadata={"from": "web"})["UserSub"]
    (event,) = events_of(function)
    assert "Boto3" in event["callerContext"].pop("awsSdkVersion")
    assert event == {
        "version": "1",
        "triggerSource": "PreSignUp_SignUp",
        "region": "us-east-1",
        "userPoolId": pool.id,
        "userName": sub,
        "callerContext": {"clientId": pool.client_id},
        "request": {
            "userAttributes": {"email": email},
            "validationData": {"invitation": "abc"},
            "clientMetadata": {"from": "web"},
        },
        "response": {"autoConfirmUser": False, "autoVerifyEmail": False, "autoVerifyPhone": False},
    }


def test_a_failing_post_confirmation_confirms_all_the_same(cloud: LocalCloud, email: str) -> None:
    pool = pool_with(cloud, "PostConfirmation", Function.make(cloud, doing("raise KeyError('table')")))
    sign_up(pool, email)
    confirm = {"ClientId": pool.client_id, "Username": email, "ConfirmationCode": cloud.code(email)}
    refused = refusal(app_of(pool).confirm_sign_up, **confirm)
    assert refused == ("UserLambdaValidationException", "PostConfirmation failed with error 'table'.")
    assert user(pool, email)["UserStatus"] == "CONFIRMED"
    assert sign_in(pool, email)["AccessToken"]


def test_a_trigger_that_sleeps_is_tried_three_times_and_gives_no_tokens(cloud: LocalCloud, email: str) -> None:
    pool, function = token_pool(cloud, f"import time\n{doing('time.sleep(30)')}", timeout=1)
    add_user(pool, email)
    assert refusal(sign_in, pool=pool, email=email) == (
        "UnexpectedLambdaException",
        "PreTokenGeneration invocation failed due to error Socket timeout while invoking Lambda function.",
    )
    wait_until(lambda: sum("Status: timeout" in line for line in function.log()) >= 3)
    log = function.log()
    assert sum(line.startswith("START RequestId: ") for line in log) == 3
    assert sum("Task timed out after 1.00 seconds" in line for line in log) == 3


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("import nowhere\n", "Unable to import module 'index': No module named 'nowhere'"),
        ("handler = ", "Syntax error in module 'index'"),
        ("other = 1\n", "Handler 'handler' missing on module 'index'"),
        (doing("import os; os._exit(3)"), "Runtime exited with error: exit status 3"),
        (doing("response['autoConfirmUser'] = {1}"), "Unable to marshal response"),
    ],
)
def test_code_that_does_not_run(cloud: LocalCloud, email: str, source: str, message: str) -> None:
    pool = pool_with(cloud, "PreSignUp", Function.make(cloud, source))
    refused = refusal(sign_up, pool=pool, email=email)
    assert refused.code == "UserLambdaValidationException"
    assert message in refused.message
    assert not is_there(pool, email)


def test_a_function_runs_for_whom_it_let_in_and_for_nobody_else(cloud: LocalCloud, email: str) -> None:
    function = Function.make(cloud, SHOW)
    pool, other = (Pool.make(cloud, LambdaConfig={"PreSignUp": function.arn}) for _ in range(2))
    denied = Refusal("UnexpectedLambdaException", "PreSignUp invocation failed due to error AccessDeniedException.")
    assert refusal(sign_up, pool=pool, email=email) == denied
    function.let_in(pool)
    assert sign_up(pool, email)["UserSub"]
    assert refusal(sign_up, pool=other, email=email) == denied
    assert not is_there(other, email)
    events_of(function)
    assert sum(line.startswith("EVENT ") for line in function.log()) == 1


def test_a_function_that_is_gone_or_has_no_role(cloud: LocalCloud, email: str) -> None:
    gone, roleless = Function.make(cloud, SHOW), Function.make(cloud, SHOW)
    nobody = {"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole"}
    root_client(cloud, "iam").update_assume_role_policy(
        RoleName=roleless.name, PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": nobody})
    )
    for function, why in ((gone, "ResourceNotFoundException"), (roleless, "AccessDeniedException")):
        pool = pool_with(cloud, "PreSignUp", function)
        if function is gone:
            root_client(cloud, "lambda").delete_function(FunctionName=function.name)
        assert refusal(sign_up, pool=pool, email=email) == (
            "UnexpectedLambdaException",
            f"PreSignUp invocation failed due to error {why}.",
        )
        assert not is_there(pool, email)


def test_a_failing_post_authentication_gives_no_tokens(cloud: LocalCloud, email: str) -> None:
    pool = pool_with(cloud, "PostAuthentication", Function.make(cloud, doing("raise ValueError('not today')")))
    add_user(pool, email)
    refused = refusal(sign_in, pool=pool, email=email)
    assert refused == ("UserLambdaValidationException", "PostAuthentication failed with error not today.")
    with pytest.raises(NotAuthorized):
        AuthClient(pool.settings).sign_in(email, "Wrong-Horse-7")


WRITE = (
    WITH_BOTO3
    + """
import os
import boto3

table = boto3.client("dynamodb")

def handler(event, context):
    item = {"pk": {"S": event["userName"]}, "sk": {"S": "written"}}
    table.put_item(TableName=os.environ["TABLE"], Item=item)
    return event
"""
)


def test_a_function_may_do_what_its_role_may(cloud: LocalCloud, email: str) -> None:
    table = cloud.outputs["AppDataTable"]
    resource = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/{table}"
    options: Any = {"variables": {"TABLE": table}, "timeout": 5}
    idle = Function.make(cloud, WRITE, **options, allow=[{"Action": "dynamodb:GetItem", "Resource": resource}])
    refused = refusal(sign_up, pool=pool_with(cloud, "PreSignUp", idle), email=email)
    assert refused.code == "UserLambdaValidationException"
    assert f":assumed-role/{idle.name}/{idle.name} is not authorized to perform: dynamodb:PutItem" in refused.message
    able = Function.make(cloud, WRITE, **options, allow=[{"Action": "dynamodb:PutItem", "Resource": resource}])
    sub = sign_up(pool_with(cloud, "PreSignUp", able), email)["UserSub"]
    key = {"pk": {"S": sub}, "sk": {"S": "written"}}
    assert root_client(cloud, "dynamodb").get_item(TableName=table, Key=key)["Item"] == key


def test_a_function_sees_nothing_of_the_server(cloud: LocalCloud) -> None:
    show = "import os, sys\ndef handler(event, context):\n    return [dict(os.environ), sys.path, os.getcwd()]\n"
    function = Function.make(cloud, show, variables={"MINE": "1", "AWS_REGION": "mars-1"})
    answer = root_client(cloud, "lambda").invoke(FunctionName=function.name)
    environment, path, folder = json.load(answer["Payload"])
    own = {name for name in environment if not name.startswith(("AWS_", "LAMBDA_"))}
    assert own == {"HOME", "LANG", "LC_CTYPE", "MINE", "PATH", "TZ", "_HANDLER"} & environment.keys()
    assert environment["AWS_REGION"] == "us-east-1"
    assert environment["AWS_ACCESS_KEY_ID"].startswith("ASIA")
    assert environment["HOME"] == "/nonexistent"
    assert path[0] == folder == environment["LAMBDA_TASK_ROOT"]
    assert not [place for place in path if "site-packages" in place]


def test_many_at_once(cloud: LocalCloud, email: str) -> None:
    """Each event meets one run of the function, and each caller its own answer."""
    source = doing("import time; time.sleep(0.05)", "raise ValueError(event['request']['userAttributes']['email'])")
    pool = pool_with(cloud, "PreSignUp", Function.make(cloud, source))
    names = [f"{number}-{email}" for number in range(12)]
    app = app_of(pool)

    def message(name: str) -> str:
        return refusal(app.sign_up, ClientId=pool.client_id, Username=name, Password=PASSWORD).message

    with ThreadPoolExecutor(8) as executor:
        assert list(executor.map(message, names)) == [f"PreSignUp failed with error {name}." for name in names]
