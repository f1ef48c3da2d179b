"""`Resource: "*"` is every table and bucket, of today and tomorrow (rule 6)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from localcloud.policy.lint.finding import Finding, Rule
from localcloud.policy.lint.node import Node
from localcloud.policy.lint.stack import Stack

RULE = Rule(
    __name__,
    "error",
    'actions on data with `Resource: "*"` in what a role may do',
    "The actions reach every table, bucket, queue and key of the account, and not only those of this stack.",
    'Give the ARNs: `!GetAtt Table.Arn`, `!Sub "${Bucket.Arn}/…"`.',
)
_DATA = re.compile(
    r"(dynamodb|s3|sqs|sns|kinesis|firehose|kms|cognito-idp|secretsmanager|ssm|lambda):(.*)", re.IGNORECASE
)
# What has no resource to name.
_WITHOUT_RESOURCE = re.compile(
    r"List(AllMyBuckets|Tables|Streams|Queues|Topics|Keys|Aliases|Functions|UserPools|Secrets|DeliveryStreams"
    r"|GlobalTables|Backups|Imports|Exports)|Describe(Limits|Endpoints|Parameters)|GenerateRandom|CreateKey"
    r"|GetAccountSettings|GetRandomPassword|ListSubscriptions|DescribeUserPoolDomain",
    re.IGNORECASE,
)


def check(stack: Stack) -> Iterator[Finding]:
    """Find data actions without a resource."""
    for statement in stack.granted:
        if statement.allows and any(map(_is_data, statement.actions)):
            for node in statement.resources:
                if node.text == "*":
                    yield RULE.found(node, statement.policy.owner)


def _is_data(action: Node) -> bool:
    found = _DATA.fullmatch(action.text)
    return bool(found and not _WITHOUT_RESOURCE.fullmatch(found[2]))
