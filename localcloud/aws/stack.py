"""Deploys a template into the engine: creates the stack or updates it in place, and tells what happens."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from localcloud.aws.cloudformation import StackEvent
from localcloud.aws.engine import Engine
from localcloud.aws.template import StackError, StackTemplate, prepare
from localcloud.errors import AwsError

__all__ = ["StackError", "deploy", "prepare", "transform_cache"]

_CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
_DONE = ("CREATE_COMPLETE", "UPDATE_COMPLETE")
_GONE = ("DELETE_COMPLETE", "ROLLBACK_COMPLETE")
_SES_IDENTITY = re.compile(r"arn:aws:ses:(?P<region>[a-z0-9-]+):(?P<account>[0-9]{12}):identity/(?P<name>.+)")


def transform_cache(data_dir: Path) -> Path:
    """The file that keeps the last SAM transform: `prepare` may fill it while the engine still starts."""
    return data_dir / "transformed.json"


async def deploy(
    engine: Engine,
    template_path: Path,
    parameters_path: Path,
    stack_name: str = "gatehouse",
    on_event: Callable[[str], None] = print,
    given: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Bring the stack to what the template says and give its outputs. Raises StackError; the stack is then as before.

    Nothing is done when nothing changed. `on_event` gets a line for each resource that is done or has failed. `given`
    are values for further parameters (`template.prepare`).
    """
    template = await prepare(template_path, parameters_path, engine.region, transform_cache(engine.data_dir), given)
    failures: list[str] = []

    def listen(event: StackEvent) -> None:
        if event.status.endswith(("_COMPLETE", "_FAILED")) and event.resource_type != "AWS::CloudFormation::Stack":
            reason = f": {event.reason}" if event.status.endswith("_FAILED") else ""
            on_event(f"{event.status:<16} {event.logical_id} ({event.resource_type}){reason}")
        if event.status.endswith("_FAILED"):
            failures.append(f"resource `{event.logical_id}` ({event.resource_type}): {event.reason}")

    await _verify_senders(engine, template.parameters)
    engine.stacks.listeners.append(listen)
    try:
        await _submit(engine, template, stack_name)
        await engine.stacks.settle()
    finally:
        engine.stacks.listeners.remove(listen)
    stack = await _describe(engine, stack_name)
    if stack is None or stack["StackStatus"] not in _DONE:
        raise StackError("\n".join(failures) or f"stack {stack_name}: {stack and stack['StackStatus']}")
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


async def _verify_senders(engine: Engine, parameters: Mapping[str, str]) -> None:
    """Make the SES identities of this account that a parameter names: on AWS, their owner verified them beforehand."""
    for value in parameters.values():
        named = _SES_IDENTITY.fullmatch(value)
        if named and named["account"] == engine.account and not engine.mail_identity(named["region"], named["name"]):
            await engine.call("sesv2", "CreateEmailIdentity", {"EmailIdentity": named["name"]}, named["region"])


async def _submit(engine: Engine, template: StackTemplate, stack_name: str) -> None:
    parameters: dict[str, Any] = {
        "StackName": stack_name,
        "TemplateBody": template.body,
        "Parameters": [{"ParameterKey": name, "ParameterValue": value} for name, value in template.parameters.items()],
        "Capabilities": _CAPABILITIES,
        # A first deploy that fails leaves nothing behind, so the next try finds every name free.
        "RetainExceptOnCreate": True,
    }
    stack = await _describe(engine, stack_name)
    operation = "CreateStack" if stack is None or stack["StackStatus"] in _GONE else "UpdateStack"
    try:
        await engine.call("cloudformation", operation, parameters)
    except AwsError as error:
        if error.message != "No updates are to be performed.":
            raise StackError(error.message) from None


async def _describe(engine: Engine, stack_name: str) -> dict[str, Any] | None:
    try:
        answer = await engine.call("cloudformation", "DescribeStacks", {"StackName": stack_name})
    except AwsError:
        return None
    stack: dict[str, Any] = answer["Stacks"][0]
    return stack
