"""The log of an import job in CloudWatch Logs, written as the role that the job names: Cognito itself has no way in.

https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-using-import-tool.html, "Creating the
CloudWatch Logs IAM role"
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator

from localcloud.access import callers
from localcloud.access.assume_role import assume_role
from localcloud.access.authorization import Authorizer
from localcloud.access.credentials import RoleSession
from localcloud.access.refusals import Decisions, RefusedError
from localcloud.aws.engine import Engine
from localcloud.context import Cloud, Context
from localcloud.errors import AwsError
from localcloud.iam.actions import Call
from localcloud.iam.request import Principal
from localcloud.userpool.imports.jobs import ImportJob
from localcloud.userpool.models import UserPool

_COGNITO = Principal("Service", "cognito-idp.amazonaws.com")
_SECONDS = 3_600
_AT_FIRST = ("CreateLogGroup", "CreateLogStream", "DescribeLogStreams", "PutLogEvents")
"""What AWS's guide has the role's policy allow."""

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9._/#-]")
"""What the name of a pool may have, and that of a log group may not."""


class ImportLog:
    """Opens the logs of import jobs. A refusal is kept under the job's id, so that it can be explained."""

    def __init__(
        self,
        cloud: Cloud,
        engine: Engine,
        authorizer: Authorizer,
        decisions: Decisions,
        wait_for_engine: Callable[[], None],
    ) -> None:
        self._context = Context(cloud)
        self._engine = engine
        self._authorizer = authorizer
        self._decisions = decisions
        self._wait_for_engine = wait_for_engine

    def __call__(self, pool: UserPool, job: ImportJob) -> Callable[[list[str]], None]:
        """What writes lines to the job's stream. Raises AwsError, then or now, where the role may not."""
        self._wait_for_engine()
        name = _NOT_IN_NAMES.sub("_", pool.config["PoolName"])
        group, stream = f"/aws/cognito/userpools/{pool.id}/{name}", f"{job.id}/{job.name}"
        session = self._assume(pool, job)

        def put(lines: list[str]) -> None:
            nonlocal session
            if self._context.now >= session.expires:
                session = self._assume(pool, job)
            self._check(job, session, "PutLogEvents", group, stream)
            self._engine.put_log_lines(group, stream, lines)

        for operation in _AT_FIRST:
            self._check(job, session, operation, group, stream)
        return put

    def _assume(self, pool: UserPool, job: ImportJob) -> RoleSession:
        cloud = self._context.cloud
        role = cloud.roles(job.role_arn)
        if role is None:
            raise AwsError("AccessDenied", f"The role {job.role_arn} does not exist.")
        source = {"aws:SourceArn": cloud.pool_arn(pool.id), "aws:SourceAccount": cloud.account}
        with self._keeping(job, "sts", "AssumeRole"):
            return assume_role(
                self._context, role, _COGNITO, "sts:AssumeRole", job.id, seconds=_SECONDS, request_context=source
            )

    def _check(self, job: ImportJob, session: RoleSession, operation: str, group: str, stream: str) -> None:
        """Attack: a job that writes where the role that it names may not."""
        cloud = self._context.cloud
        params = {"logGroupName": group, "logStreamName": stream}
        call = Call("logs", operation, cloud.region, cloud.account, params=params)
        caller = callers.of_session(self._engine, session)
        if caller is None:
            raise AwsError("AccessDenied", f"The role {job.role_arn} does not exist any more.")
        with self._keeping(job, "logs", operation):
            self._authorizer.authorize(caller, call)

    @contextlib.contextmanager
    def _keeping(self, job: ImportJob, service: str, operation: str) -> Iterator[None]:
        try:
            yield
        except RefusedError as error:
            self._decisions.keep(job.id, self._context.now, service, operation, error.findings, error)
            raise
