"""WEB_AUTHN: a passkey in place of a password; where the pool and the user say so, in place of the second factor too.

After a password it is never asked. Source: API reference, `WebAuthnMfaSettingsType`.
"""

from __future__ import annotations

import base64
import functools
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.store import replaced
from localcloud.userpool.accounts.account import check_without_password
from localcloud.userpool.attempt import SignIn, wrong_password
from localcloud.userpool.factors import passkeys
from localcloud.userpool.factors.passkey_state import WebAuthnCredential
from localcloud.userpool.factors.sign_in_codes import required

if TYPE_CHECKING:
    from localcloud.userpool.factors.webauthn import Assertion

_TIMEOUT = 180_000
"""Milliseconds. Source: API reference, InitiateAuth, example."""


class WebAuthn:
    """Asked where the user has chosen it. An unknown user is asked all the same, and no passkey is right."""

    name = passkeys.FACTOR
    carrier = "session"

    def applies(self, ctx: Context, s: SignIn) -> bool:
        """Until it is proven."""
        return s.asks_first(self.name)

    def issue(self, ctx: Context, s: SignIn) -> tuple[SignIn, dict[str, str]]:
        """A challenge, and whose passkeys may sign it."""
        challenge = base64.urlsafe_b64encode(ctx.cloud.random(32)).rstrip(b"=").decode()
        known = passkeys.usable(ctx, s.pool, s.user) if s.user else [_stand_in(ctx, s)]
        options = {
            "challenge": challenge,
            "timeout": _TIMEOUT,
            "rpId": passkeys.relying_party(ctx, s.pool),
            "allowCredentials": [passkeys.descriptor(one) for one in known],
            "userVerification": passkeys.verification(s.pool),
        }
        parameters = {"CREDENTIAL_REQUEST_OPTIONS": json.dumps(options, separators=(",", ":"))}
        return s.noting(web_authn=challenge), parameters

    def verify(self, ctx: Context, s: SignIn, answer: Mapping[str, str]) -> SignIn:
        """Check the answer, and only then whether this user may sign in. Raises NotAuthorizedException."""
        from localcloud.userpool.factors import webauthn

        credential = _read(required(answer.get("CREDENTIAL"), "CREDENTIAL"))
        needed = passkeys.verification(s.pool) == "required"
        try:
            challenge, domain = webauthn.decode(s.notes["web_authn"]), passkeys.relying_party(ctx, s.pool)
            assertion = webauthn.read_assertion(credential, webauthn.Expected(challenge, domain, needed))
            _use(ctx, s, assertion)
        except webauthn.BadCredentialError as error:
            raise wrong_password() from error
        check_without_password(ctx, s.known_user)
        return s.proving(self.name, mfa_proven=passkeys.counts_twice_for(s.pool, s.known_user))


def _read(text: str) -> Mapping[str, Any]:
    try:
        credential = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise AwsError("InvalidParameterException", "CREDENTIAL is not JSON.") from error
    if not isinstance(credential, dict):
        raise AwsError("InvalidParameterException", "CREDENTIAL is not a credential.")
    return credential


def _use(ctx: Context, s: SignIn, assertion: Assertion) -> None:
    """Check the signature, and remember how far the passkey has counted. Raises AwsError and BadCredentialError."""
    from localcloud.userpool.factors import webauthn

    with ctx.store.transaction():
        kept = ctx.store.get(WebAuthnCredential, s.pool.id, webauthn.encode(assertion.id))
        # Attacks: a passkey of another user; telling by the time that it takes whether there is such a user or passkey.
        own = kept is not None and s.user is not None and kept.sub == s.user.sub
        known = kept if kept is not None and own else _stand_in(ctx, s)
        webauthn.check_signature(assertion, base64.b64decode(known.public_key), known.counter)
        if not own or (assertion.user and assertion.user.decode("utf-8", "replace") != known.sub):
            raise wrong_password()
        if known.relying_party != passkeys.relying_party(ctx, s.pool):
            raise wrong_password()
        ctx.store.put(replaced(known, counter=assertion.counter))


def _stand_in(ctx: Context, s: SignIn) -> WebAuthnCredential:
    """The passkey of a name that nobody has: always the same for one name, and nobody's."""
    digest = bytes.fromhex(ctx.cloud.sealer.digest("passkey", s.pool.id, s.pool.fold(s.username)))
    shown = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return WebAuthnCredential(s.pool.id, shown, "", _nobodys_key(), 0, "", "", "", ["internal"], 0.0)


@functools.cache
def _nobodys_key() -> str:
    """A public key whose other half is thrown away."""
    from cryptography.hazmat.primitives.asymmetric import ec
    from fido2 import cbor
    from fido2.cose import ES256

    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    key = ES256.from_cryptography_key(public)  # type: ignore[no-untyped-call]
    return base64.b64encode(cbor.encode(dict(key))).decode()
