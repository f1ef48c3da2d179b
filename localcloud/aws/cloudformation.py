"""What CloudFormation in the engine is made to do: know our types, refuse what it would drop, say when it is done."""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Callable, Coroutine, Mapping
from types import ModuleType
from typing import Any, NamedTuple

from localcloud.aws.properties import PROVEN, Shape, unsupported
from localcloud.aws.references import unresolved
from localcloud.aws.resources import ApiCall, MendedType, Properties, ResourceType
from localcloud.aws.resources.apigatewayv2_api import Api
from localcloud.aws.resources.dynamodb_table import Table
from localcloud.aws.resources.iam_managed_policy import ManagedPolicy
from localcloud.aws.resources.iam_role import Role
from localcloud.aws.resources.s3_bucket import Bucket
from localcloud.aws.resources.sqs_queue_policy import QueuePolicy
from localcloud.aws.seams import Seams

# The transformed template goes in by itself, so the limit is the one of a template in a bucket.
_TEMPLATE_MAX_BYTES = 1_000_000


class StackEvent(NamedTuple):
    """One event of a stack operation, in CloudFormation's own words."""

    logical_id: str
    resource_type: str
    status: str
    reason: str
    physical_id: str


class StackOperations:
    """The stack operations that run, and who listens to them."""

    def __init__(self, package: ModuleType, saved: Callable[[], None]) -> None:
        """`package` is the engine's CloudFormation; `saved` is called at the end of each operation."""
        self._package = package
        self._saved = saved
        self._running: set[asyncio.Task[None]] = set()
        self.listeners: list[Callable[[StackEvent], None]] = []

    @property
    def running(self) -> bool:
        """Whether a stack is being changed: until it is done, stack and resources do not agree."""
        return bool(self._running)

    async def settle(self) -> None:
        """Wait until no operation runs, and what they did is saved."""
        while self._running:
            await asyncio.wait(self._running)

    def install(
        self,
        seams: Seams,
        own: Mapping[str, ResourceType],
        call: ApiCall,
        endpoint: Callable[[str], str],
        check: Callable[[str, Properties], None],
    ) -> None:
        """Put our types in the engine's place.

        `endpoint` gives the URL of an API by its id. `check` raises ValueError for resolved properties of a type that
        AWS would refuse.
        """
        package = self._package
        engine_types: dict[str, Any] = seams.original(package.provisioners, "_RESOURCE_HANDLERS")
        mended = _mended(engine_types, call, endpoint)
        types = {name: engine_types[name] for name in PROVEN} | {
            name: _entry(resource_type) for name, resource_type in (mended | dict(own)).items()
        }
        types = {name: _checked(entry, functools.partial(check, name)) for name, entry in types.items()}
        shapes = {**PROVEN, **{name: resource_type.properties for name, resource_type in own.items()}}
        seams.refill(engine_types, types)
        seams.replace(package.helpers, "TEMPLATE_BODY_MAX_BYTES", _TEMPLATE_MAX_BYTES)
        runs_on_thread = seams.original(package.stacks, "_runs_on_worker_thread")
        # A mended type waits for calls that the event loop has to serve.
        seams.replace(package.stacks, "_runs_on_worker_thread", lambda name: name in mended or runs_on_thread(name))
        # Types of our own get the template's properties as they are, without the tags that CloudFormation adds.
        tagged = seams.original(package.provisioners, "_STACK_TAG_PROPERTY")
        seams.refill(tagged, {name: rule for name, rule in tagged.items() if name not in own})
        self._report_events(seams)
        for module in (package.handlers, package.changesets):
            seams.replace(module, "_create_stack_task_in_region", self._schedule)
            seams.replace(module, "validate_template_support", _refusing(seams, module, shapes))
        # What fails a deploy is reported by the deploy.
        logging.getLogger("cloudformation").setLevel(logging.CRITICAL)

    def _report_events(self, seams: Seams) -> None:
        add_event = seams.original(self._package.stacks, "_add_event")

        def add_and_report(
            stack_id: str, stack_name: str, logical_id: str, resource_type: str, status: str,
            reason: str = "", physical_id: str = "", detailed_status: str = "",
        ) -> None:  # fmt: skip
            add_event(stack_id, stack_name, logical_id, resource_type, status, reason, physical_id, detailed_status)
            for listener in self.listeners:
                listener(StackEvent(logical_id, resource_type, status, reason, physical_id))

        seams.replace(self._package.stacks, "_add_event", add_and_report)

    def _schedule(self, work: Coroutine[Any, Any, None], stack: dict[str, Any] | None, stack_id: str = "") -> None:
        with self._package.stacks._stack_region_context(stack, stack_id):
            task = asyncio.get_running_loop().create_task(self._run(work))
        self._running.add(task)

    async def _run(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        finally:
            task = asyncio.current_task()
            self._running -= {task} if task else set()
            self._saved()


def _mended(engine_types: Mapping[str, Any], call: ApiCall, endpoint: Callable[[str], str]) -> dict[str, MendedType]:
    mended: dict[str, type[MendedType]] = {
        "AWS::DynamoDB::Table": Table,
        "AWS::IAM::ManagedPolicy": ManagedPolicy,
        "AWS::IAM::Role": Role,
        "AWS::S3::Bucket": Bucket,
        "AWS::SQS::QueuePolicy": QueuePolicy,
    }
    api = "AWS::ApiGatewayV2::Api"
    return {
        **{name: mend(engine_types[name], call) for name, mend in mended.items()},
        api: Api(engine_types[api], call, endpoint),
    }


def _entry(resource_type: ResourceType | MendedType) -> dict[str, Any]:
    """A resource type as the engine's table has them."""
    return {
        "create": resource_type.create,
        "update": resource_type.update,
        "update_with_logical_id": True,
        "delete": resource_type.delete,
    }


def _checked(entry: Mapping[str, Any], check: Callable[[Properties], None]) -> dict[str, Any]:
    """The entry of a resource type whose properties are checked before anything is made of them."""

    def create(logical_id: str, properties: Properties, stack_name: str) -> Any:
        check(properties)
        return entry["create"](logical_id, properties, stack_name)

    def update(physical_id: str, old: Properties, new: Properties, *more: str) -> Any:
        check(new)
        return entry["update"](physical_id, old, new, *more)

    return {**entry, "create": create, **({"update": update} if "update" in entry else {})}


def _refusing(seams: Seams, module: ModuleType, shapes: Mapping[str, Mapping[str, Shape]]) -> Callable[..., None]:
    validate = seams.original(module, "validate_template_support")

    def refuse_or_validate(
        template: dict[str, Any], conditions: dict[str, bool], params: dict[str, Any] | None = None
    ) -> None:
        values = {name: str(parameter["Value"]) for name, parameter in (params or {}).items()}
        wanted = {
            name: resource
            for name, resource in (template.get("Resources") or {}).items()
            if not isinstance(resource, dict) or conditions.get(resource.get("Condition", ""), True)
        }
        if problems := unresolved(template) + unsupported(wanted, values, shapes):
            raise ValueError("\n".join(problems))
        validate(template, conditions, params=params)

    return refuse_or_validate
