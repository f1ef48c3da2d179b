"""What a handler may use: `Cloud` is made once and holds the outside world, `Context` comes with each call.

Time, randomness, the disk and the functions are all here, so that a test can hand in its own.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from localcloud.assessments import Assessments
from localcloud.clock import Clock
from localcloud.errors import AwsError
from localcloud.faults import Faults
from localcloud.seal import Sealer
from localcloud.store import Entity, Store


@dataclass(frozen=True, slots=True)
class Setting(Entity):
    """One value of the server itself that must outlive it: the sealing key, the clock's offset."""

    KEY = ("name",)
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Invocation:
    """What a Lambda function answered: a payload, or an error by type and message."""

    payload: Any = None
    error_type: str = ""
    error_message: str = ""

    @property
    def timed_out(self) -> bool:
        """Whether the function was stopped at its deadline."""
        return self.error_type == "Sandbox.Timedout"


class Role(Protocol):
    """A role as whoever hands out its credentials needs it."""

    @property
    def arn(self) -> str:
        """The role's own ARN, with its path."""
        ...

    @property
    def role_id(self) -> str:
        """Its unique id, `AROA…`: another one if a role of the same name is made again."""
        ...

    @property
    def trust_policy(self) -> Mapping[str, Any]:
        """Its AssumeRolePolicyDocument, parsed."""
        ...

    @property
    def max_session_seconds(self) -> int:
        """How long a session of it may last."""
        ...


class Invoker(Protocol):
    """Runs a Lambda function by ARN on behalf of an AWS service."""

    def __call__(
        self, arn: str, event: Mapping[str, Any], *, service: str, source_arn: str, seconds: float
    ) -> Invocation:
        """Run it, for `seconds` at most. Refused unless the function's policy lets `service` call from `source_arn`."""
        ...


class LateInvoker(Protocol):
    """Has Lambda run a function later, and try again where it fails: nobody waits for what becomes of it."""

    def __call__(self, arn: str, event: Mapping[str, Any], *, service: str, source_arn: str) -> None:
        """Put an event in the function's queue; never raises. Refused as `Invoker` refuses, in the log only."""
        ...


@dataclass(frozen=True, slots=True)
class DataKey:
    """A data key of KMS: what to encrypt with, and what to send along for whoever may have it decrypted."""

    plaintext: bytes = field(repr=False)
    encrypted: bytes


def no_later_functions(arn: str, event: Mapping[str, Any], *, service: str, source_arn: str) -> None:
    """The late invoker of a cloud that has no functions."""


def no_keys(key_arn: str, context: Mapping[str, str]) -> DataKey:
    """The data keys of a cloud that has no KMS. Raises AwsError."""
    raise AwsError("NotFoundException", f"Key '{key_arn}' does not exist")


def no_functions(
    arn: str,
    event: Mapping[str, Any],
    *,
    service: str,
    source_arn: str,
    seconds: float,
) -> Invocation:
    """The invoker of a cloud that has no functions: every call fails."""
    return Invocation(error_type="ResourceNotFoundException", error_message=f"Function not found: {arn}")


def no_roles(arn: str) -> Role | None:
    """The directory of a cloud that has no roles."""
    return None


def no_policies(arn: str) -> Mapping[str, Any] | None:
    """The directory of a cloud that has no managed policies."""
    return None


class Fetch(Protocol):
    """Fetches a small document; the one way out to the network."""

    def __call__(
        self, url: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> bytes:
        """The document at a URL; a form, be it empty, is posted there. Raises OSError."""
        ...


def no_network(url: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None) -> bytes:
    """The fetcher of a cloud without a network: there is nothing to be had."""
    raise OSError("this cloud has no network")


def no_logs(destination: Mapping[str, Any], source: str, record: Mapping[str, Any]) -> None:
    """Where logs go in a cloud that keeps none."""


class Imports(Protocol):
    """Keeps the files of import jobs, and runs the jobs."""

    def is_uploaded(self, job_id: str) -> bool:
        """Whether there is a file for a job."""
        ...

    def begin(self, pool_id: str, job_id: str) -> None:
        """Run a job that is pending; returns at once."""
        ...


class NoImports:
    """The imports of a cloud that takes no files."""

    def is_uploaded(self, job_id: str) -> bool:
        """There is none."""
        return False

    def begin(self, pool_id: str, job_id: str) -> None:
        """Nothing can be imported."""


@dataclass(slots=True)
class Cloud:
    """The local cloud as its handlers see it.

    `data_key` takes the ARN of a KMS key and an encryption context, and raises as KMS does.
    `deliver_log` takes a `LogConfigurationType`, the id of the pool whose log it is, and a record; it never raises.
    """

    store: Store
    clock: Clock
    sealer: Sealer
    region: str = "us-east-1"
    account: str = "000000000000"
    endpoint_url: str = "http://127.0.0.1:4566"
    issuer: str = "aws"
    invoke: Invoker = no_functions
    invoke_later: LateInvoker = no_later_functions
    data_key: Callable[[str, Mapping[str, str]], DataKey] = no_keys
    roles: Callable[[str], Role | None] = no_roles
    managed_policies: Callable[[str], Mapping[str, Any] | None] = no_policies
    fetch: Fetch = no_network
    deliver_log: Callable[[Mapping[str, Any], str, Mapping[str, Any]], None] = no_logs
    imports: Imports = field(default_factory=NoImports)
    faults: Faults = field(default_factory=Faults)
    assessments: Assessments = field(default_factory=Assessments)
    count_request: Callable[[Context, str, Mapping[str, Any]], None] | None = None
    providers: Mapping[str, str] = field(default_factory=dict)
    random: Callable[[int], bytes] = secrets.token_bytes
    keys: dict[str, Any] = field(default_factory=dict)

    def issuer_of(self, pool_id: str) -> str:
        """The `iss` of a pool's tokens: AWS's own form, or one that resolves on this machine (`--issuer endpoint`)."""
        if self.issuer == "endpoint":
            return f"{self.endpoint_url}/{pool_id}"
        return f"https://cognito-idp.{pool_id.split('_')[0]}.amazonaws.com/{pool_id}"

    def pool_arn(self, pool_id: str) -> str:
        """The ARN of a user pool."""
        return f"arn:aws:cognito-idp:{pool_id.split('_')[0]}:{self.account}:userpool/{pool_id}"


@dataclass(frozen=True, slots=True)
class Context:
    """One call: the cloud it is made to, and who made it from where.

    `user_id` is the caller's `aws:userid`, `session_key` the access key of the role session that it is, if it is one.
    """

    cloud: Cloud
    request_id: str = ""
    source_ip: str = "127.0.0.1"
    user_agent: str = ""
    principal_arn: str = ""
    user_id: str = ""
    session_key: str = ""

    @property
    def store(self) -> Store:
        """Where state lives."""
        return self.cloud.store

    @property
    def now(self) -> float:
        """The cloud's time, seconds since the epoch."""
        return self.cloud.clock.now()
