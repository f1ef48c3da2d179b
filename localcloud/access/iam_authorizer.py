"""The AWS_IAM authorizer of HTTP APIs: whoever signs a request may invoke a route if IAM lets them.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control-iam.html
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from localcloud import forwarding, sigv4
from localcloud.access.authentication import Authenticator
from localcloud.access.authorization import Authorizer
from localcloud.access.callers import Caller
from localcloud.access.refusals import Decisions, Finding, RefusedError
from localcloud.context import Cloud
from localcloud.errors import AwsError
from localcloud.wire.http import HttpRequest
from localcloud.wire.protocol import Target

_INVOKE = Target("execute-api", "Invoke")
_COGNITO = "cognito-identity.amazonaws.com"


class IamAuthorizer:
    """Decides requests to routes with `AuthorizationType: AWS_IAM`."""

    def __init__(
        self, cloud: Cloud, authenticator: Authenticator, authorizer: Authorizer, decisions: Decisions
    ) -> None:
        self._cloud = cloud
        self._authenticator = authenticator
        self._authorizer = authorizer
        self._decisions = decisions

    def admit(self, request: HttpRequest, request_id: str, path: str) -> Mapping[str, Any]:
        """What the function learns of the caller, `requestContext.authorizer.iam`. Raises AwsError for anyone else.

        `path` is the request's, decoded, with its stage. What was decided is kept under `request_id`.
        """
        credential = sigv4.parse(request.method, request.raw_path, request.raw_query, request.headers)
        caller, body = self._authenticator.authenticate(request, _INVOKE, credential)
        # The API's region is part of what is decided; attack: to name another one in the signature.
        if credential is not None and credential.region != self._cloud.region:
            raise AwsError("InvalidSignatureException", "Credential should be scoped to the region of the API.", 403)
        call = forwarding.describe(request, _INVOKE, body, self._cloud.region, self._cloud.account)
        try:
            findings = self._authorizer.authorize(caller, dataclasses.replace(call, path=path))
        except RefusedError as error:
            self._keep(request_id, error.findings, error)
            raise
        self._keep(request_id, findings)
        return _described(caller, credential.access_key if credential else None)

    def _keep(self, request_id: str, findings: Sequence[Finding], error: AwsError | None = None) -> None:
        now = self._cloud.clock.now()
        self._decisions.keep(request_id, now, _INVOKE.service, _INVOKE.operation, findings, error)


def _described(caller: Caller, access_key: str | None) -> dict[str, Any]:
    context = caller.context
    identity_id = context.get(f"{_COGNITO}:sub")
    identity = {
        "amr": list(context.get(f"{_COGNITO}:amr", ())),
        "identityId": identity_id,
        "identityPoolId": context.get(f"{_COGNITO}:aud"),
    }
    return {
        "accessKey": access_key,
        "accountId": caller.principal.value.split(":")[4],
        "callerId": caller.user_id,
        "cognitoIdentity": identity if identity_id else None,
        "principalOrgId": None,
        "userArn": caller.principal.value,
        "userId": caller.user_id,
    }
