"""Writes `docs/policy-rules.md`, what `gatehouse policy lint` finds: `python -m docs.generate_policy_rules`.

A test fails when the page is out of date.
"""

from __future__ import annotations

from pathlib import Path

from localcloud.policy.lint import catalogue

PAGE = Path(__file__).with_name("policy-rules.md")
INTRODUCTION = """\
<!-- Written by `python -m docs.generate_policy_rules`: change the rules, then run that. -->
# Find the traps in access rules

Some mistakes in IAM and Cognito deploy well and look right, and give one user's data to another, or to everybody. This
finds them in a template, each with its line, the danger and the mend:

```sh
gatehouse policy lint
gatehouse policy lint cloudformation/backend.yaml --parameters cloudformation/parameters/prod.json --strict
gatehouse policy lint --explain trust-without-audience
```

A finding looks like this:

```text
cloudformation/backend.yaml:302:13: error: trust-without-audience (GuestRole)
    The role trusts every identity pool in AWS: anybody makes one of their own, and walks in through it.
    mend: Add `StringEquals: {"cognito-identity.amazonaws.com:aud": !Ref IdentityPool}` to its Condition.
```

A live stack is read through the AWS APIs, with what was changed by hand, on AWS (`--profile`, `--region`) and on the
local cloud alike. A finding then names the resource, the document and the path in it:

```sh
export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test
gatehouse policy lint --stack gatehouse
```

| option | what it does |
| --- | --- |
| `--parameters FILE` | the values of the template's parameters; else their defaults |
| `--stack NAME` | reads a live stack instead of a template |
| `--ignore RULE` | leaves a rule out, where you mean what it finds |
| `--strict` | fails for warnings too, and says what cannot be told from a template |
| `--list-rules`, `--explain RULE` | the rules below, for the terminal |
| `--json` | findings, or rules, for programs |

It exits with 0 where there is no error, with 1 where there is, and with 2 for what is no template. An *error* opens
data, or does not do what it says; a *warning* may be meant so; an *info* is good to know. A value that only a deploy
knows, such as an `!ImportValue`, makes no finding.

What no linter sees is shown by trying it, with `gatehouse policy prove`.

## The rules"""


def page() -> str:
    """The page's text."""
    return f"{INTRODUCTION}\n\n{catalogue.table()}\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
