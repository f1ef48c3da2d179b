"""Custom e-mail sender and custom SMS sender: they send what Cognito then does not.

Source: Cognito developer guide, "Custom sender Lambda triggers"; the order of calls and the form of the code are those
of events that AWS sent.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping

from localcloud.context import Context
from localcloud.userpool.encrypted_codes import encrypt
from localcloud.userpool.models import User, UserPool
from localcloud.userpool.triggers.call import attributes_of, call_later, function_of

_SENDERS = {
    "EMAIL": ("CustomEmailSender", "customEmailSenderRequestV1"),
    "SMS": ("CustomSMSSender", "customSMSSenderRequestV1"),
}

_log = logging.getLogger(__name__)


def has_sender(pool: UserPool, medium: str) -> bool:
    """Whether messages of a medium, `EMAIL` or `SMS`, are a function's to send."""
    return function_of(pool, _SENDERS[medium][0]) is not None


def hand_notice(ctx: Context, pool: UserPool, client_id: str, user: User, source: str, about: Mapping[str, str]) -> str:
    """Hand a notice without a code to the pool's sender of mail; the `triggerSource` of its event.

    In place of the user's attributes it is told what the notice is about. Source: `@types/aws-lambda`.
    """
    name, kind = _SENDERS["EMAIL"]
    request = {"type": kind, "code": None, "clientMetadata": None, "userAttributes": dict(about)}
    call_later(ctx, pool, name, f"{name}_{source}", client_id, user.username, request)
    return f"{name}_{source}"


def hand_to_sender(
    ctx: Context,
    pool: UserPool,
    client_id: str,
    user: User,
    medium: str,
    source: str,
    code: str,
    metadata: Mapping[str, str],
) -> str:
    """Hand a code, or a temporary password, to the pool's sender; the `triggerSource` of its event.

    As on AWS nobody waits for it: what goes wrong, with the key as with the function, is in the server's log only.
    """
    name, kind = _SENDERS[medium]
    trigger_source = f"{name}_{source}"
    try:
        # Attack: a code that whoever reads a function's events or queues can use.
        encrypted = encrypt(code, pool.triggers["KMSKeyID"], {"userpool-id": pool.id}, ctx.cloud.data_key)
    except Exception:
        _log.exception("%s was not called: its KMS key gives no data key", trigger_source)
        return trigger_source
    request = {
        "type": kind,
        "code": encrypted,
        "clientMetadata": dict(metadata) or None,
        "userAttributes": attributes_of(user),
    }
    call_later(ctx, pool, name, trigger_source, client_id, user.username, request)
    return trigger_source
