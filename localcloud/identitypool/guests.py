"""What a guest may reach at most, whatever its role says: the session policies of the enhanced flow.

Source: Cognito developer guide, "IAM roles", access policies for unauthenticated identities. Both together limit a
session, so what either of them allows may be used.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

# Actions by service, a table: one on each line would be ninety lines of nothing to read.
# fmt: off
_INLINE = (
    "cloudwatch:*", "logs:*", "dynamodb:*", "kinesis:*", "mobileanalytics:*", "s3:*", "ses:*", "sns:*", "sqs:*",
    "lambda:*", "machinelearning:*", "execute-api:*", "iot:*", "gamelift:*", "cognito-identity:*", "cognito-idp:*",
    "lex:*", "polly:*", "comprehend:*", "translate:*", "transcribe:*", "rekognition:*", "mobiletargeting:*",
    "firehose:*", "appsync:*", "personalize:*", "sagemaker:InvokeEndpoint", "cognito-sync:*", "codewhisperer:*",
    "textract:DetectDocumentText", "textract:AnalyzeDocument", "sdb:*",
)

# The AWS managed policy AmazonCognitoUnAuthedIdentitiesSessionPolicy, version 4.
_MANAGED = (
    "rum:PutRumEvents", "sagemaker:InvokeEndpoint", "polly:*", "comprehend:*", "translate:*", "transcribe:*",
    "rekognition:*", "mobiletargeting:*", "firehose:*", "personalize:*", "geo:GetMap*", "geo:ListMaps",
    "geo:SearchPlaceIndex*", "geo:GetPlace", "geo:CalculateRoute*", "geo:*Geofence", "geo:*Geofences",
    "geo:*DevicePosition*", "kms:Encrypt", "kms:Decrypt", "kms:ReEncryptTo", "kms:ReEncryptFrom",
    "kms:GenerateDataKey", "kms:GenerateDataKeyPair", "kms:GenerateDataKeyPairWithoutPlaintext",
    "kms:GenerateDataKeyWithoutPlaintext",
)
# fmt: on


def _allow(sid: str, actions: Sequence[str]) -> dict[str, Any]:
    statement = {"Sid": sid, "Effect": "Allow", "Action": list(actions), "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}


SESSION_POLICIES = (_allow("GuestScopeDown", _INLINE), _allow("CognitoUnAuthedIdentitiesSessionPolicy", _MANAGED))
