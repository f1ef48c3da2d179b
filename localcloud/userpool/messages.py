"""What users are told: the pool's own texts, the custom message trigger's in their place, sent to the outbox."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from localcloud import outbox
from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.store import replaced
from localcloud.userpool import codes, triggers
from localcloud.userpool.codes import NewCode
from localcloud.userpool.models import User, UserPool

CODE, USERNAME = "{####}", "{username}"
_LIMITS = {"smsMessage": 140, "emailMessage": 20_000, "emailSubject": 140}
"""Characters. Source: developer guide, "Custom message Lambda trigger"."""

_MEDIA = {"email": "EMAIL", "phone_number": "SMS"}
_SECOND_FACTOR = {"email": "EMAIL_OTP", "phone_number": "SMS_MFA"}


def deliver(
    ctx: Context,
    pool: UserPool,
    user: User,
    source: str,
    attribute: str,
    secret: NewCode | str,
    *,
    client_id: str = "",
    metadata: Mapping[str, str] | None = None,
    address: str | None = None,
    username: str = "",
) -> dict[str, str]:
    """Send a code, or a temporary password, to one of the user's addresses; the `CodeDeliveryDetailsType` of it.

    A code counts from the moment it is sent: where the custom message trigger refuses, the one before it stays good.
    """
    code = secret if isinstance(secret, str) else secret.text
    to, medium = address or user.attributes[attribute], _MEDIA[attribute]
    about = {"recipient": to, "sub": user.sub, "username": user.username, "medium": medium, "code": code}
    # An e-mail is HTML, and a temporary password may hold `<` or `&`: for a custom sender AWS escapes it as well.
    shown = [text if medium == "SMS" else escape(text, quote=False) for text in (code, username)]
    if triggers.has_sender(pool, medium):
        _keep(ctx, secret)
        told = replaced(user, attributes={**user.attributes, attribute: to})
        sent = triggers.hand_to_sender(ctx, pool, client_id, told, medium, source, shown[0], metadata or {})
        # Nothing is sent from here, as on AWS: an entry without a text says so, and tells a test the code.
        outbox.send(ctx, **about, subject="", body="", source=sent)
        return delivery_details(attribute, to)
    texts = _default_texts(pool, source, code)
    custom = triggers.custom_message(ctx, pool, client_id, user, source, metadata or {}, username=username)
    _check(pool, custom)
    texts |= custom
    with ctx.store.transaction():
        _keep(ctx, secret)
        outbox.send(
            ctx,
            **about,
            subject=_filled(texts["emailSubject"], code, username) if medium == "EMAIL" else "",
            body=_filled(texts["smsMessage" if medium == "SMS" else "emailMessage"], *shown),
            source=f"CustomMessage_{source}",
        )
    return delivery_details(attribute, to)


def delivery_details(attribute: str, address: str) -> dict[str, str]:
    """Where a code went, masked as Cognito masks it."""
    return {"Destination": masked(address), "DeliveryMedium": _MEDIA[attribute], "AttributeName": attribute}


def stand_in_details(ctx: Context, pool: UserPool, username: str, attribute: str = "email") -> dict[str, str]:
    """Where the code of a user who does not exist "went": the same each time, as a real user's would be."""
    digest = ctx.cloud.sealer.digest("address", pool.id, pool.fold(username))
    if attribute == "phone_number":
        made_up = f"+{int(digest[:12], 16) + 10**11}"[:12]
        return delivery_details(attribute, username if username.startswith("+") else made_up)
    letters = digest.strip("0123456789") + "ab"
    return delivery_details("email", username if "@" in username else f"{letters[0]}@{letters[1]}")


def masked(address: str) -> str:
    """`a***@e***` or `+*******1234`."""
    if "@" in address:
        name, _, domain = address.partition("@")
        return f"{name[:1]}***@{domain[:1]}***"
    return "+" + "*" * max(0, len(address) - 5) + address[-4:]


def auto_verified(pool: UserPool, user: User) -> str | None:
    """The attribute that a new user's first code goes to, or None; a phone number comes first, as on AWS."""
    wanted = pool.config.get("AutoVerifiedAttributes") or ()
    return next((a for a in ("phone_number", "email") if a in wanted and user.attributes.get(a)), None)


def recovery_attribute(pool: UserPool, user: User) -> str | None:
    """The attribute that a forgotten password's code goes to: the pool's order, verified ones only.

    Attack: a mailbox that is the second factor, and gives the password away as well.
    Source: developer guide, "Things to know about user pool MFA".
    """
    setting = pool.config.get("AccountRecoverySetting") or {}
    mechanisms = sorted(setting.get("RecoveryMechanisms") or (), key=lambda m: m["Priority"])
    names = [m["Name"].removeprefix("verified_") for m in mechanisms] or ["phone_number", "email"]
    verified = [n for n in names if n in _MEDIA and user.attributes.get(f"{n}_verified") == "true"]
    return next((n for n in verified if _SECOND_FACTOR[n] not in user.mfa_methods or pool.mfa == "OFF"), None)


def _keep(ctx: Context, secret: NewCode | str) -> None:
    if isinstance(secret, NewCode):
        codes.keep(ctx, secret)


def _default_texts(pool: UserPool, source: str, code: str) -> dict[str, str]:
    if source == "AdminCreateUser":
        template: Mapping[str, Any] = (pool.config.get("AdminCreateUserConfig") or {}).get(
            "InviteMessageTemplate"
        ) or {}
        # Users of a passwordless pool have none to be told.
        plain = f"Your username is {USERNAME}" + (f" and temporary password is {CODE}." if code else ".")
        return {
            "smsMessage": template.get("SMSMessage", plain),
            "emailMessage": template.get("EmailMessage", plain),
            "emailSubject": template.get("EmailSubject", "Your temporary password" if code else "Your account"),
        }
    if source == "Authentication":
        plain = f"Your authentication code is {CODE}"
        return {
            "smsMessage": pool.config.get("SmsAuthenticationMessage", plain),
            "emailMessage": pool.config.get("EmailAuthenticationMessage", plain),
            "emailSubject": pool.config.get("EmailAuthenticationSubject", "Your authentication code"),
        }
    template = pool.config.get("VerificationMessageTemplate") or {}
    noun = "password reset" if source == "ForgotPassword" else "confirmation"
    plain = f"Your {noun} code is {CODE}"
    return {
        "smsMessage": template.get("SmsMessage", plain),
        "emailMessage": template.get("EmailMessage", plain),
        "emailSubject": template.get("EmailSubject", f"Your {noun} code"),
    }


def _check(pool: UserPool, custom: Mapping[str, str]) -> None:
    for name, text in custom.items():
        if len(text) > _LIMITS[name]:
            raise AwsError("InvalidLambdaResponseException", f"{name} is longer than {_LIMITS[name]} characters")
        if name != "emailSubject" and CODE not in text:
            raise AwsError("InvalidLambdaResponseException", f"{name} does not contain {CODE}")
        own_sender = (pool.config.get("EmailConfiguration") or {}).get("EmailSendingAccount") == "DEVELOPER"
        if name != "smsMessage" and not own_sender:
            raise AwsError("InvalidLambdaResponseException", f"{name} needs EmailSendingAccount DEVELOPER")


def _filled(text: str, code: str, username: str) -> str:
    return text.replace(CODE, code).replace(USERNAME, username)
