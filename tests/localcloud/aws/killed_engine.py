"""A program that deploys a stack, writes data, says what it made, and dies without a word (`test_restart.py`)."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from localcloud.aws.time_to_live import expire
from tests.localcloud.aws.local_engine import LocalEngine
from tests.localcloud.aws.samples import TRUST

RESOURCES: dict[str, Any] = {
    "Api": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Name": "restart", "ProtocolType": "HTTP"}},
    "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "restart-bucket"}},
    "Pool": {"Type": "AWS::Cognito::UserPool"},
    "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": TRUST}},
    "Function": {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "FunctionName": "restart",
            "Handler": "a.handler",
            "Runtime": "python3.11",
            "Role": {"Fn::GetAtt": ["Role", "Arn"]},
        },
    },
    "Table": {
        "Type": "AWS::DynamoDB::Table",
        "Properties": {
            "TableName": "restart",
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
            "TimeToLiveSpecification": {"AttributeName": "until", "Enabled": True},
        },
    },
}
OUTPUTS = {"ApiUrl": {"Value": {"Fn::GetAtt": ["Api", "ApiEndpoint"]}}}


def deploy(local: LocalEngine, folder: Path) -> dict[str, str]:
    """Deploy the resources above, from a folder that has a `build`."""
    (folder / "build").mkdir(exist_ok=True)
    code = {"S3Bucket": "localcloud-build", "S3Key": str(folder / "build"), "S3ObjectVersion": "1"}
    resources = json.loads(json.dumps(RESOURCES))
    resources["Function"]["Properties"]["Code"] = code
    return local.deploy_resources(resources, folder, "restart", Outputs=OUTPUTS)


def write(local: LocalEngine) -> str:
    """Write what must outlive the kill. Gives the access key of a new user."""
    local.call("s3", "PutObject", Bucket="restart-bucket", Key="a/b", Body=b"object", Tagging="kind=test")
    for number in range(3):
        item = {"pk": {"S": str(number)}, "count": {"N": "0"}}
        local.call("dynamodb", "PutItem", TableName="restart", Item=item)
    local.call("dynamodb", "DeleteItem", TableName="restart", Key={"pk": {"S": "0"}})
    for _ in range(2):
        update: dict[str, Any] = {"UpdateExpression": "ADD #c :one", "ExpressionAttributeNames": {"#c": "count"}}
        update["ExpressionAttributeValues"] = {":one": {"N": "1"}}
        local.call("dynamodb", "UpdateItem", TableName="restart", Key={"pk": {"S": "1"}}, **update)
    replace_expired(local)
    local.call("iam", "CreateUser", UserName="someone")
    key: str = local.call("iam", "CreateAccessKey", UserName="someone")["AccessKey"]["AccessKeyId"]
    return key


def replace_expired(local: LocalEngine) -> None:
    """An item whose time is over, and another in its place that may be made only where there is none."""
    for count, condition in (("0", {}), ("9", {"ConditionExpression": "attribute_not_exists(pk)"})):
        item = {"pk": {"S": "3"}, "count": {"N": count}, "until": {"N": "1800000000"}}
        local.call("dynamodb", "PutItem", TableName="restart", Item=item, **condition)
        if count == "0":
            local.wait(expire(local.engine, 1_800_000_000))


def main(folder: Path) -> None:
    """Deploy, write, tell, die."""
    with LocalEngine(folder / "data") as local:
        outputs = deploy(local, folder)
        print(json.dumps({"outputs": outputs, "key": write(local)}), flush=True)
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
