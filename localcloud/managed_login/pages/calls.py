"""Operations of the user pool, called by its own pages: checked by the model, as any app's call is."""

from __future__ import annotations

from typing import Any

from localcloud import own_services
from localcloud.managed_login.request import LoginRequest
from localcloud.userpool.models import AppClient
from localcloud.userpool.pools import make_secret_hash
from localcloud.wire import model, validation

_SERVICE = "cognito-idp"


def call(request: LoginRequest, client: AppClient, operation: str, username: str, **params: Any) -> dict[str, Any]:
    """What an operation without AWS credentials answers for this app client. Raises AwsError."""
    given = {"ClientId": client.id, "Username": username, **params}
    if client.secrets:
        given["SecretHash"] = make_secret_hash(client, username)
    called = own_services.find_operation(_SERVICE, operation)
    validation.check(model.load(_SERVICE), called, given, own_services.OWN[_SERVICE].invalid)
    return own_services.find_handler(called)(request.ctx, given)
