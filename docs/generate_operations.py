"""Writes `docs/operations.md`, what the local cloud supports, from its code: `python docs/generate_operations.py`.

A test fails when the page is out of date.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/operations.md"
# Run as a file, Python looks beside this one only.
sys.path.insert(0, str(ROOT))

from localcloud import model  # noqa: E402
from localcloud.aws.own_types import MODULES  # noqa: E402
from localcloud.aws.properties import PROVEN, Shape  # noqa: E402
from localcloud.aws.services import SERVICES  # noqa: E402
from localcloud.pipeline import OWN  # noqa: E402
from localcloud.userpool.challenges import ORDER  # noqa: E402
from localcloud.userpool.client_settings import SUPPORTED as CLIENT_SETTINGS  # noqa: E402
from localcloud.userpool.operations import admin_initiate_auth, initiate_auth  # noqa: E402

TITLES = {"cognito-idp": "User pools", "cognito-identity": "Identity pools"}


def page() -> str:
    """The page's text."""
    parts = [INTRODUCTION, *(_operations(service) for service in OWN), _sign_in(), _services(), _resource_types()]
    return "\n\n".join(parts) + "\n"


def _operations(service: str) -> str:
    operations = model.load(service).operations.values()
    supported = [one.name for one in operations if _has_handler(service, one.snake_name)]
    refused = [one.name for one in operations if one.name not in supported]
    return f"""## {TITLES[service]} (`{service}`)

Supported, {len(supported)} of {len(operations)}: {_names(supported)}.

Refused by name with `UnsupportedOperationException`: {_names(refused)}."""


def _has_handler(service: str, snake_name: str) -> bool:
    return importlib.util.find_spec(f"localcloud.{OWN[service]}.operations.{snake_name}") is not None


def _sign_in() -> str:
    return f"""## Ways to sign in

| | supported |
| --- | --- |
| flows of `InitiateAuth` | {_names(initiate_auth.FLOWS)} |
| flows of `AdminInitiateAuth` | {_names(admin_initiate_auth.FLOWS)} |
| challenges | {_names(challenge.name for challenge in ORDER)} |

A flow has to be among the client's `ExplicitAuthFlows` besides. These can be: {_names(CLIENT_SETTINGS["ExplicitAuthFlows"] or ())}."""


def _services() -> str:
    decided = [name for name in SERVICES if _is_mapped(name)]
    root_only = [name for name in SERVICES if name not in decided]
    return f"""## Other services

| | services |
| --- | --- |
| IAM decides every call | {_names([*OWN, *decided])} |
| the root's calls are served, every other caller is denied by name | {_names(root_only)} |

Any other service is refused by name. All but Cognito is served by the engine,
[ministack](https://pypi.org/project/ministack/)."""


def _is_mapped(service: str) -> bool:
    name = "lambda_" if service == "lambda" else service
    return importlib.util.find_spec(f"localcloud.iam.actions.{name}") is not None


def _resource_types() -> str:
    types: dict[str, Mapping[str, Shape]] = {**PROVEN, **{module.TYPE: module.PROPERTIES for module in MODULES}}
    trees = [f"{name}\n" + "\n".join(_tree(types[name], "  ")) for name in sorted(types)]
    return (
        "## CloudFormation\n\n"
        "Types and properties that a template may have, after the SAM transform: `AWS::Serverless::Function` works, and\n"
        "becomes the `AWS::Lambda::…` types below. After a colon stand the only values that a property may have. Anything\n"
        "else stops the deploy, by name, before a resource is made.\n\n"
        "```text\n" + "\n\n".join(trees) + "\n```"
    )


def _tree(shape: Mapping[str, Shape], indent: str) -> Iterator[str]:
    for name in sorted(shape):
        inner = shape[name]
        if isinstance(inner, Mapping):
            yield f"{indent}{name}"
            yield from _tree(inner, indent + "  ")
        else:
            yield f"{indent}{name}" if inner is None else f"{indent}{name}: {', '.join(sorted(inner)) or '(empty)'}"


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))


INTRODUCTION = """\
<!-- Written by docs/generate_operations.py: change the code, then run that. -->
# What the local cloud supports

What stands here works as on AWS, as far as we know; [the known differences](local-cloud.md#known-differences-from-aws)
are listed. What does not stand here is refused by name, never ignored."""

if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
