"""Between the function runner's results and the shapes that the engine passes around."""

from __future__ import annotations

from typing import Any

from localcloud.aws.function import Result

_JSON = {"Content-Type": "application/json"}


def engine_result(result: Result) -> dict[str, Any]:
    """A result as the engine's own runners give it."""
    log = "\n".join(result.log_lines)
    error = result.error
    if error is None:
        return {"body": result.payload, "log": log}
    if error.error_type == "TooManyRequestsException":
        reason = "ReservedFunctionConcurrentInvocationLimitExceeded"
        body = {"__type": error.error_type, "message": error.message, "Reason": reason, "retryAfterSeconds": "1"}
        return {"body": body, "error": True, "throttle": True, "log": log}
    return {"body": dict(error.document), "error": True, "function_error": "Unhandled", "log": log}


def forbidden_result() -> dict[str, Any]:
    """What a service gets that the function's policy does not let in."""
    document = {"errorType": "AccessDeniedException", "errorMessage": "The function's policy does not allow the call."}
    return {"body": document, "error": True, "function_error": "Unhandled", "log": ""}


def http_api_response(shape: Any, result: dict[str, Any]) -> tuple[dict[str, Any] | None, str | None]:
    """A function's result as an HTTP API answers it. `shape` is the engine's own way with a result that is no failure.

    Attack: the engine shows the error's text and stack trace to whoever called the API. AWS shows neither.
    """
    if result.get("error"):
        status, message = (503, "Service Unavailable") if result.get("throttle") else (500, "Internal Server Error")
        return {"statusCode": status, "headers": dict(_JSON), "body": f'{{"message":"{message}"}}'}, None
    answer: tuple[dict[str, Any] | None, str | None] = shape(result)
    return answer
