"""What a call came to: let in, refused by IAM, or failed for a reason of its own."""

from __future__ import annotations

import urllib.error
import urllib.parse
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from localcloud.explain.text import lines
from localcloud.process import RunningCloud

_REFUSALS = frozenset({"AccessDenied", "AccessDeniedException", "403"})


class Assertions:
    """Assertions about calls to one cloud. `call` is a method of a boto3 client."""

    def __init__(self, cloud: RunningCloud) -> None:
        self._cloud = cloud

    def allowed(self, call: Callable[..., Any], *arguments: Any, **parameters: Any) -> Any:
        """Make a call that must be let in; its answer. A failure that is no refusal is raised as it is."""
        __tracebackhide__ = True
        try:
            return call(*arguments, **parameters)
        except ClientError as error:
            if not _is_refusal(error):
                raise
            raise AssertionError(f"refused, and should be allowed:\n\n{self._explain(error)}") from None

    def denied(self, call: Callable[..., Any], *arguments: Any, reason: str = "", **parameters: Any) -> None:
        """Make a call that IAM must refuse. `reason` must stand in the error or in its explanation.

        A call that fails for another reason fails the test: a typing mistake must not look like protection.
        """
        __tracebackhide__ = True
        try:
            call(*arguments, **parameters)
        except Exception as error:  # whatever a call may fail with, by botocore too
            if not isinstance(error, ClientError) or not _is_refusal(error):
                raise AssertionError(f"failed, but not because it was refused: {error}") from error
            explanation = self._explain(error)
            if reason not in f"{error}\n{explanation}":
                raise AssertionError(f"refused, but not for `{reason}`:\n\n{explanation}") from None
            return
        raise AssertionError("allowed, and should be refused")

    def _explain(self, error: ClientError) -> str:
        request_id = error.response.get("ResponseMetadata", {}).get("RequestId", "")
        query = urllib.parse.urlencode({"request": request_id})
        try:
            return "\n".join(lines(self._cloud.ask(f"explain?{query}")))
        except urllib.error.HTTPError as problem:
            problem.close()
            return str(error)


def _is_refusal(error: ClientError) -> bool:
    return error.response.get("Error", {}).get("Code", "") in _REFUSALS
