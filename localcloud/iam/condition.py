"""The `Condition` element: operators and keys all hold, of the values of one key any (rules 10-17).

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from localcloud.iam.operators import OPERATORS, Matcher, Operator
from localcloud.iam.request import ContextValue
from localcloud.iam.variables import Context, Variable, tokenise, unresolved

Test = Callable[[ContextValue | None, Context], bool]
"""The value seen (None: the key is absent) and the whole context; whether the condition holds."""

_NAME = re.compile(r"(?:(?P<set>ForAllValues|ForAnyValue):)?(?P<operator>\w+?)(?P<if_exists>IfExists)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Condition:
    """One operator on one key."""

    name: str
    key: str
    wanted: tuple[str, ...]
    lookup: str
    test: Test
    variables: tuple[Variable, ...] = ()

    def holds(self, context: Context) -> bool:
        """Whether the request's context satisfies the condition."""
        return self.test(context.get(self.key, self.lookup), context)

    def why(self, context: Context) -> str:
        """Say what was seen and what was wanted."""
        seen = context.get(self.key, self.lookup)
        wanted = ", ".join(f"`{value}`" for value in self.wanted)
        shown = "the key is absent" if seen is None else f"saw `{seen}`" if isinstance(seen, str) else f"saw {[*seen]}"
        return f"{self.name} {self.key}: wanted {wanted}{unresolved(self.variables, context)}, {shown}"


def compile_condition(name: str, key: str, wanted: Sequence[str], *, variables: bool, denies: bool) -> Condition:
    """Compile one operator on one key.

    `variables`: the policy's version knows them. `denies`: the statement's effect is Deny, so whatever is unknown
    counts as a match there and as none in an Allow. Raises ValueError at an unknown operator, at a variable without
    end, and at a value that would keep a Deny from ever applying.
    """
    if name.lower() == "null":
        return Condition(name, key, tuple(wanted), key.lower(), _null(wanted, denies))
    found = _NAME.fullmatch(name)
    operator = OPERATORS.get(found["operator"].lower()) if found else None
    if found is None or operator is None:
        raise ValueError(f"unknown condition operator `{name}`")
    return Condition(
        name,
        key,
        tuple(wanted),
        key.lower(),
        _compared(
            _matchers(operator, wanted, variables, denies),
            negated=operator.negated,
            denies=denies,
            over=(found["set"] or "").lower(),
            if_exists=bool(found["if_exists"]),
        ),
        tuple(v for text in wanted if operator.variables for v in _variables(text, variables)),
    )


def _matchers(operator: Operator, wanted: Sequence[str], variables: bool, denies: bool) -> list[Matcher]:
    matchers = []
    for text in wanted:
        matcher = operator.compile(text, variables)
        if matcher is None and denies and not operator.negated:
            # The attack is a slip: a Deny on a value that nothing can equal protects nothing and looks as if it did.
            raise ValueError(f"{operator.name} cannot compare anything with `{text}`")
        matchers.append(matcher or _incomparable)
    return matchers


def _incomparable(_value: str, _context: Context) -> None:
    return None


def _variables(text: str, variables: bool) -> list[Variable]:
    return [token for token in tokenise(text, variables=variables, wildcards=True) if isinstance(token, Variable)]


def _compared(matchers: Sequence[Matcher], *, negated: bool, denies: bool, over: str, if_exists: bool) -> Test:
    # Rules 13, 14 and 16: what an absent key means. ForAllValues is true of nothing, ForAnyValue is not.
    absent = if_exists or {"forallvalues": True, "foranyvalue": False}.get(over, negated)

    def fits(value: str, context: Context) -> bool:
        answers = [match(value, context) for match in matchers]
        if True in answers:
            return not negated
        # Neither equal nor different (text where a number should be): rule 20 has it match nothing.
        return negated and (denies or None not in answers)

    def test(seen: ContextValue | None, context: Context) -> bool:
        if seen is None:
            return absent
        if isinstance(seen, str):
            return fits(seen, context)
        if over == "forallvalues":
            return all(fits(value, context) for value in seen)
        # Rule 17: an operator for one value matches no multivalued key.
        return over == "foranyvalue" and any(fits(value, context) for value in seen)

    return test


def _null(wanted: Sequence[str], denies: bool) -> Test:
    answers = {"true": True, "false": False}
    if any(value.lower() not in answers for value in wanted):
        raise ValueError("Null takes `true` or `false`")
    absences = {answers[value.lower()] for value in wanted}

    def test(seen: ContextValue | None, _context: Context) -> bool:
        if seen == "" or (seen and not isinstance(seen, str) and not any(seen)):
            return denies  # Rule 15: whether an empty text counts as null is unknown.
        return (not seen) in absences

    return test
