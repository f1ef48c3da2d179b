"""DescribeTermsByClient: a terms document by its app client and name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool.configuration import terms
from localcloud.userpool.pools import require_client


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """The document with its links."""
    _, client = require_client(ctx, request["ClientId"], request["UserPoolId"])
    found = terms.of_client(ctx, client.id, request["TermsName"])
    if found is None:
        message = f"Terms {request['TermsName']} do not exist for client {client.id}."
        raise AwsError("ResourceNotFoundException", message)
    return {"Terms": terms.describe(found)}
