"""The Lambda function: finds the routes, says who calls, and turns every error into the one shape."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.middlewares import NextMiddleware
from aws_lambda_powertools.utilities.typing import LambdaContext

from api import routes
from api.caller import caller_of
from api.errors import ApiError, render

logger = Logger()
# debug=False also overrules POWERTOOLS_DEV, which would print every request with its token.
app = APIGatewayHttpResolver(debug=False)
for _module in pkgutil.iter_modules(routes.__path__, f"{routes.__name__}."):
    app.include_router(importlib.import_module(_module.name).router)


def identify(app: APIGatewayHttpResolver, next_middleware: NextMiddleware) -> Response[str]:
    """Put the caller before every route, so that no route can forget to ask. Raises ApiError 401."""
    app.context["caller"] = caller_of(app.current_event.raw_event)
    response: Response[str] = next_middleware(app)
    return response


def answer_not_found(_error: NotFoundError) -> Response[str]:
    """No route has this method and path."""
    return render(ApiError(404, "not_found", "there is no such route"))


def answer_internal_error(_error: Exception) -> Response[str]:
    """A fault of ours: the log has it under the request's id, the caller learns nothing of it."""
    logger.exception("failed", request_id=app.current_event.request_context.request_id)
    return render(ApiError(500, "internal_error", "an internal error, please try again later"))


app.use(middlewares=[identify])
app.exception_handler(ApiError)(render)
app.exception_handler(NotFoundError)(answer_not_found)
app.exception_handler(Exception)(answer_internal_error)


@logger.inject_lambda_context(log_event=False)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one HTTP API event (payload 2.0)."""
    return app.resolve(event, context)
