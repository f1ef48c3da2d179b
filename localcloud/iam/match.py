"""Matching text, actions and ARNs against what a policy says (rules 1-7, 18, 19).

Time grows with (length of the pattern) x (length of the value) and never faster: the attack is a policy or a key
with many stars that would keep a backtracking matcher busy for hours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from localcloud.iam.variables import Context, Token, Variable, Wildcard, fill, has_wildcard, tokenise

Chunk = Sequence[str]
"""What stands between two stars: literals, with exactly one free character between each two."""

NO_CONTEXT = Context({})
_ARN_PARTS = 6
_ENDS = 2


def glob(chunks: Sequence[Chunk], text: str) -> bool:
    """Whether the text is the chunks in order, with anything between them. Leftmost fit is always good enough."""
    first, last = chunks[0], chunks[-1]
    if not text.startswith(first[0]):
        return False
    if len(chunks) == 1:
        return _length(first) == len(text) and _fits(first, text, 0)
    at, end = _length(first), len(text) - _length(last)
    if at > end or not _fits(first, text, 0) or not _fits(last, text, end):
        return False
    for chunk in chunks[1:-1]:
        at = _find(chunk, text, at, end)
        if at < 0:
            return False
    return True


def _length(chunk: Chunk) -> int:
    return len(chunk[0]) if len(chunk) == 1 else sum(map(len, chunk)) + len(chunk) - 1


def _fits(chunk: Chunk, text: str, at: int) -> bool:
    for part in chunk:
        if not text.startswith(part, at):
            return False
        at += len(part) + 1
    return True


def _find(chunk: Chunk, text: str, at: int, end: int) -> int:
    """Return where the first fit ends, or -1."""
    size = _length(chunk)
    if len(chunk) == 1:
        found = text.find(chunk[0], at, end)
        return found + size if found >= 0 else -1
    return next((start + size for start in range(at, end - size + 1) if _fits(chunk, text, start)), -1)


Part = str | tuple[str | Variable, ...]
"""A literal, or what becomes one when the values of a request are filled in."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled text of a policy. `fixed` holds the chunks when there is no variable to fill in.

    `ends` are what stands before and after the one star, or the whole text alone, where that is all there is: nearly
    every entry of every policy has this form, and needs no search.
    """

    chunks: tuple[tuple[Part, ...], ...]
    fixed: tuple[Chunk, ...] | None
    variables: tuple[Variable, ...]
    ends: tuple[Part, ...] = ()

    @classmethod
    def compile(cls, text: str, *, variables: bool = False, wildcards: bool = True) -> Pattern:
        """Compile a text. Raises ValueError at a variable without end."""
        return cls.join(tokenise(text, variables=variables, wildcards=wildcards))

    @classmethod
    def join(cls, tokens: Sequence[Token]) -> Pattern:
        """Make a pattern of tokens."""
        chunks: list[list[list[str | Variable]]] = [[[]]]
        for token in tokens:
            if token is Wildcard.RUN:
                chunks.append([[]])
            elif token is Wildcard.ONE:
                chunks[-1].append([])
            elif not isinstance(token, Wildcard):
                chunks[-1][-1].append(token)
        parts = tuple(tuple(_part(part) for part in chunk) for chunk in chunks)
        variables = tuple(token for token in tokens if isinstance(token, Variable))
        plain = len(parts) <= _ENDS and all(len(chunk) == 1 for chunk in parts)
        ends = tuple(chunk[0] for chunk in parts) if plain else ()
        return cls(parts, None if variables else _filled(parts, NO_CONTEXT), variables, ends)

    def matches(self, text: str, context: Context = NO_CONTEXT) -> bool:
        """Whether the whole text matches. A variable without value matches nothing (rule 23)."""
        if self.ends:
            return _between(self.ends, text, context)
        chunks = self.fixed or _filled(self.chunks, context)
        return chunks is not None and glob(chunks, text)


def _between(ends: tuple[Part, ...], text: str, context: Context) -> bool:
    """Whether the text is the one end, or begins and ends with the two without using a character twice."""
    first, last = ends[0], ends[-1]
    start = first if isinstance(first, str) else fill(first, context)
    if start is None:
        return False
    if len(ends) == 1:
        return text == start
    end = last if isinstance(last, str) else fill(last, context)
    return end is not None and text.startswith(start) and text.endswith(end) and len(text) >= len(start) + len(end)


def _part(tokens: Sequence[str | Variable]) -> Part:
    plain = [token for token in tokens if isinstance(token, str)]
    return "".join(plain) if len(plain) == len(tokens) else tuple(tokens)


def _filled(chunks: Sequence[Sequence[Part]], context: Context) -> tuple[Chunk, ...] | None:
    filled = []
    for chunk in chunks:
        parts = []
        for part in chunk:
            text = part if isinstance(part, str) else fill(part, context)
            if text is None:
                return None
            parts.append(text)
        filled.append(parts)
    return tuple(filled)


class Arn(NamedTuple):
    """A resource as asked for: all up to the fifth colon in lower case (rule 5), then the rest."""

    head: str
    tail: str

    @classmethod
    def parse(cls, text: str) -> Arn | None:
        """Split at the fifth colon; None when the text is no ARN (`*`: the action has no resource)."""
        parts = text.split(":", _ARN_PARTS - 1)
        if len(parts) != _ARN_PARTS or parts[0] != "arn":
            return None
        tail = parts[-1]
        return cls(text[: len(text) - len(tail)].lower(), tail)

    @property
    def account(self) -> str:
        """The account in the ARN; empty where there is none (S3) or it is AWS itself (managed policies)."""
        account = self.head.split(":")[4]
        return account if account.isdigit() else ""


@dataclass(frozen=True, slots=True)
class ArnPattern:
    """A `Resource` entry. Each part is matched on its own, so `*` never crosses one of the first five colons."""

    head: str
    wild: tuple[Pattern, ...]
    tail: Pattern

    @classmethod
    def compile(cls, text: str, *, variables: bool) -> ArnPattern:
        """Compile an entry other than `*`; variables count only after the fifth colon (rule 25). Raises ValueError."""
        arn = Arn.parse(text)
        if arn is None:
            raise ValueError(f"`{text}` is neither an ARN nor `*`")
        wild = [Pattern.compile(part) for part in arn.head.split(":")] if has_wildcard(arn.head) else []
        return cls(arn.head, tuple(wild), Pattern.compile(arn.tail, variables=variables))

    def matches(self, arn: Arn, context: Context) -> bool:
        """Whether the ARN matches in all six parts."""
        if self.wild:
            parts = zip(self.wild, arn.head.split(":"), strict=True)
            return all(p.matches(part) for p, part in parts) and self.tail.matches(arn.tail, context)
        return self.head == arn.head and self.tail.matches(arn.tail, context)


def split_arn(tokens: Sequence[Token]) -> tuple[Pattern, ...] | None:
    """Cut the tokens of an ARN condition at the first five colons that the policy itself wrote; None if it has fewer.

    The attack: a tag value with colons in it would otherwise move the parts of the ARN.
    """
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if not isinstance(token, str):
            parts[-1].append(token)
            continue
        first, *rest = token.split(":", _ARN_PARTS - len(parts))
        parts[-1].append(first)
        parts.extend([piece] for piece in rest)
    return tuple(Pattern.join(part) for part in parts) if len(parts) == _ARN_PARTS else None
