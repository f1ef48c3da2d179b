"""A Lambda function as its runner sees it, and what one invocation gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Function:
    """What the engine's function record says. `timeout` in seconds; `package` is the folder that holds its code."""

    name: str
    arn: str
    handler: str
    timeout: float
    memory_mb: int
    role_arn: str
    environment: Mapping[str, str]
    package: Path
    log_group: str
    version: str
    runtime: str


@dataclass(frozen=True, slots=True)
class FunctionError:
    """Why an invocation failed. `document` is the JSON that Lambda answers, `kind` whose failure it was.

    Unhandled: the handler raised, could not be imported, or returned what is no JSON. Timeout: it was stopped at its
    limit. ExitError: its process ended. Refused: it never ran (throttled, event too large, runtime not supported).
    """

    kind: Literal["Unhandled", "Timeout", "ExitError", "Refused"]
    document: Mapping[str, Any]

    @property
    def error_type(self) -> str:
        """The exception's class, or Lambda's own name such as `Sandbox.Timedout`."""
        return str(self.document["errorType"])

    @property
    def message(self) -> str:
        """The exception's text, or Lambda's own sentence."""
        return str(self.document["errorMessage"])

    @property
    def stack_trace(self) -> list[str]:
        """The handler's frames, as `traceback.format_list` writes them; empty for Lambda's own errors."""
        return list(self.document.get("stackTrace", []))


@dataclass(frozen=True, slots=True)
class Result:
    """One invocation: a JSON value or an error; times in milliseconds; the log events, START to REPORT.

    `init_ms` is what the start of a worker and the import took, 0.0 when the worker was warm.
    """

    request_id: str
    payload: Any
    error: FunctionError | None
    duration_ms: float
    init_ms: float
    log_lines: tuple[str, ...]


def sandbox_error(kind: Literal["Timeout", "ExitError", "Refused"], error_type: str, message: str) -> FunctionError:
    """An error that Lambda itself reports: it has no request id and no stack trace of its own."""
    return FunctionError(kind, {"errorType": error_type, "errorMessage": message})
