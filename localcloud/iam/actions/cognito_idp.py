"""User pools: every call that is signed is about one pool, or about all of them.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_cognito-idp.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from localcloud.iam.actions import Call, Catalog, Check
from localcloud.iam.actions._params import as_mapping, items, mapping, text
from localcloud.iam.actions._pools import Pools

_POOLS = Pools(
    service="cognito-idp",
    resource="userpool",
    parameter="UserPoolId",
    pool_id=re.compile(r"(?P<region>[\w-]+)_[0-9a-zA-Z]+", re.ASCII),
    tags="UserPoolTags",
    without_pool=frozenset(
        {"CreateUserPool", "DescribeUserPoolDomain", "GetProvisionedLimit", "ListUserPools", "UpdateProvisionedLimit"}
    ),
)


_LOGS = ("logs:CreateLogDelivery", "logs:DescribeLogGroups", "logs:DescribeResourcePolicies", "logs:PutResourcePolicy")
_BUCKET = ("s3:GetBucketPolicy", "s3:PutBucketPolicy")


def checks(call: Call, catalog: Catalog) -> list[Check]:
    """What to decide for one call. Raises AwsError `SerializationException` for a parameter of the wrong type."""
    found = _POOLS.checks(call)
    return [*found, *_further(call, found[0].resource, catalog)] if found else []


def _further(call: Call, pool: str, catalog: Catalog) -> Iterator[Check]:
    """What else the caller has to be allowed. Source: API reference; developer guide, "Exporting logs"."""
    if call.operation == "DescribeTermsByClient":
        yield Check("cognito-idp:DescribeTerms", pool)
    elif call.operation == "CreateUserPoolReplica":
        yield Check("cognito-idp:CreateUserPool", "*", {"aws:RequestedRegion": text(call.params, "RegionName")})
    elif call.operation in ("CreateUserPool", "UpdateUserPool"):
        if key := text(mapping(call.params, "LambdaConfig"), "KMSKeyID"):
            # Attack: a pool that encrypts under somebody's key, whose owner never let the caller hand that on.
            arn = catalog.key_arn(call.region, key) or key
            yield Check("kms:CreateGrant", arn, {"kms:GrantIsForAWSResource": "true"})
    elif call.operation == "SetLogDeliveryConfiguration":
        # Attack: having Cognito write where the caller may not.
        yield from (Check(action, "*") for action in _LOGS)
        for bucket in _buckets(call):
            yield from (Check(action, bucket) for action in _BUCKET)


def _buckets(call: Call) -> Iterator[str]:
    for one in map(as_mapping, items(call.params, "LogConfigurations")):
        if bucket := text(mapping(one, "S3Configuration"), "BucketArn"):
            yield bucket
