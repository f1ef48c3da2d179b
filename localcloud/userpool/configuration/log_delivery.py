"""Where a pool's logs go, and what a record of its users' activity looks like.

Of `userNotification` there is nothing to deliver: no message fails on its way to the outbox.

Source: API reference, `LogConfigurationType`; Cognito developer guide, "Exporting logs from Amazon Cognito user pools".
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool.configuration.pool_state import AuthEvent, LogDelivery
from localcloud.userpool.configuration.settings import unsupported
from localcloud.userpool.models import UserPool

ACTIVITY, NOTIFICATION = "userAuthEvents", "userNotification"
_LEVELS = {ACTIVITY: "INFO", NOTIFICATION: "ERROR"}
_GROUPS, _BUCKETS, _STREAMS = "CloudWatchLogsConfiguration", "S3Configuration", "FirehoseConfiguration"
_TYPES = {
    "SignIn": "SIGN_IN",
    "SignUp": "SIGN_UP",
    "ForgotPassword": "FORGOT_PASSWORD",
    "PasswordChange": "PASSWORD_CHANGE",
    "ResendCode": "RESEND_CODE",
}
_DECISIONS = {"NoRisk": "PASS", "AccountTakeover": "ACCOUNT_TAKEOVER", "Block": "BLOCK"}


def check(ctx: Context, pool: UserPool, configurations: Sequence[Mapping[str, Any]]) -> None:
    """Raise InvalidParameterException or FeatureUnavailableInTierException for what goes nowhere."""
    sources = [one["EventSource"] for one in configurations]
    if len(set(sources)) < len(sources):
        raise _bad("There can be one log configuration of each EventSource.")
    if ACTIVITY in sources and pool.config["UserPoolTier"] != "PLUS":
        raise AwsError("FeatureUnavailableInTierException", f"{ACTIVITY} needs the tier PLUS.")
    for one in configurations:
        _check_one(ctx, one)


def send(ctx: Context, username: str, event: AuthEvent) -> None:
    """Deliver a record of an event, where the pool has a place for it."""
    kept = ctx.store.get(LogDelivery, event.pool_id)
    for one in kept.configurations if kept else ():
        if one["EventSource"] == ACTIVITY:
            ctx.cloud.deliver_log(one, event.pool_id, _record(ctx, username, event))


def describe(ctx: Context, pool_id: str) -> dict[str, Any]:
    """A `LogDeliveryConfigurationType`."""
    kept = ctx.store.get(LogDelivery, pool_id)
    return {"UserPoolId": pool_id, "LogConfigurations": kept.configurations if kept else []}


def _check_one(ctx: Context, one: Mapping[str, Any]) -> None:
    source, level = one["EventSource"], one["LogLevel"]
    if level != _LEVELS[source]:
        raise _bad(f"The LogLevel of {source} is {_LEVELS[source]}.")
    places = [name for name in (_GROUPS, _BUCKETS, _STREAMS) if one.get(name)]
    if len(places) != 1 or (source == NOTIFICATION and places != [_GROUPS]):
        raise _bad(f"{source} goes to one place{' in CloudWatch Logs' if source == NOTIFICATION else ''}.")
    if places == [_STREAMS]:
        raise unsupported(_STREAMS)
    # Attack: a log group of another account.
    group = rf"arn:aws:logs:[\w-]+:{ctx.cloud.account}:log-group:[\w./#-]+"
    if places == [_GROUPS] and not re.fullmatch(group, one[_GROUPS].get("LogGroupArn") or "", re.ASCII):
        raise _bad("LogGroupArn is not the ARN of a log group in this account.")
    bucket = r"arn:aws:s3:::[a-z0-9.-]{3,63}"
    if places == [_BUCKETS] and not re.fullmatch(bucket, one[_BUCKETS].get("BucketArn") or "", re.ASCII):
        raise _bad("BucketArn is not the ARN of a bucket.")


def _record(ctx: Context, username: str, event: AuthEvent) -> dict[str, Any]:
    feedback = event.feedback
    return {
        "eventTimestamp": str(int(ctx.now * 1000)),
        "eventSource": "USER_AUTH_EVENTS",
        "logLevel": "INFO",
        "message": {
            "version": "1",
            "eventId": event.id,
            "eventType": _TYPES[event.type],
            "userSub": event.sub,
            "userName": username,
            "userPoolId": event.pool_id,
            "clientId": event.client_id,
            "creationDate": time.strftime("%a %b %d %H:%M:%S UTC %Y", time.gmtime(event.created)),
            "eventResponse": event.response,
            "riskLevel": event.level.upper(),
            "riskDecision": _DECISIONS[event.decision],
            "challenges": [f"{name}:{answer}".upper() for name, answer in event.challenges],
            "deviceName": event.device,
            "ipAddress": event.address,
            "requestId": ctx.request_id,
            "idpName": event.provider,
            "compromisedCredentialDetected": "false",
            "city": "",
            "country": "",
            "eventFeedbackValue": str(feedback.get("FeedbackValue", "")).upper(),
            "eventFeedbackDate": str(feedback.get("FeedbackDate", "")),
            "eventFeedbackProvider": feedback.get("Provider", ""),
            "hasContextData": "false",
        },
        "logSourceId": {"userPoolId": event.pool_id},
    }


def _bad(message: str) -> AwsError:
    return AwsError("InvalidParameterException", message)
