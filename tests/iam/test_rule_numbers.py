"""Shows that each rule of IAM that the project follows is shown by a test that names its number.

The rules are numbered 1 to 71. A test names one in its own name (`test_rule_16_…`) or in its docstring (`Rule 16`,
`Rules 62, 66-68`).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
RULES = range(1, 72)
# Policies of an organisation (SCP, RCP): a local cloud is one account of its own, which no organisation stands above.
NOT_NEEDED = {47}
_IN_NAME = re.compile(r"(?<=_rule_)\d+")
_IN_TEXT = re.compile(r"\b[Rr]ules? (\d+(?:-\d+)?(?:(?:, | and )\d+(?:-\d+)?)*)")


def test_each_rule_is_named_by_a_test() -> None:
    named = {rule for path in TESTS.rglob("test_*.py") for rule in rules_of(path.read_text())}
    assert [rule for rule in RULES if rule not in named | NOT_NEEDED] == []
    assert named <= set(RULES) - NOT_NEEDED


def test_how_a_test_names_a_rule() -> None:
    source = '''
def test_rule_16_something(): """And rules 2, 54-56 and 9."""
def test_another(): """Not a rule, nor 7."""
def rule_3_of_no_test(): """Rule 4."""
'''
    assert sorted(rules_of(source)) == [2, 9, 16, 54, 55, 56]


def rules_of(source: str) -> Iterator[int]:
    """The numbers that the tests of a file name."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield from map(int, _IN_NAME.findall(node.name))
            for listed in _IN_TEXT.findall(ast.get_docstring(node) or ""):
                for first, last in re.findall(r"(\d+)(?:-(\d+))?", listed):
                    yield from range(int(first), int(last or first) + 1)
