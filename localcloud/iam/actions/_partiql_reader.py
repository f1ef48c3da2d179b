"""The words of a PartiQL statement: names, document paths and values. `_partiql.py` has the grammar.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.data-types.html
Everything outside the tokens listed here, comments too, raises NotUnderstoodError.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from localcloud.iam.actions._params import NotUnderstoodError

MAX_LENGTH = 8192
_MAX_DEPTH = 32
_TOKEN = re.compile(
    r"""\s*(?: '(?P<string>(?:[^']|'')*)' | "(?P<quoted>(?:[^"]|"")+)" | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
          | (?P<word>[A-Za-z_][A-Za-z0-9_]*) | (?P<sign><<|>>|<=|>=|<>|[=<>(),.\[\]{}:?*+]|-(?!-)) )""",
    re.VERBOSE | re.ASCII,
)
_RESERVED = frozenset(
    {"AND", "AS", "BETWEEN", "BY", "CONFLICT", "DELETE", "DO", "EXISTS", "FALSE", "FROM", "IN", "INNER", "INSERT"}
    | {"INTO", "IS", "LIKE", "MISSING", "NOT", "NULL", "ON", "OR", "ORDER", "REMOVE", "RETURNING", "SELECT", "SET"}
    | {"TRUE", "UPDATE", "VALUE", "WHERE"}
)
_OPENING = frozenset({"?", "-", "{", "[", "<<"})
_CONSTANTS = {"TRUE": {"BOOL": True}, "FALSE": {"BOOL": False}, "NULL": {"NULL": True}}


class Token(NamedTuple):
    """One token: `string`, `quoted`, `number`, `word`, `sign`, or `end`."""

    kind: str
    text: str


class Reader:
    """Walks over a statement. Each method reads what its name says, or raises NotUnderstoodError."""

    def __init__(self, statement: str, parameters: Sequence[Any]) -> None:
        self._tokens = [*_tokenize(statement), Token("end", "")]
        self._parameters = list(parameters)
        self._at = 0

    def peek(self) -> Token:
        """The token ahead, which stays."""
        return self._tokens[min(self._at, len(self._tokens) - 1)]

    def take(self) -> Token:
        """The token ahead, which is passed."""
        token = self.peek()
        self._at += 1
        return token

    def at_function(self) -> bool:
        """Whether a word and an opening bracket are ahead."""
        following = self._tokens[min(self._at + 1, len(self._tokens) - 1)]
        return self.peek().kind == "word" and following == Token("sign", "(")

    def accept(self, *texts: str) -> str:
        """The sign or keyword ahead (keywords in upper case) when it is one of `texts`, else an empty string."""
        token = self.peek()
        text = token.text.upper()
        if token.kind in ("word", "sign") and text in texts:
            self._at += 1
            return text
        return ""

    def expect(self, *texts: str) -> str:
        """One of these signs or keywords."""
        found = self.accept(*texts)
        if not found:
            raise NotUnderstoodError
        return found

    def each(self, read: Callable[[], object]) -> None:
        """One or more of the same, separated by commas."""
        read()
        while self.accept(","):
            read()

    def name(self) -> str:
        """A name, quoted or not."""
        token = self.take()
        if token.kind == "quoted" or (token.kind == "word" and token.text.upper() not in _RESERVED):
            return token.text
        raise NotUnderstoodError

    def path(self) -> tuple[str, bool]:
        """A document path: its top-level attribute, and whether it is that attribute alone."""
        top, alone = self.name(), True
        while sign := self.accept(".", "["):
            alone = False
            if sign == ".":
                self.name()
            else:
                self._take_kind("number")
                self.expect("]")
        return top, alone

    def at_value(self) -> bool:
        """Whether a value is ahead, and not a path."""
        token = self.peek()
        if token.kind == "word":
            return token.text.upper() in _CONSTANTS
        return token.kind in ("string", "number") or (token.kind == "sign" and token.text in _OPENING)

    def value(self, depth: int = 0) -> dict[str, Any]:
        """A literal or a `?`, as a DynamoDB attribute value (a set, which is no key, as `{"SET": …}`)."""
        if depth > _MAX_DEPTH or not self.at_value():
            raise NotUnderstoodError
        token = self.take()
        if token.kind == "string":
            return {"S": token.text}
        if token.kind == "number":
            return {"N": token.text}
        if token.kind == "word":
            return dict(_CONSTANTS[token.text.upper()])
        return self._composite(token.text, depth)

    def finish(self) -> None:
        """The end of the statement, with every parameter used."""
        if self.peek().kind != "end" or self._parameters:
            raise NotUnderstoodError

    def _composite(self, sign: str, depth: int) -> dict[str, Any]:
        if sign == "?":
            if not self._parameters or not isinstance(self._parameters[0], dict):
                raise NotUnderstoodError
            return dict(self._parameters.pop(0))
        if sign == "-":
            return {"N": f"-{self._take_kind('number')}"}
        if sign == "{":
            return {"M": self._members(depth)}
        close = "]" if sign == "[" else ">>"
        found: list[Any] = []
        if not self.accept(close):
            self.each(lambda: found.append(self.value(depth + 1)))
            self.expect(close)
        return {"L" if close == "]" else "SET": found}

    def _members(self, depth: int) -> dict[str, Any]:
        members: dict[str, Any] = {}

        def read_member() -> None:
            key = self._take_kind("string")
            # The same name twice: the check would see one value and the table another.
            if key in members:
                raise NotUnderstoodError
            self.expect(":")
            members[key] = self.value(depth + 1)

        if not self.accept("}"):
            self.each(read_member)
            self.expect("}")
        return members

    def _take_kind(self, kind: str) -> str:
        token = self.take()
        if token.kind != kind:
            raise NotUnderstoodError
        return token.text


def _tokenize(statement: str) -> list[Token]:
    text = statement.rstrip()
    if len(text) > MAX_LENGTH:
        raise NotUnderstoodError
    tokens, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise NotUnderstoodError
        kind, content = match.lastgroup, match[match.lastgroup]
        quote = {"string": "'", "quoted": '"'}.get(kind)
        tokens.append(Token(kind, content.replace(quote * 2, quote) if quote else content))
        at = match.end()
    return tokens
