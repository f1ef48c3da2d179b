"""The services that are ours: where their operations are, and what else the pipeline must know of each."""

from __future__ import annotations

import functools
import importlib
import importlib.util
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.wire import model
from localcloud.wire.model import Operation

Handler = Callable[[Context, Mapping[str, Any]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class OwnService:
    """One service. Its operations are in `localcloud/<package>/operations/<operation>.py`.

    `invalid` is its code for a value that does not fit the model. Not `whole`: an operation without a file is the
    engine's, and not refused. `reads_roles`: the engine has to be there. `for_pages`: web pages of any origin call it.
    """

    package: str
    invalid: str
    whole: bool = True
    reads_roles: bool = False
    for_pages: bool = False


OWN: Mapping[str, OwnService] = {
    "cognito-idp": OwnService("userpool", "InvalidParameterException", for_pages=True),
    "cognito-identity": OwnService("identitypool", "ValidationException", for_pages=True),
    "sts": OwnService("sts", "ValidationError", reads_roles=True, for_pages=True),
    "iam": OwnService("federation", "ValidationError", whole=False, reads_roles=True),
}
"""Our own services, by botocore's name."""


def is_ours(service: str, operation: str) -> bool:
    """Whether an operation is ours to answer, or to refuse by name."""
    own = OWN.get(service)
    if own is None or own.whole:
        return own is not None
    known = model.load(service).operations.get(operation)
    return known is not None and has_file(known)


def find_operation(service: str, name: str) -> Operation:
    """An operation of a service of ours, by its AWS name. Raises AwsError for one that AWS does not have either."""
    operation = model.load(service).operations.get(name)
    if operation is None:
        raise AwsError("UnknownOperationException", f"{service} has no operation {name[:64]!r}.")
    return operation


@functools.cache
def find_handler(operation: Operation) -> Handler:
    """What carries an operation out. Raises AwsError for one that the local cloud does not have."""
    if not has_file(operation):
        message = f"{operation.name} is not supported by the local cloud."
        raise AwsError("UnsupportedOperationException", message)
    handler: Handler = importlib.import_module(_module(operation)).handle
    return handler


@functools.cache
def has_file(operation: Operation) -> bool:
    """Whether an operation is written; `operation` is of the model, never a name from the wire."""
    try:
        return importlib.util.find_spec(_module(operation)) is not None
    except ModuleNotFoundError:
        return False


def _module(operation: Operation) -> str:
    return f"localcloud.{OWN[operation.service].package}.operations.{operation.snake_name}"
