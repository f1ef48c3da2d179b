"""ForgotPassword: send a code that lets a user choose a new password."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool import codes, messages
from localcloud.userpool.accounts import auth_events, migration
from localcloud.userpool.accounts.recovery import recovering
from localcloud.userpool.accounts.users import find_user
from localcloud.userpool.limits import lock_out
from localcloud.userpool.pools import check_secret_hash, require_client


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Send the code to the first verified recovery address."""
    pool, client = require_client(ctx, request["ClientId"])
    username, metadata = request["Username"], request.get("ClientMetadata")
    check_secret_hash(client, username, request.get("SecretHash"))
    if "UserMigration" in pool.triggers and find_user(ctx, pool, username) is None:
        migration.at_forgotten_password(ctx, pool, client, username, metadata or {})
    user, target = recovering(ctx, pool, client, username)
    lock_out.count(ctx, user, "forgot")
    code = codes.make(ctx, user, "forgot", user.attributes[target] if target else "")
    if target is None:
        codes.keep(ctx, code)
        return {"CodeDeliveryDetails": messages.stand_in_details(ctx, pool, username)}
    details = messages.deliver(ctx, pool, user, "ForgotPassword", target, code, client_id=client.id, metadata=metadata)
    auth_events.record(ctx, pool, client.id, user, "ForgotPassword", "InProgress")
    return {"CodeDeliveryDetails": details}
