"""SignUp: a user makes itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.store import replaced
from localcloud.userpool import codes, messages, sign_up_sessions, triggers
from localcloud.userpool.accounts import attributes, auth_events
from localcloud.userpool.accounts.users import create_user, find_user, insert_user
from localcloud.userpool.factors import first_factors
from localcloud.userpool.factors.passwords import password_fields
from localcloud.userpool.models import User
from localcloud.userpool.pools import check_secret_hash, require_client


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Make an unconfirmed user and send it a code."""
    pool, client = require_client(ctx, request["ClientId"])
    username, metadata = request["Username"], request.get("ClientMetadata") or {}
    check_secret_hash(client, username, request.get("SecretHash"))
    if (pool.config.get("AdminCreateUserConfig") or {}).get("AllowAdminCreateUserOnly"):
        raise AwsError("NotAuthorizedException", "SignUp is not permitted for this user pool")
    given = attributes.read_list(request.get("UserAttributes"))
    attributes.check_writable(client, given)
    user = create_user(ctx, pool, username, given, "UNCONFIRMED")
    attributes.check(pool, user.attributes, new_user=True)
    if request.get("Password"):
        user = replaced(user, **password_fields(ctx, pool, user.username, request["Password"]))
    else:
        first_factors.check_needs_no_password(pool, user)
    if find_user(ctx, pool, username) is not None:
        raise AwsError("UsernameExistsException", "User already exists")
    answer = triggers.pre_sign_up(
        ctx, pool, client.id, user, "SignUp", attributes.read_list(request.get("ValidationData")), metadata
    )
    user = _decided(user, answer)
    insert_user(ctx, pool, user)
    auth_events.record(ctx, pool, client.id, user, "SignUp")
    if answer.confirm:
        triggers.post_confirmation(ctx, pool, client.id, user, "ConfirmSignUp", metadata)
        return {"UserConfirmed": True, "UserSub": user.sub}
    target = messages.auto_verified(pool, user)
    result = {"UserConfirmed": False, "UserSub": user.sub, **sign_up_sessions.signed_up(ctx, client, user)}
    if target is not None:
        code = codes.make(ctx, user, "signup", user.attributes[target])
        result["CodeDeliveryDetails"] = messages.deliver(
            ctx, pool, user, "SignUp", target, code, client_id=client.id, metadata=metadata
        )
    return result


def _decided(user: User, answer: triggers.SignUpAnswer) -> User:
    verified = {"email_verified": answer.verify_email, "phone_number_verified": answer.verify_phone}
    values = dict(user.attributes)
    for name, is_verified in verified.items():
        if name.removesuffix("_verified") in values:
            values[name] = "true" if is_verified else "false"
    return replaced(user, attributes=values, status="CONFIRMED" if answer.confirm else "UNCONFIRMED")
