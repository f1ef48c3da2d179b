"""The address that a user's own device has, where a server in between says which.

Source: API reference, `ContextDataType`, `UserContextDataType` and CreateUserPoolClient,
`EnablePropagateAdditionalUserContextData`.
"""

from __future__ import annotations

import dataclasses
import ipaddress
from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool.models import AppClient


def of_user(ctx: Context, client: AppClient, request: Mapping[str, Any]) -> Context:
    """The context of the call as if the user's device had made it. Raises InvalidParameterException.

    Attack: an app without a secret, so anybody, that names an address which is not blocked.
    """
    # Only calls with AWS credentials have ContextData.
    data = request.get("ContextData") or {}
    if client.secrets and client.config.get("EnablePropagateAdditionalUserContextData"):
        data = data or request.get("UserContextData") or {}
    address = data.get("IpAddress")
    if not address:
        return ctx
    try:
        return dataclasses.replace(ctx, source_ip=str(ipaddress.ip_address(address)))
    except ValueError as error:
        raise AwsError("InvalidParameterException", "IpAddress is not an IP address.") from error
