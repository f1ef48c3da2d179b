"""`python -m localcloud decide`: one JSON request a line in, one JSON decision a line out, in the same order.

{"id", "principal": {"type", "value"}, "identity_policies", "session_policies", "permissions_boundaries",
 "resource_policy", "request": {"action", "resource", "resource_account", "context"}}
{"id", "decision": "Allowed | ExplicitDeny | ImplicitDeny", "reasons": [...], "error": null}
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from typing import Any, TextIO

from localcloud.iam import Decision, Policies, Policy, Principal, Request, compile_policy, decide
from localcloud.iam.evaluator import is_about_assuming
from localcloud.iam.policy import PolicyKind, read_json

_GROUPS = ("identity_policies", "session_policies", "permissions_boundaries")
_REQUEST_KEYS = {"action", "resource", "resource_account", "context"}


def main(stdin: TextIO, stdout: TextIO) -> int:
    """Answer every line, each at once; a line that cannot be read gets an error in its place. Returns 0."""
    # The bytes beneath, where there are any: a line that is no UTF-8 then spoils itself and not the rest.
    for line in getattr(stdin, "buffer", stdin):
        stdout.write(json.dumps(answer(line)) + "\n")
        stdout.flush()
    return 0


def answer(line: str | bytes) -> dict[str, Any]:
    """Decide one line. Whatever is wrong with it is told in `error`, and there is no decision then."""
    identifier = None
    try:
        content = read_json(line if isinstance(line, str) else line.decode())
        _check(isinstance(content, Mapping), "a line must be an object")
        identifier = content.get("id")
        decision = _decide(content)
    except ValueError as error:
        return {"id": identifier, "decision": None, "reasons": [], "error": str(error)}
    reasons = [asdict(reason) for reason in decision.reasons]
    return {"id": identifier, "decision": decision.outcome, "reasons": reasons, "error": None}


def _decide(content: Mapping[str, Any]) -> Decision:
    # A misspelt `session_policies` that is passed over would allow more than was asked about.
    _refuse_unknown(content, {"id", "principal", "request", "resource_policy", *_GROUPS})
    request = _request(_principal(content.get("principal")), content.get("request"))
    identity, session, boundaries = (_group(content.get(name), name) for name in _GROUPS)
    document = content.get("resource_policy")
    kind: PolicyKind = "trust" if is_about_assuming(request.action.lower(), request.resource) else "resource"
    named = {} if document is None else {kind: _policy(document, "resource_policy", kind)}
    return decide(request, Policies(identity, session or None, boundaries or None, **named))


def _principal(content: Any) -> Principal:
    _check(isinstance(content, Mapping), "principal: must be an object")
    _refuse_unknown(content, {"type", "value"})
    kind, value = content.get("type"), content.get("value", "")
    _check(kind in ("AWS", "Federated", "Service", "Anonymous"), f"principal: unknown type `{kind}`")
    _check(isinstance(value, str) or (value is None and kind == "Anonymous"), "principal: value must be text")
    return Principal(kind, value or "")


def _request(principal: Principal, content: Any) -> Request:
    _check(isinstance(content, Mapping), "request: must be an object")
    _refuse_unknown(content, _REQUEST_KEYS)
    action, resource = content.get("action"), content.get("resource")
    account, context = content.get("resource_account"), content.get("context")
    _check(isinstance(action, str) and ":" in action, "request: action must be `service:Name`")
    _check(isinstance(resource, str) and resource != "", "request: resource must be an ARN or `*`")
    _check(isinstance(account, str | None), "request: resource_account must be text")
    _check(isinstance(context, Mapping | None), "request: context must be an object")
    values = {key: _context_value(key, value) for key, value in (context or {}).items()}
    return Request(principal, action, resource, account or "", values)


def _context_value(key: str, value: Any) -> str | list[str]:
    if isinstance(value, list):
        return [_text(key, each) for each in value]
    return _text(key, value)


def _text(key: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    _check(isinstance(value, bool | int | float), f"request: context: {key}: must be text or a list of texts")
    return json.dumps(value)


def _group(content: Any, name: str) -> tuple[Policy, ...]:
    documents = [] if content is None else content
    _check(isinstance(documents, list), f"{name}: must be a list of policies")
    return tuple(_policy(document, f"{name}[{at}]", "identity") for at, document in enumerate(documents))


def _policy(document: Any, name: str, kind: PolicyKind) -> Policy:
    return _compiled(document if isinstance(document, str) else json.dumps(document), name, kind)


@lru_cache(maxsize=512)
def _compiled(text: str, name: str, kind: PolicyKind) -> Policy:
    return compile_policy(text, name, kind)


def _refuse_unknown(content: Mapping[str, Any], known: set[str]) -> None:
    unknown = ", ".join(f"`{key}`" for key in content if key not in known)
    _check(not unknown, f"unknown key {unknown}")


def _check(holds: bool, problem: str) -> None:
    if not holds:
        raise ValueError(problem)
