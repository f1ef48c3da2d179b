"""What an import of users needs: a role as AWS's guide makes it, an upload by plain HTTP, and the end of a job."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
import uuid
from collections.abc import Sequence
from typing import Any

from tests.journeys.people import root_client
from tests.local_cloud import LocalCloud, wait_until

KMS = {"x-amz-server-side-encryption": "aws:kms"}
LOGS = ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents")
COGNITO = "cognito-idp.amazonaws.com"
_ENDED = ("Succeeded", "Failed", "Stopped", "Expired")


def make_role(cloud: LocalCloud, actions: Sequence[str] = LOGS, trusted: str = COGNITO) -> str:
    """The ARN of a new role that writes logs for a service."""
    iam, name = root_client(cloud, "iam"), f"import-{uuid.uuid4().hex[:8]}"
    trust = {"Effect": "Allow", "Principal": {"Service": trusted}, "Action": "sts:AssumeRole"}
    logs = "arn:aws:logs:us-east-1:000000000000:log-group:/aws/cognito/*"
    policy = {"Effect": "Allow", "Action": list(actions), "Resource": logs}
    arn: str = iam.create_role(RoleName=name, AssumeRolePolicyDocument=_document(trust))["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="logs", PolicyDocument=_document(policy))
    return arn


def make_csv(header: Sequence[str], *rows: dict[str, str]) -> bytes:
    """A file with these columns; commas in values are written as AWS has it."""
    lines = [[row.get(name, "").replace(",", "\\,") for name in header] for row in rows]
    return "\n".join(",".join(line) for line in [list(header), *lines]).encode()


def upload(url: str, data: bytes, headers: dict[str, str] | None = None) -> tuple[int, str]:
    """Status and text of a PUT."""
    request = urllib.request.Request(url, data, KMS if headers is None else headers, method="PUT")
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def finish(root: Any, job: dict[str, Any]) -> dict[str, Any]:
    """The job once it has ended."""
    asked = {"UserPoolId": job["UserPoolId"], "JobId": job["JobId"]}
    wait_until(lambda: root.describe_user_import_job(**asked)["UserImportJob"]["Status"] in _ENDED, 60)
    ended: dict[str, Any] = root.describe_user_import_job(**asked)["UserImportJob"]
    return ended


def run_import(root: Any, pool_id: str, data: bytes, role: str, **settings: Any) -> dict[str, Any]:
    """A job from its creation to its end."""
    made = root.create_user_import_job(JobName="people", UserPoolId=pool_id, CloudWatchLogsRoleArn=role, **settings)
    job = made["UserImportJob"]
    assert upload(job["PreSignedUrl"], data)[0] == 200
    root.start_user_import_job(UserPoolId=pool_id, JobId=job["JobId"])
    return finish(root, job)


def read_log(cloud: LocalCloud, pool_id: str, job: dict[str, Any]) -> list[str]:
    """The lines of a job's log stream."""
    pool = root_client(cloud, "cognito-idp").describe_user_pool(UserPoolId=pool_id)["UserPool"]
    events = root_client(cloud, "logs").get_log_events(
        logGroupName=f"/aws/cognito/userpools/{pool_id}/{pool['Name']}",
        logStreamName=f"{job['JobId']}/{job['JobName']}",
        startFromHead=True,
    )["events"]
    return [event["message"] for event in events]


def _document(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
