"""Lambda: invoking and reading functions. What changes a function's code, role or permissions is not mapped.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_lambda.html
"""

from __future__ import annotations

import re
from typing import NamedTuple

from localcloud.iam.actions import Call, Catalog, Check
from localcloud.iam.actions._params import NotUnderstoodError

_PATH = re.compile(r"/\d{4}-\d{2}-\d{2}/functions/(?P<function>[^/]+)(?P<rest>/.*)?", re.ASCII)
_NAME = re.compile(r"(?P<name>[A-Za-z0-9_-]{1,140})(?::(?P<qualifier>[A-Za-z0-9_$-]{1,128}))?")
_ACCOUNT_OPERATIONS = frozenset({"GetAccountSettings", "ListFunctions"})


class _Route(NamedTuple):
    """Where an operation lives under the function, and its action when that is not the operation's name."""

    method: str
    rest: re.Pattern[str]
    action: str = ""


_ALIAS = re.compile(r"/aliases/[A-Za-z0-9_-]+")
_OPERATIONS = {
    "CreateAlias": _Route("POST", re.compile("/aliases")),
    "DeleteAlias": _Route("DELETE", _ALIAS),
    "DeleteFunction": _Route("DELETE", re.compile("")),
    "GetAlias": _Route("GET", _ALIAS),
    "GetFunction": _Route("GET", re.compile("")),
    "GetFunctionConfiguration": _Route("GET", re.compile("/configuration")),
    "GetPolicy": _Route("GET", re.compile("/policy")),
    "Invoke": _Route("POST", re.compile("/invocations"), "InvokeFunction"),
    "InvokeWithResponseStream": _Route("POST", re.compile("/response-streaming-invocations"), "InvokeFunction"),
    "ListAliases": _Route("GET", re.compile("/aliases")),
    "ListVersionsByFunction": _Route("GET", re.compile("/versions")),
    "PublishVersion": _Route("POST", re.compile("/versions")),
    "UpdateAlias": _Route("PUT", _ALIAS),
}


def checks(call: Call, catalog: Catalog) -> list[Check]:
    """What to decide for one call, whose `path` is percent-decoded once. Raises NotUnderstoodError."""
    if call.operation in _ACCOUNT_OPERATIONS:
        return [Check(f"lambda:{call.operation}", "*")]
    route, path = _OPERATIONS.get(call.operation), _PATH.fullmatch(call.path)
    # The path decides what runs: a name that does not go with it must not be decided on.
    if route is None or path is None or call.method != route.method or not route.rest.fullmatch(path["rest"] or ""):
        return []
    return [Check(f"lambda:{route.action or call.operation}", _function_arn(call, path["function"]))]


def _function_arn(call: Call, reference: str) -> str:
    """The ARN of a function named by name, partial ARN or ARN, with the version or alias that is asked for."""
    own = f"arn:aws:lambda:{call.region}:{call.account}:function:"
    plain = reference.removeprefix(own).removeprefix(f"{call.account}:function:").removeprefix("function:")
    match = _NAME.fullmatch(plain)
    given = list(call.query.get("Qualifier", ()))
    qualifiers = {*given, *([match["qualifier"]] if match and match["qualifier"] else [])}
    # Two qualifiers that differ: decided on the one, run on the other.
    if match is None or len(given) > 1 or len(qualifiers) > 1 or not all(map(_is_qualifier, qualifiers)):
        raise NotUnderstoodError
    return f"{own}{match['name']}" + "".join(f":{qualifier}" for qualifier in qualifiers)


def _is_qualifier(text: str) -> bool:
    return bool(re.fullmatch(r"[A-Za-z0-9_$-]{1,128}", text))
