"""Sessions as STS answers them."""

from __future__ import annotations

from typing import Any

from localcloud.access.credentials import RoleSession


def of_session(session: RoleSession, packed_size: int | None) -> dict[str, Any]:
    """What the answers of all assume calls have in common. Times in seconds since the epoch."""
    return {
        "Credentials": {
            "AccessKeyId": session.access_key,
            "SecretAccessKey": session.secret_key,
            "SessionToken": session.session_token,
            "Expiration": session.expires,
        },
        "AssumedRoleUser": {"AssumedRoleId": session.assumed_role_id, "Arn": session.arn},
        "PackedPolicySize": packed_size,
        "SourceIdentity": session.source_identity or None,
    }
