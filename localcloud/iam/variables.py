"""Policy variables: `${key}`, `${key, 'default'}`, and the plain characters `${*}`, `${?}`, `${$}` (rules 23-29).

A text is cut into tokens once, when its policy is compiled; values fill their places only afterwards.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from localcloud.iam.request import ContextValue


class Context:
    """What is known about a request; key names are compared without case (rule 12)."""

    __slots__ = ("_beneath", "_given", "_lowered")

    def __init__(self, given: Mapping[str, ContextValue], beneath: Mapping[str, ContextValue] | None = None) -> None:
        """`given` as the request has it; `beneath` holds keys in lower case that it may override."""
        self._given = given
        self._beneath = beneath or {}
        self._lowered: dict[str, ContextValue] | None = None

    def get(self, name: str, lowered: str) -> ContextValue | None:
        """The value of a key, by its name as the policy writes it and by that name in lower case.

        Policies and requests mostly write a name in AWS's own way, both the same: then nothing has to be lowered,
        which would cost more than all the rest of a decision.
        """
        value = self._given.get(name)
        if value is not None:
            return value
        if self._lowered is None:
            self._lowered = {**self._beneath, **{key.lower(): value for key, value in self._given.items()}}
        return self._lowered.get(lowered)


class Wildcard(Enum):
    """`*` stands for any run of characters, `?` for exactly one."""

    RUN = "*"
    ONE = "?"


@dataclass(frozen=True, slots=True)
class Variable:
    """The place of a context key's value; `default` is used only when the key is absent (rule 27)."""

    name: str
    lowered: str
    default: str | None = None

    def resolve(self, context: Context) -> str | None:
        """Return the value, or None: a multivalued key has no one value to put here (rules 23, 26)."""
        value = context.get(self.name, self.lowered)
        if value is None:
            return self.default
        return value if isinstance(value, str) else None


Token = str | Variable | Wildcard

_VARIABLE = r"\$\{(?:(?P<plain>[*?$])|(?P<name>[^{}]*?)(?:, '(?P<default>[^'{}]*)')?)\}"
_WILDCARD = r"(?P<wildcard>[*?])"
_SYNTAX = {
    (True, True): re.compile(f"{_VARIABLE}|{_WILDCARD}"),
    (True, False): re.compile(_VARIABLE),
    (False, True): re.compile(_WILDCARD),
}


def tokenise(text: str, *, variables: bool, wildcards: bool) -> tuple[Token, ...]:
    """Cut a text of a policy into literals, variables and wildcards. Raises ValueError at a variable without end."""
    syntax = _SYNTAX.get((variables, wildcards))
    if syntax is None:
        return (text,)
    tokens: list[Token] = []
    end = 0
    for found in syntax.finditer(text):
        tokens += [_literal(text[end : found.start()], variables), _token(found.groupdict())]
        end = found.end()
    tokens.append(_literal(text[end:], variables))
    return tuple(token for token in tokens if token != "")


def _literal(text: str, variables: bool) -> str:
    if variables and "${" in text:
        raise ValueError(f"`{text}` opens a variable and does not close it")
    return text


def _token(found: Mapping[str, str | None]) -> Token:
    plain, wildcard = found.get("plain"), found.get("wildcard")
    if plain is not None:
        return plain
    if wildcard is not None:
        return Wildcard(wildcard)
    name = str(found["name"])
    return Variable(name, name.lower(), found["default"])


def fill(tokens: Iterable[str | Variable], context: Context) -> str | None:
    """Put the values in. The result is plain text; None when a variable has no value (rule 23).

    The attack: a user called `*` or `${aws:userid}` would otherwise reach everybody's files (rule 29).
    """
    texts = []
    for token in tokens:
        value = token if isinstance(token, str) else token.resolve(context)
        if value is None:
            return None
        texts.append(value)
    return "".join(texts)


def has_wildcard(text: str) -> bool:
    """Whether a text has a `*` or a `?` in it."""
    return "*" in text or "?" in text


def unresolved(variables: Iterable[Variable], context: Context) -> str:
    """Say which variables have no single value, for an explanation; empty when all have one."""
    missing = ", ".join(f"${{{v.name}}}" for v in variables if v.resolve(context) is None)
    return f" (no single value for {missing})" if missing else ""
