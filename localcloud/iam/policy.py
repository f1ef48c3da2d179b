"""From a policy document to a compiled policy. What AWS would refuse to store, or we do not know, is refused by name.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from localcloud.iam.condition import Condition, compile_condition
from localcloud.iam.match import ArnPattern, Pattern
from localcloud.iam.principal import PrincipalElement, compile_principal
from localcloud.iam.request import Reason
from localcloud.iam.statement import Actions, Outcomes, Resources, Statement
from localcloud.iam.variables import has_wildcard

PolicyKind = Literal["identity", "resource", "trust"]
"""`identity` is also the form of session policies and permissions boundaries."""

_MOST_ACTIONS = 256
_RESOURCE_TAG = "aws:resourcetag/"
_VERSIONS = ("2008-10-17", "2012-10-17")
_ELEMENTS = {
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
}

# Services whose ARNs name the resource at once, without a word for its type before it.
_NO_TYPE_WORD = {"s3", "sqs", "sns", "execute-api", "codecommit", "codepipeline"}


class PolicyError(ValueError):
    """A document that is no valid policy; the message names the policy, the statement and the element."""


@dataclass(frozen=True, slots=True)
class Policy:
    """A compiled policy. `name` is what explanations call it; `asks_for_tags`: those of the resource (rule 53)."""

    name: str
    kind: PolicyKind
    statements: tuple[Statement, ...]
    asks_for_tags: bool = False
    _about: dict[str, tuple[Statement, ...]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def about(self, action: str) -> tuple[Statement, ...]:
        """The statements that cover an action in lower case: looked for once, as most statements are about others."""
        found = self._about.get(action)
        if found is None:
            # Attack: names of actions without end, which `decide` takes from its input.
            if len(self._about) >= _MOST_ACTIONS:
                self._about.clear()
            found = tuple(statement for statement in self.statements if statement.actions.match(action))
            self._about[action] = found
        return found


def compile_policy(document: Mapping[str, Any] | str, name: str = "", kind: PolicyKind = "identity") -> Policy:
    """Compile a policy document, a mapping or its JSON text, once for many decisions. Raises PolicyError."""
    name = name or f"{kind} policy"
    try:
        content = read_json(document) if isinstance(document, str) else document
        _require(isinstance(content, Mapping), "must be an object")
        _refuse_unknown(content, {"Version", "Id", "Statement"})
        version = content.get("Version", _VERSIONS[0])
        _require(version in _VERSIONS, f"Version: `{version}` is none of {', '.join(_VERSIONS)}")
        _require("Statement" in content, "Statement is missing")
        statements = content["Statement"] if isinstance(content["Statement"], list) else [content["Statement"]]
    except ValueError as error:
        raise PolicyError(f"{name}: {error}") from None
    # Rule 24: older versions know no variables; `${...}` is then plain text.
    variables = version == _VERSIONS[1]
    compiled = [_compile(statement, name, number, kind, variables) for number, statement in enumerate(statements, 1)]
    return Policy(name, kind, tuple(compiled), _RESOURCE_TAG in json.dumps(statements).lower())


def read_json(text: str) -> Any:
    """Parse JSON as strictly as a policy asks for. Raises ValueError, also when a key comes twice."""
    try:
        return json.loads(text, object_pairs_hook=_unique)
    except RecursionError:
        raise ValueError("is nested too deep") from None


def _unique(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a key that comes twice: of two `Effect`s a reader believes the first and a parser the second."""
    content = dict(pairs)
    if len(content) != len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"`{next(key for key in keys if keys.count(key) > 1)}` comes twice")
    return content


def _require(holds: bool, problem: str) -> None:
    if not holds:
        raise ValueError(problem)


def _refuse_unknown(content: Mapping[str, Any], known: set[str]) -> None:
    unknown = ", ".join(f"`{key}`" for key in content if key not in known)
    _require(not unknown, f"unknown element {unknown}")


def _compile(statement: Any, policy: str, number: int, kind: PolicyKind, variables: bool) -> Statement:
    label = f"#{number}"
    try:
        _require(isinstance(statement, Mapping), "must be an object")
        _require(isinstance(statement.get("Sid", ""), str), "Sid: must be text")
        label = statement.get("Sid") or label
        _refuse_unknown(statement, _ELEMENTS)
        effect = statement.get("Effect")
        _require(effect in ("Allow", "Deny"), f"Effect: `{effect}` is neither `Allow` nor `Deny`")
        denies = effect == "Deny"
        return Statement(
            denies,
            _actions(statement, denies),
            _resources(statement, kind, denies, variables),
            _principals(statement, kind, denies),
            _conditions(statement, denies, variables),
            _outcomes(statement, policy, label),
        )
    except ValueError as error:
        raise PolicyError(f"{policy}: statement {label}: {error}") from None


