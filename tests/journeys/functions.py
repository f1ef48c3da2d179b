"""Lambda functions that a test writes itself: one file of source text, a role of their own, and what they logged."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.journeys.people import root_client
from tests.journeys.pools import Pool
from tests.local_cloud import ROOT, LocalCloud

ACCOUNT = "000000000000"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
WITH_BOTO3 = f"import sys; sys.path.append({str(ROOT / 'build' / 'post_confirmation')!r})\n"
"""On AWS the runtime has boto3 beside the code; here a package of the stack lends its own."""


@dataclass(frozen=True, slots=True)
class Function:
    """A function with a role that is called like it."""

    cloud: LocalCloud
    name: str
    arn: str

    @classmethod
    def make(
        cls,
        cloud: LocalCloud,
        source: str,
        *,
        allow: Sequence[Mapping[str, Any]] = (),
        timeout: int = 3,
        variables: Mapping[str, str] | None = None,
    ) -> Function:
        """A function whose module is `source`; its role may do what the statements `allow`, and nothing else."""
        name, iam = f"own-{uuid.uuid4().hex[:8]}", root_client(cloud, "iam")
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
        if allow:
            policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement} for statement in allow]}
            iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=json.dumps(policy))
        made = root_client(cloud, "lambda").create_function(
            FunctionName=name,
            Runtime="python3.11",
            Role=role,
            Handler="index.handler",
            Code={"ZipFile": _archive(source)},
            Timeout=timeout,
            Environment={"Variables": dict(variables or {})},
        )
        return cls(cloud, name, made["FunctionArn"])

    def let_in(self, pool: Pool) -> None:
        """Let Cognito call the function for this pool, and for no other."""
        root_client(self.cloud, "lambda").add_permission(
            FunctionName=self.name,
            StatementId=f"pool-{uuid.uuid4().hex[:8]}",
            Action="lambda:InvokeFunction",
            Principal="cognito-idp.amazonaws.com",
            SourceArn=f"arn:aws:cognito-idp:us-east-1:{ACCOUNT}:userpool/{pool.id}",
        )

    def log(self) -> list[str]:
        """What it has logged so far."""
        return log_of(self.cloud, f"/aws/lambda/{self.name}")


def log_of(cloud: LocalCloud, group: str) -> list[str]:
    """The messages of a log group, oldest first; none where there is no such group yet."""
    logs = root_client(cloud, "logs")
    try:
        pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group)
        return [event["message"] for page in pages for event in page["events"]]
    except logs.exceptions.ResourceNotFoundException:
        return []


def _archive(source: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("index.py", source)
    return buffer.getvalue()
