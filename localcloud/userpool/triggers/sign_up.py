"""Pre sign-up and post confirmation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from localcloud.context import Context
from localcloud.userpool.models import User, UserPool
from localcloud.userpool.triggers.answer import read_flag
from localcloud.userpool.triggers.call import call_about, invalid


@dataclass(frozen=True, slots=True)
class SignUpAnswer:
    """What a pre sign-up trigger decides."""

    confirm: bool = False
    verify_email: bool = False
    verify_phone: bool = False


def pre_sign_up(
    ctx: Context,
    pool: UserPool,
    client_id: str,
    user: User,
    source: str,
    validation: Mapping[str, str],
    metadata: Mapping[str, str],
) -> SignUpAnswer:
    """Ask the pre sign-up trigger. Raises UserLambdaValidationException where it refuses."""
    # The user does not exist yet: it has no sub and no status.
    known = {name: value for name, value in user.attributes.items() if name != "sub"}
    told = {"validationData": dict(validation) or None, "clientMetadata": dict(metadata) or None}
    request = {"userAttributes": known, **told}
    defaults = {"autoConfirmUser": False, "autoVerifyEmail": False, "autoVerifyPhone": False}
    answer = call_about(ctx, pool, "PreSignUp", f"PreSignUp_{source}", client_id, user, request, defaults)
    flags = {name: read_flag(answer, name) for name in defaults}
    for name, attribute in (("autoVerifyEmail", "email"), ("autoVerifyPhone", "phone_number")):
        if flags[name] and attribute not in user.attributes:
            raise invalid("PreSignUp", f"{name} of a user without {attribute}")
    return SignUpAnswer(flags["autoConfirmUser"], flags["autoVerifyEmail"], flags["autoVerifyPhone"])


def post_confirmation(
    ctx: Context, pool: UserPool, client_id: str, user: User, source: str, metadata: Mapping[str, str]
) -> None:
    """Tell the post confirmation trigger; `source` is `ConfirmSignUp` or `ConfirmForgotPassword`."""
    request = {"clientMetadata": dict(metadata)} if metadata else {}
    call_about(ctx, pool, "PostConfirmation", f"PostConfirmation_{source}", client_id, user, request, {})
