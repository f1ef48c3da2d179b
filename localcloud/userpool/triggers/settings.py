"""`LambdaConfig`: which triggers a pool may have, and what its settings must fulfil together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.errors import AwsError
from localcloud.userpool.configuration.settings import ANY, Supported

_PLAIN = (
    "PreSignUp",
    "PostConfirmation",
    "PreAuthentication",
    "PostAuthentication",
    "CustomMessage",
    "DefineAuthChallenge",
    "CreateAuthChallenge",
    "VerifyAuthChallengeResponse",
    "PreTokenGeneration",
    "UserMigration",
)
_WITH_VERSION = ("PreTokenGenerationConfig", "CustomEmailSender", "CustomSMSSender", "InboundFederation")

SETTINGS: Mapping[str, Supported] = {
    **dict.fromkeys(_PLAIN, ANY),
    **{name: {"LambdaArn": ANY, "LambdaVersion": ANY} for name in _WITH_VERSION},
    "KMSKeyID": ANY,
}


def read_settings(given: Mapping[str, Any]) -> dict[str, Any]:
    """The settings as they are kept and shown. Raises InvalidParameterException for a contradiction."""
    if not given.get("KMSKeyID") and {"CustomEmailSender", "CustomSMSSender"} & given.keys():
        raise AwsError("InvalidParameterException", "KMSKeyID is required for CustomEmailSender and CustomSMSSender.")
    # The pre token generation trigger has two names; both are always shown.
    arn, config = given.get("PreTokenGeneration"), given.get("PreTokenGenerationConfig")
    if config is None and arn:
        config = {"LambdaVersion": "V1_0", "LambdaArn": arn}
    if config is None:
        return dict(given)
    if arn and arn != config["LambdaArn"]:
        raise AwsError(
            "InvalidParameterException", "PreTokenGeneration and PreTokenGenerationConfig must have the same LambdaArn."
        )
    return {**given, "PreTokenGeneration": config["LambdaArn"], "PreTokenGenerationConfig": config}
