"""Service models, read from botocore's data files: operations, who must sign, declared errors, input shapes.

Read directly rather than through botocore's classes: importing those takes longer than this server may take to start.
"""

from __future__ import annotations

import functools
import gzip
import importlib.util
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson


@dataclass(frozen=True, slots=True)
class Operation:
    """One API operation: its AWS name, whether callers sign it, its shapes, the error codes it declares.

    `result` is the element that a query service wraps the output in.
    """

    service: str
    name: str
    signed: bool
    input: str
    errors: frozenset[str]
    output: str = ""
    result: str = ""

    @property
    def snake_name(self) -> str:
        """The name of the file that handles it."""
        return snake_case(self.name)


@dataclass(frozen=True, slots=True)
class ServiceModel:
    """One service: its operations by AWS name, and its shapes as botocore's file gives them. `xmlns` of its answers."""

    name: str
    operations: Mapping[str, Operation]
    shapes: Mapping[str, Mapping[str, Any]]
    xmlns: str = ""


def snake_case(name: str) -> str:
    """AWS's own name in snake_case, acronyms kept together: `SetUserMFAPreference` → `set_user_mfa_preference`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


@functools.cache
def load(service: str) -> ServiceModel:
    """The model of a service, by its botocore name. Raises LookupError for a service that botocore does not know."""
    raw = read(service)
    if service == "cognito-idp":
        _complete(raw)
    operations = {
        name: Operation(
            service=service,
            name=name,
            signed=operation.get("authtype") != "none",
            input=operation["input"]["shape"] if "input" in operation else "",
            errors=frozenset(_error_code(raw["shapes"], error["shape"]) for error in operation.get("errors", ())),
            output=operation.get("output", {}).get("shape", ""),
            result=operation.get("output", {}).get("resultWrapper", ""),
        )
        for name, operation in raw["operations"].items()
    }
    return ServiceModel(service, operations, raw["shapes"], raw["metadata"].get("xmlNamespace", ""))


def http_bindings(service: str) -> dict[str, tuple[str, str]]:
    """Method and URI template of each operation of a REST service, by operation name."""
    operations = read(service)["operations"]
    return {name: (entry["http"]["method"], entry["http"]["requestUri"]) for name, entry in operations.items()}


def read(service: str) -> dict[str, Any]:
    """A service's model as botocore's file has it, read anew each time. Raises LookupError for an unknown service."""
    folders = sorted((_data_folder() / service).glob("*/service-2.json.gz"))
    if not folders:
        raise LookupError(f"botocore has no model of {service!r}")
    raw: dict[str, Any] = orjson.loads(gzip.decompress(folders[-1].read_bytes()))
    return raw


def _complete(raw: dict[str, Any]) -> None:
    """Put in what the model says of GetClientToken in words only: nobody signs it, and which flow a client needs."""
    raw["operations"]["GetClientToken"]["authtype"] = "none"
    flows = raw["shapes"]["ExplicitAuthFlowsType"]["enum"]
    if "ALLOW_CLIENT_TOKEN_AUTH" not in flows:
        flows.append("ALLOW_CLIENT_TOKEN_AUTH")


def _error_code(shapes: Mapping[str, Any], name: str) -> str:
    """The code that a query service answers with, which is often not the name of the error's shape."""
    return str(shapes[name].get("error", {}).get("code", name))


def _data_folder() -> Path:
    spec = importlib.util.find_spec("botocore")
    if spec is None or spec.origin is None:
        raise LookupError("botocore is not installed")
    return Path(spec.origin).parent / "data"
