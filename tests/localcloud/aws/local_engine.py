"""An engine for tests, driven from synchronous code, with stand-ins for the Cognito types of the template."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any, TypeVar

from localcloud.aws.calls import Reply, build
from localcloud.aws.engine import Engine
from localcloud.aws.function import Function, Result
from localcloud.aws.http_api import ApiRequest
from localcloud.aws.own_types import MODULES
from localcloud.aws.properties import Shape
from localcloud.aws.resources import Attributes, Properties
from localcloud.aws.stack import deploy
from localcloud.iam.actions import Call

T = TypeVar("T")

ROOT = Path(__file__).resolve().parents[3]
TEMPLATE = ROOT / "cloudformation" / "backend.yaml"
PARAMETERS = ROOT / "cloudformation" / "parameters" / "local.json"
ACCOUNT = "000000000000"
PORT = 4599


class AnyProperty(dict[str, Shape]):
    """A shape that knows every property."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> Shape:
        return None


class CognitoStandIn:
    """Takes whatever the template says and makes an id from the logical id."""

    properties: Mapping[str, Shape] = AnyProperty()

    def __init__(self) -> None:
        self.given: dict[str, Properties] = {}

    def create(self, logical_id: str, properties: Properties, stack_name: str) -> tuple[str, Attributes]:
        self.given[logical_id] = properties
        physical_id = f"us-east-1_{logical_id}"
        provider = f"cognito-idp.us-east-1.amazonaws.com/{physical_id}"
        arn = f"arn:aws:cognito-idp:us-east-1:{ACCOUNT}:userpool/{physical_id}"
        return physical_id, {"Arn": arn, "ProviderName": provider}

    def update(
        self, physical_id: str, old: Properties, new: Properties, stack_name: str, logical_id: str
    ) -> tuple[str, Attributes]:
        return self.create(logical_id, new, stack_name)

    def delete(self, physical_id: str, properties: Properties) -> None:
        pass


COGNITO_TYPES = {module.TYPE: CognitoStandIn() for module in MODULES if module.TYPE.startswith("AWS::Cognito::")}


def succeed(payload: Any) -> Result:
    """A result of a function that went well."""
    return Result("request", payload, None, 1.0, 0.0, ("START", "END"))


class LocalEngine:
    """An engine on a loop of its own. Usable as a context manager; leaving it stops the engine."""

    def __init__(self, data_dir: Path, **options: Any) -> None:
        self.runner = asyncio.Runner()
        self.invoked: list[tuple[Function, Any]] = []
        self.answer: Callable[[Any], Result] = succeed
        settings: dict[str, Any] = {
            "port": PORT,
            "run_function": self._run,
            "may_invoke": lambda *_: True,
            "resource_types": COGNITO_TYPES,
        }
        self.engine = Engine(data_dir=data_dir, **(settings | options))

    def __enter__(self) -> LocalEngine:
        try:
            self.runner.run(self.engine.start())
        except BaseException:
            self.runner.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.runner.run(self.engine.stop())
        self.runner.close()

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of a coroutine on the engine's loop."""
        return self.runner.run(work)

    def call(self, service: str, operation: str, region: str = "", **parameters: Any) -> dict[str, Any]:
        """A call as boto3 has it."""
        return self.wait(self.engine.call(service, operation, parameters, region))

    def perform(self, service: str, operation: str, **changes: Any) -> Reply:
        """A raw call, as the pipeline hands it on."""
        base = {"region": "us-east-1", "account": ACCOUNT} | changes
        return self.wait(self.engine.perform(Call(service=service, operation=operation, **base)))

    def built(self, service: str, operation: str, **parameters: Any) -> Call:
        """The call that boto3 would send."""
        return build(service, operation, parameters, "us-east-1", ACCOUNT)

    def request(self, method: str, url: str, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Reply:
        """A request to an HTTP API by the whole URL that the stack gives out."""
        path = url.removeprefix(f"http://127.0.0.1:{self.engine.port}")
        return self.wait(self.engine.execute_api(ApiRequest(method, path, "", {}, headers or {}, body)))

    def deploy(self, template: Path = TEMPLATE, parameters: Path = PARAMETERS, **options: Any) -> dict[str, str]:
        """Deploy, in silence unless told otherwise."""
        options.setdefault("on_event", lambda line: None)
        return self.wait(deploy(self.engine, template, parameters, **options))

    def deploy_resources(
        self, resources: Mapping[str, Any], folder: Path, name: str, **sections: Any
    ) -> dict[str, str]:
        """Deploy a template of these resources."""
        template, parameters = folder / f"{name}.yaml", folder / f"{name}.json"
        template.write_text(json.dumps({"Resources": resources, **sections}))
        parameters.write_text("[]")
        return self.deploy(template, parameters, stack_name=name)

    def _run(self, function: Function, event: Any) -> Result:
        self.invoked.append((function, event))
        return self.answer(event)


def items(local: LocalEngine, table: str) -> dict[str, str]:
    """The items of a table with the key `pk` and an attribute `count`."""
    found = local.call("dynamodb", "Scan", TableName=table)["Items"]
    return {item["pk"]["S"]: item["count"]["N"] for item in found}


def template_copy(folder: Path) -> tuple[Path, Path]:
    """The template and its local parameters in a folder of the test's own, with an empty build for each function."""
    (folder / "cloudformation").mkdir(parents=True)
    for name in set(re.findall(r"CodeUri: \.\./(build/\w+)", TEMPLATE.read_text())):
        (folder / name).mkdir(parents=True)
    template = folder / "cloudformation" / "backend.yaml"
    shutil.copy(TEMPLATE, template)
    parameters = folder / "cloudformation" / "local.json"
    shutil.copy(PARAMETERS, parameters)
    return template, parameters
