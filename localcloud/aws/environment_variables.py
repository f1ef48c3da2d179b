"""The environment of a worker, built from nothing: no variable of the server reaches a function."""

from __future__ import annotations

from pathlib import Path

from localcloud.aws.function import Function


def environment_variables(function: Function, log_stream: str, region: str, endpoint_url: str) -> dict[str, str]:
    """The variables of a worker, all but the credentials. The function's own never replace those that AWS reserves.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
    """
    defaults = {
        # The home of Lambda's user does not exist; without this, the developer's own ~/.aws would be read.
        "HOME": "/nonexistent",
        "LANG": "en_US.UTF-8",
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "TZ": ":UTC",
        "AWS_ENDPOINT_URL": endpoint_url,
    }
    reserved = {
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.runtime}",
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": function.version,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_mb),
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": function.log_group,
        "AWS_LAMBDA_LOG_STREAM_NAME": log_stream,
        "LAMBDA_TASK_ROOT": str(function.package),
        "LAMBDA_RUNTIME_DIR": str(Path(__file__).resolve().parent),
        "_HANDLER": function.handler,
    }
    return {**defaults, **function.environment, **reserved}
