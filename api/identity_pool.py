"""What the identity pool says of a user: the identity that belongs to its login."""

from __future__ import annotations

import base64
import functools
import json
import os
from typing import TYPE_CHECKING

import boto3
from botocore import UNSIGNED
from botocore.config import Config

from api.errors import ApiError

if TYPE_CHECKING:
    from mypy_boto3_cognito_identity import CognitoIdentityClient


def prove_identity(id_token: str, sub: str) -> str:
    """The identity id of a user, whose ID token is its login. Raises ApiError 400, and 503 when Cognito is busy.

    Attack: claiming another's identity id, whose files an administrator would then take for the caller's. No caller
    names an id: Cognito, which verifies the token, says whose it is, and the token must be the caller's own.
    """
    if _unverified_sub(id_token) != sub:
        raise _refused("the ID token is not the caller's")
    pools = _identity_pools()
    login = {os.environ["USER_POOL_PROVIDER"]: id_token}
    try:
        return pools.get_id(IdentityPoolId=os.environ["IDENTITY_POOL_ID"], Logins=login)["IdentityId"]
    except (pools.exceptions.NotAuthorizedException, pools.exceptions.InvalidParameterException):
        raise _refused("the ID token is no longer good, or never was") from None
    except pools.exceptions.TooManyRequestsException:
        raise ApiError(503, "busy", "too many requests, please try again later") from None


def _unverified_sub(token: str) -> object:
    """Whose a token says that it is; None if it says nothing."""
    try:
        payload = token.split(".")[1]
        return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["sub"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return None


def _refused(why: str) -> ApiError:
    return ApiError(400, "invalid_id_token", why)


@functools.cache
def _identity_pools() -> CognitoIdentityClient:
    # GetId is what any client calls: it takes no permission, and so no signature of this function's role.
    return boto3.client("cognito-identity", config=Config(signature_version=UNSIGNED))
