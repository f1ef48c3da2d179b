"""A signed-in user registers a passkey: what its browser is asked, and what is kept of the answer."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.store import AlreadyExistsError
from localcloud.userpool.factors import first_factors, passkeys, webauthn
from localcloud.userpool.factors.passkey_state import WebAuthnCredential, WebAuthnRegistration
from localcloud.userpool.factors.webauthn import BadCredentialError, Fault
from localcloud.userpool.models import User, UserPool

_SECONDS = 300
"""How long a registration may take: the browser asks for a minute, and people have to find their key first."""

_TRANSPORTS = ("usb", "nfc", "ble", "smart-card", "hybrid", "internal")
_ATTACHMENTS = ("platform", "cross-platform")

_CODES: Mapping[Fault, str] = {
    Fault.MALFORMED: "InvalidParameterException",
    Fault.CHALLENGE: "WebAuthnChallengeNotFoundException",
    Fault.ORIGIN: "WebAuthnOriginNotAllowedException",
    Fault.RELYING_PARTY: "WebAuthnRelyingPartyMismatchException",
    Fault.UNVERIFIED: "WebAuthnCredentialNotSupportedException",
    Fault.ALGORITHM: "WebAuthnCredentialNotSupportedException",
}


def begin(ctx: Context, pool: UserPool, user: User, client_id: str) -> dict[str, Any]:
    """`PublicKeyCredentialCreationOptionsJSON` for this user.

    Raises WebAuthnNotEnabledException, WebAuthnConfigurationMissingException and LimitExceededException.
    """
    _check_enabled(pool)
    domain, kept = passkeys.relying_party(ctx, pool), passkeys.of_user(ctx, user)
    if not domain:
        message = "The user pool has neither a relying party id nor a domain."
        raise AwsError("WebAuthnConfigurationMissingException", message)
    _check_room(len(kept))
    challenge = webauthn.encode(ctx.cloud.random(32))
    ctx.store.put(WebAuthnRegistration(pool.id, user.sub, client_id, challenge, ctx.now + _SECONDS))
    return {
        "rp": {"id": domain, "name": domain},
        "user": {"id": webauthn.encode(user.sub.encode()), "name": user.username, "displayName": user.username},
        "challenge": challenge,
        "pubKeyCredParams": [{"type": "public-key", "alg": algorithm} for algorithm in webauthn.ALGORITHMS],
        "timeout": 60_000,
        "excludeCredentials": [passkeys.descriptor(one) for one in kept],
        "authenticatorSelection": {
            "requireResidentKey": True,
            "residentKey": "required",
            "userVerification": passkeys.verification(pool),
        },
    }


def finish(ctx: Context, pool: UserPool, user: User, client_id: str, credential: Mapping[str, Any]) -> None:
    """Keep the passkey of a `RegistrationResponseJSON`. Raises AwsError; the challenge is used up in any case."""
    _check_enabled(pool)
    waiting = _take(ctx, user, client_id)
    domain, verified = passkeys.relying_party(ctx, pool), passkeys.verification(pool) == "required"
    try:
        expected = webauthn.Expected(webauthn.decode(waiting.challenge), domain, verified)
        made = webauthn.read_registration(credential, expected)
    except BadCredentialError as error:
        raise AwsError(_CODES[error.fault], str(error)) from error
    attachment = _among(_ATTACHMENTS, [credential.get("authenticatorAttachment")])
    kept = WebAuthnCredential(
        pool_id=pool.id,
        id=webauthn.encode(made.id),
        sub=user.sub,
        public_key=base64.b64encode(made.public_key).decode(),
        counter=made.counter,
        relying_party=domain,
        name="Roaming passkey" if attachment == ["cross-platform"] else "Passkey",
        attachment="".join(attachment),
        transports=_among(_TRANSPORTS, credential["response"].get("transports")),
        created=ctx.now,
    )
    with ctx.store.transaction():
        _check_room(len(passkeys.of_user(ctx, user)))
        try:
            ctx.store.insert(kept)
        except AlreadyExistsError as error:
            # Attack: registering another user's passkey as one's own, so that its owner signs in to the wrong account.
            raise AwsError("InvalidParameterException", "The credential is registered already.") from error


def _check_enabled(pool: UserPool) -> None:
    if passkeys.FACTOR not in first_factors.allowed(pool):
        raise AwsError("WebAuthnNotEnabledException", "The user pool does not allow passkeys.")


def _check_room(count: int) -> None:
    if count >= passkeys.MOST:
        raise AwsError("LimitExceededException", f"A user has {passkeys.MOST} passkeys at most.")


def _take(ctx: Context, user: User, client_id: str) -> WebAuthnRegistration:
    """The waiting registration, used up: of two answers that race, one gets it."""
    with ctx.store.transaction():
        waiting = ctx.store.get(WebAuthnRegistration, user.pool_id, user.sub)
        if waiting is None or ctx.now > waiting.expires:
            raise AwsError("WebAuthnChallengeNotFoundException", "No registration waits for this credential.")
        if waiting.client_id != client_id:
            raise AwsError("WebAuthnClientMismatchException", "The registration was started by another app client.")
        ctx.store.delete(WebAuthnRegistration, user.pool_id, user.sub)
    return waiting


def _among(known: tuple[str, ...], given: Any) -> list[str]:
    """What is known of what a browser said; it is only ever shown."""
    return [name for name in known if isinstance(given, list) and name in given]
