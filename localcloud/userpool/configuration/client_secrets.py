"""The secrets of an app client: two at most, so that one can be replaced while the other is still in use.

Source: API reference, `AddUserPoolClientSecret`, `DeleteUserPoolClientSecret`.
"""

from __future__ import annotations

from typing import Any

from localcloud.errors import AwsError
from localcloud.store import replaced
from localcloud.userpool.models import AppClient

MOST = 2


def added(client: AppClient, secret: str, now: float) -> AppClient:
    """The client with one secret more. Raises LimitExceededException."""
    if len(client.secrets) >= MOST:
        raise AwsError("LimitExceededException", f"An app client has at most {MOST} client secrets.")
    # An id ends in the time it was made at, and no two are the same.
    latest = max((_made_at(secret_id) for secret_id in client.secrets), default=0)
    secret_id = f"{client.id}--{max(int(now * 1000), latest + 1)}"
    return replaced(client, secrets={**client.secrets, secret_id: secret}, modified=now)


def without(client: AppClient, secret_id: str, now: float) -> AppClient:
    """The client without this secret. Raises ResourceNotFoundException, InvalidParameterException for the last one."""
    if secret_id not in client.secrets:
        raise AwsError("ResourceNotFoundException", f"Client secret {secret_id} does not exist.")
    # Attack: a client that had to prove itself, turned into a public one.
    if len(client.secrets) == 1:
        raise AwsError("InvalidParameterException", "The last secret of an app client cannot be deleted.")
    rest = {name: value for name, value in client.secrets.items() if name != secret_id}
    return replaced(client, secrets=rest, modified=now)


def describe(secret_id: str) -> dict[str, Any]:
    """A `ClientSecretDescriptorType`, without the secret."""
    return {"ClientSecretId": secret_id, "ClientSecretCreateDate": _made_at(secret_id) / 1000}


def _made_at(secret_id: str) -> int:
    return int(secret_id.rpartition("--")[2])
