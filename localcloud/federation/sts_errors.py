"""A token that is not taken, in the words and codes of STS."""

from __future__ import annotations

from localcloud.errors import AwsError
from localcloud.federation.errors import (
    AudienceError,
    FederationError,
    RejectedError,
    TokenExpiredError,
    UnreachableError,
)


def sts_error(error: FederationError) -> AwsError:
    """The error that STS answers with."""
    match error:
        case TokenExpiredError():
            return AwsError("ExpiredTokenException", error.in_sts)
        case AudienceError():
            return AwsError("InvalidIdentityToken", "Incorrect token audience")
        case RejectedError():
            return AwsError("IDPRejectedClaim", str(error), 403)
        case UnreachableError():
            return AwsError("IDPCommunicationError", str(error))
    return AwsError("InvalidIdentityToken", str(error))
