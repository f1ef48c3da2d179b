"""DynamoDB expressions, as far as access rules need them: key conditions, and the attributes that are named.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
Everything outside the grammar ends in `ValidationException`, so the service never runs what was not understood here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from localcloud.errors import AwsError
from localcloud.iam.actions._attribute_values import invalid
from localcloud.iam.actions._params import as_text

MAX_LENGTH = 4096
CONDITION_WORDS = frozenset({"AND", "OR", "NOT", "BETWEEN", "IN"})
UPDATE_WORDS = frozenset({"SET", "REMOVE", "ADD", "DELETE"})

_TOKEN = re.compile(r"\s*(?:([A-Za-z_][A-Za-z0-9_]*|[#:][A-Za-z0-9_]+|\d+|<>|<=|>=|[=<>(),.\[\]+-]))", re.ASCII)
_FLIPPED = {"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_MAX_DEPTH = 8


@dataclass(frozen=True, slots=True)
class KeyCondition:
    """One condition on one attribute: `=`, `<`, `<=`, `>`, `>=`, `BETWEEN` or `begins_with`, and its first value."""

    attribute: str
    operator: str
    value: Any


def tokenize(expression: str, parameter: str) -> list[str]:
    """The tokens of an expression. Raises AwsError `ValidationException`; `parameter` is its name, for the message."""
    text = expression.rstrip()
    if not text:
        raise invalid(f"Invalid {parameter}: The expression can not be empty;")
    if len(text) > MAX_LENGTH:
        raise invalid(f"Invalid {parameter}: Expression size has exceeded the maximum allowed size;")
    tokens, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _syntax_error(parameter, text[at : at + 20].strip())
        tokens.append(match[1])
        at = match.end()
    return tokens


def named_attributes(
    expression: str, parameter: str, names: Mapping[str, Any], words: frozenset[str] = frozenset()
) -> set[str]:
    """The top-level attributes that an expression names, `#` names resolved. `words` are its keywords."""
    found = set()
    before, keyword_before = "", False
    tokens = tokenize(expression, parameter)
    for token, after in zip(tokens, [*tokens[1:], ""], strict=True):
        keyword = _is_keyword(token, words, before, keyword_before)
        function = token[0].isalpha() and after == "("
        if not keyword and not function and before != "." and (token[0] in "#_" or token[0].isalpha()):
            found.add(resolve(token, names, parameter))
        before, keyword_before = token, keyword
    return found


def resolve(token: str, names: Mapping[str, Any], parameter: str) -> str:
    """The attribute that a name or a `#` name means. Raises AwsError `ValidationException` for an undefined one."""
    if not token.startswith("#"):
        return token
    if names.get(token) is None:
        problem = "An expression attribute name used in the document path is not defined"
        raise invalid(f"Invalid {parameter}: {problem}; attribute name: {token}")
    return as_text(names[token])


def parse_key_conditions(
    expression: str, names: Mapping[str, Any], values: Mapping[str, Any]
) -> tuple[KeyCondition, ...]:
    """The conditions that a KeyConditionExpression joins with AND. Raises AwsError `ValidationException`."""
    reader = _KeyConditions(tokenize(expression, "KeyConditionExpression"), names, values)
    conditions = reader.read_all(depth=0)
    if reader.peek():
        # `pk = :mine OR pk = :yours`: an OR would open a second partition that the check never saw.
        raise reader.error()
    return tuple(conditions)


class _KeyConditions:
    """Recursive descent over: `all = one (AND one)*`, `one = "(" all ")" | condition`."""

    def __init__(self, tokens: Sequence[str], names: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        self._tokens, self._names, self._values, self._at = tokens, names, values, 0

    def peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def error(self) -> AwsError:
        if self.peek().upper() in ("OR", "NOT", "IN"):
            return invalid(f"Invalid operator used in KeyConditionExpression: {self.peek().upper()}")
        return _syntax_error("KeyConditionExpression", self.peek() or "<EOF>")

    def read_all(self, depth: int) -> list[KeyCondition]:
        if depth > _MAX_DEPTH:
            raise self.error()
        conditions = self._read_one(depth)
        while self.peek().upper() == "AND":
            self._take()
            conditions += self._read_one(depth)
        return conditions

    def _read_one(self, depth: int) -> list[KeyCondition]:
        if self.peek() == "(":
            self._take()
            inner = self.read_all(depth + 1)
            self._expect(")")
            return inner
        if self.peek() == "begins_with":
            self._take()
            self._expect("(")
            attribute = self._attribute()
            self._expect(",")
            value = self._value()
            self._expect(")")
            return [KeyCondition(attribute, "begins_with", value)]
        return [self._comparison()]

    def _comparison(self) -> KeyCondition:
        if self.peek().startswith(":"):
            value, operator = self._value(), self._operator()
            return KeyCondition(self._attribute(), _FLIPPED[operator], value)
        attribute = self._attribute()
        if self.peek().upper() == "BETWEEN":
            self._take()
            low = self._value()
            if self._take().upper() != "AND":
                raise self.error()
            self._value()
            return KeyCondition(attribute, "BETWEEN", low)
        operator = self._operator()
        return KeyCondition(attribute, operator, self._value())

    def _take(self) -> str:
        token = self.peek()
        self._at += 1
        return token

    def _expect(self, token: str) -> None:
        if self.peek() != token:
            raise self.error()
        self._take()

    def _operator(self) -> str:
        if self.peek() not in _FLIPPED:
            raise self.error()
        return self._take()

    def _attribute(self) -> str:
        token = self.peek()
        if not token or not (token[0] in "#_" or token[0].isalpha()) or token.upper() in CONDITION_WORDS:
            raise self.error()
        return resolve(self._take(), self._names, "KeyConditionExpression")

    def _value(self) -> Any:
        token = self.peek()
        if not token.startswith(":"):
            raise self.error()
        if self._values.get(token) is None:
            problem = "An expression attribute value used in expression is not defined"
            raise invalid(f"Invalid KeyConditionExpression: {problem}; attribute value: {token}")
        return self._values[self._take()]


def _is_keyword(token: str, words: frozenset[str], before: str, keyword_before: bool) -> bool:
    """Whether a word is a keyword where it stands. `SET remove = :v` writes an attribute that must be checked."""
    if token.upper() not in words:
        return False
    if not before:
        return words is UPDATE_WORDS or token.upper() == "NOT"
    after_operand = not keyword_before and (before in ")]" or before[0] in "#:_" or before[0].isalnum())
    return after_operand or token.upper() == "NOT"


def _syntax_error(parameter: str, near: str) -> AwsError:
    return invalid(f'Invalid {parameter}: Syntax error; token: "{near}", near: "{near}"')
