"""Codes in a sign-in: sent by mail or text message, good for the session that asked and as long as that lives."""

from __future__ import annotations

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.store import replaced
from localcloud.userpool import codes, messages
from localcloud.userpool.accounts.account import has_password
from localcloud.userpool.accounts.users import stand_in_user, update_user
from localcloud.userpool.attempt import SignIn, shown_name
from localcloud.userpool.limits import lock_out
from localcloud.userpool.models import User

FIRST_DIGITS, SECOND_DIGITS = 8, 6
"""Digits of a code that signs in by itself, and of one behind a password. Source: aws-amplify/amplify-js#14428."""


def send(ctx: Context, s: SignIn, attribute: str) -> tuple[SignIn, dict[str, str]]:
    """Send a new code to that address of the user: the sign-in that waits for it, and the challenge parameters.

    Attack: telling by answer or time that nobody has this name. A stand-in's code is made all the same.
    """
    user = _user(ctx, s)
    # Attack: a code that one session asked for, guessed or used in another.
    s = s.noting(code_of=ctx.cloud.random(16).hex())
    digits = SECOND_DIGITS if s.first_proven else FIRST_DIGITS
    binding, seconds = _binding(s, user, attribute), s.client.session_seconds
    code = codes.make(ctx, user, "sign-in", binding, digits=digits, seconds=seconds)
    if s.user is None:
        codes.keep(ctx, code)
        details = messages.stand_in_details(ctx, s.pool, s.username, attribute)
    else:
        address = _address(s, user, attribute)
        details = messages.deliver(
            ctx,
            s.pool,
            user,
            "Authentication",
            attribute,
            code,
            client_id=s.client.id,
            metadata=s.metadata,
            address=address,
        )
    return s, {
        "USERNAME": shown_name(ctx, s),
        "USER_ID_FOR_SRP": shown_name(ctx, s),
        "CODE_DELIVERY_DELIVERY_MEDIUM": details["DeliveryMedium"],
        "CODE_DELIVERY_DESTINATION": details["Destination"],
    }


def take(ctx: Context, s: SignIn, attribute: str, code: str) -> User:
    """Use a code up: the user, whose address counts as verified from now on, and whose account as confirmed.

    Raises CodeMismatch-, ExpiredCode- and NotAuthorizedException, and AliasExistsException where another user has
    verified the address meanwhile.
    """
    user = _user(ctx, s)
    lock_out.check(ctx, s.pool.id, user.sub, lock_out.CODE)
    try:
        codes.take(ctx, user, "sign-in", _binding(s, user, attribute), code)
    except AwsError as error:
        if error.code == "CodeMismatchException":
            lock_out.settle(ctx, s.pool.id, user.sub, lock_out.CODE, right=False)
        if error.code == "LimitExceededException":
            raise AwsError("NotAuthorizedException", "Password attempts exceeded") from error
        raise
    lock_out.settle(ctx, s.pool.id, user.sub, lock_out.CODE, right=True)
    address = _address(s, s.known_user, attribute)

    def change(kept: User) -> User:
        # Attack: another address, put in while the code of this one was being taken.
        if _address(s, kept, attribute) != address:
            raise codes.mismatch()
        imported = kept.status == "RESET_REQUIRED" and not has_password(kept)
        status = "CONFIRMED" if imported or kept.status == "UNCONFIRMED" else kept.status
        attributes = {**kept.attributes, attribute: address, f"{attribute}_verified": "true"}
        return replaced(kept, status=status, attributes=attributes)

    return update_user(ctx, s.pool, user.sub, change)


def required(answer: str | None, name: str) -> str:
    """A part of an answer that may not be left out. Raises InvalidParameterException."""
    if not answer:
        raise AwsError("InvalidParameterException", f"Missing required parameter {name}")
    return answer


def _user(ctx: Context, s: SignIn) -> User:
    return s.user or stand_in_user(ctx, s.pool, s.username)


def _address(s: SignIn, user: User, attribute: str) -> str:
    """Where the code goes: an address that is being set up, or the user's own."""
    return s.notes.get(f"new:{attribute}") or user.attributes.get(attribute, "")


def _binding(s: SignIn, user: User, attribute: str) -> str:
    return f"{s.notes.get('code_of', '')}:{_address(s, user, attribute)}"
