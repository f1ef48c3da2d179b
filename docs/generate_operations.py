"""Writes `docs/operations.md`, what the local cloud supports, from its code: `python -m docs.generate_operations`.

A test fails when the page is out of date.
"""

from __future__ import annotations

import importlib.util
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import ModuleType

from localcloud.aws.own_types import MODULES
from localcloud.aws.properties import PROVEN, Shape
from localcloud.aws.services import SERVICES
from localcloud.own_services import OWN, has_file
from localcloud.userpool.challenges import ORDER
from localcloud.userpool.configuration.client_settings import SUPPORTED as CLIENT_SETTINGS
from localcloud.userpool.operations import admin_initiate_auth, initiate_auth
from localcloud.wire import model

PAGE = Path(__file__).with_name("operations.md")
TITLES = {
    "cognito-idp": "User pools",
    "cognito-identity": "Identity pools",
    "sts": "Security tokens",
    "iam": "Identity providers",
}
INTRODUCTION = """\
<!-- Written by `python -m docs.generate_operations`: change the code, then run that. -->
# What the local cloud supports

What is listed here is meant to work as on AWS; where we know that it does not quite, it is one of the
[known differences](local-cloud.md#known-differences-from-aws). What is not listed is refused by name, never ignored."""


def page() -> str:
    """The page's text."""
    parts = [INTRODUCTION, *(_operations(service) for service in OWN), _sign_in(), _services(), _resource_types()]
    return "\n\n".join(parts) + "\n"


def _operations(service: str) -> str:
    operations = model.load(service).operations.values()
    supported = [one.name for one in operations if has_file(one)]
    refused = [one.name for one in operations if one.name not in supported]
    return f"""\
## {TITLES[service]} (`{service}`)

Supported, {len(supported)} of {len(operations)}:

{_wrapped(_names(supported))}

{_rest(service, refused)}"""


def _rest(service: str, refused: Iterable[str]) -> str:
    if not OWN[service].whole:
        return "All others are the engine's, which refuses what it does not have."
    names = _names(refused) or "none"
    return f"Refused with `UnsupportedOperationException`:\n\n{_wrapped(names)}"


def _sign_in() -> str:
    return f"""\
## Ways to sign in

| what | which |
| --- | --- |
| flows of `InitiateAuth` | {_names(initiate_auth.FLOWS)} |
| flows of `AdminInitiateAuth` | {_names(admin_initiate_auth.FLOWS)} |
| challenges | {_names(challenge.name for challenge in ORDER)} |
| `ExplicitAuthFlows` of a client | {_names(CLIENT_SETTINGS["ExplicitAuthFlows"] or ())} |"""


def _services() -> str:
    own = [name for name, service in OWN.items() if service.whole]
    decided = [name for name in SERVICES if _exists(f"iam.actions.{'lambda_' if name == 'lambda' else name}")]
    return f"""\
## Other services

| who may call | services |
| --- | --- |
| whom IAM allows it, call by call | {_names([*own, *decided])} |
| the account's root; all others are denied by name | {_names(SERVICES.keys() - set(decided))} |

The engine, [ministack](https://pypi.org/project/ministack/), serves all but what is listed above as ours, and refuses
what it does not have."""


def _resource_types() -> str:
    types = {**PROVEN, **{module.TYPE: _properties(module) for module in MODULES}}
    trees = "\n\n".join("\n".join([name, *_tree(types[name], "  ")]) for name in sorted(types))
    return f"""\
## CloudFormation

The types and properties that a template may have after the SAM transform, which turns an `AWS::Serverless::Function`
into the `AWS::Lambda::…` types below. Behind a colon are the only values that a property may have. Anything else stops
the deploy, by name.

```text
{trees}
```"""


def _properties(module: ModuleType) -> Mapping[str, Shape]:
    """What a type of ours takes, with the values of the settings behind it: a template's check sees text only."""
    settings: Mapping[str, Shape] = getattr(module, "SUPPORTED", {})
    properties: Mapping[str, Shape] = module.PROPERTIES
    return {name: settings.get(name, shape) for name, shape in properties.items()}


def _tree(shape: Mapping[str, Shape], indent: str) -> Iterator[str]:
    for name in sorted(shape):
        inner = shape[name]
        only = f": {', '.join(sorted(inner)) or 'nothing'}" if isinstance(inner, frozenset) else ""
        yield f"{indent}{name}{only}"
        if isinstance(inner, Mapping):
            yield from _tree(inner, indent + "  ")


def _exists(module: str) -> bool:
    return importlib.util.find_spec(f"localcloud.{module}") is not None


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))


def _wrapped(text: str) -> str:
    return textwrap.fill(text, 120, break_long_words=False, break_on_hyphens=False)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