def _either(statement: Mapping[str, Any], element: str) -> tuple[str, bool]:
    """Return which of `X` and `NotX` is there, and whether it is `NotX`."""
    present = [name for name in (element, f"Not{element}") if name in statement]
    _require(len(present) == 1, f"needs one of {element} and Not{element}")
    return present[0], present[0] != element


def _texts(value: Any, element: str) -> list[str]:
    values = value if isinstance(value, list) else [value]
    _require(bool(values) and all(isinstance(v, str) and v for v in values), f"{element}: must be text or a list of it")
    return values


def _actions(statement: Mapping[str, Any], denies: bool) -> Actions:
    element, negated = _either(statement, "Action")
    exact, patterns = set(), []
    for text in map(str.lower, _texts(statement[element], element)):
        service, colon, _ = text.partition(":")
        _require(text == "*" or bool(colon), f"{element}: `{text}` has no service before a colon")
        if text != "*" and has_wildcard(service):
            # Rule 2: it matches nothing, so an element that is there to protect would not.
            _require(denies == negated, f"{element}: `{text}` has a wildcard in its service")
        elif has_wildcard(text):
            patterns.append(Pattern.compile(text))
        else:
            exact.add(text)
    return Actions(frozenset(exact), tuple(patterns), negated)


def _resources(statement: Mapping[str, Any], kind: PolicyKind, denies: bool, variables: bool) -> Resources | None:
    if kind == "trust":
        _require(not {"Resource", "NotResource"} & statement.keys(), "a trust policy has no Resource")
        return None
    element, negated = _either(statement, "Resource")
    texts = _texts(statement[element], element)
    try:
        entries = [(text, ArnPattern.compile(text, variables=variables)) for text in texts if text != "*"]
    except ValueError as error:
        raise ValueError(f"{element}: {error}") from None
    # Rule 7: whether AWS takes a wildcard in the type word is disputed. It counts only where it makes for less.
    patterns = tuple(pattern for text, pattern in entries if denies != negated or not _wild_type_word(text))
    return Resources("*" in texts, patterns, negated)


def _wild_type_word(text: str) -> bool:
    service, resource = text.split(":", 5)[2::3]
    word = resource.replace(":", "/").partition("/")[0]
    return service.lower() not in _NO_TYPE_WORD and resource != "*" and has_wildcard(word)


def _principals(statement: Mapping[str, Any], kind: PolicyKind, denies: bool) -> PrincipalElement | None:
    if kind == "identity":
        _require(not {"Principal", "NotPrincipal"} & statement.keys(), "a policy of a principal names no Principal")
        return None
    element, negated = _either(statement, "Principal")
    try:
        return compile_principal(statement[element], negated=negated, denies=denies)
    except ValueError as error:
        raise ValueError(f"{element}: {error}") from None


def _conditions(statement: Mapping[str, Any], denies: bool, variables: bool) -> tuple[Condition, ...]:
    block = statement.get("Condition", {})
    _require(isinstance(block, Mapping), "Condition: must be an object")
    conditions = []
    for name, keys in block.items():
        _require(isinstance(keys, Mapping), f"Condition: {name}: must be an object of keys")
        for key, value in keys.items():
            try:
                wanted = [_scalar(each) for each in (value if isinstance(value, list) else [value])]
                _require(bool(wanted), "no value")
                conditions.append(compile_condition(name, key, wanted, variables=variables, denies=denies))
            except ValueError as error:
                raise ValueError(f"Condition: {name}: {key}: {error}") from None
        if not keys:
            compile_condition(name, "", ["false"], variables=variables, denies=False)  # the name must be known
    return tuple(conditions)


def _scalar(value: Any) -> str:
    """JSON's own truth values and numbers may stand without quotes."""
    _require(isinstance(value, str | bool | int | float), f"`{value}` is neither text, number nor truth value")
    return value if isinstance(value, str) else json.dumps(value)


def _outcomes(statement: Mapping[str, Any], policy: str, label: str) -> Outcomes:
    def reason(why: str, matched: bool = False) -> Reason:
        return Reason(policy, label, statement["Effect"], matched, why)

    def other(element: str) -> Reason:
        name = element if element in statement else f"Not{element}"
        verb = "excludes" if name != element else "does not cover"
        return reason(f"{name} {verb} the request: {json.dumps(statement.get(name))}")

    return Outcomes(reason("all elements match", matched=True), other("Principal"), other("Action"), other("Resource"))
