"""Works out CloudFormation's functions, as far as a template and its parameters tell.

A name that the deploy gives becomes a symbol, anything else that is not known an unknown one (see `text`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from localcloud.policy.lint.node import Intrinsic, Node
from localcloud.policy.lint.text import has_symbol, is_known, symbol, unknown

_PLACEHOLDER = re.compile(r"\$\{(!?)([^{}]*)\}")
_ARN_HEAD = "arn:{AWS.Partition}:"
_ATTRIBUTES = {
    ("AWS::S3::Bucket", "Arn"): _ARN_HEAD + "s3:::{}",
    ("AWS::DynamoDB::Table", "Arn"): _ARN_HEAD + "dynamodb:{AWS.Region}:{AWS.AccountId}:table/{}",
    ("AWS::IAM::Role", "Arn"): _ARN_HEAD + "iam::{AWS.AccountId}:role/{}",
    ("AWS::Cognito::UserPool", "ProviderName"): "cognito-idp.{AWS.Region}.amazonaws.com/{}",
}


@dataclass(frozen=True, slots=True)
class Scope:
    """What functions may refer to. `parameters`: their values; `types`: of each resource of the template."""

    parameters: Mapping[str, Node]
    types: Mapping[str, str]
    mappings: Node
    conditions: Node
    _open: set[str] = field(default_factory=set)

    def resolve(self, node: Node) -> Node:
        """The value without functions."""
        if isinstance(node.value, Intrinsic):
            return self._apply(node.value, node)
        if isinstance(node.value, tuple):
            pairs = [(item, self.resolve(item)) for item in node.value]
            return Node(tuple(found for item, found in pairs if _stays(item, found)), node.place)
        if isinstance(node.value, Mapping):
            entries = {key: (inner, self.resolve(inner)) for key, inner in node.value.items()}
            return Node({key: found for key, (inner, found) in entries.items() if _stays(inner, found)}, node.place)
        return node

    def holds(self, name: str) -> bool | None:
        """Whether a condition of the template is true; None where that is not known."""
        if name in self._open:  # a condition that needs itself
            return None
        self._open.add(name)
        try:
            return self._test(self.conditions.get(name))
        finally:
            self._open.discard(name)

    def _apply(self, function: Intrinsic, node: Node) -> Node:
        work: Callable[[Scope, Node], Node | None] | None = _FUNCTIONS.get(function.name)
        found = work(self, function.argument) if work else None
        if found is None:
            return Node(unknown(function.name), node.place)
        # What was put in stands where the function stands, and not where a parameter was declared.
        return found if isinstance(found.value, Mapping | tuple) else Node(found.value, node.place)

    def _ref(self, argument: Node) -> Node | None:
        name = argument.text
        if name == "AWS::NoValue":
            return Node(None, argument.place)
        if name in self.parameters:
            return self.parameters[name]
        owner, _, part = name.partition(".")
        # What SAM makes beside a function, and names so ("Referencing AWS SAM resources").
        generated = part in ("Alias", "Version") and self.types.get(owner) == "AWS::Serverless::Function"
        known = name in self.types or generated or name.startswith("AWS::")
        return Node(symbol(name) if known else unknown(name), argument.place)

    def _get_att(self, argument: Node) -> Node | None:
        parts = [self.resolve(part).text for part in argument.each()]
        name, _, attribute = ".".join(parts).partition(".")
        if name not in self.types:
            return Node(unknown(".".join(parts)), argument.place)
        form = _ATTRIBUTES.get((self.types[name], attribute))
        text = symbol(f"{name}.{attribute}") if form is None else _fill(form, name)
        return Node(text, argument.place)

    def _sub(self, argument: Node) -> Node | None:
        text, own = argument, Node({}, argument.place)
        if isinstance(argument.value, tuple) and len(argument.value) == 2:
            text, own = argument.value

        def put(found: re.Match[str]) -> str:
            literal, name = found[1], found[2].strip()
            if literal:
                return f"${{{name}}}"
            if own.get(name).exists:
                return _joined(self.resolve(own.get(name)), name)
            place = argument.place
            value = self._get_att(Node(name, place)) if "." in name else self._ref(Node(name, place))
            return _joined(value, name)

        return Node(_PLACEHOLDER.sub(put, text.text), argument.place) if isinstance(text.value, str) else None

    def _join(self, argument: Node) -> Node | None:
        parts = self.resolve(argument).each()
        if len(parts) != 2 or not is_known(parts[1].text):
            return None
        texts = [_joined(item, "Join") for item in parts[1].each()]
        return Node(parts[0].text.join(texts), argument.place)

    def _if(self, argument: Node) -> Node | None:
        parts = argument.each()
        holds = self.holds(parts[0].text) if len(parts) == 3 else None
        return None if holds is None else self.resolve(parts[1 if holds else 2])

    def _select(self, argument: Node) -> Node | None:
        parts = self.resolve(argument).each()
        if len(parts) != 2 or not parts[0].text.isdigit():
            return None
        items, index = parts[1].each(), int(parts[0].text)
        return items[index] if index < len(items) and is_known(parts[1].text) else None

    def _find_in_map(self, argument: Node) -> Node | None:
        keys = [self.resolve(key).text for key in argument.each()]
        found = self.mappings.get(*keys)
        return found if len(keys) == 3 and found.exists else None

    def _test(self, condition: Node) -> bool | None:
        if not isinstance(condition.value, Intrinsic):
            name = condition.get("Condition").text  # {"Condition": "Name"}, the long form
            return self.holds(name) if name else None
        name, argument = condition.value.name, condition.value.argument
        if name == "Condition":
            return self.holds(argument.text)
        if name == "Equals":
            sides = [self.resolve(side).text for side in argument.each()]
            # A name that the deploy gives, as AWS::Region, is equal to itself only, and to all else perhaps.
            return None if len(sides) != 2 or has_symbol("".join(sides)) else sides[0] == sides[1]
        answers = [self._test(each) for each in argument.each()]
        if None in answers or name not in ("Not", "And", "Or"):
            return None
        return not answers[0] if name == "Not" else (all if name == "And" else any)(map(bool, answers))


_FUNCTIONS: Mapping[str, Callable[[Scope, Node], Node | None]] = {
    "Ref": Scope._ref,
    "GetAtt": Scope._get_att,
    "Sub": Scope._sub,
    "Join": Scope._join,
    "If": Scope._if,
    "Select": Scope._select,
    "FindInMap": Scope._find_in_map,
}


def placeholders(text: str) -> Iterator[tuple[str, bool]]:
    """The names between `${` and `}` of a text for `Fn::Sub`, and whether they are written `${!…}`."""
    return ((found[2].strip(), bool(found[1])) for found in _PLACEHOLDER.finditer(text))


def _stays(written: Node, found: Node) -> bool:
    """Whether an entry stays: `AWS::NoValue` takes it away, an empty value that was written does not."""
    return found.exists or not isinstance(written.value, Intrinsic)


def _joined(value: Node | None, name: str) -> str:
    if value is not None and isinstance(value.value, str):
        return value.value
    texts = [item.text for item in value.texts()] if value is not None else []
    return ",".join(texts) if texts else unknown(name)


def _fill(form: str, name: str) -> str:
    return re.sub(r"\{([\w.]*)\}", lambda found: symbol(found[1] or name), form)
