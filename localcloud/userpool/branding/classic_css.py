"""CSS of the classic pages: the classes and properties that Cognito documents, and no others.

Source: Cognito developer guide, "Customizing hosted UI (classic) branding".
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from localcloud.errors import AwsError

MOST_BYTES = 3 * 1024

_CLASS_NAMES = """
background banner errorMessage idpButton idpDescription inputField label legalText logo passwordCheck-notValid
passwordCheck-valid redirect socialButton submitButton textDescription
"""
_CLASSES = frozenset(f"{name}-customizable" for name in _CLASS_NAMES.split())
_STATES = frozenset(
    {"idpButton-customizable:hover", "inputField-customizable:focus", "submitButton-customizable:hover"}
)
_PROPERTY_NAMES = """
background background-color border border-color box-sizing color display font-size font-weight height margin
margin-bottom max-height max-width outline padding padding-bottom padding-top text-align width
"""
_PROPERTIES = frozenset(_PROPERTY_NAMES.split())
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_VALUE = re.compile(r"[A-Za-z0-9#%.,()!\s-]+", re.ASCII)


def parse(css: str) -> Mapping[tuple[str, str], str]:
    """(class, property) → value, the last one of each. Raises InvalidParameterException.

    Attack: CSS that fetches (`url`, `@import`), so that who signs in when is told to somebody else, or hides a form
    field under another one. Nothing gets further than the words and numbers of a plain value.
    """
    if len(css.encode()) > MOST_BYTES:
        raise _bad(f"The CSS is larger than {MOST_BYTES} bytes.")
    # Attack: a few thousand spaces, which a regular expression for rules would try in every way to split.
    *rules, rest = _COMMENT.sub(" ", css).split("}")
    found: dict[tuple[str, str], str] = {}
    if rest.strip():
        raise _no_rule(rest)
    for rule in rules:
        selectors, brace, declarations = rule.partition("{")
        if not brace or "{" in declarations:
            raise _no_rule(rule)
        names = [_class(selector.strip()) for selector in selectors.split(",")]
        for name, value in _declarations(declarations):
            found |= {(class_name, name): value for class_name in names}
    return found


def _class(selector: str) -> str:
    name = selector.removeprefix(".")
    if not selector.startswith(".") or name not in _CLASSES | _STATES:
        raise _bad(f"The CSS class {selector[:60]} is not in the list of allowed classes.")
    return name


def _declarations(text: str) -> list[tuple[str, str]]:
    found = []
    for declaration in text.split(";"):
        name, colon, value = (part.strip() for part in declaration.partition(":"))
        if not (name or colon):
            continue
        if name.lower() not in _PROPERTIES:
            raise _bad(f"The CSS property {name[:60]} is not in the list of allowed properties.")
        if not _VALUE.fullmatch(value) or "url" in value.lower():
            raise _bad(f"The CSS property {name} has a value that is not allowed.")
        found.append((name.lower(), value))
    return found


def _no_rule(text: str) -> AwsError:
    return _bad(f"The CSS has something that is not a rule: {text.strip()[:40]}")


def _bad(message: str) -> AwsError:
    return AwsError("InvalidParameterException", message)
